"""The journal of the user's marks. Every change of marks is one step, which can be undone and redone after a restart.

A step contains the fields that it changed (store/marks/registers.py lists them), each with its old and its new value.
Undoing a step writes the old values as new changes, so that other machines receive them too. If a field has changed
since the step, for example on another machine, undo leaves it unchanged. Joining two papers or separating them changes
no register, so earlier steps can still be undone.

A step is a row of the table `journal`. The column `papers` has the ids that its papers had at that time, and `changes`
has the changes, both as JSON. If the step was made during a sitting (store/marks/sittings.py), the column `sitting` is
the id of the sitting. The column `undone` is 0 for a step that is not undone. Undoing a step sets `undone` to a number
higher than that of every other step. So the step that was undone last, which redo takes first, has the highest number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from store.library.library import Library
from store.marks import derived_marks, fold, identities, mark_changes, stored_marks, stored_registers
from store.marks.fold import StoredField
from store.marks.registers import Register
from store.marks.stored_marks import FieldChange, Marks
from store.model.errors import LibraryError

Change = Callable[[Marks], Marks]


class State(msgspec.Struct, frozen=True, array_like=True):
    """The part of a register that a journal step stores: its `value`, `over` and `made_at`.

    The default `State()` means that there was no register.
    """

    value: Any = None
    over: tuple[str, ...] = ()
    made_at: int = 0


class RegisterChange(msgspec.Struct, frozen=True, array_like=True):
    """The change of one register by a step: the register, and its state before and after the step."""

    identity: str
    field: str
    before: State
    after: State


class Marked(msgspec.Struct, frozen=True):
    """A step that was made, undone or redone: its label for messages, and the new marks of its papers, by id.

    `has_changes` is false if the marks already had the wanted values, so that no step was written.
    """

    label: str
    papers: dict[int, Marks]
    has_changes: bool = True


class Step(msgspec.Struct, frozen=True):
    """A step of the journal. `at` is when it was made (ISO 8601 in UTC), and `papers` are the ids of its papers."""

    id: int
    at: str
    label: str
    papers: tuple[int, ...]
    undone: bool


_SELECT = "SELECT id, label, papers, changes FROM journal"
_numbers = msgspec.json.Decoder(tuple[int, ...])
_changes = msgspec.json.Decoder(tuple[RegisterChange, ...])
_encoder = msgspec.json.Encoder()
_Row = tuple[int, str, str, str]


def change(
    library: Library,
    papers: Sequence[int],
    decide: Callable[[dict[int, Marks]], tuple[str, Change]],
    *,
    sitting: int | None = None,
) -> Marked:
    """Change the marks of `papers` and write one step into the journal. Nothing is written when nothing changes.

    `decide` gets the current marks of the papers, by id. It returns the label of the step, and a function that takes
    the marks of one paper and returns the changed marks. Reading, deciding and writing are one transaction, so that two
    processes cannot overwrite each other's marks. `sitting` is the id of the sitting to which the step belongs. Such a
    step is written even when no marks change, because it records that the user has decided on the paper. Raises
    LibraryError when a paper does not exist or the library cannot be written.
    """
    with library.writing() as connection:
        numbers = stored_marks.resolve_all(connection, papers)
        before = stored_marks.read_all(connection, numbers)
        label, changed = decide(before)
        after = {number: changed(marks) for number, marks in before.items()}
        changes = mark_changes.differences(connection, before, after, stored_marks.timestamp())
        return _record(connection, label, numbers, changes, sitting)


def change_fields(
    library: Library, decide: Callable[[sqlite3.Connection], tuple[str, Sequence[FieldChange]]]
) -> Marked:
    """Change fields of papers, or fields without a paper such as saved filters, as one step of the journal.

    `decide` gets a connection inside the write transaction. It returns the label of the step and the changes. Nothing
    is written when nothing changes. Raises LibraryError as `change` does, and every exception of `decide`.
    """
    with library.writing() as connection:
        label, changes = decide(connection)
        resolved = [
            each if each.paper is None else each._replace(paper=stored_marks.resolve(connection, each.paper))
            for each in changes
        ]
        numbers = list(dict.fromkeys(each.paper for each in resolved if each.paper is not None))
        return _record(connection, label, numbers, resolved, None)


def undo(library: Library) -> Marked | None:
    """Undo the last step and return it. Returns None when there is no step to undo."""
    with library.writing() as connection:
        row = connection.execute(f"{_SELECT} WHERE NOT undone ORDER BY id DESC LIMIT 1").fetchone()
        return _undo(connection, row) if row else None


def undo_step(library: Library, step: int) -> Marked:
    """Undo the step with the id `step`, whether or not it is the last one.

    Raises LibraryError when there is no such step, when it is undone already, or when a later step has changed the same
    field of the same paper.
    """
    with library.writing() as connection:
        row = connection.execute(f"{_SELECT} WHERE id = ?", (step,)).fetchone()
        if row is None:
            raise LibraryError(f"there is no step {step}; recto log --mine shows the steps")
        if connection.execute("SELECT undone FROM journal WHERE id = ?", (step,)).fetchone()[0]:
            raise LibraryError(f"step {step} is undone already; recto redo takes the last undo back")
        if (later := _dependent(connection, row)) is not None:
            number, label = later
            raise LibraryError(
                f"step {number} ({label}) changed the same marks after step {step}; undo that one first:"
                f" recto undo --step {number}"
            )
        return _undo(connection, row)


def undo_steps(connection: sqlite3.Connection, steps: Sequence[int]) -> list[Marked]:
    """Undo the steps with the ids `steps`, the last one first, and return them.

    Fields that have changed since a step keep their values. Steps that are already undone are left out. The caller must
    hold a write transaction on `connection`.
    """
    rows = (
        connection.execute(f"{_SELECT} WHERE NOT undone AND id = ?", (step,)).fetchone()
        for step in sorted(steps, reverse=True)
    )
    return [_undo(connection, row) for row in rows if row]


def redo(library: Library) -> Marked | None:
    """Redo the step that was undone last and return it. Returns None when there is no step to redo."""
    with library.writing() as connection:
        row = connection.execute(f"{_SELECT} WHERE undone ORDER BY undone DESC, id LIMIT 1").fetchone()
        if row is None:
            return None
        connection.execute("UPDATE journal SET undone = 0 WHERE id = ?", row[:1])
        return _apply(connection, row, lambda each: each)


def steps(connection: sqlite3.Connection, limit: int) -> list[Step]:
    """The last `limit` steps, the latest one first, including undone steps that can be redone."""
    rows = connection.execute(
        "SELECT id, at, label, papers, undone FROM journal ORDER BY id DESC LIMIT ?", (limit,)
    ).fetchall()
    return [
        Step(number, at, label, tuple(stored_marks.resolve_all(connection, _numbers.decode(papers))), bool(undone))
        for number, at, label, papers, undone in rows
    ]


def _record(
    connection: sqlite3.Connection,
    label: str,
    papers: Sequence[int],
    changes: Sequence[FieldChange],
    sitting: int | None,
) -> Marked:
    """Write changes of fields as one step. A change is left out if the field already has the new value."""
    writer = stored_registers.Writer(connection)
    written = [done for each in changes if (done := _write(connection, writer, each)) is not None]
    if written:
        writer.finish()
        numbers = [each.paper for each in changes if each.paper is not None]
        derived_marks.derive(connection, [*papers, *numbers])
    if written or sitting is not None:
        connection.execute("DELETE FROM journal WHERE undone")
        connection.execute(
            "INSERT INTO journal (at, label, papers, changes, undone, sitting) VALUES (?, ?, ?, ?, 0, ?)",
            (
                stored_marks.timestamp(),
                label,
                _encoder.encode(papers).decode(),
                _encoder.encode(written).decode(),
                sitting,
            ),
        )
    return Marked(label, stored_marks.read_all(connection, papers), bool(written) or sitting is not None)


def _write(
    connection: sqlite3.Connection, writer: stored_registers.Writer, change: FieldChange
) -> RegisterChange | None:
    """Write the new value of one field into its register. Returns None if the field has this value already."""
    if change.paper is None:
        current = stored_registers.read(connection, "", change.field)
        stored = StoredField("", current, (), current.value if current else None)
    else:
        stored = fold.of_field(connection, change.paper, change.field)
    if stored.value == change.value:
        return None
    written = writer.write(
        stored.identity, change.field, change.value, stored.over, stored.current, after=stored.latest
    )
    return RegisterChange(stored.identity, change.field, _state(stored.current), _state(written))


def _undo(connection: sqlite3.Connection, row: _Row) -> Marked:
    connection.execute(
        "UPDATE journal SET undone = 1 + (SELECT coalesce(max(undone), 0) FROM journal WHERE undone) WHERE id = ?",
        row[:1],
    )
    return _apply(connection, row, lambda each: RegisterChange(each.identity, each.field, each.after, each.before))


def _apply(connection: sqlite3.Connection, row: _Row, directed: Callable[[RegisterChange], RegisterChange]) -> Marked:
    """Undo or redo the step `row`. Returns its label and the new marks of its papers.

    `directed` is called for each change of the step, and returns the change to make: for undo, it swaps `before` and
    `after`. A register whose state is no longer the `before` of the change to make stays as it is.
    """
    _, label, papers, changes = row
    writer = stored_registers.Writer(connection)
    affected: list[int] = []
    for each in map(directed, _decoded(row[0], changes)):
        current = stored_registers.read(connection, each.identity, each.field)
        present = _state(current)
        if (present.value, present.over) == (each.before.value, each.before.over):
            target = each.after
            writer.write(each.identity, each.field, target.value, target.over, current, target.made_at)
            if (paper := identities.paper_of(connection, each.identity)) is not None:
                affected.append(paper)
    writer.finish()
    derived_marks.derive(connection, affected)
    numbers = stored_marks.resolve_all(connection, _numbers.decode(papers))
    return Marked(label, stored_marks.read_all(connection, list(dict.fromkeys([*numbers, *affected]))))


def _state(register: Register | None) -> State:
    return State(register.value, register.over, register.made_at) if register else State()


def _dependent(connection: sqlite3.Connection, row: _Row) -> tuple[int, str] | None:
    """The id and the label of the last step after the step `row` that changed one of the same fields, or None."""
    fields = _fields(connection, row)
    later = connection.execute(f"{_SELECT} WHERE id > ? AND NOT undone ORDER BY id DESC", row[:1])
    return next(((each[0], each[1]) for each in later if not fields.isdisjoint(_fields(connection, each))), None)


def _fields(connection: sqlite3.Connection, row: _Row) -> set[tuple[int | str, str]]:
    """The fields that a step changed, each with the id of its paper, or with the identity if there is no such paper."""
    return {
        (identities.paper_of(connection, each.identity) or each.identity, each.field)
        for each in _decoded(row[0], row[3])
    }


def _decoded(step: int, changes: str) -> tuple[RegisterChange, ...]:
    """The changes of a step. Raises LibraryError when another program has damaged them."""
    try:
        return _changes.decode(changes)
    except msgspec.MsgspecError as error:
        raise LibraryError(f"step {step} of your marks is damaged, so it can be neither undone nor redone") from error
