"""Reads from the library the values of papers for the search index, and the texts by which papers are compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import msgspec

from store.model.paper_fields import FIELDS, TextField, qualified

# The fields whose words can be searched, each with the database column in which it is stored.
_TEXT_COLUMNS = {
    cast("TextField", field.name): qualified(field.searched_column) for field in FIELDS if field.searched_column
}
_TEXT_FIELDS = tuple(_TEXT_COLUMNS)
_TEXT_COUNT = len(_TEXT_FIELDS)
_SELECT = (
    f"SELECT p.id, {', '.join(_TEXT_COLUMNS.values())}, p.categories, p.families, p.published, p.last_listed,"
    " p.upvotes, p.comment_count, p.score, p.has_code, p.has_pdf,"
    " (SELECT group_concat(DISTINCT listed_on) FROM entry e WHERE e.paper_id = p.id AND listed_on IS NOT NULL)"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)


class SearchablePaper(NamedTuple):
    """The values of one paper that are stored in the search index.

    `texts` maps each field to its text; fields that the paper does not have are missing. `published` is an ISO 8601
    date of any precision ("2024", "2024-06", "2024-06-15"). `last_listed` and `listed_on` are ISO 8601 days. `score` is
    in hundredths. `families` are the sources of the paper's entries ("arxiv", "hf"), separated by spaces.
    """

    id: int
    texts: dict[TextField, str]
    categories: list[str]
    families: list[str]
    published: str | None
    last_listed: str | None
    upvotes: int | None
    comment_count: int | None
    score: int | None
    has_code: bool
    has_pdf: bool
    listed_on: list[str]


def numbered_between(connection: sqlite3.Connection, after: int, up_to: int) -> Iterator[SearchablePaper]:
    """The papers with ids above `after` up to and including `up_to`, sorted by id."""
    return map(_searchable, connection.execute(f"{_SELECT} WHERE p.id > ? AND p.id <= ?", (after, up_to)))


def numbered(connection: sqlite3.Connection, numbers: Iterable[int]) -> Iterator[SearchablePaper]:
    """The papers with the ids `numbers`. Papers that do not exist any more are left out."""
    for number in numbers:
        yield from map(_searchable, connection.execute(f"{_SELECT} WHERE p.id = ?", (number,)))


def _searchable(row: tuple[Any, ...]) -> SearchablePaper:
    texts = {field: text for field, text in zip(_TEXT_FIELDS, row[1 : 1 + _TEXT_COUNT], strict=True) if text}
    categories, families, published, last_listed, upvotes, comment_count, score, has_code, has_pdf, days = row[
        1 + _TEXT_COUNT :
    ]
    return SearchablePaper(
        id=row[0],
        texts=texts,
        categories=categories.split("\n") if categories else [],
        families=families.split(),
        published=published,
        last_listed=last_listed,
        upvotes=upvotes,
        comment_count=comment_count,
        score=score,
        has_code=bool(has_code),
        has_pdf=bool(has_pdf),
        listed_on=days.split(",") if days else [],
    )


def title_and_abstract(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, str]:
    """The title and the abstract of each paper as one text, by id. Papers that do not exist are left out."""
    rows = connection.execute(
        "SELECT p.id, p.title, coalesce(b.abstract, '') FROM json_each(?) i JOIN paper p ON p.id = i.value"
        " JOIN body b ON b.paper_id = p.id",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    )
    return {paper_id: f"{title} . {abstract}" for paper_id, title, abstract in rows}
