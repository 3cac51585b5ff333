"""The journal of the reader's marks: every change is one step, which undo and redo walk, also after a restart.

A step holds the marks that its papers had before it and those they have after it. Steps that were made during a sitting
(store/marks/sittings.py) name it. The column `undone` is 0, or grows with each undone step: redo begins with the
highest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

import msgspec

from store.library.library import Library
from store.marks import stored_marks
from store.marks.stored_marks import Marks

Change = Callable[[Marks], Marks]
_decoder = msgspec.json.Decoder(dict[int, Marks])
_encoder = msgspec.json.Encoder()
_UNDO = "SELECT id, label, before, after FROM journal WHERE NOT undone"
_REDO = "SELECT id, label, after, before FROM journal WHERE undone ORDER BY undone DESC, id"


class Marked(msgspec.Struct, frozen=True):
    """A stored step: its label for messages, and the papers that it changed with their present marks."""

    label: str
    papers: dict[int, Marks]


def change(
    library: Library,
    papers: Sequence[int],
    decide: Callable[[dict[int, Marks]], tuple[str, Change]],
    *,
    sitting: int | None = None,
) -> Marked:
    """Change the marks of `papers` and write one step into the journal. Nothing is written when nothing changes.

    `decide` gets the marks that the papers have and returns a label and the change to make to each. Reading, deciding
    and writing are one transaction, so that two processes cannot overwrite each other's marks. A step that belongs to a
    `sitting` is written even when nothing changes: it says what the reader decided.
    Raises LibraryError when a paper does not exist or the library cannot be written.
    """
    with library.writing() as connection:
        numbers = [stored_marks.resolve(connection, number) for number in papers]
        before = {number: stored_marks.read(connection, number) for number in numbers}
        label, changed = decide(before)
        after = {number: changed(marks) for number, marks in before.items()}
        if after != before:
            stored_marks.write(connection, after)
            # Read again: a position at the end of the queue has become a number.
            after = {number: stored_marks.read(connection, number) for number in after}
        if after == before and sitting is None:
            return Marked(label, after)
        connection.execute("DELETE FROM journal WHERE undone")
        connection.execute(
            "INSERT INTO journal (at, label, before, after, undone, sitting) VALUES (?, ?, ?, ?, 0, ?)",
            (
                stored_marks.timestamp(),
                label,
                _encoder.encode(before).decode(),
                _encoder.encode(after).decode(),
                sitting,
            ),
        )
        return Marked(label, after)


def undo(library: Library) -> Marked | None:
    """Undo the last step and return it. Returns None when there is no step to undo."""
    with library.writing() as connection:
        row = connection.execute(f"{_UNDO} ORDER BY id DESC LIMIT 1").fetchone()
        return _undo(connection, row) if row else None


def undo_steps(connection: sqlite3.Connection, steps: Sequence[int]) -> list[Marked]:
    """Undo these steps, the last one first, and return them. Later changes of the same papers stay.

    Steps that were undone before are left out. Needs a write transaction.
    """
    rows = (connection.execute(f"{_UNDO} AND id = ?", (step,)).fetchone() for step in sorted(steps, reverse=True))
    return [_undo(connection, row) for row in rows if row]


def redo(library: Library) -> Marked | None:
    """Redo the step that was undone last and return it. Returns None when there is no step to redo."""
    with library.writing() as connection:
        row = connection.execute(f"{_REDO} LIMIT 1").fetchone()
        if row is None:
            return None
        connection.execute("UPDATE journal SET undone = 0 WHERE id = ?", row[:1])
        return _apply(connection, row)


def last_marks(connection: sqlite3.Connection, number: int) -> tuple[int, Marks] | None:
    """The last step that changed a paper under this number, and the marks it left; None when there is no step.

    The first value orders steps by time.
    """
    row: tuple[int, str] | None = connection.execute(
        "SELECT j.id, j.after FROM journal j, json_each(j.after) state WHERE NOT j.undone AND state.key = ?"
        " ORDER BY j.id DESC LIMIT 1",
        (str(number),),
    ).fetchone()
    return (row[0], _decoder.decode(row[1])[number]) if row else None


def revert(current: Marks, source: Marks, target: Marks, *, requeue: bool) -> Marks:
    """`current` with the difference between `source` and `target` applied, and nothing else changed.

    Marks that are neither in `source` nor in `target` stay: another paper may have been joined to this one since.
    The position in the queue becomes that of `target` if `requeue`.
    """
    removed, added = {*source.tags} - {*target.tags}, {*target.tags} - {*source.tags}
    return Marks(
        bookmarked=target.bookmarked if current.bookmarked == source.bookmarked else current.bookmarked,
        queue_position=target.queue_position if requeue else current.queue_position,
        status=target.status if current.status == source.status else current.status,
        tags=tuple(sorted({*current.tags} - removed | added)),
        note=target.note if current.note == source.note else current.note,
        later=target.later if current.later == source.later else current.later,
    )


def _undo(connection: sqlite3.Connection, row: tuple[int, str, str, str]) -> Marked:
    connection.execute(
        "UPDATE journal SET undone = 1 + (SELECT coalesce(max(undone), 0) FROM journal WHERE undone) WHERE id = ?",
        row[:1],
    )
    return _apply(connection, row)


def _apply(connection: sqlite3.Connection, row: tuple[int, str, str, str]) -> Marked:
    """Apply a step: its id, its label, the marks to restore, and the marks to replace."""
    _, label, target_json, source_json = row
    target, source = _decoder.decode(target_json), _decoder.decode(source_json)
    requeue = any(target[number].queue_position != source[number].queue_position for number in target)
    restored: dict[int, Marks] = {}
    for number in target:
        joined = connection.execute("SELECT kept FROM joined WHERE gone = ?", (number,)).fetchone()
        current_number = joined[0] if joined else number
        current = restored.get(current_number) or stored_marks.read(connection, current_number)
        restored[current_number] = revert(current, source[number], target[number], requeue=requeue and not joined)
    stored_marks.write(connection, restored)
    return Marked(label, {number: stored_marks.read(connection, number) for number in restored})
