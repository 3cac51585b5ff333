"""Takes marks out of a damaged library, as far as they can be read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from store.library.connections import BUSY_MS, connect
from store.library.library import Library
from store.marks import exchange, stored_registers
from store.marks.exchange import Applied
from store.marks.registers import Register


def recover(library: Library, damaged: Path) -> Applied:
    """Store in `library` those marks of the library file `damaged` that are later than the ones in `library`.

    This is for a library that was restored from a backup: it gets the marks that were made after the backup. Marks on
    damaged pages are left out. Marks of papers that `library` lacks wait until the papers are imported again. Raises
    LibraryError when `library` cannot be written.
    """
    registers = list(_readable_registers(damaged))
    with library.writing() as connection:
        return exchange.apply(connection, registers)


def _readable_registers(file: Path) -> Iterator[Register]:
    """The registers in a library file, without those that SQLite cannot read."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(_connection(file)) as connection:
        # Read from both ends: SQLite stops at the first damaged page.
        for is_backwards in (False, True):
            with contextlib.suppress(sqlite3.DatabaseError, msgspec.MsgspecError, ValueError):
                yield from stored_registers.all_of(connection, is_backwards=is_backwards)
                return


def _connection(file: Path) -> sqlite3.Connection:
    try:
        connection = connect(file, BUSY_MS)
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return connect(file, BUSY_MS, read_only=True)
    return connection
