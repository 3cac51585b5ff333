"""Responses of arXiv's OAI-PMH server, in the metadata formats arXiv, arXivRaw, arXivOld and oai_dc (Dublin Core)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.arxiv import fields
from store.formats.arxiv.authors import authors, name
from store.formats.shared import text_lines, xml_records
from store.matching import identifiers
from store.matching.arxiv_subjects import category
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper

NAME = "arxiv-oai-pmh"
TITLE = "arXiv OAI-PMH"
FAMILY = "arxiv"
EXAMPLE = "arxiv-oai.xml"
STREAMS = True

_ROOTS = {"OAI-PMH", "ListRecords", "GetRecord"}
_METADATA_FORMATS = {"arXiv", "arXivRaw", "arXivOld", "dc"}
_COMMENT = "Comment: "


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is an OAI-PMH response: 0.95 from arXiv, 0.6 from another server.

    Responses of other servers can be read if they are in Dublin Core, a metadata format that all servers write alike.
    """
    root = xml_records.root(head)
    if root not in _ROOTS:
        return 0.0
    text = text_lines.text(head)
    if "arxiv.org" in text.lower():
        return 0.95
    return 0.6 if root == "OAI-PMH" else 0.0


@dataclass(slots=True)
class _Answer:
    """What a response contains besides its papers: counts of its records, an error message, a resumption token.

    `headers` is the number of record headers that are sent alone, without the record itself. `has_more` is whether
    there is a resumption token, with which the client can request the next page.
    """

    produced: int = 0
    deleted: int = 0
    headers: int = 0
    is_cut: bool = False
    error: str | None = None
    has_more: bool = False
    complete_size: str | None = None

    def add(self, element: Element) -> None:
        """Store the content of an element outside the records: an error, a resumption token or a record header."""
        if element.tag == "error":
            message = xml_records.text(element) or "no message"
            self.error = f"arXiv answered with an error: {element.get('code', 'error')}: {message}"
        elif element.tag == "resumptionToken":
            self.has_more = xml_records.text(element) is not None
            self.complete_size = element.get("completeListSize")
        else:
            self.headers += 1

    def warnings(self) -> Iterator[Warned]:
        """The warnings for the import report.

        Raises ListingError when the response has no records but an error message, or only headers.
        """
        has_records = self.produced or self.deleted
        if self.error:
            if not has_records:
                raise ListingError(self.error)
            yield Warned(self.error)
        if self.headers and not has_records:
            raise ListingError("the answer lists identifiers only; ask for it with verb=ListRecords")
        if self.deleted:
            yield Warned(f"{self.deleted:,} {'record is' if self.deleted == 1 else 'records are'} marked as deleted")
        if self.has_more:
            total = f" of {self.complete_size}" if self.complete_size else ""
            yield Warned(f"the answer has more pages: it ends in a resumption token, so this is one page{total}")
        if not has_records and not self.is_cut:
            yield Warned("the answer holds no papers")


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the response, in order, and a warning with the number of deleted records.

    Raises ListingError when the response has an error message and no records.
    """
    answer = _Answer()
    aside = {"resumptionToken", "error", "header"}
    for item in xml_records.records(stream, roots=_ROOTS, names={"record"}, aside=aside):
        if not isinstance(item, xml_records.Record):
            answer.is_cut = answer.is_cut or isinstance(item, CutShort)
            answer.produced += isinstance(item, Refused)
            yield item
        elif item.element.tag in aside:
            answer.add(item.element)
        elif (header := item.element.find("header")) is not None and header.get("status") == "deleted":
            answer.deleted += 1
        else:
            answer.produced += 1
            yield _entry(item)
    yield from answer.warnings()


def _entry(record: xml_records.Record) -> Entry | Refused:
    metadata = record.element.find("metadata")
    form = next((each for each in (() if metadata is None else metadata) if each.tag in _METADATA_FORMATS), None)
    header_id = xml_records.child_text(record.element, "header/identifier")
    if form is None:
        return Refused(record.index, record.line, f"{header_id or 'a record'} has no metadata that recto reads")
    identifier = identifiers.arxiv_id(xml_records.child_text(form, "id")) or identifiers.arxiv_id(header_id)
    if identifier is None and form.tag == "dc":
        addresses = map(identifiers.arxiv_id, xml_records.child_texts(form, "identifier"))
        identifier = next(filter(None, addresses), None)
    elif identifier is None:
        return Refused(record.index, record.line, f"no arXiv identifier in {(header_id or 'a record')[:80]!r}")
    title = fields.line(xml_records.child_text(form, "title"))
    if title is None:
        return Refused(record.index, record.line, f"{header_id or 'a record'} has no title")
    if form.tag == "dc":
        paper = _dublin_core(form, title, identifier)
    else:
        assert identifier is not None
        paper = _arxiv_form(form, title, identifier)
    return Entry(paper=paper, line=record.line)


def _arxiv_form(form: Element, title: str, identifier: identifiers.ArxivId) -> Paper:
    """The paper of a record in one of arXiv's own metadata formats.

    In some of these formats, each author is an element; in others, all authors are one line. Either the paper has two
    dates (first and last version), or each version has a date.
    """
    versions = sorted(_versions(form))
    created, updated = (fields.day(xml_records.child_text(form, each)) for each in ("created", "updated"))
    if versions:
        first, last = versions[0], versions[-1]
        created = fields.day(first[1]) if first[0] == 1 else created
        updated = fields.day(last[1])
    return Paper(
        title=title,
        abstract=fields.abstract(xml_records.child_text(form, "abstract")),
        authors=_listed_authors(form) or authors(xml_records.child_text(form, "authors")),
        published=created,
        updated=updated,
        arxiv_id=identifier.id,
        arxiv_version=versions[-1][0] if versions else identifier.version,
        doi=fields.doi(xml_records.child_text(form, "doi")),
        categories=fields.categories((xml_records.child_text(form, "categories") or "").split()),
        venue=fields.line(xml_records.child_text(form, "journal-ref")),
        comment=fields.line(xml_records.child_text(form, "comments")),
        links=fields.links(identifier.id),
    )


def _versions(form: Element) -> Iterator[tuple[int, str]]:
    """The number and the date (as written) of each version in a record of the format arXivRaw."""
    for each in form.iter("version"):
        number = (each.get("version") or xml_records.child_text(each, "version") or "").removeprefix("v")
        written = xml_records.child_text(each, "date")
        if number.isdecimal() and len(number) < 5 and written:
            yield int(number), written


def _listed_authors(form: Element) -> tuple[Author, ...]:
    listed = []
    for author in form.findall("authors/author"):
        parts = (xml_records.child_text(author, each) for each in ("forenames", "keyname", "suffix"))
        full_name = fields.line(" ".join(part for part in parts if part))
        if full_name:
            affiliations = map(fields.line, xml_records.child_texts(author, "affiliation"))
            listed.append(Author(name(full_name), tuple(filter(None, affiliations))))
    return tuple(listed)


def _dublin_core(form: Element, title: str, identifier: identifiers.ArxivId | None) -> Paper:
    """The paper of a record in Dublin Core.

    The first description that is not a comment is the abstract. The element `identifier` may be the address of a page,
    a DOI or a journal reference.
    """
    descriptions = xml_records.child_texts(form, "description")
    comments = [each for each in descriptions if each.startswith(_COMMENT)]
    abstracts = [each for each in descriptions if not each.startswith(_COMMENT)]
    days = sorted(filter(None, map(fields.day, xml_records.child_texts(form, "date"))))
    names = xml_records.child_texts(form, "identifier")
    dois = [each for each in names if each.lower().startswith(("doi:", "https://doi.org/", "http://dx.doi.org/"))]
    pages = [each for each in names if each.startswith(("http://", "https://")) and each not in dois]
    venues = [each for each in names if each not in dois and each not in pages]
    links = fields.links(identifier.id) if identifier else tuple(Link("page", each) for each in pages[:1])
    return Paper(
        title=title,
        abstract=fields.abstract(abstracts[0]) if abstracts else None,
        authors=tuple(
            Author(name(full_name))
            for each in xml_records.child_texts(form, "creator")
            if (full_name := _given_name_first(each))
        ),
        published=days[0] if days else None,
        updated=days[-1] if days else None,
        arxiv_id=identifier.id if identifier else None,
        arxiv_version=identifier.version if identifier else None,
        doi=next(filter(None, map(fields.doi, dois)), None),
        categories=fields.categories(filter(None, map(category, xml_records.child_texts(form, "subject")))),
        venue=fields.line(venues[0]) if venues and identifier else None,
        comment=fields.line(comments[0].removeprefix(_COMMENT)) if comments else None,
        links=links,
    )


def _given_name_first(creator: str) -> str | None:
    """The name with the given name first: "Polozkov, R. G." becomes "R. G. Polozkov".

    A suffix stays last: "Evans, Neal J., II" becomes "Neal J. Evans II".
    """
    last, *rest = (part.strip() for part in creator.split(",", 2))
    return fields.line(" ".join([*rest[:1], last, *rest[1:]]))
