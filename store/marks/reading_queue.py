"""Moves papers in the reading queue, stores why they are in it, and finds those that have been in it for longest.

Each function that takes a library writes one step into the journal (store/marks/journal.py). It raises LibraryError
when a paper does not exist or the library cannot be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal
from store.marks.journal import Change, Marked
from store.marks.marking import unqueued
from store.marks.queue_order import QUEUE_END
from store.marks.stored_marks import Marks
from store.model.errors import LibraryError
from store.text.clean import line

_NOT_QUEUED = "only a queued paper can be moved: press a to queue it"


class Waiting(msgspec.Struct, frozen=True):
    """A paper in the queue, when it was put there (ISO 8601 in UTC; None when unknown), and why."""

    paper: int
    queued_at: str | None
    because: str | None


def move(library: Library, papers: Sequence[int], to: int) -> Marked:
    """Move papers within the queue to consecutive positions from `to` on. The papers keep their order.

    If `to` is beyond the end, they are moved to the end. Raises LibraryError when one of the papers is not in the
    queue.
    """

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        positions = _positions(before)
        first = min(max(1, to), QUEUE_END)
        wishes = {at: first + index for index, at in enumerate(positions)}
        label = "moved to the top of the queue" if to <= 1 else "moved in the queue"
        return "moved to the end of the queue" if first == QUEUE_END else label, _moved(wishes)

    return journal.change(library, papers, decide)


def shift(library: Library, papers: Sequence[int], by: int) -> Marked:
    """Move each of the papers `by` positions towards the end of the queue, or towards its front if `by` is negative.

    A paper that has reached an end of the queue moves no further, and the papers keep their order. Raises LibraryError
    when one of the papers is not in the queue.
    """
    (length,) = library.reader().execute("SELECT count(*) FROM queue").fetchone()

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        positions = _positions(before)
        count = len(positions)
        wishes = {
            at: min(max(at + by, 1 + index), max(1, length - count + 1 + index)) for index, at in enumerate(positions)
        }
        return "moved in the queue", _moved(wishes)

    return journal.change(library, papers, decide)


def explain(library: Library, papers: Sequence[int], because: str) -> Marked:
    """Store the reason why papers are in the queue. An empty text removes the reason.

    Raises LibraryError when one of the papers is not in the queue.
    """
    reason = line(because) or None

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        _positions(before)
        return "noted why they are in the queue", lambda marks: replace(marks, queued_because=reason)

    return journal.change(library, papers, decide)


def drop(library: Library, papers: Sequence[int]) -> Marked:
    """Take papers out of the queue, because the user has decided not to read them. New papers become "seen"."""

    def dropped(marks: Marks) -> Marks:
        return replace(unqueued(marks), status="seen" if marks.status == "new" else marks.status)

    return journal.change(library, papers, lambda before: ("dropped from the queue", dropped))


def next_up(connection: sqlite3.Connection) -> int | None:
    """The id of the first paper of the queue, or None when the queue is empty."""
    row = connection.execute("SELECT paper_id FROM queue ORDER BY key, identity LIMIT 1").fetchone()
    return int(row[0]) if row else None


def longest_waiting(connection: sqlite3.Connection, most: int) -> list[Waiting]:
    """The `most` papers that have been in the queue for the longest time, the longest first."""
    rows = connection.execute(
        "SELECT paper_id, queued_at, because FROM queue ORDER BY queued_at IS NULL DESC, queued_at, key LIMIT ?",
        (most,),
    )
    return [Waiting(*row) for row in rows]


def _positions(before: dict[int, Marks]) -> list[int]:
    """The queue positions of the papers in ascending order. Raises LibraryError when a paper is not in the queue."""
    positions = [marks.queue_position for marks in before.values()]
    if None in positions:
        raise LibraryError(_NOT_QUEUED)
    return sorted(position for position in positions if position is not None)


def _moved(wishes: dict[int, int]) -> Change:
    """A function that changes a paper's queue position. `wishes` maps each current position to the new position."""
    return lambda marks: replace(marks, queue_position=wishes[marks.queue_position or 0])
