"""Read the JSON of OpenAlex's API: a page of results, a list of works, or one work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items, markup
from store.formats.shared.json_items import Around, Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "openalex"
TITLE = "OpenAlex JSON"
FAMILY = "openalex"
EXAMPLE = "openalex-works.json"
STREAMS = True

_LISTS = (("results",),)
# The type of a source that is a repository such as arXiv, and therefore not a venue.
_REPOSITORY = "repository"


class _Named(msgspec.Struct):
    display_name: str | None = None


class _Keyword(msgspec.Struct):
    display_name: str | None = None
    keyword: str | None = None


class _Authorship(msgspec.Struct):
    author: _Named | None = None
    raw_author_name: str | None = None
    institutions: list[_Named] | None = None
    raw_affiliation_strings: list[str] | None = None


class _Source(msgspec.Struct):
    display_name: str | None = None
    type: str | None = None


class _Location(msgspec.Struct):
    landing_page_url: str | None = None
    pdf_url: str | None = None
    source: _Source | None = None


class _Volume(msgspec.Struct):
    volume: str | None = None
    issue: str | None = None
    first_page: str | None = None
    last_page: str | None = None


class _Ids(msgspec.Struct):
    doi: str | None = None
    arxiv: str | None = None


class _Work(msgspec.Struct):
    """A work. The abstract is a dictionary: for each word, the positions at which the word occurs."""

    id: str | None = None
    doi: str | None = None
    ids: _Ids | None = None
    title: str | None = None
    display_name: str | None = None
    publication_date: str | None = None
    publication_year: int | None = None
    authorships: list[_Authorship] | None = None
    is_authors_truncated: bool | None = None
    authors_count: int | None = None
    primary_location: _Location | None = None
    best_oa_location: _Location | None = None
    locations: list[_Location] | None = None
    biblio: _Volume | None = None
    abstract_inverted_index: dict[str, list[int]] | None = None
    primary_topic: _Named | None = None
    topics: list[_Named] | None = None
    keywords: list[_Keyword] | None = None


class _Counts(msgspec.Struct):
    count: int | None = None
    page: int | None = None
    per_page: int | None = None
    next_cursor: str | None = None


class _Page(msgspec.Struct):
    meta: _Counts | None = None


_WORK = msgspec.json.Decoder(_Work)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from OpenAlex.

    It is near 1 when the works have keys that only OpenAlex uses, and 0.9 for a page of results with OpenAlex's counts.
    """
    keys = json_items.keys(head)
    for above in ("", "results."):
        if f"{above}abstract_inverted_index" in keys:
            return 0.97
        if {f"{above}authorships", f"{above}display_name"} <= keys:
            return 0.97
    return 0.9 if {"results[]", "meta.count", "meta.per_page"} <= keys else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the page, and a warning if more pages follow."""
    counts = _Counts()
    count = 0
    for item in json_items.entries(stream, _WORK, _entry, lists=_LISTS):
        if isinstance(item, Around):
            page = json_items.around(item, _PAGE)
            counts = page.meta if page and page.meta else counts
        else:
            count += isinstance(item, Entry)
            yield item
    if _goes_on(counts, count):
        yield answer_pages.one_page(count, counts.count or 0, "works")


def _goes_on(counts: _Counts, read: int) -> bool:
    """Whether more pages follow. `read` is the number of entries on this page.

    A page that was requested with a cursor has no page number. More pages follow it if it is full and contains a next
    cursor.
    """
    if counts.count is None or counts.per_page is None:
        return False
    if counts.page is not None:
        return counts.count > counts.page * counts.per_page
    return counts.next_cursor is not None and counts.per_page <= read < counts.count


def _entry(work: _Work, line: int) -> Entry:
    title = markup.plain(work.title or work.display_name)
    if not title or not title.strip():
        raise Unfit("it has no title")
    primary = work.primary_location or _Location()
    places = [primary, work.best_oa_location or _Location(), *(work.locations or ())]
    identity = ids_and_links.identity(
        dois=[work.doi, work.ids.doi if work.ids else None],
        arxiv_ids=[work.ids.arxiv if work.ids else None],
        addresses=[address for place in places for address in (place.landing_page_url, place.pdf_url)],
    )
    authors = tuple(author for each in work.authorships or () if (author := _author(each)))
    topics = [work.primary_topic, *(work.topics or ())]
    pdf = next((place.pdf_url for place in places if place.pdf_url), None)
    date = fields.when(work.publication_date, str(work.publication_year) if work.publication_year else None)
    published, published_to = fields.year_at_least(date, arxiv_id=identity.arxiv_id) or UNDATED
    return Entry(
        paper=Paper(
            title=title,
            abstract=_abstract(work.abstract_inverted_index),
            authors=authors,
            author_count=work.authors_count if work.is_authors_truncated else len(authors) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(dict.fromkeys(each.display_name for each in topics if each and each.display_name)),
            venue=_venue(work, places),
            links=ids_and_links.links(
                ("page", primary.landing_page_url or ids_and_links.doi_page(identity.doi) or work.id),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ),
            ai_keywords=tuple(filter(None, (each.display_name or each.keyword for each in work.keywords or ()))),
        ),
        line=line,
    )


def _author(authorship: _Authorship) -> Author | None:
    name = (authorship.author.display_name if authorship.author else None) or authorship.raw_author_name
    if not name or not name.strip():
        return None
    institutions = [each.display_name for each in authorship.institutions or () if each.display_name]
    return Author(name, tuple(institutions or authorship.raw_affiliation_strings or ()))


def _venue(work: _Work, places: list[_Location]) -> str | None:
    """The first location that is a journal or a conference, with volume, issue and pages; None when there is none."""
    sources = [place.source for place in places if place.source and place.source.type != _REPOSITORY]
    name = next((source.display_name for source in sources if source.display_name), None)
    biblio = work.biblio or _Volume()
    return fields.venue(name, biblio.volume, biblio.issue, fields.pages(biblio.first_page, biblio.last_page))


def _abstract(index: dict[str, list[int]] | None) -> str | None:
    """The abstract, from `index`: the positions of each word in it. A position may have no word or two words."""
    if not index:
        return None
    words = sorted(((at, word) for word, places in index.items() for at in places), key=lambda place: place[0])
    return " ".join(word for _, word in words)
