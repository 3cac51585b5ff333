"""Read the JSON of INSPIRE's API (https://inspirehep.net/api/literature): a response with a list, or single records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items
from store.formats.shared.json_items import Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED, PartialDate

NAME = "inspire"
TITLE = "INSPIRE JSON"
FAMILY = "inspire"
EXAMPLE = "inspire-literature.json"
STREAMS = True

_LISTS = (("hits", "hits"),)
# Keys that only INSPIRE's records have. The path `hits.hits[].metadata` alone does not identify INSPIRE, because
# responses of other repositories also contain it.
_MARKS = ("titles[]", "texkeys[]", "inspire_categories[]", "arxiv_eprints[]")
_PAGE_OF_RECORD = "https://inspirehep.net/literature/"
# The roles of people who did not write the paper.
_NO_AUTHORS = {"supervisor"}


class _Text(msgspec.Struct):
    """A text, and the name of the source from which INSPIRE copied it."""

    value: str | None = None
    source: str | None = None


class _Title(msgspec.Struct):
    title: str | None = None
    subtitle: str | None = None


class _Person(msgspec.Struct):
    """A person. `full_name` is written "Alpha, Ada".

    `affiliations` are the names of institutions in INSPIRE's spelling; `raw_affiliations` are as in the paper.
    """

    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    affiliations: list[_Text] | None = None
    raw_affiliations: list[_Text] | None = None
    inspire_roles: list[str] | None = None


class _Eprint(msgspec.Struct):
    value: str | None = None
    categories: list[str] | None = None


class _Publication(msgspec.Struct):
    journal_title: str | None = None
    journal_volume: str | None = None
    journal_issue: str | None = None
    artid: str | None = None
    page_start: str | None = None
    page_end: str | None = None
    year: int | None = None
    pubinfo_freetext: str | None = None
    material: str | None = None


class _Imprint(msgspec.Struct):
    date: str | None = None
    publisher: str | None = None


class _Address(msgspec.Struct):
    url: str | None = None
    fulltext: bool | None = None


class _Record(msgspec.Struct):
    """The metadata of a paper, or a hit, which has the metadata under the key `metadata`.

    A field that was not requested is None.
    """

    titles: list[_Title] | None = None
    abstracts: list[_Text] | None = None
    authors: list[_Person] | None = None
    corporate_author: list[str] | None = None
    collaborations: list[_Text] | None = None
    author_count: int | None = None
    arxiv_eprints: list[_Eprint] | None = None
    dois: list[_Text] | None = None
    publication_info: list[_Publication] | None = None
    preprint_date: str | None = None
    earliest_date: str | None = None
    imprints: list[_Imprint] | None = None
    public_notes: list[_Text] | None = None
    control_number: int | None = None
    documents: list[_Address] | None = None
    # The metadata of the paper. Only a search result (a hit) has this key.
    metadata: _Record | None = None


class _Page(msgspec.Struct):
    """The object that contains the hits."""

    total: int | None = None


_RECORD = msgspec.json.Decoder(_Record)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from INSPIRE: near 1 when the records have keys that only INSPIRE uses."""
    keys = json_items.keys(head)
    for above in ("hits.hits.metadata.", "metadata."):
        if any(f"{above}{mark}" in keys for mark in _MARKS):
            return 0.97
    if "titles[]" in keys and keys & {"texkeys[]", "inspire_categories[]", "arxiv_eprints[]", "control_number"}:
        return 0.9
    return 0.6 if {"hits.hits[]", "hits.total", "links.self"} <= keys and b"inspirehep.net" in head else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    return answer_pages.entries(stream, _RECORD, _entry, _PAGE, lambda page: page.total, lists=_LISTS)


def _entry(envelope: _Record, line: int) -> Entry:
    record = envelope.metadata or envelope
    title = next((text for each in record.titles or () if (text := _title(each))), None)
    if title is None:
        raise Unfit("it has no title")
    eprint = next((each for each in record.arxiv_eprints or () if each.value), None)
    publications = record.publication_info or []
    identity = ids_and_links.identity(
        dois=_values(record.dois),
        arxiv_ids=[eprint.value] if eprint else [],
        mentions=[each.pubinfo_freetext for each in publications],
    )
    authors = _authors(record)
    published, published_to = _published(record, publications) or UNDATED
    page = f"{_PAGE_OF_RECORD}{record.control_number}" if record.control_number else None
    document = next((each.url for each in record.documents or () if each.url and each.fulltext), None)
    return Entry(
        paper=Paper(
            title=title,
            abstract=_abstract(record),
            authors=authors,
            author_count=max(record.author_count or 0, len(authors)) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(dict.fromkeys(eprint.categories or ())) if eprint else (),
            venue=_venue(record, publications),
            comment=next((text for note in _values(record.public_notes) if (text := fields.remark(note))), None),
            links=ids_and_links.links(
                ("page", ids_and_links.doi_page(identity.doi) or ids_and_links.arxiv_page(identity.arxiv_id) or page),
                ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id) or document),
            ),
        ),
        line=line,
    )


def _title(each: _Title) -> str | None:
    title, subtitle = fields.plain(each.title), fields.plain(each.subtitle)
    return f"{title}: {subtitle}" if title and subtitle else title


def _abstract(record: _Record) -> str | None:
    """The abstract from arXiv, because others are often shortened or contain markup; otherwise the first one."""
    abstracts = sorted(record.abstracts or (), key=lambda each: (each.source or "").lower() != "arxiv")
    return next((text for each in abstracts if (text := fields.plain(each.value))), None)


def _authors(record: _Record) -> tuple[Author, ...]:
    """The collaborations and the people; if there are none, the corporate authors."""
    authors = [
        Author(f"{name} Collaboration" if "collab" not in name.lower() else name)
        for name in _values(record.collaborations)
    ]
    for person in record.authors or ():
        full = ", ".join(part for part in (person.last_name, person.first_name) if part) or None
        name = fields.person(person.full_name or full or "")
        if name and not _NO_AUTHORS.issuperset(person.inspire_roles or ("author",)):
            places = _values(person.affiliations) or _values(person.raw_affiliations)
            authors.append(Author(name, tuple(places)))
    return tuple(authors) or tuple(Author(name) for name in record.corporate_author or () if name)


def _published(record: _Record, publications: list[_Publication]) -> PartialDate | None:
    """The date of the preprint or, without one, the date from three sources together: INSPIRE's earliest date, the book
    and the journal.
    """
    if record.preprint_date:
        return fields.when(record.preprint_date)
    years = [str(each.year) for each in publications if each.year]
    return fields.when(record.earliest_date, *(each.date for each in record.imprints or ()), *years)


def _venue(record: _Record, publications: list[_Publication]) -> str | None:
    for each in publications:
        # Skip an erratum, because its volume and pages are not those of the paper.
        if each.journal_title and each.material in (None, "publication", "version", "translation"):
            pages = each.artid or fields.pages(each.page_start, each.page_end)
            return fields.venue(fields.plain(each.journal_title), each.journal_volume, each.journal_issue, pages)
    notes = (fields.plain(each.pubinfo_freetext) for each in publications)
    publishers = (each.publisher for each in record.imprints or ())
    return next((text for text in (*notes, *publishers) if text), None)


def _values(texts: list[_Text] | None) -> list[str]:
    return [each.value for each in texts or () if each.value]
