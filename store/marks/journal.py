"""The journal of the reader's marks. Every change of marks is one step, which can be undone and redone after a restart.

A step contains the marks that its papers had before the change and the marks that they had after it. The column
`sitting` of a step that was made during a sitting (store/marks/sittings.py) is the id of the sitting. The column
`undone` is 0 for a step that is in effect. Each undone step gets a number higher than those of the steps undone before
it, so the step that was undone last, with which redo begins, has the highest number.
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
    """A step that was made, undone or redone: its label for messages, and the present marks of its papers."""

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

    `decide` gets the present marks of the papers. It returns the label of the step, and a function that changes the
    marks of one paper. Reading, deciding and writing are one transaction, so that two processes cannot overwrite each
    other's marks. `sitting` is the id of the sitting to which the step belongs. Such a step is written even when no
    marks change, because it records that the reader has decided on the paper.
    Raises LibraryError when a paper does not exist or the library cannot be written.
    """
    with library.writing() as connection:
        numbers = [stored_marks.resolve(connection, number) for number in papers]
        before = {number: stored_marks.read(connection, number) for number in numbers}
        label, changed = decide(before)
        after = {number: changed(marks) for number, marks in before.items()}
        if after != before:
            stored_marks.write(connection, after)
            # Read the marks again, because QUEUE_END has been replaced by the actual position in the queue.
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
    """Undo the steps with the ids `steps`, the last one first, and return them. Later changes of the same papers stay.

    Steps that are already undone are left out. The caller must hold a write transaction on `connection`.
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
    """The id of the last step that changed the paper with this number, and the marks that the paper had after the step.

    None when there is no such step. A later step has a higher id.
    """
    row: tuple[int, str] | None = connection.execute(
        "SELECT j.id, j.after FROM journal j, json_each(j.after) state WHERE NOT j.undone AND state.key = ?"
        " ORDER BY j.id DESC LIMIT 1",
        (str(number),),
    ).fetchone()
    return (row[0], _decoder.decode(row[1])[number]) if row else None


def revert(current: Marks, source: Marks, target: Marks, *, requeue: bool) -> Marks:
    """`current` with the difference between `source` and `target` applied, and nothing else changed.

    Marks that are neither in `source` nor in `target` stay, because they may come from another paper that has been
    joined to this one since. The position in the queue becomes that of `target` if `requeue` is true.
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
    """Undo or redo a step. `row` has its id, its label, the marks to restore, and the marks that these replace."""
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
