"""A wrong import is taken back whole: what other listings say, and what the reader marked, stays."""

from __future__ import annotations

import sqlite3
import time

import msgspec

from store import reading, report, shelf, stacks
from store.importer import BATCH_SECONDS
from store.library import Library
from store.paper import LibraryError
from store.report import ImportReport


class Withdrawn(msgspec.Struct, frozen=True):
    """What taking a listing back did: entries taken out; papers that went with them, and that stayed for a mark."""

    path: str
    entries: int
    removed: int
    kept: int


def withdraw(library: Library, log_id: int) -> Withdrawn:
    """Take back the import that the log has under `log_id`.

    A paper that only this listing knew goes, unless the reader marked it, or could by undo or redo. The file is not
    read again by itself; `recto import` reads it again. Cut short, it goes on when asked again. Raises LibraryError
    when the log has no such entry, or nothing of it is in the library.
    """
    row = (
        library.reader()
        .execute(
            "SELECT l.id, l.path, l.format FROM log g JOIN listing l ON l.id = g.listing_id WHERE g.id = ?", (log_id,)
        )
        .fetchone()
    )
    if row is None:
        raise LibraryError(f"there is no import {log_id} to take back; recto log --json shows the ids")
    listing_id, path, format = row
    entries = removed = kept = 0
    while True:
        with library.writing() as connection:
            # No import of the same file may take it for read whole while it is half gone.
            connection.execute("UPDATE listing SET state = 'interrupted', stored = 0 WHERE id = ?", (listing_id,))
            held = _held(connection)
            ends = time.monotonic() + BATCH_SECONDS
            while time.monotonic() < ends:
                found = connection.execute(
                    "SELECT id, paper_id FROM entry WHERE listing_id = ? LIMIT 1", (listing_id,)
                ).fetchone()
                if found is None:
                    _forget(connection, listing_id)
                    done = ImportReport(path=path, format=format, entries=entries)
                    report.write(connection, None, None, done, "withdrawn")
                    return Withdrawn(path, entries, removed, kept)
                entry_id, paper_id = found
                entries += 1
                match _take_out(connection, entry_id, paper_id, held):
                    case "removed":
                        removed += 1
                    case "kept":
                        kept += 1


def _held(connection: sqlite3.Connection) -> set[int]:
    """Papers that the reader marked, or that an undo or redo would mark."""
    marked = connection.execute(
        "SELECT paper_id FROM mark UNION SELECT paper_id FROM queue UNION SELECT paper_id FROM tag"
        " UNION SELECT CAST(key AS INTEGER) FROM journal, json_each(journal.before)"
    )
    return {number for (number,) in marked}


def _take_out(connection: sqlite3.Connection, entry_id: int, paper_id: int, held: set[int]) -> str:
    connection.execute("DELETE FROM entry WHERE id = ?", (entry_id,))
    if connection.execute("SELECT 1 FROM entry WHERE paper_id = ? LIMIT 1", (paper_id,)).fetchone():
        stacks.refold(connection, paper_id)
        return "merged"
    if paper_id in held or reading.marks(connection, paper_id) != reading.Marks():
        return "kept"
    connection.execute("DELETE FROM alias WHERE paper_id = ?", (paper_id,))
    connection.execute("DELETE FROM joined WHERE kept = ?", (paper_id,))
    shelf.remove(connection, paper_id)
    return "removed"


def _forget(connection: sqlite3.Connection, listing_id: int) -> None:
    connection.execute("UPDATE log SET listing_id = NULL WHERE listing_id = ?", (listing_id,))
    connection.execute("DELETE FROM listing WHERE id = ?", (listing_id,))
