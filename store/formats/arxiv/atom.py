"""Atom as arXiv writes it: answers of its API, and its feeds of a day's announcements at rss.arxiv.org/atom."""

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

# What only a feed of arXiv's own says; a link to a paper is in many others.
_OWN = re.compile(r"arxiv\.org/schemas/atom|<id>\s*https?://(?:(?:export|rss)\.)?arxiv\.org/|<id>\s*oai:arXiv\.org:")
# What arXiv answers instead of papers: an entry with an address under this one, or a feed with this title.
_ERROR_ADDRESS = "/api/errors"
_ERROR_TITLE = "Feed error"


def sniff(head: bytes, name: str) -> float:
    """Sure of a feed that arXiv wrote; not at all of any other file."""
    if xml_records.root(head) != "feed":
        return 0.0
    return 0.95 if _OWN.search(text_lines.text(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The entries of the feed. arXiv's own error, sent as a feed, is raised as ListingError."""
    title = subtitle = None
    given = 0
    cut = False
    for found in xml_records.records(stream, roots={"feed"}, names={"entry"}, aside={"title", "subtitle"}):
        if not isinstance(found, xml_records.Record):
            cut = cut or isinstance(found, CutShort)
            given += isinstance(found, Refused)
            yield found
            continue
        element = found.element
        if element.tag == "title":
            title = title or xml_records.text(element)
        elif element.tag == "subtitle":
            subtitle = subtitle or xml_records.text(element)
        elif _ERROR_ADDRESS in (xml_records.child_text(element, "id") or ""):
            message = f"arXiv answered with an error: {xml_records.child_text(element, 'summary') or 'no message'}"
            if not given:
                raise ListingError(message)
            yield Warned(message)
        else:
            given += 1
            yield _entry(found)
    if title and title.startswith(_ERROR_TITLE) and not given:
        raise ListingError(f"arXiv answered with an error: {subtitle or title}")
    if not given and not cut:
        yield Warned(f"the feed holds no papers ({title or 'it has no title'})")


def _entry(found: xml_records.Record) -> Entry | Refused:
    element = found.element
    address = xml_records.child_text(element, "id")
    identifier = identifiers.arxiv_id(address)
    if identifier is None:
        return Refused(found.index, found.line, f"no arXiv identifier in {(address or 'an entry without id')[:80]!r}")
    title = fields.line(xml_records.child_text(element, "title"))
    if title is None:
        return Refused(found.index, found.line, f"arXiv:{identifier.id} has no title")
    said = fields.announced(xml_records.child_text(element, "summary") or "")
    published = fields.day(xml_records.child_text(element, "published"))
    # A feed of announcements dates its entries by the day they were announced on.
    announcement = said.type is not None or element.find("announce_type") is not None
    primary = element.find("primary_category")
    paper = Paper(
        title=title,
        abstract=fields.abstract(said.abstract),
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
        line=found.line,
        listed_on=published if announcement else None,
        announce_type=fields.announce_type(xml_records.child_text(element, "announce_type")) or said.type,
    )


def _authors(element: Element) -> tuple[Author, ...]:
    listed = tuple(
        Author(
            name(said),
            tuple(filter(None, map(fields.line, xml_records.child_texts(author, "affiliation")))),
        )
        for author in element.findall("author")
        if (said := fields.line(xml_records.child_text(author, "name")))
    )
    return listed or authors(xml_records.child_text(element, "creator"), each_has_its_own=True)
