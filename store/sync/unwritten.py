"""The registers of this library that are not yet in the shared folder.

Each change that is made here has a number in the column `register.change`, higher than those of earlier transactions.
A setting has the number of the last change that was written into the folder. So a crash between a commit and the
writing loses nothing. Functions that change something take a connection inside a write transaction.
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
# Identities with changes that are not written, and without a description. A paper that was only skimmed or hidden needs
# none, because no list of another machine shows it.
_UNDESCRIBED = (
    "SELECT DISTINCT r.paper FROM register r WHERE r.change > ? AND r.paper <> '' AND r.value IS NOT NULL"
    " AND NOT (r.field = 'status' AND r.value ->> 0 IN ('seen', 'hidden'))"
    " AND NOT EXISTS (SELECT 1 FROM register a WHERE a.paper = r.paper AND a.field = 'about')"
)


class Unwritten(msgspec.Struct, frozen=True):
    """Registers in the order in which to write them. `last` is the number of their last change."""

    registers: list[Register]
    last: int


def read(connection: sqlite3.Connection) -> Unwritten:
    """The registers that are not yet in the folder.

    Descriptions of papers come first, so that a file that was cut has them before the marks that need them.
    """
    changed = stored_registers.changed_since(connection, _written(connection))
    registers = sorted((each for _, each in changed), key=lambda each: each.field != descriptions.FIELD)
    return Unwritten(registers, max((number for number, _ in changed), default=0))


def count(connection: sqlite3.Connection) -> int:
    """How many registers are not yet in the folder."""
    (number,) = connection.execute("SELECT count(*) FROM register WHERE change > ?", (_written(connection),)).fetchone()
    return int(number)


def set_written(connection: sqlite3.Connection, last: int) -> None:
    """Remember that the changes up to the number `last` are in the folder."""
    settings.put(connection, _WRITTEN, str(last))


def begin_writing(connection: sqlite3.Connection, registers: Iterable[Register], device: str) -> None:
    """Remember the newest own clock reading that will be in the folder, before the lines are written."""
    newest = max((each.clock.number for each in registers if each.clock.device == device), default=0)
    settings.put(connection, _NEWEST, str(max(newest, newest_written(connection))))


def newest_written(connection: sqlite3.Connection) -> int:
    """The number of the newest own clock reading in the folder, as far as this library knows; 0 before that.

    If the folder has a newer one, this library was restored from an older backup, or is one of two copies.
    """
    return settings.get_number(connection, _NEWEST)


def write_all_again(connection: sqlite3.Connection) -> None:
    """Let all registers, whichever machine made them, be written into the folder, because it is a new one."""
    connection.execute(
        "UPDATE register SET change = ? WHERE change IS NULL", (stored_registers.last_change(connection) + 1,)
    )
    settings.remove(connection, _WRITTEN)


def lacks_descriptions(connection: sqlite3.Connection) -> bool:
    """Whether a paper whose first mark is not yet written has no description."""
    return connection.execute(f"{_UNDESCRIBED} LIMIT 1", (_written(connection),)).fetchone() is not None


def describe(connection: sqlite3.Connection) -> None:
    """Add the descriptions of papers whose first marks are not yet written."""
    writer = stored_registers.Writer(connection)
    for (identity,) in connection.execute(_UNDESCRIBED, (_written(connection),)).fetchall():
        number = identities.paper_of(connection, identity)
        about = descriptions.describe(connection, number) if number is not None else None
        if about is not None:
            writer.write(identity, descriptions.FIELD, about, (), None)
    writer.finish()


def _written(connection: sqlite3.Connection) -> int:
    return settings.get_number(connection, _WRITTEN)
