"""Read the JSON of bioRxiv's and medRxiv's API: all versions of one preprint, or of the preprints of a period.

Two lists use other names for the same fields: the COVID-19 collection has `rel_title` and so on, and the list of
preprints that a journal has published has `preprint_title` and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items
from store.formats.shared.json_items import Around, Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "biorxiv"
TITLE = "bioRxiv and medRxiv JSON"
FAMILY = "biorxiv"
EXAMPLE = "biorxiv-details.json"
STREAMS = True

_LISTS = (("collection",),)
# The texts that the API writes in place of an unknown value.
_UNKNOWN = ("na", "")
_SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}


class _Person(msgspec.Struct):
    author_name: str | None = None
    author_inst: str | None = None


class _Preprint(msgspec.Struct):
    """A version of a preprint, with the field names of all three lists."""

    title: str | None = None
    preprint_title: str | None = None
    rel_title: str | None = None
    authors: str | None = None
    preprint_authors: str | None = None
    rel_authors: str | list[_Person] | None = None
    doi: str | None = None
    preprint_doi: str | None = None
    biorxiv_doi: str | None = None
    rel_doi: str | None = None
    date: str | None = None
    preprint_date: str | None = None
    rel_date: str | None = None
    abstract: str | None = None
    preprint_abstract: str | None = None
    rel_abs: str | None = None
    category: str | None = None
    preprint_category: str | None = None
    server: str | None = None
    preprint_platform: str | None = None
    rel_site: str | None = None
    version: str | int | None = None
    published: str | None = None
    published_doi: str | None = None
    published_journal: str | None = None


class _Page(msgspec.Struct):
    """The object around the list. A number in `messages` may be written as a string."""

    messages: list[dict[str, Any]] | None = None


_PREPRINT = msgspec.json.Decoder(_Preprint)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from this API: near 1 if the list and its items have keys that only it uses."""
    keys = json_items.keys(head)
    marks = {f"collection.{name}" for name in ("jatsxml", "server", "preprint_title", "rel_title")}
    if "collection[]" in keys and keys & {*marks, "messages.status"}:
        return 0.97
    if {"title", "doi", "jatsxml"} <= keys or {"preprint_title", "preprint_doi"} <= keys:
        return 0.9
    return 0.9 if {"rel_title", "rel_doi"} <= keys else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    total = 0
    count = 0
    for item in json_items.entries(stream, _PREPRINT, _entry, lists=_LISTS):
        if isinstance(item, Around):
            page = json_items.around(item, _PAGE)
            totals = [str(message.get("total", "")) for message in (page.messages if page else None) or ()]
            total = max([total, *(int(text) for text in totals if text.isdecimal() and len(text) < 12)])
        else:
            count += isinstance(item, Entry)
            yield item
    if 0 < count < total:
        yield answer_pages.one_page(count, total, "preprints")


def _entry(preprint: _Preprint, line: int) -> Entry:
    title = fields.plain(preprint.title or preprint.preprint_title or preprint.rel_title)
    if title is None:
        raise Unfit("it has no title")
    dois = (preprint.doi, preprint.preprint_doi, preprint.biorxiv_doi, preprint.rel_doi)
    doi = ids_and_links.identity(dois=dois).doi
    server_name = (
        _unless_placeholder(preprint.server)
        or _unless_placeholder(preprint.preprint_platform)
        or _unless_placeholder(preprint.rel_site)
        or "bioRxiv"
    )
    server = _SERVERS.get(server_name.lower(), server_name)
    version = str(preprint.version or "1")
    date = fields.when(preprint.date or preprint.preprint_date or preprint.rel_date)
    # The date is the day of this version, so it is the day of publication only for the first version.
    is_first = version == "1"
    published, published_to = (date if is_first else None) or UNDATED
    content = f"https://www.{server.lower()}.org/content/{doi}v{version}" if doi and version.isdecimal() else None
    journal = _unless_placeholder(preprint.published) or _unless_placeholder(preprint.published_doi)
    published_as = ids_and_links.identity(dois=[journal]).doi if journal else None
    authors = _authors(preprint)
    return Entry(
        paper=Paper(
            title=title,
            abstract=fields.plain(preprint.abstract or preprint.preprint_abstract or preprint.rel_abs),
            authors=authors,
            author_count=len(authors) or None,
            published=published,
            published_to=published_to,
            updated=date.first_day if date and not is_first and date.precision == "day" else None,
            doi=doi,
            categories=tuple(filter(None, [_unless_placeholder(preprint.category or preprint.preprint_category)])),
            venue=_unless_placeholder(preprint.published_journal) or server,
            links=ids_and_links.links(
                ("page", content or ids_and_links.doi_page(doi)),
                ("page", ids_and_links.doi_page(published_as)),
                ("pdf", f"{content}.full.pdf" if content else None),
            ),
        ),
        line=line,
    )


def _unless_placeholder(text: str | None) -> str | None:
    return text.strip() if text and text.strip().lower() not in _UNKNOWN else None


def _authors(preprint: _Preprint) -> tuple[Author, ...]:
    """The authors, from a text such as "Alpha, A.; Beta, B. C." or from objects with a name and an institution."""
    people = preprint.authors or preprint.preprint_authors or preprint.rel_authors or ""
    if isinstance(people, str):
        return fields.authors(fields.person(name.strip()) for name in people.split(";") if name.strip())
    return tuple(
        Author(fields.person(each.author_name), tuple(filter(None, [each.author_inst])))
        for each in people
        if each.author_name and each.author_name.strip()
    )
