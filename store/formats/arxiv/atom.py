"""arXiv's Atom feeds: responses of its API, and the announcements of a day from rss.arxiv.org/atom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.arxiv import fields
from store.formats.arxiv.authors import authors, name
from store.formats.shared import text_lines, xml_records
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "arxiv-atom"
TITLE = "arXiv API and Atom feeds"
FAMILY = "arxiv"
EXAMPLE = "arxiv-query.xml"
STREAMS = False

# Text that occurs only in arXiv's own feeds. Links to papers on arXiv do not identify arXiv's feeds, because feeds of
# other sites also contain such links.
_OWN = re.compile(r"arxiv\.org/schemas/atom|<id>\s*https?://(?:(?:export|rss)\.)?arxiv\.org/|<id>\s*oai:arXiv\.org:")
# arXiv reports an error as a feed: either with an entry whose address contains `_ERROR_ADDRESS`, or with the title
# `_ERROR_TITLE`.
_ERROR_ADDRESS = "/api/errors"
_ERROR_TITLE = "Feed error"


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is an Atom feed of arXiv: 0.95 or 0."""
    if xml_records.root(head) != "feed":
        return 0.0
    return 0.95 if _OWN.search(text_lines.text(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the feed, in order. Raises ListingError if the feed has no papers but an error message of arXiv."""
    title = subtitle = None
    produced = 0
    cut = False
    for item in xml_records.records(stream, roots={"feed"}, names={"entry"}, aside={"title", "subtitle"}):
        if not isinstance(item, xml_records.Record):
            cut = cut or isinstance(item, CutShort)
            produced += isinstance(item, Refused)
            yield item
            continue
        element = item.element
        if element.tag == "title":
            title = title or xml_records.text(element)
        elif element.tag == "subtitle":
            subtitle = subtitle or xml_records.text(element)
        elif _ERROR_ADDRESS in (xml_records.child_text(element, "id") or ""):
            message = f"arXiv answered with an error: {xml_records.child_text(element, 'summary') or 'no message'}"
            if not produced:
                raise ListingError(message)
            yield Warned(message)
        else:
            produced += 1
            yield _entry(item)
    if title and title.startswith(_ERROR_TITLE) and not produced:
        raise ListingError(f"arXiv answered with an error: {subtitle or title}")
    if not produced and not cut:
        yield Warned(f"the feed holds no papers ({title or 'it has no title'})")


def _entry(record: xml_records.Record) -> Entry | Refused:
    element = record.element
    address = xml_records.child_text(element, "id")
    identifier = identifiers.arxiv_id(address)
    if identifier is None:
        return Refused(record.index, record.line, f"no arXiv identifier in {(address or 'an entry without id')[:80]!r}")
    title = fields.line(xml_records.child_text(element, "title"))
    if title is None:
        return Refused(record.index, record.line, f"arXiv:{identifier.id} has no title")
    description = fields.announced(xml_records.child_text(element, "summary") or "")
    published = fields.day(xml_records.child_text(element, "published"))
    # In a feed of announcements, the date of an entry is the day of the announcement, not that of the submission.
    announcement = description.type is not None or element.find("announce_type") is not None
    primary = element.find("primary_category")
    paper = Paper(
        title=title,
        abstract=fields.abstract(description.abstract),
        authors=_authors(element),
        published=None if announcement else published,
        updated=None if announcement else fields.day(xml_records.child_text(element, "updated")),
        arxiv_id=identifier.id,
        arxiv_version=identifier.version,
        doi=fields.doi(xml_records.child_text(element, "doi") or xml_records.child_text(element, "DOI")),
        categories=fields.categories(
            (each.get("term", "") for each in element.findall("category")),
            primary.get("term") if primary is not None else None,
        ),
        venue=fields.line(
            xml_records.child_text(element, "journal_ref") or xml_records.child_text(element, "journal_reference")
        ),
        comment=fields.line(xml_records.child_text(element, "comment")),
        links=fields.links(identifier.id),
    )
    return Entry(
        paper=paper,
        line=record.line,
        listed_on=published if announcement else None,
        announce_type=fields.announce_type(xml_records.child_text(element, "announce_type")) or description.type,
    )


def _authors(element: Element) -> tuple[Author, ...]:
    listed = tuple(
        Author(
            name(written),
            tuple(filter(None, map(fields.line, xml_records.child_texts(author, "affiliation")))),
        )
        for author in element.findall("author")
        if (written := fields.line(xml_records.child_text(author, "name")))
    )
    return listed or authors(xml_records.child_text(element, "creator"), each_has_its_own=True)
