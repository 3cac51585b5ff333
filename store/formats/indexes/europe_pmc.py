"""Read the JSON of Europe PMC's search API. A result of the type `core` has more fields than one of the type `lite`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields, medline
from store.formats.shared import answer_pages, json_items
from store.formats.shared.json_items import Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author

NAME = "europe-pmc"
TITLE = "Europe PMC JSON"
FAMILY = "europe-pmc"
EXAMPLE = "europe-pmc-search.json"
STREAMS = True

_LISTS = (("resultList", "result"),)
_PREPRINT = "PPR"
_HEADING = re.compile(r"<(/?)h\d>", re.IGNORECASE)


class _Affiliation(msgspec.Struct):
    affiliation: str | None = None


class _Affiliations(msgspec.Struct, rename="camel"):
    author_affiliation: list[_Affiliation] | None = None


class _Person(msgspec.Struct, rename="camel"):
    """A person, or a group with a collective name. Old responses have one affiliation, the text `affiliation`."""

    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    collective_name: str | None = None
    affiliation: str | None = None
    author_affiliation_details_list: _Affiliations | None = None


class _People(msgspec.Struct):
    author: list[_Person] | None = None


class _Journal(msgspec.Struct):
    title: str | None = None


class _Issue(msgspec.Struct, rename="camel"):
    volume: str | None = None
    issue: str | None = None
    date_of_publication: str | None = None
    journal: _Journal | None = None


class _Book(msgspec.Struct):
    """The book or report that contains the paper. For a preprint, `publisher` is the preprint server."""

    publisher: str | None = None
    comprising_title: str | None = msgspec.field(name="comprisingTitle", default=None)


class _Address(msgspec.Struct, rename="camel"):
    document_style: str | None = None
    availability_code: str | None = None
    url: str | None = None


class _Addresses(msgspec.Struct, rename="camel"):
    full_text_url: list[_Address] | None = None


class Result(msgspec.Struct, rename="camel"):
    """A search result.

    A result of the type `core` has the journal in `journal_info`; one of the type `lite` has it in `journal_title` and
    the fields that follow `journal_title` in this class.
    """

    id: str | None = None
    source: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    title: str | None = None
    author_string: str | None = None
    author_list: _People | None = None
    abstract_text: str | None = None
    journal_title: str | None = None
    journal_volume: str | None = None
    issue: str | None = None
    journal_info: _Issue | None = None
    page_info: str | None = None
    pub_year: str | None = None
    first_publication_date: str | None = None
    electronic_publication_date: str | None = None
    book_or_report_details: _Book | None = None
    full_text_url_list: _Addresses | None = None


class _Page(msgspec.Struct, rename="camel"):
    hit_count: int | None = None


_RESULT = msgspec.json.Decoder(Result)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from Europe PMC.

    It is near 1 when the file has a list of results and a key that only Europe PMC uses.
    """
    keys = json_items.keys(head)
    marks = {"hitCount", "resultList.result.authorString", "resultList.result.pmid", "resultList.result.source"}
    if "resultList" in keys and keys & marks:
        return 0.97
    return 0.9 if {"id", "source", "title", "authorString"} <= keys else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    return answer_pages.entries(stream, _RESULT, entry, _PAGE, lambda page: page.hit_count, lists=_LISTS)


def entry(result: Result, line: int) -> Entry:
    """The entry of a result. Raises Unfit when the result has no title."""
    title = medline.title(fields.plain(result.title))
    if title is None:
        raise Unfit("it has no title")
    issue = result.journal_info or _Issue()
    identifiers = [("doi", result.doi), ("pmc", result.pmcid)]
    addresses = result.full_text_url_list.full_text_url if result.full_text_url_list else None
    pdfs = [each.url for each in addresses or () if each.url and each.document_style == "pdf" and _is_open(each)]
    paper = medline.paper(
        title,
        # Europe PMC marks headings in an abstract with `<h4>`; `plain` recognizes `<title>`.
        abstract=fields.plain(_HEADING.sub(r"<\1title>", result.abstract_text or "")),
        authors=_authors(result),
        published=fields.when(
            result.first_publication_date,
            result.electronic_publication_date,
            issue.date_of_publication,
            result.pub_year,
        ),
        venue=_venue(result, issue),
        identifiers=[(kind, text) for kind, text in identifiers if text],
        pmid=result.pmid,
        pdfs=pdfs[:1],
        pages=[f"https://europepmc.org/article/{result.source}/{result.id}" if result.source and result.id else None],
    )
    return Entry(paper=paper, line=line)


def _is_open(address: _Address) -> bool:
    return address.availability_code in (None, "OA", "F")


def _authors(result: Result) -> tuple[Author, ...]:
    """The authors in the list of authors. Without such a list, the names in `authorString`, without affiliations."""
    people = result.author_list.author if result.author_list else None
    if not people:
        names = (result.author_string or "").strip().rstrip(".").split(",")
        return fields.authors(medline.person(name.strip()) for name in names if name.strip())
    authors: list[Author] = []
    for person in people:
        given_first = " ".join(part for part in (person.first_name, person.last_name) if part)
        name = given_first if person.first_name else person.collective_name or medline.person(person.full_name or "")
        details = person.author_affiliation_details_list
        places = [each.affiliation for each in (details.author_affiliation if details else None) or ()]
        if name.strip():
            authors.append(Author(name, tuple(place for place in (*places, person.affiliation) if place)))
    return tuple(authors)


def _venue(result: Result, issue: _Issue) -> str | None:
    """The journal with volume, issue and pages; or else the preprint server, or the book with pages."""
    journal = (issue.journal.title if issue.journal else None) or result.journal_title
    if journal:
        volume, number = issue.volume or result.journal_volume, issue.issue or result.issue
        return fields.venue(fields.plain(journal), volume, number, result.page_info)
    book = result.book_or_report_details or _Book()
    if result.source == _PREPRINT:
        return fields.venue(book.publisher)
    return fields.venue(book.comprising_title or book.publisher, pages=result.page_info)
