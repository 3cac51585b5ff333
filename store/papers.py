"""Reading: the rows of a window, one paper whole, and the paper that a word names."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec

from store import identity, reading, shelf
from store.paper import AnnounceType, LibraryError, Paper
from store.reading import Marks, Status

# So many titles are named when the start of one fits several papers.
_NAMED = 3


class Row(msgspec.Struct, frozen=True):
    """What a line of the list shows of a paper."""

    id: int
    title: str
    byline: str | None
    author_count: int | None
    organization: str | None
    published: str | None
    last_listed: str | None
    upvotes: int | None
    comment_count: int | None
    bookmarked: bool
    status: Status
    queue_position: int | None
    tags: tuple[str, ...]


class Appearance(msgspec.Struct, frozen=True):
    """One listing that a paper appeared in, and what it said there."""

    path: str
    format: str
    listed_on: date | None
    position: int
    upvotes: int | None
    comments: int | None
    announce_type: AnnounceType | None


class Known(msgspec.Struct, frozen=True):
    """One paper whole: what is known, where it appeared, what the reader made of it.

    `sources` names, for each field that several listings could have given, the file it was taken from.
    """

    id: int
    paper: Paper
    first_listed: date | None
    last_listed: date | None
    marks: Marks
    listings: tuple[Appearance, ...]
    sources: dict[str, str]


def rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """The lines of these papers, in this order; a paper that is gone is left out."""
    found: dict[int, Row] = {}
    for values in connection.execute(
        "SELECT p.id, p.title, p.byline, p.author_count, p.organization, p.published, p.last_listed, p.upvotes,"
        " p.comment_count, m.bookmarked_at IS NOT NULL, coalesce(m.status, 'new'), q.position,"
        " (SELECT group_concat(name, ' ') FROM tag t WHERE t.paper_id = p.id)"
        " FROM json_each(?) i JOIN paper p ON p.id = i.value"
        " LEFT JOIN mark m ON m.paper_id = p.id LEFT JOIN queue q ON q.paper_id = p.id",
        (json.dumps(list(ids)),),
    ):
        found[values[0]] = Row(*values[:9], bool(values[9]), *values[10:12], tuple((values[12] or "").split()))
    return [found[number] for number in ids if number in found]


def whole(connection: sqlite3.Connection, number: int) -> Known:
    """Everything about one paper. Raises LibraryError when there is none with this number."""
    number = reading.resolve(connection, number)
    stored = shelf.get(connection, number)
    if stored is None:
        raise LibraryError(f"paper {number} is damaged: its text is missing")
    appearances = connection.execute(
        "SELECT e.id, l.path, l.format, e.listed_on, e.position, e.upvotes, e.comment_count, e.announce_type"
        " FROM entry e JOIN listing l ON l.id = e.listing_id WHERE e.paper_id = ?"
        " ORDER BY e.listed_on DESC, l.id DESC, e.position",
        (number,),
    ).fetchall()
    paths = {entry: path for entry, path, *_ in appearances}
    return Known(
        id=number,
        paper=stored.paper,
        first_listed=stored.first_listed,
        last_listed=stored.last_listed,
        marks=reading.marks(connection, number),
        listings=tuple(
            Appearance(path, format, shelf.day(listed_on), position, upvotes, comments, announced)
            for _, path, format, listed_on, position, upvotes, comments, announced in appearances
        ),
        sources={field: paths[entry] for field, entry in stored.sources.items() if entry in paths},
    )


def find(connection: sqlite3.Connection, text: str) -> int:
    """The paper that `text` names: its number, an arXiv id, a DOI, or the start of a title that fits one paper.

    Raises LibraryError when none or several fit.
    """
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit():
        return reading.resolve(connection, int(wanted))
    if (found := identity.arxiv_id(wanted)) and (number := _by("arxiv_id", found[0], connection)):
        return number
    if (doi := identity.doi(wanted)) and (number := _by("doi", doi, connection)):
        return number
    if not wanted:
        raise LibraryError("name a paper: its number, an arXiv id, a DOI or the start of its title")
    exact = connection.execute("SELECT id FROM paper WHERE title_key = ?", (identity.title_key(wanted),)).fetchall()
    if len(exact) == 1:
        return int(exact[0][0])
    fits = (
        exact
        or connection.execute(
            "SELECT id FROM paper WHERE title LIKE ? || '%' ESCAPE '\\' LIMIT 100",
            (wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"),),
        ).fetchall()
    )
    if len(fits) == 1:
        return int(fits[0][0])
    if not fits:
        raise LibraryError(f"no paper is called {wanted!r}; look for it with: recto list")
    several = ", ".join(str(number) for (number,) in fits[:_NAMED])
    raise LibraryError(f"{len(fits)} papers fit {wanted!r} ({several}{', …' if len(fits) > _NAMED else ''}); say which")


def _by(column: str, value: str, connection: sqlite3.Connection) -> int | None:
    row = connection.execute(f"SELECT id FROM paper WHERE {column} = ?", (value,)).fetchone()
    return row[0] if row else None
