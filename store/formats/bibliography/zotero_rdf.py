"""Zotero RDF: items, and the journals, books and files to which the items refer, in any order.

Notes and attachments are not papers. The address of an attached file becomes a link of the paper. For a book without
authors, the editors become the authors.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.bibliography import fields
from store.formats.shared import text_lines, xml_records
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "zotero-rdf"
TITLE = "Zotero RDF"
FAMILY = "bibliography"
EXAMPLE = "library.rdf"
STREAMS = False

_NAMESPACES = ("www.zotero.org/namespaces/export#", "purl.org/net/biblio#")
# The names of elements that are items of Zotero. Elements with the names in `_WHOLES` are usually the journal or book
# that contains an item.
_ITEMS = frozenset({
    "Article", "BookSection", "Thesis", "Letter", "Manuscript", "Interview", "MotionPicture", "Illustration",
    "Document", "Report", "Legislation", "Patent", "Image", "Recording", "ConferenceProceedings", "Data", "Memo",
    "Attachment",
})  # fmt: skip
_WHOLES = frozenset({
    "Book", "Journal", "Periodical", "Newspaper", "Website", "Blog", "Forum", "CourtReporter", "Series", "Part",
    "Conference", "Proceedings",
})  # fmt: skip
_ASIDE = _WHOLES | {"Description", "Collection", "Dictionary", "Encyclopedia"}
_EDITED = frozenset(("book", "document", "collection"))
_PUBLISHED_BY = frozenset(("book", "thesis", "report", "patent", "computerProgram", "dataset"))
_MAKERS = (
    "authors", "inventors", "programmers", "artists", "directors", "presenters", "podcasters", "composers",
    "cartographers", "interviewees", "performers", "sponsors", "contributors",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An item that waits until all elements that it refers to have been read.

    `needed` contains the names of these elements.
    """

    index: int
    line: int
    element: Element
    needed: frozenset[str]


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is Zotero RDF, by its root element and the namespaces of Zotero."""
    if xml_records.root(head) != "RDF":
        return 0.0
    text = text_lines.text(head)
    return 0.95 if _NAMESPACES[0] in text else 0.7 if _NAMESPACES[1] in text else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file in file order.

    An item is converted as soon as all elements that it refers to have been read.
    """
    index = notes = 0
    is_cut = False
    others: dict[str, Element] = {}
    waiting: deque[_Waiting | Refused] = deque()
    ends: list[CutShort | Warned] = []
    parts: set[str] = set()
    for record in xml_records.records(stream, roots={"RDF"}, names=_ITEMS, aside=_ASIDE):
        if isinstance(record, Refused):
            index += 1
            waiting.append(Refused(index, record.line, record.reason))
        elif not isinstance(record, xml_records.Record):
            is_cut = is_cut or isinstance(record, CutShort)
            ends.append(record)
        else:
            element = record.element
            about = element.get("about") or element.get("ID") or ""
            others[about] = element
            if _is_item(element, about in parts):
                index += 1
                waiting.append(_Waiting(index, record.line, element, _pointed_to(element)))
                parts.update(_resources(element, "isPartOf"))
            elif not fields.is_paper(_kind(element)):
                notes += 1
        while waiting and (isinstance(waiting[0], Refused) or waiting[0].needed <= others.keys()):
            yield _item(waiting.popleft(), others)
    yield from (_item(each, others) for each in waiting)
    yield from ends
    if not index and not is_cut:
        raise ListingError("only notes and attachments in this file, no paper" if notes else "no item in this file")
    if notes:
        yield fields.left_out(notes)


def _kind(element: Element) -> str:
    return xml_records.child_text(element, "itemType") or element.tag


def _is_item(element: Element, is_part_of_another: bool) -> bool:
    """Whether a top-level element is an item of Zotero, by its `itemType` or by its name.

    An element without an `itemType` is not an item if another item is part of it, for example a journal.
    """
    if element.find("itemType") is None and (element.tag not in (_ITEMS | {"Book"}) or is_part_of_another):
        return False
    return fields.is_paper(_kind(element))


def _pointed_to(element: Element) -> frozenset[str]:
    return frozenset((*_resources(element, "isPartOf"), *_resources(element, "link")))


def _resources(element: Element, name: str) -> list[str]:
    return [resource for each in element.findall(name) if (resource := each.get("resource"))]


def _item(waiting: _Waiting | Refused, others: dict[str, Element]) -> Entry | Refused:
    if isinstance(waiting, Refused):
        return waiting
    paper = _paper(waiting.element, others)
    return Entry(paper=paper, line=waiting.line) if paper else Refused(waiting.index, waiting.line, "no title")


def _paper(item: Element, others: dict[str, Element]) -> Paper | None:
    title = fields.plain(xml_records.child_text(item, "title"))
    if title is None:
        return None
    kind = _kind(item)
    wholes = _wholes(item, others)
    identifiers_given = [text for each in (item, *wholes) for text in xml_records.child_texts(each, "identifier")]
    free = fields.extra(xml_records.child_text(item, "description") or "")
    files = [others[about] for about in _resources(item, "link") if about in others]
    addresses = [
        (xml_records.child_text(file, "identifier"), xml_records.child_text(file, "type") or "") for file in files
    ]
    return fields.paper(
        title=title,
        abstract=fields.plain(xml_records.child_text(item, "abstract")),
        authors=_authors(item, kind),
        published=fields.when(xml_records.child_text(item, "date"), xml_records.child_text(item, "issued")),
        venue=_venue(item, kind, wholes),
        comment=free.get("comment"),
        dois=[*(text for text in identifiers_given if text.upper().startswith("DOI")), free.get("doi")],
        eprints=[free.get("arxiv")],
        urls=[
            *xml_records.child_texts(item, "identifier/URI/value"),
            *(address for address, mime in addresses if "pdf" not in mime),
        ],
        pdfs=[address for address, mime in addresses if "pdf" in mime],
        mentions=[
            *free.values(),
            *([f"arXiv:{free['arxiv']}"] if "arxiv" in free else []),
            *([f"PMID: {free['pmid']}"] if "pmid" in free else []),
            *(
                xml_records.child_text(item, name)
                for name in ("archiveID", "coverage", "number", "pages", "repository")
            ),
            *(xml_records.child_text(whole, "title") for whole in wholes),
        ],
        keywords=[
            *xml_records.child_texts(item, "subject"),
            *([f"arXiv:{free['arxiv']}"] if "arxiv" in free else []),
        ],
    )


def _wholes(item: Element, others: dict[str, Element]) -> list[Element]:
    """The journals, books and series that contain `item`, the nearest first.

    Each is described inside the item, or elsewhere in the file and already read into `others`.
    """
    containers: list[Element] = []
    parts = [item]
    while parts and len(containers) < 8:
        part = parts.pop(0)
        for link in part.findall("isPartOf"):
            whole = others.get(link.get("resource") or "") if not len(link) else link[0]
            if whole is not None and whole is not item and whole not in containers:
                containers.append(whole)
                parts.append(whole)
    return containers


def _venue(item: Element, kind: str, wholes: list[Element]) -> str | None:
    publisher = xml_records.child_text(item, "publisher/Organization/name") or xml_records.child_text(item, "publisher")
    name = _first([whole for whole in wholes if whole.tag not in ("Series", "Part")], "title")
    name = name or xml_records.child_text(item, "presentedAt/Conference/title") or _first(wholes, "title")
    if name is None or (kind in _PUBLISHED_BY and publisher):
        return fields.venue(publisher or xml_records.child_text(item, "repository"))
    volume, issue = (_first([*wholes, item], part) for part in ("volume", "number"))
    return fields.venue(fields.plain(name), volume, issue, xml_records.child_text(item, "pages"))


def _first(elements: list[Element], name: str) -> str | None:
    return next((text for each in elements if (text := xml_records.child_text(each, name))), None)


def _authors(item: Element, kind: str) -> tuple[Author, ...]:
    roles = (*_MAKERS, "editors") if kind.lower() in _EDITED else _MAKERS
    for role in roles:
        names = [_name(person) for person in item.findall(f"{role}//Person")]
        if authors := fields.authors(name for name in names if name):
            return authors
    return ()


def _name(person: Element) -> str:
    given_name = _first([person], "givenName") or _first([person], "givenname") or _first([person], "firstName")
    family = _first([person], "surname") or _first([person], "familyName") or _first([person], "lastName")
    return " ".join(part for part in (given_name, family) if part) or _first([person], "name") or ""
