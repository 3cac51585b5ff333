"""OAI-PMH answers of arXiv, in its forms arXiv, arXivRaw and oai_dc (Dublin Core)."""

from __future__ import annotations

from collections.abc import Iterator
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
_FORMS = {"arXiv", "arXivRaw", "arXivOld", "dc"}
_COMMENT = "Comment: "


def sniff(head: bytes, name: str) -> float:
    """Sure of an answer of arXiv's OAI-PMH server; half sure of another's, whose Dublin Core reads the same."""
    root = xml_records.root(head)
    if root not in _ROOTS:
        return 0.0
    text = text_lines.text(head)
    if "arxiv.org" in text.lower():
        return 0.95
    return 0.6 if root == "OAI-PMH" else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The records of the answer, deleted ones counted. An answer that is an error is raised as ListingError."""
    given = deleted = headers = 0
    cut = more = False
    size = error = None
    aside = {"resumptionToken", "error", "header"}
    for found in xml_records.records(stream, roots=_ROOTS, names={"record"}, aside=aside):
        if not isinstance(found, xml_records.Record):
            cut = cut or isinstance(found, CutShort)
            given += isinstance(found, Refused)
            yield found
            continue
        element = found.element
        if element.tag == "error":
            message = xml_records.text(element) or "no message"
            error = f"arXiv answered with an error: {element.get('code', 'error')}: {message}"
        elif element.tag == "resumptionToken":
            more = xml_records.text(element) is not None
            size = element.get("completeListSize")
        elif element.tag == "header":
            headers += 1
        elif (header := element.find("header")) is not None and header.get("status") == "deleted":
            deleted += 1
        else:
            given += 1
            yield _entry(found)
    if error:
        if not given and not deleted:
            raise ListingError(error)
        yield Warned(error)
    if headers and not given and not deleted:
        raise ListingError("the answer lists identifiers only; ask for it with verb=ListRecords")
    if deleted:
        yield Warned(f"{deleted:,} {'record is' if deleted == 1 else 'records are'} marked as deleted")
    if more:
        total = f" of {size}" if size else ""
        yield Warned(f"the answer goes on: a resumption token says that this is one page{total} and more exist")
    if not given and not deleted and not cut:
        yield Warned("the answer holds no papers")


def _entry(found: xml_records.Record) -> Entry | Refused:
    record = found.element
    metadata = record.find("metadata")
    form = next((each for each in (() if metadata is None else metadata) if each.tag in _FORMS), None)
    said = xml_records.child_text(record, "header/identifier")
    if form is None:
        return Refused(found.index, found.line, f"{said or 'a record'} has no metadata that recto reads")
    identifier = identifiers.arxiv_id(xml_records.child_text(form, "id")) or identifiers.arxiv_id(said)
    if identifier is None and form.tag == "dc":
        addresses = map(identifiers.arxiv_id, xml_records.child_texts(form, "identifier"))
        identifier = next(filter(None, addresses), None)
    elif identifier is None:
        return Refused(found.index, found.line, f"no arXiv identifier in {(said or 'a record')[:80]!r}")
    title = fields.line(xml_records.child_text(form, "title"))
    if title is None:
        return Refused(found.index, found.line, f"{said or 'a record'} has no title")
    if form.tag == "dc":
        paper = _dublin_core(form, title, identifier)
    else:
        assert identifier is not None
        paper = _arxiv_form(form, title, identifier)
    return Entry(paper=paper, line=found.line)


def _arxiv_form(form: Element, title: str, identifier: identifiers.ArxivId) -> Paper:
    """A record in one of arXiv's own forms: authors one by one or as a line, dates or versions."""
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
    """The versions of a record in the form arXivRaw: number and date."""
    for each in form.iter("version"):
        number = (each.get("version") or xml_records.child_text(each, "version") or "").removeprefix("v")
        written = xml_records.child_text(each, "date")
        if number.isdecimal() and len(number) < 5 and written:
            yield int(number), written


def _listed_authors(form: Element) -> tuple[Author, ...]:
    found = []
    for author in form.findall("authors/author"):
        parts = (xml_records.child_text(author, each) for each in ("forenames", "keyname", "suffix"))
        said = fields.line(" ".join(part for part in parts if part))
        if said:
            affiliations = map(fields.line, xml_records.child_texts(author, "affiliation"))
            found.append(Author(name(said), tuple(filter(None, affiliations))))
    return tuple(found)


def _dublin_core(form: Element, title: str, identifier: identifiers.ArxivId | None) -> Paper:
    """A record in Dublin Core: the first description is the abstract, the first date the oldest."""
    descriptions = xml_records.child_texts(form, "description")
    comments = [each for each in descriptions if each.startswith(_COMMENT)]
    abstracts = [each for each in descriptions if not each.startswith(_COMMENT)]
    days = sorted(filter(None, map(fields.day, xml_records.child_texts(form, "date"))))
    named = xml_records.child_texts(form, "identifier")
    dois = [each for each in named if each.lower().startswith(("doi:", "https://doi.org/", "http://dx.doi.org/"))]
    pages = [each for each in named if each.startswith(("http://", "https://")) and each not in dois]
    venues = [each for each in named if each not in dois and each not in pages]
    links = fields.links(identifier.id) if identifier else tuple(Link("page", each) for each in pages[:1])
    return Paper(
        title=title,
        abstract=fields.abstract(abstracts[0]) if abstracts else None,
        authors=tuple(
            Author(name(said)) for each in xml_records.child_texts(form, "creator") if (said := _turned(each))
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


def _turned(creator: str) -> str | None:
    """A creator with the given name first: "Polozkov, R. G.", "Evans, Neal J., II"."""
    last, *rest = (part.strip() for part in creator.split(",", 2))
    return fields.line(" ".join([*rest[:1], last, *rest[1:]]))
