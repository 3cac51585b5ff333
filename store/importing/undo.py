"""A wrong import is taken back whole: what other listings say, and what the reader marked, stays."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import date

import msgspec

from store.importing import entries as stacks
from store.importing import log, year_propagation
from store.importing.batches import BATCH_SECONDS, GAP_SECONDS
from store.importing.log import ImportReport
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import rows


class Withdrawn(msgspec.Struct, frozen=True):
    """What taking a listing back did: entries taken out; papers that went with them, and that stayed for a mark.

    `changed` says in words which years of other listings are found otherwise now. Not `complete` when it was stopped.
    """

    path: str
    entries: int
    removed: int
    kept: int
    changed: tuple[str, ...] = ()
    complete: bool = True


def withdraw(
    library: Library,
    log_id: int,
    *,
    today: date | None = None,
    on_step: Callable[[int, int], None] = lambda done, whole: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Withdrawn:
    """Take back the import that the log has under `log_id`.

    A paper that only this listing knew goes, unless the reader marked it, or could by undo or redo; papers that only
    this listing held to be one fall apart. The file is not read again by itself; `recto import` reads it again. Cut
    short, it goes on when asked again. `on_step` is told how many of how many entries are out. Raises LibraryError
    when the log has no such entry, or nothing of it is in the library.
    """
    listing_id, path, format = _listing(library, log_id)
    left = None
    entries = removed = kept = 0
    loose: set[int] = set()
    while True:
        with library.writing() as connection:
            if left is None:
                loose.update(year_propagation.loosen_years(connection, listing_id))
                left = _count(connection, listing_id)
            held = _held(connection)
            ends = time.monotonic() + BATCH_SECONDS
            while (last := _last(connection, listing_id)) is not None:
                went = _take_out(connection, *last, held)
                entries += 1
                removed += went == "removed"
                kept += went == "kept"
                if time.monotonic() >= ends:
                    break
            if _last(connection, listing_id) is None:
                changed = year_propagation.settle_loose_years(connection, loose, today or date.today())
                done = Withdrawn(path, entries, removed, kept, tuple(changed))
                _forget(connection, listing_id, format, done)
                break
            # An import of the same file goes on behind what is left of it.
            connection.execute(
                "UPDATE listing SET state = 'interrupted', stored = (SELECT max(position) FROM entry WHERE"
                " listing_id = ?1) WHERE id = ?1",
                (listing_id,),
            )
        on_step(entries, left)
        if should_stop():
            return Withdrawn(path, entries, removed, kept, complete=False)
        library.checkpoint()
        # A mark comes between two batches.
        time.sleep(GAP_SECONDS)
    on_step(entries, left)
    return done


def _listing(library: Library, log_id: int) -> tuple[int, str, str]:
    """Id, path and format of the listing of a log entry."""
    entry = log.entry(library.reader(), log_id)
    row: tuple[int, str, str] | None = (
        library.reader()
        .execute(
            "SELECT l.id, l.path, l.format FROM log g JOIN listing l ON l.id = g.listing_id WHERE g.id = ?"
            " AND EXISTS (SELECT 1 FROM entry e WHERE e.listing_id = l.id)",
            (log_id,),
        )
        .fetchone()
    )
    if row:
        return row
    if entry.state == "withdrawn" or entry.report.entries:
        raise LibraryError(f"{entry.report.path} was taken back already; to have it again: recto import FILE")
    raise LibraryError(f"there is nothing to take back: the import {log_id} of {entry.report.path} read no papers")


def _count(connection: sqlite3.Connection, listing_id: int) -> int:
    return int(connection.execute("SELECT count(*) FROM entry WHERE listing_id = ?", (listing_id,)).fetchone()[0])


def _last(connection: sqlite3.Connection, listing_id: int) -> tuple[int, int] | None:
    """The last entry that a listing has, and its paper."""
    row: tuple[int, int] | None = connection.execute(
        "SELECT id, paper_id FROM entry WHERE listing_id = ? ORDER BY position DESC LIMIT 1", (listing_id,)
    ).fetchone()
    return row


def _held(connection: sqlite3.Connection) -> set[int]:
    """The numbers of papers that the reader marked, or that an undo or redo would mark."""
    marked = connection.execute(
        "SELECT paper_id FROM mark UNION SELECT paper_id FROM queue UNION SELECT paper_id FROM tag"
        " UNION SELECT CAST(key AS INTEGER) FROM journal, json_each(journal.before)"
    )
    return {number for (number,) in marked}


def _take_out(connection: sqlite3.Connection, entry_id: int, number: int, held: set[int]) -> str:
    """Take an entry out; whether its paper went with it ("removed"), stayed for a mark ("kept"), or has others."""
    connection.execute("DELETE FROM entry WHERE id = ?", (entry_id,))
    if connection.execute("SELECT 1 FROM entry WHERE paper_id = ? LIMIT 1", (number,)).fetchone():
        stacks.without(connection, number, held)
        return "known"
    names = [number, *(gone for (gone,) in connection.execute("SELECT gone FROM joined WHERE kept = ?", (number,)))]
    if not held.isdisjoint(names):
        stacks.unlist(connection, number)
        return "kept"
    connection.execute("DELETE FROM joined WHERE kept = ?", (number,))
    rows.delete(connection, number)
    return "removed"


def _forget(connection: sqlite3.Connection, listing_id: int, format: str, done: Withdrawn) -> None:
    connection.execute("UPDATE log SET listing_id = NULL WHERE listing_id = ?", (listing_id,))
    connection.execute("DELETE FROM listing WHERE id = ?", (listing_id,))
    went = "1 paper" if done.removed == 1 else f"{done.removed:,} papers"
    stay = f", {done.kept:,} {'stays' if done.kept == 1 else 'stay'} for your marks" if done.kept else ""
    said = ImportReport(
        path=done.path, format=format, entries=done.entries, warnings=(f"{went} went with it{stay}", *done.changed)
    )
    log.write(connection, None, None, said, "withdrawn")
