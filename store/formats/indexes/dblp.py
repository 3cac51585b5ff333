"""Read the JSON of DBLP's search API (`https://dblp.org/search/publ/api?format=json`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.indexes import dblp_fields
from store.formats.shared import answer_pages, json_items
from store.formats.shared.json_items import Around, Unfit, Value
from store.model.entry import Entry, Item, Refused, Warned

NAME = "dblp"
TITLE = "DBLP search, JSON"
FAMILY = "dblp"
EXAMPLE = "dblp-search.json"
STREAMS = True

_LISTS = (("result", "hits", "hit"),)


class _Person(msgspec.Struct):
    text: str | None = None


class _People(msgspec.Struct):
    """The authors of a publication. A single author is not in a list. Old responses contain names, not objects."""

    author: list[_Person | str] | _Person | str | None = None


class _Publication(msgspec.Struct):
    """A publication. A field with one value is a string, and a field with several values is a list."""

    authors: _People | None = None
    title: str | _Person | None = None
    venue: str | list[str] | None = None
    volume: str | list[str] | None = None
    number: str | list[str] | None = None
    pages: str | list[str] | None = None
    publisher: str | list[str] | None = None
    year: str | None = None
    doi: str | list[str] | None = None
    ee: str | list[str] | None = None
    url: str | None = None


class _Hit(msgspec.Struct):
    """A hit, which is one result of a search.

    A response without a list of hits is decoded as if it were one hit; this hit contains the key `result`.
    """

    info: _Publication | None = None
    result: _Result | None = None


class _Page(msgspec.Struct):
    """The object that contains the list of hits. DBLP writes the numbers in it as strings."""

    total: str | None = msgspec.field(name="@total", default=None)
    first: str | None = msgspec.field(name="@first", default=None)
    hit: _Hit | None = None


class _Result(msgspec.Struct):
    hits: _Page | None = None


_HIT = msgspec.json.Decoder(_Hit)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from DBLP: near 1 when it has the keys that DBLP writes around results."""
    keys = json_items.keys(head)
    if "result.hits" in keys and keys & {"result.query", "result.status", "result.hits.hit", "result.hits.@total"}:
        return 0.97
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
    page: _Page | None = None
    count = 0
    for piece in json_items.items(stream, lists=_LISTS):
        if isinstance(piece, Around):
            around = json_items.around(piece, _PAGE)
            page = around if around and around.total else page
        elif isinstance(piece, Value):
            try:
                hit = json_items.decoded(piece, _HIT)
                if hit.result and not (hit.result.hits and hit.result.hits.hit):
                    yield Warned("DBLP found no publications")
                    continue
                count += 1
                yield _entry(hit, piece.line)
            except Unfit as unfit:
                yield Refused(piece.number, piece.line, str(unfit))
        else:
            yield piece
    if page and page.total and page.total.isdecimal() and 0 < count < int(page.total):
        yield answer_pages.one_page(count, int(page.total), "publications")


def _entry(hit: _Hit, line: int) -> Entry:
    inner = hit.result.hits.hit if hit.result and hit.result.hits else None
    info = hit.info or (inner.info if inner else None)
    if info is None:
        raise Unfit("it has no publication")
    title = dblp_fields.title(info.title.text if isinstance(info.title, _Person) else info.title)
    if title is None:
        raise Unfit("it has no title")
    people = info.authors.author if info.authors else None
    names = [
        each.text if isinstance(each, _Person) else each
        for each in (people if isinstance(people, list) else [people])
        if each
    ]
    return Entry(
        paper=dblp_fields.paper(
            title=title,
            names=[name for name in names if name],
            year=info.year,
            containers=[*_all(info.venue), *_all(info.publisher)],
            volume=next(iter(_all(info.volume)), None),
            number=next(iter(_all(info.number)), None),
            pages=next(iter(_all(info.pages)), None),
            dois=_all(info.doi),
            editions=_all(info.ee),
            record=info.url,
        ),
        line=line,
    )


def _all(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []
