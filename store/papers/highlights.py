"""Passages of full texts that the user highlighted, each with a note of its own.

A highlight is stored by its quotation, so that it is found again in another version of the text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from store.library.library import Library
from store.marks.stored_marks import timestamp
from store.text.clean import clean, line

# The longest quotation and note (characters), and how much text before a quotation is stored.
LONGEST_QUOTATION = 5_000
LONGEST_NOTE = 20_000
_BEFORE = 60


class Highlight(msgspec.Struct, frozen=True):
    """A highlighted passage. `before` is the text before it, which tells equal passages apart; `note` may be empty."""

    id: int
    quotation: str
    before: str
    note: str
    at: str


def of_all(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, tuple[Highlight, ...]]:
    """The highlights of papers by the ids of the papers, the oldest first. Papers without highlights are left out.

    A paper also has the highlights of the papers that were joined to it.
    """
    found: dict[int, list[Highlight]] = {}
    for paper_id, *values in connection.execute(
        "SELECT i.value, h.id, h.quotation, h.before, h.note, h.at FROM json_each(?) i JOIN highlight h"
        " ON h.paper_id = i.value OR h.paper_id IN (SELECT gone FROM joined WHERE kept = i.value) ORDER BY h.id",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    ):
        found.setdefault(paper_id, []).append(Highlight(*values))
    return {paper_id: tuple(highlights) for paper_id, highlights in found.items()}


def of(connection: sqlite3.Connection, paper_id: int) -> tuple[Highlight, ...]:
    """The highlights of one paper, the oldest first."""
    return of_all(connection, [paper_id]).get(paper_id, ())


def add(library: Library, paper_id: int, quotation: str, before: str = "", note: str = "") -> Highlight:
    """Store a highlight. Returns it."""
    values = (line(quotation)[:LONGEST_QUOTATION], line(before)[-_BEFORE:], clean(note)[:LONGEST_NOTE], timestamp())
    with library.writing() as connection:
        (number,) = connection.execute(
            "INSERT INTO highlight (paper_id, quotation, before, note, at) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (paper_id, *values),
        ).fetchone()
    return Highlight(number, *values)


def annotate(library: Library, highlight_id: int, note: str) -> None:
    """Replace the note of a highlight."""
    with library.writing() as connection:
        connection.execute("UPDATE highlight SET note = ? WHERE id = ?", (clean(note)[:LONGEST_NOTE], highlight_id))


def remove(library: Library, highlight_ids: Sequence[int]) -> None:
    """Remove highlights."""
    with library.writing() as connection:
        connection.executemany("DELETE FROM highlight WHERE id = ?", [(each,) for each in highlight_ids])
