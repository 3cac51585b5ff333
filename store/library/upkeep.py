"""Keeps a library safe in the background: makes a backup each day, and searches for damage."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from store.library import backup, damage
from store.library.library import Library
from store.model.errors import LibraryError

_BACKUP_AFTER = timedelta(days=1)
# A backup is made only if the free space on the disk is more than this many times the size of the library.
_FREE_FACTOR = 3
# After recto did not end normally, a library up to this size (bytes) is searched for damage.
_SEARCHED_AT_ONCE = 2**30


def look_after(library: Library, should_stop: Callable[[], bool], now: datetime | None = None) -> str | None:
    """Back up the library if the newest backup is a day old. Returns the damage that was found in the library, or None.

    A new backup is checked, which shows whether the library is damaged. If no backup is due, the library is searched
    for damage only if recto did not end normally the last time. If damage is found, later writes to `library` raise
    LibraryError. Nothing is done unless this process holds the lock file of the library. Raises LibraryError when the
    backup cannot be written.
    """
    if library.read_only is not None or not library.holds_lock:
        return None
    problem = None
    try:
        if _is_due(library, now or datetime.now()):
            backup.make(library.reader(), library.file, slowly=True, should_stop=should_stop)
        elif library.was_left_open and library.file.stat().st_size <= _SEARCHED_AT_ONCE:
            problem = next(iter(damage.problems(library.reader(), complete=False)), None)
    except backup.DamagedError as error:
        problem = error.problem
    except sqlite3.OperationalError as error:
        raise LibraryError(f"the library was not searched for damage: {error}") from error
    except OSError as error:
        raise LibraryError(f"no backup was made: {error.strerror or error}") from error
    if problem is not None:
        library.stop_writing(problem)
    return problem


def _is_due(library: Library, now: datetime) -> bool:
    """Whether a backup should be made: the library has papers and no recent backup, and the disk has room for one."""
    newest = next(iter(backup.backups(library.file)), None)
    # If the newest backup seems to be from the future, the clock was wrong when it was made, so a new one is due.
    if newest is not None and abs(now - newest.made_at) < _BACKUP_AFTER:
        return False
    if library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None:
        return False
    return shutil.disk_usage(library.file.parent).free > _FREE_FACTOR * library.file.stat().st_size
