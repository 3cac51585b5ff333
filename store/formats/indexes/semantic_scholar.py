"""Read the JSON of Semantic Scholar's API: search results, citations, recommendations, a list of papers, or one paper.

The files of Semantic Scholar's data sets are JSON lines with the same keys in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from store.formats.bibliography import fields as _biblio
from store.formats.shared import answer_pages, ids_and_links, json_items
from store.formats.shared.json_items import Around, Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "semantic-scholar"
TITLE = "Semantic Scholar JSON"
FAMILY = "semantic-scholar"
EXAMPLE = "semantic-scholar-search.json"
STREAMS = True

_LISTS = (("data",), ("recommendedPapers",), ("papers",))
_ID_AT = {"paperId", "data.paperId", "recommendedPapers.paperId", "papers.paperId"}
_ID_AT |= {f"{above}{edge}.paperId" for above in ("", "data.") for edge in ("citingPaper", "citedPaper")}
# The names under which Semantic Scholar lists arXiv as a venue.
_NO_VENUES = {"arxiv", "arxiv.org"}


class _Named(msgspec.Struct):
    name: str | None = None


class _Author(msgspec.Struct):
    name: str | None = None
    affiliations: list[str] | None = None


class _Journal(msgspec.Struct):
    name: str | None = None
    volume: str | None = None
    pages: str | None = None


class _Address(msgspec.Struct):
    url: str | None = None


class _Summary(msgspec.Struct):
    text: str | None = None


class _Field(msgspec.Struct):
    category: str | None = None


class _Work(msgspec.Struct, rename="camel"):
    """A paper, or an item of a list of citations, which has the paper in `citingPaper` or `citedPaper`."""

    paper_id: str | None = None
    external_ids: dict[str, Any] | None = None
    title: str | None = None
    abstract: str | None = None
    authors: list[_Author] | None = None
    year: int | None = None
    publication_date: str | None = None
    venue: str | None = None
    publication_venue: _Named | None = None
    journal: _Journal | None = None
    url: str | None = None
    open_access_pdf: _Address | None = None
    tldr: _Summary | None = None
    fields_of_study: list[str] | None = None
    s2_fields_of_study: list[_Field] | None = None
    citing_paper: _Work | None = None
    cited_paper: _Work | None = None
    # Keys that the files of the data sets spell in lower case, or for which they use another name.
    corpusid: int | None = None
    externalids: dict[str, Any] | None = None
    publicationdate: str | None = None
    s2fieldsofstudy: list[_Field] | None = None


class _Page(msgspec.Struct):
    """The object around the papers of a page. `next` or `token` is present if more pages follow."""

    total: int | None = None
    next: int | None = None
    token: str | None = None


_WORK = msgspec.json.Decoder(_Work | None)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from Semantic Scholar.

    It is near 1 when the papers have ids of Semantic Scholar, and 0.6 for a page of results with a count and an offset
    or token.
    """
    keys = json_items.keys(head)
    if keys & _ID_AT or {"corpusid", "title"} <= keys:
        return 0.97
    return 0.6 if {"data[]", "total"} <= keys and keys & {"offset", "token"} else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the page, and a warning if more pages follow."""
    total: int | None = None
    goes_on = False
    count = 0
    for item in json_items.entries(stream, _WORK, _entry, lists=_LISTS):
        if not isinstance(item, Around):
            count += isinstance(item, Entry)
            yield item
        elif page := json_items.around(item, _PAGE):
            total = total if page.total is None else page.total
            goes_on = goes_on or bool(page.token) or page.next is not None
    if goes_on:
        yield answer_pages.one_page(count, total)


def _entry(work: _Work | None, line: int) -> Entry:
    work = work and (work.citing_paper or work.cited_paper or work)
    if work is None:
        raise Unfit("Semantic Scholar has no paper with the requested id")
    if not work.title or not work.title.strip():
        raise Unfit("it has no title")
    ids = work.external_ids or work.externalids or {}
    pdf = work.open_access_pdf.url if work.open_access_pdf else None
    identity = ids_and_links.identity(dois=[_text(ids.get("DOI"))], arxiv_ids=[_text(ids.get("ArXiv"))])
    page = work.url or (f"https://www.semanticscholar.org/paper/{work.paper_id}" if work.paper_id else None)
    authors = tuple(
        Author(each.name, tuple(each.affiliations or ()))
        for each in work.authors or ()
        if each.name and each.name.strip()
    )
    fields = [
        *(work.fields_of_study or ()),
        *(each.category for each in work.s2_fields_of_study or work.s2fieldsofstudy or ()),
    ]
    date = _biblio.when(work.publication_date or work.publicationdate, str(work.year) if work.year else None)
    published, published_to = _biblio.year_at_least(date, arxiv_id=identity.arxiv_id) or UNDATED
    return Entry(
        paper=Paper(
            title=work.title,
            abstract=work.abstract,
            authors=authors,
            author_count=len(authors) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(dict.fromkeys(filter(None, fields))),
            venue=_venue(work),
            links=ids_and_links.links(("page", page), ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id))),
            ai_summary=work.tldr.text if work.tldr else None,
        ),
        line=line,
    )


def _venue(work: _Work) -> str | None:
    """The journal with volume and pages, or else the name of the venue; None for arXiv."""
    journal = work.journal
    names = (
        journal.name if journal else None,
        work.venue,
        work.publication_venue.name if work.publication_venue else None,
    )
    name = next((name for name in names if name and name.strip() and name.strip().lower() not in _NO_VENUES), None)
    if journal and name == journal.name:
        return _biblio.venue(name, journal.volume, None, journal.pages)
    return name


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
