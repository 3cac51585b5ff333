"""Read the JSON of NASA ADS: a response of its search API, a list of its records, or single records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items
from store.formats.shared.json_items import Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "ads"
TITLE = "NASA ADS JSON"
FAMILY = "ads"
EXAMPLE = "ads-search.json"
STREAMS = True

_LISTS = (("response", "docs"), ("docs",))
_FIELDS = ("title[]", "author[]", "pubdate", "abstract", "year", "doi[]")
_PAGE_OF_RECORD = "https://ui.adsabs.harvard.edu/abs/"
# ADS writes an unknown month or day as 00.
_UNKNOWN_PART = re.compile(r"(?:-00)+$")
# ADS writes an unknown affiliation as a hyphen.
_NOWHERE = "-"


class _Record(msgspec.Struct):
    """A record. A field that was not requested is None. Most texts are lists, and some lists have several values."""

    bibcode: str | None = None
    title: list[str] | str | None = None
    author: list[str] | None = None
    author_count: int | None = None
    aff: list[str] | None = None
    abstract: str | None = None
    pubdate: str | None = None
    date: str | None = None
    year: str | int | None = None
    pub: str | None = None
    volume: str | None = None
    issue: str | None = None
    page: list[str] | str | None = None
    page_range: str | None = None
    doi: list[str] | str | None = None
    identifier: list[str] | None = None
    arxiv_class: list[str] | None = None
    eid: str | None = None
    comment: list[str] | str | None = None


class _Page(msgspec.Struct, rename="camel"):
    num_found: int | None = None


_RECORD = msgspec.json.Decoder(_Record)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from ADS.

    It is near 1 when the records have a `bibcode`, the identifier of ADS, and another field of ADS.
    """
    keys = json_items.keys(head)
    for above in ("response.docs.", "docs.", ""):
        if f"{above}bibcode" in keys and any(f"{above}{field}" in keys for field in _FIELDS):
            return 0.97
    return 0.6 if {"response.docs[]", "response.numFound"} <= keys and b"adsabs" in head else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    return answer_pages.entries(stream, _RECORD, _entry, _PAGE, lambda page: page.num_found, lists=_LISTS)


def _entry(record: _Record, line: int) -> Entry:
    title = fields.plain(_first(record.title))
    if title is None:
        raise Unfit("it has no title")
    identity = ids_and_links.identity(
        dois=_all(record.doi), arxiv_ids=[each for each in record.identifier or () if each.lower().startswith("arxiv:")]
    )
    authors = _authors(record)
    year = str(record.year) if record.year else None
    texts = [_UNKNOWN_PART.sub("", record.pubdate)] if record.pubdate else [record.date and record.date[:10]]
    published, published_to = fields.when(*texts, year) or UNDATED
    page = f"{_PAGE_OF_RECORD}{record.bibcode}" if record.bibcode else None
    return Entry(
        paper=Paper(
            title=title,
            abstract=fields.plain(record.abstract),
            authors=authors,
            author_count=max(record.author_count or 0, len(authors)) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(dict.fromkeys(filter(None, record.arxiv_class or ()))),
            venue=_venue(record),
            comment=next((text for note in _all(record.comment) if (text := fields.remark(fields.plain(note)))), None),
            links=ids_and_links.links(("page", page), ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id))),
        ),
        line=line,
    )


def _authors(record: _Record) -> tuple[Author, ...]:
    """The authors with their affiliations.

    `aff` is a list with one text for each author. Semicolons separate several affiliations of one author.
    """
    names, places = record.author or [], record.aff or []
    authors: list[Author] = []
    for number, text in enumerate(names):
        name = fields.person(fields.plain(text) or "")
        own = fields.plain(places[number]) if len(places) == len(names) else None
        affiliations = tuple(part.strip() for part in (own or "").split(";") if part.strip() not in ("", _NOWHERE))
        if name:
            authors.append(Author(name, affiliations))
    return tuple(authors)


def _venue(record: _Record) -> str | None:
    pages = record.page_range or _first(record.page) or record.eid
    return fields.venue(fields.plain(record.pub), record.volume, record.issue, pages)


def _all(value: list[str] | str | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _first(value: list[str] | str | None) -> str | None:
    return next((text for text in _all(value) if text.strip()), None)
