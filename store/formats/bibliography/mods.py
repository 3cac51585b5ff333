"""MODS, the bibliography XML of the Library of Congress, which library catalogues and the ACL Anthology export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.bibliography import fields
from store.formats.shared import xml_entries, xml_records
from store.model.entry import Item
from store.model.paper import Author, Paper

NAME = "mods"
TITLE = "MODS XML"
FAMILY = "bibliography"
EXAMPLE = "library-mods.xml"
STREAMS = True

_ROOTS = {"modsCollection", "mods"}
_DATES = ("dateIssued", "copyrightDate", "dateCreated", "dateOther")
# The roles of people who wrote the work, as codes or words of MARC.
_AUTHORS = frozenset(("aut", "author", "cre", "creator", "dis", "dissertant"))
_EDITORS = frozenset(("edt", "editor"))
# The identifiers that may be, or contain, a DOI, an arXiv id or an address.
_IDENTIFIERS = ("doi", "arxiv", "uri", "url", "hdl", "eprint", "")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is MODS: 0.95 if the root element has a name of MODS."""
    return 0.95 if xml_records.root(head) in _ROOTS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    return xml_entries.entries(stream, _paper, roots=_ROOTS, names={"mods"}, missing="no record in this MODS file")


def _paper(record: Element) -> Paper | None:
    title = _title(record)
    if title is None:
        return None
    host = next((each for each in record.findall("relatedItem") if each.get("type") == "host"), None)
    parts = [part for each in (record, host) if each is not None for part in each.findall("part")]
    ids = record.findall("identifier")
    return fields.paper(
        title=title,
        abstract="\n\n".join(filter(None, map(_text, record.findall("abstract")))) or None,
        authors=_authors(record),
        published=fields.when(*_dates(record, host, parts)),
        venue=_venue(record, host, parts),
        dois=[_text(each) for each in ids if each.get("type") == "doi"],
        eprints=[_text(each) for each in ids if (each.get("type") or "").lower() in ("arxiv", "eprint")],
        urls=[_text(url) for url in record.findall("location/url")],
        mentions=[_text(each) for each in ids if (each.get("type") or "").lower() in _IDENTIFIERS],
        keywords=[text for each in record.findall("subject/topic") if (text := _text(each))],
        comment=next((text for each in record.findall("note") if not each.get("type") and (text := _text(each))), None),
    )


def _title(element: Element) -> str | None:
    """The title with its article ("The") and its subtitle.

    A translated or short title is used only if the record has no other title.
    """
    titles = sorted(element.findall("titleInfo"), key=lambda each: each.get("type") is not None)
    for each in titles:
        words = [_text(each.find(name)) for name in ("nonSort", "title")]
        if words[1]:
            title = " ".join(word for word in words if word)
            subtitle = _text(each.find("subTitle"))
            return f"{title}: {subtitle}" if subtitle else title
    return None


def _authors(record: Element) -> tuple[Author, ...]:
    """The authors. Without authors, the people whose role is not stated; without such people, the editors."""
    people = [(name, _roles(name)) for name in record.findall("name")]
    for allowed_roles in (_AUTHORS, None, _EDITORS):
        chosen = [name for name, roles in people if (roles & allowed_roles if allowed_roles else not roles)]
        authors = tuple(author for each in chosen if (author := _author(each)))
        if authors:
            return authors
    return ()


def _roles(name: Element) -> set[str]:
    return {text.lower() for each in name.findall("role/roleTerm") if (text := _text(each))}


def _author(name: Element) -> Author | None:
    parts: dict[str, list[str]] = {}
    for part in name.findall("namePart"):
        if text := _text(part):
            parts.setdefault(part.get("type") or "", []).append(text)
    in_order = [*parts.get("given", ()), *parts.get("family", ())]
    whole = " ".join(parts.get("", ()))
    if name.get("type") in (None, "personal"):
        whole = fields.person(whole)
    text = " ".join(in_order) or whole or _text(name.find("displayForm")) or ""
    places = tuple(place for each in name.findall("affiliation") if (place := _text(each)))
    return Author(text, places) if text else None


def _dates(record: Element, host: Element | None, parts: list[Element]) -> list[str | None]:
    """The dates of the record, followed by those of the journal or book that contains it."""
    origins = [origin for each in (record, host) if each is not None for origin in each.findall("originInfo")]
    dates = [_text(date) for origin in origins for name in _DATES for date in origin.findall(name)]
    return [*dates, *(_text(part.find("date")) for part in parts)]


def _venue(record: Element, host: Element | None, parts: list[Element]) -> str | None:
    """The journal or book that contains the record, as a reference such as "Journal 12(3), 45–67".

    For a record that is not part of a journal or book, it is the publisher of the record.
    """
    container = _title(host) if host is not None else None
    if container is None:
        return fields.venue(_text(record.find("originInfo/publisher")))
    numbers = {each.get("type") or "": _text(each.find("number")) for part in parts for each in part.findall("detail")}
    pages = None
    for extent in (each for part in parts for each in part.findall("extent")):
        if extent.get("unit") in (None, "page", "pages"):
            pages = fields.pages(_text(extent.find("start")), _text(extent.find("end"))) or _text(extent.find("list"))
    return fields.venue(container, numbers.get("volume"), numbers.get("issue") or numbers.get("number"), pages)


def _text(element: Element | None) -> str | None:
    return fields.plain(xml_records.text(element))
