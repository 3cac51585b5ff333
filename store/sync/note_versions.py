"""Versions of notes, and the notes that were lost because two machines changed one note at the same time.

Of two changes of a note, the later one wins. The other one is lost if the author of the winner could not see it. A
version names the latest version of another device that its author could see, and a device sees its own versions. So a
lost note is a version that is not the latest one, that no later version of its device follows, and that no version
names. It is kept until the reader changes the note again.

Each function takes a connection. Those that change something need a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from store.marks.clock import Clock
from store.marks.registers import Register

FIELD = "note"
_LOST = (
    "SELECT paper, number, device, text FROM note_version v WHERE text IS NOT NULL AND NOT settled"
    " AND EXISTS (SELECT 1 FROM note_version o WHERE o.paper = v.paper"
    " AND (o.number, o.device) > (v.number, v.device))"
    " AND NOT EXISTS (SELECT 1 FROM note_version o WHERE o.paper = v.paper AND ("
    "(o.device = v.device AND o.number > v.number)"
    " OR (o.replaced_device = v.device AND o.replaced_number >= v.number)))"
)


class LostNote(msgspec.Struct, frozen=True):
    """A note that lost to a later change on another machine. `clock` says when and on which device it was written."""

    paper: str
    text: str
    clock: Clock


def add(connection: sqlite3.Connection, registers: Iterable[Register], *, own: bool) -> None:
    """Remember the versions of notes among `registers`.

    An `own` version settles the lost notes that its author could see: those that are earlier.
    """
    for each in registers:
        if each.field != FIELD or not each.paper:
            continue
        replaced = each.replaced
        connection.execute(
            "INSERT OR IGNORE INTO note_version"
            " (paper, number, device, text, replaced_number, replaced_device, settled) VALUES (?, ?, ?, ?, ?, ?, 0)",
            (
                each.paper,
                each.clock.number,
                each.clock.device,
                each.value,
                replaced.number if replaced else None,
                replaced.device if replaced else None,
            ),
        )
        if own:
            connection.execute(
                "UPDATE note_version SET settled = 1 WHERE paper = ? AND (number, device) < (?, ?)",
                (each.paper, each.clock.number, each.clock.device),
            )


def lost(connection: sqlite3.Connection, papers: Iterable[str] | None = None) -> list[LostNote]:
    """The lost notes of papers, given by their identities, or of all papers. The earliest one comes first."""
    if papers is None:
        rows = connection.execute(f"{_LOST} ORDER BY number").fetchall()
    else:
        rows = [
            row for paper in papers for row in connection.execute(f"{_LOST} AND paper = ? ORDER BY number", (paper,))
        ]
    return [LostNote(paper, text, Clock.of(number, device)) for paper, number, device, text in rows]
