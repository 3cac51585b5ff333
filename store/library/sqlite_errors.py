"""Messages to the user for errors of SQLite. A message contains the cause, and what the user can do about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# Exceptions that are caused by a bug in recto, and not by the file or the disk.
MISTAKES = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.NotSupportedError)


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error; 0 when SQLite did not raise the error."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def what_to_do(path: Path, error: sqlite3.Error, what: str = "not saved") -> str:
    """A message of one line for an error of the library at `path`.

    It begins with `what`, the consequence for the user, for example "not saved".
    """
    code = primary_code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{what}: another program is writing to {path}; try again"
    if code == sqlite3.SQLITE_FULL:
        return f"{what}: the disk of {path} is full; free some space and try again"
    if code == sqlite3.SQLITE_READONLY:
        return f"{what}: {path} cannot be written; look at its permissions"
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"{what}: {path} cannot be opened; it may have been moved or deleted"
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_SHORT_READ:
        # This error occurs if another program has deleted the WAL and SQLite has created a new WAL: the shared memory
        # still refers to pages of the deleted WAL.
        return f"{what}: {path}-wal is not whole; quit every recto that is open, and start again"
    if code == sqlite3.SQLITE_IOERR:
        # After a failed fsync it is unknown whether the data is on the disk.
        return f"not certain to be saved: the disk of {path} reports an error; look again at what you changed"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{what}: {path} is damaged; run recto doctor, which says how to restore a backup"
    return f"{what}: {path}: {error}"


def gone_message(path: Path, what: str) -> str:
    """The message for a library file that another program removed or replaced.

    It begins with `what`, the consequence for the user, for example "not saved".
    """
    return (
        f"{what}: {path} is gone, it was replaced, moved or deleted while open; quit every recto that is open, and"
        " start again"
    )
