"""Copies the marks that can still be read from a damaged library into another library."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from store.library.connections import connect_to_read
from store.library.library import Library
from store.marks import exchange, stored_registers
from store.marks.exchange import Applied
from store.marks.registers import Register


def recover(library: Library, damaged: Path) -> Applied:
    """Copy those marks from the library file `damaged` into `library` that were made later than the marks in `library`.

    Use this after `library` was restored from a backup, to get the marks that were made after the backup. Marks on
    damaged pages of the file are lost. If `library` does not have the paper of a mark, the mark is stored, and appears
    when the paper is imported again. Raises LibraryError when `library` cannot be written.
    """
    registers = list(_readable_registers(damaged))
    with library.writing() as connection:
        return exchange.apply(connection, registers)


def _readable_registers(file: Path) -> Iterator[Register]:
    """Yield the registers (store/marks/registers.py) in a library file, except for those that SQLite cannot read."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(connect_to_read(file)) as connection:
        # SQLite stops at the first damaged page, so read from the beginning to that page, and then from the end to a
        # damaged page. If the first pass reads everything, there is no second pass.
        for is_backwards in (False, True):
            with contextlib.suppress(sqlite3.DatabaseError, msgspec.MsgspecError, ValueError):
                yield from stored_registers.all_of(connection, is_backwards=is_backwards)
                return
