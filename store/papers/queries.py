"""Reading: the rows of a window, one paper whole, and the paper that a word names."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec

from store.marks import paper_marks
from store.marks.paper_marks import Marks, Status
from store.model.entry import AnnounceType
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers import revisions
from store.papers import rows as shelf
from store.papers.revisions import Change
from store.text.clean import line

# So many titles are named when the start of one fits several papers.
_NAMED = 3
# A longer row of digits is no paper's number.
_LONGEST_NUMBER = 12


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
    announce_type: AnnounceType | None = None


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

    `sources` names, for each field that several listings could have given, the file it was taken from. `changes` are
    the wordings of its title and abstract that later versions gave up.
    """

    id: int
    paper: Paper
    first_listed: date | None
    last_listed: date | None
    marks: Marks
    listings: tuple[Appearance, ...]
    sources: dict[str, str]
    changes: tuple[Change, ...] = ()


def rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """The lines of these papers, in this order; a paper that is gone is left out."""
    found: dict[int, Row] = {}
    for values in connection.execute(
        "SELECT p.id, p.title, p.byline, p.author_count, p.organization, p.published, p.last_listed, p.upvotes,"
        " p.comment_count, m.bookmarked_at IS NOT NULL, coalesce(m.status, 'new'), q.position,"
        " (SELECT group_concat(name, ' ') FROM tag t WHERE t.paper_id = p.id),"
        " (SELECT announce_type FROM entry e WHERE e.paper_id = p.id ORDER BY e.listed_on DESC, e.id DESC LIMIT 1)"
        " FROM json_each(?) i JOIN paper p ON p.id = i.value"
        " LEFT JOIN mark m ON m.paper_id = p.id LEFT JOIN queue q ON q.paper_id = p.id",
        (msgspec.json.encode(list(ids)).decode(),),
    ):
        *shown, bookmarked, status, place, tags, announced = values
        marked = (bool(bookmarked), status, place, tuple(sorted((tags or "").split())), announced)
        found[values[0]] = Row(*(*shown, *marked))
    return [found[number] for number in ids if number in found]


def whole(connection: sqlite3.Connection, number: int) -> Known:
    """Everything about one paper. Raises LibraryError when there is none with this number."""
    number = paper_marks.resolve(connection, number)
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
        marks=paper_marks.read(connection, number),
        listings=tuple(
            Appearance(path, format, shelf.day(listed_on), position, upvotes, comments, announced)
            for _, path, format, listed_on, position, upvotes, comments, announced in appearances
        ),
        sources={field: paths[entry] for field, entry in stored.sources.items() if entry in paths},
        changes=revisions.of(connection, number),
    )


def find(connection: sqlite3.Connection, text: str) -> int:
    """The paper that `text` names: its number, an arXiv id, a DOI, or the start of a title that fits one paper.

    Raises LibraryError when none or several fit.
    """
    # Imported here: lines of a list are there before any paper is looked for.
    from store.matching import identity

    wanted = line(text)
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= _LONGEST_NUMBER:
        return paper_marks.resolve(connection, int(wanted))
    if (found := identity.arxiv_id(wanted)) and (named := _by("arxiv_id", found[0], connection)):
        return _one(wanted, named)
    if (doi := identity.doi(wanted)) and (named := _by("doi", doi, connection)):
        return _one(wanted, named)
    if not wanted:
        raise LibraryError("name a paper: its number, an arXiv id, a DOI or the start of its title")
    exact = connection.execute("SELECT id FROM paper WHERE title_key = ?", (identity.title_key(wanted),)).fetchall()
    fits = [number for (number,) in exact] or _starting(connection, wanted)
    if not fits:
        raise LibraryError(f"no paper is called {wanted!r}; look for it with: recto list")
    return _one(wanted, fits)


def _by(column: str, value: str, connection: sqlite3.Connection) -> list[int]:
    return [
        number for (number,) in connection.execute(f"SELECT id FROM paper WHERE {column} = ? ORDER BY id", (value,))
    ]


def _starting(connection: sqlite3.Connection, start: str) -> list[int]:
    """Papers whose title starts so."""
    like = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = connection.execute("SELECT id FROM paper WHERE title LIKE ? ESCAPE '\\' ORDER BY id LIMIT 100", (like,))
    return [number for (number,) in rows]


def _one(wanted: str, fits: list[int]) -> int:
    """The only one of `fits`. Raises LibraryError when there are several."""
    if len(fits) == 1:
        return fits[0]
    several = ", ".join(str(number) for number in fits[:_NAMED])
    raise LibraryError(f"{len(fits)} papers fit {wanted!r} ({several}{', …' if len(fits) > _NAMED else ''}); say which")
