"""Finds the registers of this library that were not yet written into the shared folder.

A register is one value that is synchronized, such as the status of a paper (store/marks/registers.py). Each change that
this library makes gets a number in the column `register.change`, higher than those of earlier transactions. A setting
contains the number of the last change that was written into the folder. So after a crash between a commit and the
writing, the change is still found. Functions that change something must be called inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from store.library import settings
from store.marks import identities, stored_registers
from store.marks.registers import Register
from store.sync import descriptions

_WRITTEN = "sync_written"
_NEWEST = "sync_newest"
# Selects the identities (such as "arxiv:2310.06770") of papers that have unwritten changes and no description (title,
# authors). A paper whose only mark is the status "seen" or "hidden" is left out: other machines need no description of
# it, because their lists do not show it.
_UNDESCRIBED = (
    "SELECT DISTINCT r.paper FROM register r WHERE r.change > ? AND r.paper <> '' AND r.value IS NOT NULL"
    " AND NOT (r.field = 'status' AND r.value ->> 0 IN ('seen', 'hidden'))"
    " AND NOT EXISTS (SELECT 1 FROM register a WHERE a.paper = r.paper AND a.field = 'about')"
)


class Unwritten(msgspec.Struct, frozen=True):
    """Registers, in the order in which they must be written. `last` is the highest change number among them."""

    registers: list[Register]
    last: int


def read(connection: sqlite3.Connection) -> Unwritten:
    """The registers that were not yet written into the folder.

    The order matters if another machine reads a truncated file. Registers that belong to no paper come first: that
    machine must read that a shared collection was renamed or removed before it reads that papers left the collection.
    Otherwise it would remove these papers from the collection of other people. Descriptions of papers (title, authors)
    come next, so that a truncated file never has a mark without the description of its paper.
    """
    changed = stored_registers.changed_since(connection, _written(connection))
    registers = sorted(
        (each for _, each in changed), key=lambda each: (each.paper != "", each.field != descriptions.FIELD)
    )
    return Unwritten(registers, max((number for number, _ in changed), default=0))


def count(connection: sqlite3.Connection) -> int:
    """How many registers were not yet written into the folder."""
    (number,) = connection.execute("SELECT count(*) FROM register WHERE change > ?", (_written(connection),)).fetchone()
    return int(number)


def set_written(connection: sqlite3.Connection, last: int) -> None:
    """Store that the changes up to the number `last` are in the folder."""
    settings.put(connection, _WRITTEN, str(last))


def begin_writing(connection: sqlite3.Connection, registers: Iterable[Register], device: str) -> None:
    """Store the newest clock reading of this device that the lines which will be written contain.

    Call this before the lines are written.
    """
    newest = max((each.clock.number for each in registers if each.clock.device == device), default=0)
    settings.put(connection, _NEWEST, str(max(newest, newest_written(connection))))


def newest_written(connection: sqlite3.Connection) -> int:
    """The number of the newest clock reading that this device wrote into the folder; 0 if it wrote none.

    If the folder contains a newer reading of this device, then this library was restored from an older backup, or
    another library is a copy of it.
    """
    return settings.get_number(connection, _NEWEST)


def write_all_again(connection: sqlite3.Connection) -> None:
    """Mark all registers, including those of other machines, as not yet written, so that the next round writes them."""
    connection.execute(
        "UPDATE register SET change = ? WHERE change IS NULL", (stored_registers.last_change(connection) + 1,)
    )
    settings.remove(connection, _WRITTEN)


def lacks_descriptions(connection: sqlite3.Connection) -> bool:
    """Whether a paper with unwritten marks still needs a description (see `describe`)."""
    return connection.execute(f"{_UNDESCRIBED} LIMIT 1", (_written(connection),)).fetchone() is not None


def describe(connection: sqlite3.Connection) -> None:
    """Add descriptions (title, authors, year) of the papers that have unwritten marks and no description yet."""
    writer = stored_registers.Writer(connection)
    for (identity,) in connection.execute(_UNDESCRIBED, (_written(connection),)).fetchall():
        number = identities.paper_of(connection, identity)
        about = descriptions.describe(connection, number) if number is not None else None
        if about is not None:
            writer.write(identity, descriptions.FIELD, about, (), None)
    writer.finish()


def _written(connection: sqlite3.Connection) -> int:
    return settings.get_number(connection, _WRITTEN)
