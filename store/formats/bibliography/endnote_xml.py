"""The XML export of EndNote: `<xml><records><record>`, where `<style>` elements divide the text of a field.

For a book without authors, the editors become the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.bibliography import fields, indexed_names
from store.formats.shared import text_lines, xml_records
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "endnote-xml"
TITLE = "EndNote XML"
FAMILY = "bibliography"
EXAMPLE = "endnote-library.xml"
STREAMS = False

_ROOTS = {"xml", "records", "record"}
_MARK = re.compile(r"<(?:ref-type|source-app|foreign-keys|database)\b")
_WHOLE = frozenset(("book", "edited book", "electronic book", "thesis", "report", "patent", "dataset", "standard"))
_EDITED = frozenset(("book", "edited book", "electronic book", "conference proceedings", "serial"))
# Fields whose text may contain an arXiv id or a DOI.
_WITH_IDS = (
    "notes", "label", "custom1", "custom2", "accession-num", "number", "volume", "pages", "publisher",
    "titles/secondary-title",
)  # fmt: skip
# EndNote separates the values in one field by carriage returns.
_LINE_ENDS = re.compile(r"[\r\n]+")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is EndNote XML.

    The value is 0.95 if the file has a root of EndNote XML and an element that only EndNote writes.
    """
    return 0.95 if xml_records.root(head) in _ROOTS and _MARK.search(text_lines.text(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = notes = 0
    is_cut = False
    for record in xml_records.records(stream, roots=_ROOTS, names={"record"}):
        if isinstance(record, xml_records.Record):
            if not fields.is_paper(_kind(record.element)):
                notes += 1
                continue
            index += 1
            paper = _paper(record.element)
            yield Entry(paper=paper, line=record.line) if paper else Refused(index, record.line, "no title")
        elif isinstance(record, Refused):
            index += 1
            yield Refused(index, record.line, record.reason)
        else:
            is_cut = is_cut or isinstance(record, CutShort)
            yield record
    if not index and not is_cut:
        raise ListingError("only notes in this EndNote file, no paper" if notes else "no record in this EndNote file")
    if notes:
        yield fields.left_out(notes)


def _kind(record: Element) -> str:
    kind = record.find("ref-type")
    return ((kind.get("name") or kind.text or "") if kind is not None else "").strip().lower()


def _paper(record: Element) -> Paper | None:
    title = _first(record, "titles/title", "titles/short-title", "titles/translated-title")
    if title is None:
        return None
    kind = _kind(record)
    pubmed = xml_records.child_text(record, "accession-num") or ""
    medical = "pubmed" in (xml_records.child_text(record, "remote-database-name") or "").lower()
    return fields.paper(
        title=title,
        abstract=fields.plain(xml_records.child_text(record, "abstract")),
        authors=_authors(record, kind),
        published=fields.when(
            xml_records.child_text(record, "dates/year"), *xml_records.child_texts(record, "dates/pub-dates/date")
        ),
        venue=_venue(record, kind),
        comment=xml_records.child_text(record, "notes"),
        dois=[xml_records.child_text(record, "electronic-resource-num"), xml_records.child_text(record, "doi")],
        urls=[text for part in record.findall("urls/*") if part.tag != "pdf-urls" for text in _texts(part)],
        pdfs=[text for part in record.findall("urls/pdf-urls") for text in _texts(part)],
        mentions=[
            *(xml_records.child_text(record, path) for path in _WITH_IDS),
            f"PMID: {pubmed}" if medical else None,
        ],
        keywords=xml_records.child_texts(record, "keywords/keyword"),
    )


def _venue(record: Element, kind: str) -> str | None:
    publisher = _first(record, "publisher")
    container = _first(
        record, "periodical/full-title", "titles/secondary-title", "titles/alt-title", "periodical/abbr-1",
        "alt-periodical/full-title", "titles/tertiary-title",
    )  # fmt: skip
    if container is None or (kind in _WHOLE and publisher):
        return fields.venue(publisher)
    volume, issue, pages = (_first(record, name) for name in ("volume", "number", "pages"))
    return fields.venue(container, volume, issue, pages)


def _authors(record: Element, kind: str) -> tuple[Author, ...]:
    paths = ["contributors/authors/author"]
    if kind in _EDITED:
        paths += ["contributors/secondary-authors/author", "contributors/tertiary-authors/author"]
    texts = next((values for path in paths if (values := xml_records.child_texts(record, path))), ())
    names = [name for text in texts for name in _LINE_ENDS.split(text)]
    authors = fields.authors(indexed_names.given_first(name.strip() for name in names))
    if len(authors) == 1 and (address := xml_records.child_text(record, "auth-address")):
        return (Author(authors[0].name, tuple(filter(None, _LINE_ENDS.split(address)))),)
    return authors


def _first(record: Element, *paths: str) -> str | None:
    return next((text for path in paths if (text := fields.plain(xml_records.child_text(record, path)))), None)


def _texts(part: Element) -> list[str]:
    """The texts of all `url` elements in `part`, at any depth; without such elements, the text of `part` itself."""
    return [text for text in (xml_records.text(url) for url in (part.findall(".//url") or [part])) if text]
