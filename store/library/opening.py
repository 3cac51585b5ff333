"""Checks the file of a library before SQLite opens it, and counts how often each file is open.

This process must not open a library's file by itself while SQLite has it open (see `Library.is_of`), so this module
counts how often each file is open as a library.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from store.library import database_file
from store.library.lock_file import LockFile
from store.library.open_files import refuse_links
from store.library.side_files import Identity, identity
from store.model.errors import LibraryError

# After these errors of the operating system and of SQLite, a library cannot be written, but can perhaps be read.
_UNWRITABLE_ERRNOS = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT)
UNWRITABLE_CODES = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)

_SEVERAL_NAMES = "the file has several names (hard links); copy it to a file of its own"

# How many times this process has each file open as a library, by device and inode. `database_file.prepare` must not
# open such a file.
_open_counts: Counter[Identity | None] = Counter()
_guard = threading.Lock()


class UnwritableError(Exception):
    """Raised when a library cannot be opened for writing. `reason` is the cause, such as "read-only file system"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Claimed(NamedTuple):
    """A library that SQLite may open now: its file with symbolic links resolved, its lock, and its device and inode."""

    file: Path
    lock: LockFile
    identity: Identity | None


def claim(path: Path) -> Claimed:
    """Prepare the file of the library at `path` for SQLite. Create it if it does not exist, and count it as open.

    Raises UnwritableError when the library cannot be written, and LibraryError when it cannot be opened at all.
    """
    try:
        with _guard:
            database_file.prepare(path, is_open=is_open_here(path))
            file = Path(os.path.realpath(path))
            if os.stat(file).st_nlink > 1:  # noqa: PTH116 - takes half the time of Path.stat
                # SQLite finds the WAL by the name of the database. If two programs opened the library under different
                # names, each would use another WAL, and together they would damage the library.
                raise UnwritableError(_SEVERAL_NAMES)
            if refused := refuse_links(file):
                raise LibraryError(
                    f"cannot open the library {path}: {refused.filename}: {refused.strerror}; move it away"
                )
            lock = LockFile(file)
            file_identity = identity(file)
            _open_counts[file_identity] += 1
            return Claimed(file, lock, file_identity)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        if isinstance(error, OSError) and error.errno in _UNWRITABLE_ERRNOS:
            raise UnwritableError(reason.lower()) from error
        raise LibraryError(f"cannot open the library {path}: {reason}") from error


def count_open(file: Path) -> Identity | None:
    """Count a file as open for which `claim` was not called. Returns its device and inode, for `count_closed`."""
    with _guard:
        file_identity = identity(file)
        _open_counts[file_identity] += 1
        return file_identity


def count_closed(file_identity: Identity | None) -> None:
    """Undo one call of `count_open` or `claim`: the file with this device and inode was closed once."""
    with _guard:
        _open_counts[file_identity] -= 1


def is_open_here(path: Path) -> bool:
    """Whether this process has the file at `path` open as a library."""
    return _open_counts[identity(path)] > 0


def end_interrupted_restore(path: Path) -> str | None:
    """If restoring a backup of the library at `path` was interrupted, undo it or finish it.

    Returns a message to the user about what was done; None if no restore was interrupted.
    """
    file = os.path.realpath(path)
    if not os.path.lexists(f"{file}.replacing"):
        return None
    # Imported here and not at the top of the module, because it is rarely needed.
    from store.library import restoring

    return restoring.end_interrupted(Path(file))
