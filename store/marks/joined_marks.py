"""Combines the marks of two stored papers when they are joined, because an import showed that they are the same paper.

When an import is undone and the papers are separated again, this module also separates their marks. Each function takes
a connection inside a write transaction.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable

import msgspec

from store.marks import journal, stored_marks
from store.marks.stored_marks import Marks, Status

# The statuses, in ascending order of how much the reader did with a paper. When papers are joined, the joined paper
# gets the later status in this order.
_STATUSES_BY_EFFORT: tuple[Status, ...] = ("new", "seen", "hidden", "done", "reading")
_BETWEEN_NOTES = "\n\n"


def join(connection: sqlite3.Connection, kept: int, gone: int) -> None:
    """Give the paper `kept` the marks of both papers, and remove the marks of the paper `gone`."""
    union = _union(stored_marks.read(connection, kept), stored_marks.read(connection, gone))
    stored_marks.write(connection, {gone: Marks()})
    stored_marks.write(connection, {kept: union})


def part(connection: sqlite3.Connection, kept: int, parted: Iterable[int]) -> None:
    """Separate the marks of the papers in `parted`, which were joined to `kept`, from the marks of `kept`.

    Each paper in `parted` gets back the marks that the reader gave it before it was joined. `kept` loses those marks
    that it had only because of these papers.
    """
    staying = [gone for (gone,) in connection.execute("SELECT gone FROM joined WHERE kept = ?", (kept,))]
    steps = ((journal.last_marks(connection, number), number) for number in (kept, *staying, *parted))
    # Sort by time, because the order matters in the queue: if two papers were put at the same position, the paper that
    # was put there later comes first.
    by_time = sorted((step, number, marks) for last, number in steps if last for step, marks in [last])
    marks_by_paper = {number: marks for _, number, marks in by_time}
    leaving = {number: marks for number, marks in marks_by_paper.items() if number not in (kept, *staying)}
    stayed = (marks for number, marks in marks_by_paper.items() if number in staying)
    own = functools.reduce(_union, stayed, marks_by_paper.get(kept, Marks()))
    current = stored_marks.read(connection, kept)
    union = functools.reduce(_union, leaving.values(), own)
    requeue = union.queue_position is not None and (
        own.queue_position is None or union.queue_position == current.queue_position
    )
    remaining = journal.revert(current, union, own, requeue=requeue)
    if remaining.note == current.note:
        # `revert` did not change the note, because the reader has edited it since the papers were joined. Remove only
        # the notes of the papers in `parted` from it.
        own_note = marks_by_paper.get(kept, Marks()).note
        leaving_notes = [marks.note for marks in leaving.values() if marks.note and marks.note != own_note]
        note = functools.reduce(_without_note, leaving_notes, remaining.note)
        remaining = msgspec.structs.replace(remaining, note=note)
    stored_marks.write(connection, {**leaving, kept: remaining})


def _union(first: Marks, second: Marks) -> Marks:
    """The combined marks of two papers.

    They have the earlier bookmark, the earlier queue position, the earlier day of return, the status that comes later
    in `_STATUSES_BY_EFFORT`, all tags, and both notes.
    """
    notes = [note for note in (first.note, second.note) if note]
    positions = [position for position in (first.queue_position, second.queue_position) if position]
    bookmarks = [moment for moment in (first.bookmarked, second.bookmarked) if moment]
    days = [day for day in (first.later, second.later) if day]
    return Marks(
        bookmarked=min(bookmarks, default=None),
        queue_position=min(positions, default=None),
        status=max(first.status, second.status, key=_STATUSES_BY_EFFORT.index),
        tags=tuple(sorted({*first.tags, *second.tags})),
        note=_BETWEEN_NOTES.join(dict.fromkeys(notes)) or None,
        later=min(days, default=None),
    )


def _without_note(note: str | None, leaving: str) -> str | None:
    """`note` without the text `leaving`, if that is one or more whole paragraphs. None when nothing is left."""
    framed = f"{_BETWEEN_NOTES}{note or ''}{_BETWEEN_NOTES}"
    rest = framed.replace(f"{_BETWEEN_NOTES}{leaving}{_BETWEEN_NOTES}", _BETWEEN_NOTES, 1)
    return rest.strip("\n") or None
