"""RSS as arXiv writes it: the announcements of a day, since 2024 as RSS 2.0, before as RDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.arxiv import fields
from store.formats.arxiv.authors import authors
from store.formats.shared import text_lines, xml_records
from store.matching import identifiers as _identifiers
from store.model.entry import AnnounceType, CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Paper

NAME = "arxiv-rss"
TITLE = "arXiv RSS"
FAMILY = "arxiv"
EXAMPLE = "cs.LG.rss"
STREAMS = False

# What only a feed of arXiv's own says; a link to a paper is in many others.
_OWN = re.compile(
    r"arxiv\.org/schemas/atom|rss\.arxiv\.org/|export\.arxiv\.org/rss|updates on arXiv\.org|oai:arXiv\.org:"
    r"|arXiv:\S+\s+Announce Type:|\(arXiv:\S+ \[\S+\]",
    re.IGNORECASE,
)
_ERROR_TITLE = "Feed error"
# Until 2024 a title ended in "(arXiv:2301.00001v2 [cs.LG] UPDATED)", and the authors and the abstract were HTML.
# Bounded and possessive, so that a title of many spaces or of many "(arXiv:" takes linear time.
_OLD_TITLE = re.compile(
    r"(.*?)\.?(?<!\s)\s*+\(arXiv:(\S{1,80}) \[([^]\s]{1,80})\]\s*+(UPDATED|CROSS LISTED)?\)", re.DOTALL
)
_OLD_TYPES: dict[str | None, AnnounceType] = {None: "new", "UPDATED": "replaced", "CROSS LISTED": "cross"}
_PARAGRAPH = re.compile(r"</?p>\s*")
_LINK = re.compile(r"</?a\b[^<>]*>")


def sniff(head: bytes, name: str) -> float:
    """Sure of a feed that arXiv wrote; not at all of any other file."""
    if xml_records.root(head) not in ("rss", "RDF"):
        return 0.0
    return 0.95 if _OWN.search(text_lines.text(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The items of the feed. arXiv's own error, sent as a feed, is raised as ListingError."""
    channel: dict[str, str] = {}
    given = 0
    cut = False
    for found in xml_records.records(
        stream, roots={"rss", "RDF"}, names={"item"}, aside={"title", "description", "pubDate", "date"}
    ):
        if not isinstance(found, xml_records.Record):
            cut = cut or isinstance(found, CutShort)
            given += isinstance(found, Refused)
            yield found
        elif found.element.tag == "item":
            given += 1
            yield _entry(found, channel.get("pubDate") or channel.get("date"))
        elif said := xml_records.text(found.element):
            channel.setdefault(found.element.tag, said)
    title = channel.get("title", "it has no title")
    if title.startswith(_ERROR_TITLE) and not given:
        raise ListingError(f"arXiv answered with an error: {channel.get('description', title)}")
    if not given and not cut:
        yield Warned(f"the feed holds no papers ({title}): arXiv announces none on weekends and holidays")


def _entry(found: xml_records.Record, feed_day: str | None) -> Entry | Refused:
    element = found.element
    heading = xml_records.child_text(element, "title") or ""
    old = _OLD_TITLE.fullmatch(heading)
    said = fields.announced(xml_records.child_text(element, "description") or "")
    addresses = (xml_records.child_text(element, "guid"), xml_records.child_text(element, "link"), element.get("about"))
    identifiers = [said.identifier, *map(_identifiers.arxiv_id, (old[2] if old else None, *addresses))]
    identifier = max(filter(None, identifiers), key=lambda each: each.version is not None, default=None)
    if identifier is None:
        named = next(filter(None, addresses), "an item without a link")
        return Refused(found.index, found.line, f"no arXiv identifier in {named[:80]!r}")
    title = fields.line(old[1] if old else heading)
    if title is None:
        return Refused(found.index, found.line, f"arXiv:{identifier.id} has no title")
    kind = fields.announce_type(xml_records.child_text(element, "announce_type")) or said.type
    abstract, creators = said.abstract, " ".join(xml_records.child_texts(element, "creator"))
    if old:
        kind = _OLD_TYPES[old[4]]
        abstract = unescape(_LINK.sub("", _PARAGRAPH.sub("\n\n", abstract)))
        creators = unescape(_LINK.sub("", creators))
    paper = Paper(
        title=title,
        abstract=fields.abstract(abstract),
        authors=authors(creators, each_has_its_own=True),
        arxiv_id=identifier.id,
        arxiv_version=identifier.version,
        doi=fields.doi(xml_records.child_text(element, "DOI") or xml_records.child_text(element, "doi")),
        categories=fields.categories(xml_records.child_texts(element, "category"), old[3] if old else None),
        venue=fields.line(
            xml_records.child_text(element, "journal_reference") or xml_records.child_text(element, "journal_ref")
        ),
        links=fields.links(identifier.id),
    )
    return Entry(paper=paper, line=found.line, listed_on=_day(element, feed_day), announce_type=kind)


def _day(element: Element, feed_day: str | None) -> date | None:
    return fields.day(xml_records.child_text(element, "pubDate") or xml_records.child_text(element, "date") or feed_day)
