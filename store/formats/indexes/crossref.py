"""Read the JSON of Crossref's API: a response with one work, a response with a list of works, or single works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items, markup
from store.formats.shared.json_items import Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "crossref"
TITLE = "Crossref JSON"
FAMILY = "crossref"
EXAMPLE = "crossref-works.json"
STREAMS = True

_LISTS = (("message", "items"), ("items",))
# Keys of Crossref's records. CSL-JSON from Crossref has the same keys, but its titles are texts, not lists.
_MARKS = {"indexed", "deposited", "member", "prefix", "is-referenced-by-count", "reference-count"}
_PDF = "application/pdf"


class _Date(msgspec.Struct, rename="kebab"):
    """A date. `date_parts` is, for example, [[2014, 2, 27]], [[2014, 2]] or [[2014]]; [[null]] is an unknown date."""

    date_parts: list[list[int | None]] | None = None


class _Place(msgspec.Struct):
    name: str | None = None


class _Contributor(msgspec.Struct):
    """A person with family and given name, or a group with `name`."""

    given: str | None = None
    family: str | None = None
    name: str | None = None
    suffix: str | None = None
    affiliation: list[_Place] | None = None


class _Link(msgspec.Struct, rename="kebab"):
    url: str | None = msgspec.field(name="URL", default=None)
    content_type: str | None = None


class _Address(msgspec.Struct):
    url: str | None = msgspec.field(name="URL", default=None)


class _Resource(msgspec.Struct):
    primary: _Address | None = None


class _Relative(msgspec.Struct, rename="kebab"):
    id: str | None = None
    id_type: str | None = None


class _Work(msgspec.Struct, rename="kebab"):
    """A work. Titles and names of journals are lists with at most one text."""

    doi: str | None = msgspec.field(name="DOI", default=None)
    url: str | None = msgspec.field(name="URL", default=None)
    type: str | None = None
    title: list[str] | str | None = None
    subtitle: list[str] | None = None
    abstract: str | None = None
    author: list[_Contributor] | None = None
    published: _Date | None = None
    issued: _Date | None = None
    posted: _Date | None = None
    published_online: _Date | None = None
    published_print: _Date | None = None
    container_title: list[str] | str | None = None
    event: _Place | None = None
    institution: list[_Place] | _Place | None = None
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    article_number: str | None = None
    subject: list[str] | None = None
    link: list[_Link] | None = None
    resource: _Resource | None = None
    relation: dict[str, list[_Relative]] | None = None
    # In a response with one work, `message` is the work, and the other fields are missing.
    message: _Work | None = None


class _Page(msgspec.Struct, rename="kebab"):
    total_results: int | None = None


_WORK = msgspec.json.Decoder(_Work)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from Crossref.

    It is near 1 when the file has the keys of a response, or works with keys that only Crossref uses.
    """
    keys = json_items.keys(head)
    if {"message-type", "message"} <= keys:
        return 0.97
    for above in ("", "items."):
        if {f"{above}DOI", f"{above}title[]"} <= keys and keys & {above + mark for mark in _MARKS}:
            return 0.97
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    return answer_pages.entries(
        stream,
        _WORK,
        _entry,
        _PAGE,
        lambda page: page.total_results,
        lists=_LISTS,
        landmarks=("indexed",),
        noun="works",
    )


def _entry(answer: _Work, line: int) -> Entry:
    work = answer.message or answer
    title = _title(work)
    if not title:
        raise Unfit("it has no title")
    preprints = [each.id for each in (work.relation or {}).get("has-preprint", ()) if each.id]
    links = work.link or ()
    identity = ids_and_links.identity(
        dois=[work.doi],
        arxiv_ids=[each for each in preprints if "arxiv" in each.lower()],
        addresses=[work.url, *(each.url for each in links)],
    )
    authors = tuple(author for each in work.author or () if (author := _author(each)))
    pdf = next((each.url for each in links if each.url and each.content_type == _PDF), None)
    resource = work.resource.primary.url if work.resource and work.resource.primary else None
    published, published_to = fields.when(*_dates(work)) or UNDATED
    return Entry(
        paper=Paper(
            title=title,
            abstract=markup.plain(work.abstract),
            authors=authors,
            author_count=len(authors) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(filter(None, work.subject or ())),
            venue=_venue(work),
            links=ids_and_links.links(
                ("page", work.url or ids_and_links.doi_page(identity.doi) or resource),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ),
        ),
        line=line,
    )


def _title(work: _Work) -> str | None:
    title = (markup.plain(_only(work.title)) or "").strip()
    subtitle = (markup.plain(_only(work.subtitle)) or "").strip()
    if title and subtitle and subtitle.lower() not in title.lower():
        return f"{title}{' ' if title.endswith((':', '?', '!')) else ': '}{subtitle}"
    return title or None


def _author(contributor: _Contributor) -> Author | None:
    parts = (
        (contributor.given, contributor.family, contributor.suffix)
        if contributor.family or contributor.given
        else (contributor.name,)
    )
    name = " ".join(part.strip() for part in parts if part and part.strip())
    places = tuple(each.name for each in contributor.affiliation or () if each.name)
    return Author(name, places) if name else None


def _dates(work: _Work) -> list[str]:
    """The dates of the work that have the earliest year of all its dates, as "2014-02-27", "2014-02" or "2014"."""
    dates: list[list[int]] = []
    for date in (work.published, work.issued, work.posted, work.published_online, work.published_print):
        parts = [part for part in (date.date_parts[0] if date and date.date_parts else ())[:3] if part is not None]
        if parts and 1000 <= parts[0] <= 2199:
            dates.append(parts)
    first = min((parts[0] for parts in dates), default=None)
    return ["-".join(f"{part:02}" for part in parts) for parts in dates if parts[0] == first]


def _venue(work: _Work) -> str | None:
    """The journal with volume, issue and pages. Without a journal, it is the conference or the institution, if any."""
    journal = markup.plain(_only(work.container_title))
    if journal:
        return fields.venue(journal, work.volume, work.issue, work.page or work.article_number)
    places = work.institution if isinstance(work.institution, list) else [work.institution]
    events = [work.event, *places]
    return markup.plain(next((each.name for each in events if each and each.name), None))


def _only(values: list[str] | str | None) -> str | None:
    if isinstance(values, str):
        return values
    return next((each for each in values or () if each.strip()), None)
