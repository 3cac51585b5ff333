"""Undoes an import: removes its entries, and the papers without other entries that the user has not marked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import date

import msgspec

from store.importing import log, year_propagation
from store.importing.batches import BATCH_SECONDS, GAP_SECONDS
from store.importing.entries import unlist
from store.importing.log import ImportReport
from store.importing.separating import without
from store.library.library import Library
from store.marks import identities
from store.model.errors import LibraryError
from store.papers import stored_papers


class Withdrawn(msgspec.Struct, frozen=True):
    """The result of undoing an import of the listing at `path`.

    `entries` and `removed` are how many entries and papers were removed. `kept` is how many papers remain only because
    of their marks. `changed` contains a sentence for each listing whose year has changed. `complete` is False when the
    work was stopped before all entries were removed.
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
    """Undo the import with the log entry `log_id`.

    A paper that only this listing contained is removed, unless it has marks, or an undo or redo of marks could give it
    marks. Papers that were joined only because of this listing are separated again. A scan of watched folders does not
    import the file again; the command `recto import` does. If the work is interrupted, another call continues it.
    `on_step` is called with the number of removed entries and the number of all entries of the listing. Raises
    LibraryError when there is no such log entry, or when the library contains no entries of that import.
    """
    listing_id, path, format = _listing(library, log_id)
    total: int | None = None
    entries = removed = kept_count = 0
    loose: set[int] = set()
    while True:
        with library.writing() as connection:
            if total is None:
                loose.update(year_propagation.loosen_years(connection, listing_id))
                total = _count(connection, listing_id)
            marked_ids = _marked_ids(connection)
            ends = time.monotonic() + BATCH_SECONDS
            while (last := _last(connection, listing_id)) is not None:
                fate = _remove_entry(connection, *last, marked_ids)
                entries += 1
                removed += fate == "removed"
                kept_count += fate == "kept"
                if time.monotonic() >= ends:
                    break
            if _last(connection, listing_id) is None:
                changed = year_propagation.settle_loose_years(connection, loose, today or date.today())
                done = Withdrawn(path, entries, removed, kept_count, tuple(changed))
                _forget(connection, listing_id, format, done)
                break
            # Store the position of the last remaining entry, so that an import of the same file continues after it.
            connection.execute(
                "UPDATE listing SET state = 'interrupted', stored = (SELECT max(position) FROM entry WHERE"
                " listing_id = ?1) WHERE id = ?1",
                (listing_id,),
            )
        on_step(entries, total)
        if should_stop():
            return Withdrawn(path, entries, removed, kept_count, complete=False)
        library.checkpoint()
        # Pause without the write lock, so that a change of marks that waits for the lock gets it between two batches.
        time.sleep(GAP_SECONDS)
    on_step(entries, total)
    return done


def _listing(library: Library, log_id: int) -> tuple[int, str, str]:
    """The id, the path and the format of the listing of a log entry. Raises LibraryError as `withdraw` does."""
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
        raise LibraryError(f"{entry.report.path} was undone already; import it again with: recto import FILE")
    raise LibraryError(f"there is nothing to undo: the import {log_id} of {entry.report.path} read no papers")


def _count(connection: sqlite3.Connection, listing_id: int) -> int:
    return int(connection.execute("SELECT count(*) FROM entry WHERE listing_id = ?", (listing_id,)).fetchone()[0])


def _last(connection: sqlite3.Connection, listing_id: int) -> tuple[int, int] | None:
    """The id of the last entry of a listing and the id of its paper, or None when the listing has no entries."""
    row: tuple[int, int] | None = connection.execute(
        "SELECT id, paper_id FROM entry WHERE listing_id = ? ORDER BY position DESC LIMIT 1", (listing_id,)
    ).fetchone()
    return row


def _marked_ids(connection: sqlite3.Connection) -> set[int]:
    """The ids of papers that must not be removed: those with marks, a full text or a draft of a note.

    Papers to which an undo or redo would give marks are included.
    """
    marked = connection.execute(
        "SELECT paper_id FROM mark UNION SELECT paper_id FROM queue UNION SELECT paper_id FROM tag"
        " UNION SELECT paper_id FROM text"
        " UNION SELECT paper_id FROM collection UNION SELECT each.value FROM journal, json_each(journal.papers) each"
        " UNION SELECT CAST(substr(key, 7) AS INTEGER) FROM setting WHERE key GLOB 'draft:*'"
    )
    return {number for (number,) in marked}


def _remove_entry(connection: sqlite3.Connection, entry_id: int, number: int, marked_ids: set[int]) -> str:
    """Remove an entry, and its paper if the paper has no other entries and `marked_ids` does not contain it.

    Returns "removed" if the paper was removed too, and "known" if the paper has other entries. Returns "kept" if the
    paper remains only because `marked_ids`, the ids of marked papers, contains its id, or the former id of a paper that
    was joined to it.
    """
    connection.execute("DELETE FROM entry WHERE id = ?", (entry_id,))
    if connection.execute("SELECT 1 FROM entry WHERE paper_id = ? LIMIT 1", (number,)).fetchone():
        without(connection, number, entry_id, marked_ids)
        return "known"
    names = [
        number,
        *(joined_id for (joined_id,) in connection.execute("SELECT gone FROM joined WHERE kept = ?", (number,))),
    ]
    if not marked_ids.isdisjoint(names):
        unlist(connection, number)
        return "kept"
    connection.execute("DELETE FROM joined WHERE kept = ?", (number,))
    stored_papers.delete(connection, number)
    identities.release(connection, names)
    return "removed"


def _forget(connection: sqlite3.Connection, listing_id: int, format: str, done: Withdrawn) -> None:
    """Delete the listing, and log that its import was undone."""
    connection.execute("UPDATE log SET listing_id = NULL WHERE listing_id = ?", (listing_id,))
    connection.execute("DELETE FROM listing WHERE id = ?", (listing_id,))
    removed = "1 paper" if done.removed == 1 else f"{done.removed:,} papers"
    stay = f", {done.kept:,} {'stays' if done.kept == 1 else 'stay'} for your marks" if done.kept else ""
    report = ImportReport(
        path=done.path,
        format=format,
        entries=done.entries,
        warnings=(f"{removed} removed with it{stay}", *done.changed),
    )
    log.write(connection, None, None, report, "withdrawn")
