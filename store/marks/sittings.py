"""Sittings. A sitting is one pass through the papers of a view that match a filter: the user decides on each paper.

Every decision is stored as one step of the journal (store/marks/journal.py), together with the id of the sitting. So if
the user quits before the last paper, the sitting can be continued after a restart, and each decision can be undone.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Collection
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal, marking, stored_marks
from store.marks.journal import Marked
from store.marks.return_day import Until
from store.marks.stored_marks import Marks
from store.model.errors import LibraryError

Decision = Literal["keep", "later", "bookmark", "hide", "skip"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
# The label of the step that the journal stores for each decision.
LABELS: dict[Decision, str] = {
    "keep": "kept",
    "later": "postponed",
    "bookmark": "bookmarked",
    "hide": "hidden",
    "skip": "skipped",
}
# The number of random bits of a sitting's id. With at most 63 bits, the id is a positive integer in SQLite.
_ID_BITS = 62
_BY_LABEL = {label: decision for decision, label in LABELS.items()}


class Sitting(msgspec.Struct, frozen=True):
    """One pass through the papers of a view that match a filter, in which the user decides on each paper.

    `view` is the view as text (`str(View)`, for example "day:2026-07-02"), and `filter` is the text of the filter.
    """

    id: int
    view: str
    filter: str


class Decided(msgspec.Struct, frozen=True):
    """A decision about a paper that the user made in a sitting and has not undone.

    `paper` is the id of the paper, or, if it was joined to another paper since the decision, the id of the other paper.
    """

    paper: int
    decision: Decision


def begin(connection: sqlite3.Connection, view: str, filter: str) -> Sitting:
    """The last sitting for this view and filter that has not ended, or a new sitting if there is none.

    A sitting is one pass through the papers of a view, in which the user decides on each paper.

    A new sitting is not stored until its first decision.
    """
    row = connection.execute(
        "SELECT id FROM sitting WHERE view = ? AND filter = ? AND ended_at IS NULL ORDER BY begun_at DESC LIMIT 1",
        (view, filter),
    ).fetchone()
    # The id is random, so that two processes that begin a sitting at the same time get different ids.
    return Sitting(row[0] if row else secrets.randbits(_ID_BITS), view, filter)


def end(library: Library, sitting: Sitting) -> None:
    """Store that a sitting (a pass through papers) has ended.

    After that, `begin` returns this sitting only if one of its decisions is undone.
    """
    with library.writing(durable=False) as connection:
        connection.execute(
            "UPDATE sitting SET ended_at = ? WHERE id = ?",
            (stored_marks.timestamp(), sitting.id),
        )


def decide(library: Library, sitting: Sitting, paper: int, decision: Decision, until: Until | None = None) -> Marked:
    """Change the marks of a paper according to a decision, as one step of the journal.

    With the decision "later", the paper is postponed until the day `until`.

    Raises LibraryError when the paper does not exist or the library cannot be written.
    """
    changed = _change(decision, until, sitting)
    if not library.reader().execute("SELECT 1 FROM sitting WHERE id = ?", (sitting.id,)).fetchone():
        with library.writing(durable=False) as connection:
            connection.execute(
                "INSERT OR IGNORE INTO sitting (id, view, filter, begun_at) VALUES (?, ?, ?, ?)",
                (sitting.id, sitting.view, sitting.filter, stored_marks.timestamp()),
            )
    return journal.change(library, [paper], lambda before: (LABELS[decision], changed), sitting=sitting.id)


def take_back(library: Library, sitting: int, papers: Collection[int] | None = None) -> list[Marked]:
    """Undo the decisions of a sitting on `papers`, or all its decisions if that is None, in one transaction.

    Changes of marks that the user made outside the sitting are kept. Undoing a decision of a sitting that has ended
    reopens the sitting, so that it can be continued.
    """
    with library.writing() as connection:
        steps = [step for step, decided in _decisions(connection, sitting) if papers is None or decided.paper in papers]
        if steps:
            connection.execute("UPDATE sitting SET ended_at = NULL WHERE id = ?", (sitting,))
        return journal.undo_steps(connection, steps)


def decisions(connection: sqlite3.Connection, sitting: int) -> list[Decided]:
    """The decisions of a sitting (a pass through papers) that were not undone, in the order in which they were made."""
    return [decided for _, decided in _decisions(connection, sitting)]


def latest(connection: sqlite3.Connection) -> int | None:
    """The id of the sitting (pass through papers) with the latest decision that was not undone, or None."""
    row = connection.execute(
        "SELECT sitting FROM journal WHERE sitting IS NOT NULL AND NOT undone ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return int(row[0]) if row else None


def _decisions(connection: sqlite3.Connection, sitting: int) -> list[tuple[int, Decided]]:
    """The decisions of a sitting that were not undone, each with the id of its step in the journal."""
    rows = connection.execute(
        "SELECT j.id, j.label, coalesce(r.kept, s.value) FROM journal j, json_each(j.papers) s"
        " LEFT JOIN joined r ON r.gone = s.value"
        " WHERE j.sitting = ? AND NOT j.undone ORDER BY j.id",
        (sitting,),
    )
    return [(step, Decided(paper, _BY_LABEL[label])) for step, label, paper in rows if label in _BY_LABEL]


def _change(decision: Decision, until: Until | None, sitting: Sitting) -> Callable[[Marks], Marks]:
    """A function that takes the marks of a paper, and returns the marks that the paper has after the decision."""
    match decision:
        case "keep":
            reason = f"filter {sitting.filter}" if sitting.filter else f"view {sitting.view}"
            return lambda marks: marking.kept(marks, reason)
        case "bookmark":
            return lambda marks: replace(
                marking.decided(marks), bookmarked=marks.bookmarked or stored_marks.timestamp()
            )
        case "hide":
            return lambda marks: marking.with_status(marks, "hidden")
        case "skip":
            return marking.decided
        case "later":
            if until is None:
                raise LibraryError("name the day until which the paper is postponed")
            return lambda marks: marking.postponed(marks, until)
