"""arXiv's RSS feeds: the announcements of a day, in RSS 2.0 since 2024, in RDF before 2024."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.arxiv import fields
from store.formats.arxiv.authors import author_list
from store.formats.shared import text_lines, xml_records
from store.matching import identifiers
from store.model.entry import AnnounceType, CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Paper

NAME = "arxiv-rss"
TITLE = "arXiv RSS"
FAMILY = "arxiv"
EXAMPLE = "cs.LG.rss"
STREAMS = False

# Text that occurs only in arXiv's own feeds. Links to papers on arXiv do not identify arXiv's feeds, because feeds of
# other sites also contain such links.
_OWN = re.compile(
    r"arxiv\.org/schemas/atom|rss\.arxiv\.org/|export\.arxiv\.org/rss|updates on arXiv\.org|oai:arXiv\.org:"
    r"|arXiv:\S+\s+Announce Type:|\(arXiv:\S+ \[\S+\]",
    re.IGNORECASE,
)
_ERROR_TITLE = "Feed error"
# Until 2024 a title ended in "(arXiv:2301.00001v2 [cs.LG] UPDATED)", and the authors and the abstract were HTML. The
# quantifiers are bounded and possessive, so that matching takes linear time even for a hostile title, for example one
# of many spaces or of many "(arXiv:".
_OLD_TITLE = re.compile(
    r"(.*?)\.?(?<!\s)\s*+\(arXiv:(\S{1,80}) \[([^]\s]{1,80})\]\s*+(UPDATED|CROSS LISTED)?\)", re.DOTALL
)
_OLD_TYPES: dict[str | None, AnnounceType] = {None: "new", "UPDATED": "replaced", "CROSS LISTED": "cross"}
_PARAGRAPH = re.compile(r"</?p>\s*")
_LINK = re.compile(r"</?a\b[^<>]*>")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is an RSS feed of arXiv: 0.95 or 0."""
    if xml_records.root(head) not in ("rss", "RDF"):
        return 0.0
    return 0.95 if _OWN.search(text_lines.text(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the feed, in order. Raises ListingError if the feed has no papers but an error message of arXiv."""
    channel: dict[str, str] = {}
    produced = 0
    cut = False
    for item in xml_records.records(
        stream, roots={"rss", "RDF"}, names={"item"}, aside={"title", "description", "pubDate", "date"}
    ):
        if not isinstance(item, xml_records.Record):
            cut = cut or isinstance(item, CutShort)
            produced += isinstance(item, Refused)
            yield item
        elif item.element.tag == "item":
            produced += 1
            yield _entry(item, channel.get("pubDate") or channel.get("date"))
        elif text := xml_records.text(item.element):
            channel.setdefault(item.element.tag, text)
    title = channel.get("title", "it has no title")
    if title.startswith(_ERROR_TITLE) and not produced:
        raise ListingError(f"arXiv answered with an error: {channel.get('description', title)}")
    if not produced and not cut:
        yield Warned(f"the feed holds no papers ({title}): arXiv announces none on weekends and holidays")


def _entry(record: xml_records.Record, feed_day: str | None) -> Entry | Refused:
    element = record.element
    heading = xml_records.child_text(element, "title") or ""
    old = _OLD_TITLE.fullmatch(heading)
    description = fields.announced(xml_records.child_text(element, "description") or "")
    addresses = (xml_records.child_text(element, "guid"), xml_records.child_text(element, "link"), element.get("about"))
    arxiv_ids = [description.identifier, *map(identifiers.arxiv_id, (old[2] if old else None, *addresses))]
    identifier = max(filter(None, arxiv_ids), key=lambda each: each.version is not None, default=None)
    if identifier is None:
        address = next(filter(None, addresses), "an item without a link")
        return Refused(record.index, record.line, f"no arXiv identifier in {address[:80]!r}")
    title = fields.line(old[1] if old else heading)
    if title is None:
        return Refused(record.index, record.line, f"arXiv:{identifier.id} has no title")
    kind = fields.announce_type(xml_records.child_text(element, "announce_type")) or description.type
    abstract, creators = description.abstract, " ".join(xml_records.child_texts(element, "creator"))
    if old:
        kind = _OLD_TYPES[old[4]]
        abstract = unescape(_LINK.sub("", _PARAGRAPH.sub("\n\n", abstract)))
        creators = unescape(_LINK.sub("", creators))
    authors = author_list(creators, each_has_its_own=True)
    paper = Paper(
        title=title,
        abstract=fields.abstract(abstract),
        authors=authors.authors,
        author_count=authors.total,
        arxiv_id=identifier.id,
        arxiv_version=identifier.version,
        doi=fields.doi(xml_records.child_text(element, "DOI") or xml_records.child_text(element, "doi")),
        categories=fields.categories(xml_records.child_texts(element, "category"), old[3] if old else None),
        venue=fields.line(
            xml_records.child_text(element, "journal_reference") or xml_records.child_text(element, "journal_ref")
        ),
        links=fields.links(identifier.id),
    )
    return Entry(paper=paper, line=record.line, listed_on=_day(element, feed_day), announce_type=kind)


def _day(element: Element, feed_day: str | None) -> date | None:
    return fields.day(xml_records.child_text(element, "pubDate") or xml_records.child_text(element, "date") or feed_day)
