"""The marks of papers that turn out to be one, and of papers that are separated again.

Each function takes a connection inside a write transaction.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable

import msgspec

from store.marks import journal, stored_marks
from store.marks.stored_marks import Marks, Status

# Statuses in ascending order of what the reader did with a paper. A joined paper gets the later of two statuses.
_STATUSES_BY_EFFORT: tuple[Status, ...] = ("new", "seen", "hidden", "done", "reading")
_BETWEEN_NOTES = "\n\n"


def join(connection: sqlite3.Connection, kept: int, gone: int) -> None:
    """Give the paper `kept` the marks of both papers, and take them from `gone`."""
    union = _union(stored_marks.read(connection, kept), stored_marks.read(connection, gone))
    stored_marks.write(connection, {gone: Marks()})
    stored_marks.write(connection, {kept: union})


def part(connection: sqlite3.Connection, kept: int, parted: Iterable[int]) -> None:
    """Give each paper in `parted`, which was joined to `kept`, the marks that it was given under its own number.

    `kept` loses the marks that it had from them alone.
    """
    staying = [gone for (gone,) in connection.execute("SELECT gone FROM joined WHERE kept = ?", (kept,))]
    steps = ((journal.last_marks(connection, number), number) for number in (kept, *staying, *parted))
    # Steps in the order of time: of two papers that were put at one position of the queue the later one comes first.
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
        # `revert` left the note alone because the reader edited it since. Take the leaving papers' notes out of it.
        own_note = marks_by_paper.get(kept, Marks()).note
        leaving_notes = [marks.note for marks in leaving.values() if marks.note and marks.note != own_note]
        note = functools.reduce(_without_note, leaving_notes, remaining.note)
        remaining = msgspec.structs.replace(remaining, note=note)
    stored_marks.write(connection, {**leaving, kept: remaining})


def _union(first: Marks, second: Marks) -> Marks:
    """The marks of two papers that are one: the earlier bookmark, queue position and day, all tags, both notes."""
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
    """`note` without the paragraphs in `leaving`, or None when nothing is left."""
    framed = f"{_BETWEEN_NOTES}{note or ''}{_BETWEEN_NOTES}"
    rest = framed.replace(f"{_BETWEEN_NOTES}{leaving}{_BETWEEN_NOTES}", _BETWEEN_NOTES, 1)
    return rest.strip("\n") or None
