"""Stores registers from other machines in the library.

A register is a stored mark. Of two registers of one field of a paper, the one with the later clock reading wins.

Registers, and the identities that name their papers, are explained in store/marks/registers.py. The registers that this
library must send to other machines are those that `stored_registers.changed_since` returns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from store.library.library import Library
from store.marks import derived_marks, identities, stored_registers
from store.marks.clock import MOST_FOLLOWED, Clock
from store.marks.registers import Register, cleaned, is_acceptable

# `settle` looks up at most this many identities in one transaction.
_PAPERS_AT_ONCE = 500
# Other machines can set at most this many fields of one paper (of one identity): tags, highlights, collections and so
# on. Usually a paper has a few dozen. Without a limit, a file with a million tags of one paper would take hours to
# read, because each batch of registers reads all registers of its papers.
MOST_FIELDS = 5_000
# A row of the table `lost_note`: identity, text, and the number and device of the clock reading.
_Lost = tuple[str, str, int, str]


class LostNote(msgspec.Struct, frozen=True):
    """A note that was replaced by a note which another machine wrote later, without having received this one.

    recto keeps such a note until the user removes it, so that no text is lost. `paper` is the id of its paper, or None
    if the library does not have the paper. `clock` is the clock reading of the note: its time and its device.
    """

    paper: int | None
    identity: str
    text: str
    clock: Clock


class Applied(msgspec.Struct, frozen=True):
    """The result of `apply`.

    `papers` are the ids of the papers whose registers changed. `others` are the changed fields that belong to no paper,
    for example "filter:sleep". `accepted` counts the registers that were stored because they are the latest of their
    fields. `waiting` counts the accepted registers whose papers are not in the library yet. `refused` counts malformed
    registers, and those of a new field of an identity that has MOST_FIELDS fields. `lost_notes` are the notes that this
    call stored in the table `lost_note`. `ahead` is by how many milliseconds the latest clock reading is ahead of the
    wall clock of this machine, or 0.
    """

    papers: frozenset[int] = frozenset()
    others: frozenset[str] = frozenset()
    accepted: int = 0
    waiting: int = 0
    refused: int = 0
    lost_notes: tuple[LostNote, ...] = ()
    ahead: int = 0


def apply(
    connection: sqlite3.Connection,
    registers: Iterable[Register],
    *,
    are_checked: bool = False,
    passes_on: bool = False,
) -> Applied:
    """Store those of `registers` that are later than the stored ones, and compute the marks of their papers again.

    The result does not depend on the order of the registers, nor on how often each is repeated. Registers of papers
    that the library does not have are stored too, and have an effect as soon as the papers have arrived and `settle` is
    called. No step is written into the journal, so the user cannot undo this. Call it inside a write transaction. Pass
    many registers in one call, because each call has a fixed cost. `are_checked` means that the caller has already
    checked each register with `is_acceptable` and cleaned its text. `passes_on` means that this library sends these
    registers to the user's other machines too, because they came from other people.
    """
    winners: dict[tuple[str, str], Register] = {}
    notes: list[Register] = []
    refused = 0
    latest: Clock | None = None
    for register in registers:
        if not are_checked and not is_acceptable(register):
            refused += 1
            continue
        if latest is None or register.clock > latest:
            latest = register.clock
        key = register.paper, register.field
        present = winners.setdefault(key, register)
        if present is not register and register.clock > present.clock:
            winners[key] = register
        if register.field == "note":
            notes.append(register)
    clock = stored_registers.clock(connection)
    # Observe only the latest clock reading: unless it is too far ahead, the clock then continues after all readings.
    ahead = clock.observe(latest) if latest else 0
    if ahead > MOST_FOLLOWED:
        for register in winners.values():
            clock.observe(register.clock)
    lost = [row for each in notes if (row := _keep_lost(connection, each)) is not None]
    # An identity that is not in the table `identity` has no stored registers, so read only the registers of the others.
    known = identities.papers_of(connection, {paper for paper, _ in winners})
    with_registers = [key for key in winners if not key[0] or key[0] in known]
    present_clocks = _present_clocks(connection, with_registers)
    full = _full(connection, {key[0] for key in with_registers if key not in present_clocks})
    if full:
        refused += len(winners)
        winners = {key: each for key, each in winners.items() if key[0] not in full or key in present_clocks}
        refused -= len(winners)
    accepted = [
        replace(register, value=cleaned(register.value)) if not are_checked and _has_text(register.value) else register
        for key, register in winners.items()
        if (register.clock.number, register.clock.device) > present_clocks.get(key, (-1, ""))
    ]
    stored_registers.put_all(connection, accepted, passes_on=passes_on)
    stored_registers.save_clock(connection, clock)
    names = {each.paper for each in accepted} - {""}
    described = {each.paper for each in accepted if each.field == "about"}
    paper_by_identity = identities.add_all(connection, names, known, described)
    papers = frozenset(paper for paper in paper_by_identity.values() if paper is not None)
    derived_marks.derive(connection, papers)
    return Applied(
        papers=papers,
        others=frozenset(each.field for each in accepted if not each.paper),
        accepted=len(accepted),
        waiting=sum(bool(each.paper) and paper_by_identity[each.paper] is None for each in accepted),
        refused=refused,
        lost_notes=tuple(_lost_note(connection, *each) for each in lost),
        ahead=ahead,
    )


def settle(library: Library) -> frozenset[int]:
    """Apply stored marks to papers that were imported after the marks were received. Returns the ids of these papers.

    Raises LibraryError when the library cannot be written.
    """
    if not identities.are_waiting(library.reader()):
        return frozenset()
    settled: set[int] = set()
    after = ""
    while True:
        with library.writing(durable=False) as connection:
            last, papers = identities.settle(connection, after, _PAPERS_AT_ONCE)
            derived_marks.derive(connection, papers)
        settled.update(papers)
        if last is None:
            return frozenset(settled)
        after = last


def keep_forgotten_note(connection: sqlite3.Connection, register: Register) -> bool:
    """Keep the text of `register`, a note that this library wrote, but has lost because it was restored from a backup.

    The text is stored as a lost note only if the paper has a different and later note in the library; if not, `apply`
    stores `register` as usual. Returns whether the text was stored as a lost note.
    """
    if register.field != "note" or register.value is None:
        return False
    present = stored_registers.read(connection, register.paper, "note")
    if present is None or present.clock <= register.clock or present.value == register.value:
        return False
    return _insert_lost(connection, register) is not None


def lost_notes(connection: sqlite3.Connection, paper: int | None = None) -> list[LostNote]:
    """The lost notes (`LostNote`) of the paper with the id `paper`, or of all papers for None, latest first."""
    rows = connection.execute(
        "SELECT identity, text, clock, device FROM lost_note WHERE text <> '' ORDER BY clock DESC, device"
    ).fetchall()
    notes = [_lost_note(connection, *row) for row in rows]
    return [note for note in notes if paper is None or note.paper == paper]


def lost_texts(connection: sqlite3.Connection, papers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Maps the id of each of `papers` to the texts of its lost notes, latest first.

    Papers without lost notes are left out.
    """
    if connection.execute("SELECT 1 FROM lost_note WHERE text <> '' LIMIT 1").fetchone() is None:
        return {}
    wanted = frozenset(papers)
    texts: dict[int, tuple[str, ...]] = {}
    for note in lost_notes(connection):
        if note.paper in wanted:
            texts[note.paper] = (*texts.get(note.paper, ()), note.text)
    return texts


def forget_note(library: Library, note: LostNote) -> None:
    """Remove a lost note that the user does not need any more.

    The note stays removed even if its register arrives again from another machine.

    Raises LibraryError when the library cannot be written.
    """
    with library.writing() as connection:
        _forget(connection, note.identity, note.clock)


def _present_clocks(
    connection: sqlite3.Connection, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, str]]:
    """The clock readings, as number and device, of the stored registers (values of fields).

    `keys` are pairs of an identity, which stands for a paper, and a field.
    """
    rows = connection.execute(
        "SELECT r.paper, r.field, r.clock, r.device FROM json_each(?) k CROSS JOIN register r"
        " ON r.paper = k.value ->> 0 AND r.field = k.value ->> 1",
        (msgspec.json.encode(list(keys)).decode(),),
    )
    return {(paper, field): (number, device) for paper, field, number, device in rows}


def _full(connection: sqlite3.Connection, names: Iterable[str]) -> frozenset[str]:
    """Those identities in `names` (each stands for a paper) with MOST_FIELDS fields or more.

    Other machines cannot add more fields to these papers.
    """
    rows = connection.execute(
        "SELECT n.value FROM json_each(?) n WHERE EXISTS"
        " (SELECT 1 FROM register r WHERE r.paper = n.value LIMIT 1 OFFSET ?)",
        (msgspec.json.encode(sorted(names)).decode(), MOST_FIELDS - 1),
    )
    return frozenset(name for (name,) in rows)


def _keep_lost(connection: sqlite3.Connection, note: Register) -> _Lost | None:
    """Store the earlier of two independently written notes as lost: one from another machine, and the stored note.

    Both are notes of the same paper. They were written independently if neither replaced the other. Returns the row of
    the kept note in the table `lost_note`; None if none was kept.
    """
    if note.replaced is not None:
        # The author of `note` had seen the note that it replaced, so the replaced note is not lost. Record this now,
        # because the replaced note may arrive after `note`.
        _forget(connection, note.paper, note.replaced)
    present = stored_registers.read(connection, note.paper, "note")
    if (
        present is None
        or present.clock.device == note.clock.device
        or present.value == note.value
        or note.replaced == present.clock
        or present.replaced == note.clock
    ):
        return None
    loser = min(note, present, key=lambda each: each.clock)
    return None if loser.value is None else _insert_lost(connection, loser)


def _insert_lost(connection: sqlite3.Connection, note: Register) -> _Lost | None:
    """Store a note as lost. Returns its row in the table `lost_note`; None if the table already has such a row."""
    row = (note.paper, cleaned(note.value), note.clock.number, note.clock.device)
    cursor = connection.execute(
        "INSERT OR IGNORE INTO lost_note (identity, text, clock, device) VALUES (?, ?, ?, ?)", row
    )
    return row if cursor.rowcount else None


def _forget(connection: sqlite3.Connection, identity: str, clock: Clock) -> None:
    """Replace a lost note by an empty text, so that it is not stored again if it arrives from another machine."""
    connection.execute(
        "INSERT INTO lost_note (identity, text, clock, device) VALUES (?, '', ?, ?)"
        " ON CONFLICT (identity, clock, device) DO UPDATE SET text = ''",
        (identity, clock.number, clock.device),
    )


def _lost_note(connection: sqlite3.Connection, identity: str, text: str, number: int, device: str) -> LostNote:
    return LostNote(identities.paper_of(connection, identity), identity, text, Clock.of(number, device))


def _has_text(value: Any) -> bool:
    return isinstance(value, str | list | tuple | dict)
