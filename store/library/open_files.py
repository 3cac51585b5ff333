"""The files that SQLite has open for a library, and whether each path still leads to the file that was opened.

SQLite goes on writing into a file that was deleted or replaced while it was open. A commit to such a file seems to
succeed, but its data is lost when the process is killed.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from store.library.side_files import Identity, first_not_regular, identity, open_regular

_LOG, _SHARED_MEMORY = "-wal", "-shm"
_SUFFIXES = ("", _LOG, _SHARED_MEMORY)
# The first four bytes of a WAL, without the last bit, which is the byte order of the checksums (SQLite's "Database File
# Format", 4.1).
_LOG_MAGIC = 0x377F0682


class OpenFiles:
    """The database at `file`, its WAL and its shared memory, by device and inode.

    While a connection is open in WAL mode no other program that keeps SQLite's locks removes or replaces one of them:
    a program that closes the library deletes the WAL under an exclusive lock, and each connection holds a shared lock.
    """

    def __init__(self, file: Path) -> None:
        self._paths = {suffix: Path(f"{file}{suffix}") for suffix in _SUFFIXES}
        self._opened: dict[str, Identity | None] = dict.fromkeys(_SUFFIXES)
        self._log_seen = False

    def open_database(self) -> None:
        """Note the device and inode of the database. Call this right after a connection has opened the database."""
        self._opened[""] = identity(self._paths[""])

    def changed(self, connection: sqlite3.Connection | None = None) -> Path | None:
        """The first file that was deleted or replaced since it was opened; None when all are unchanged.

        The WAL and the shared memory are noted at the first call that passes a `connection`, which must have begun a
        transaction or read something, because SQLite opens them then. They exist only in WAL mode.
        """
        if connection and self._opened[_LOG] is None and _uses_log(connection):
            noted = {suffix: identity(self._paths[suffix]) for suffix in (_LOG, _SHARED_MEMORY)}
            if missing := next((suffix for suffix, opened in noted.items() if opened is None), None):
                return self._paths[missing]
            self._opened |= noted
        for suffix, opened in self._opened.items():
            # A database that was deleted before it could be noted counts as deleted from then on.
            if (opened or not suffix) and identity(self._paths[suffix]) != (opened or ()):
                return self._paths[suffix]
        return None

    def log_is_alone(self) -> bool:
        """Whether a deleted WAL has all commits since the last checkpoint, so that it can be written back.

        This is true until a commit goes into a new WAL. Another program that opens the library creates the new WAL,
        and cannot remove it while this process has the library open.
        """
        shared_memory = identity(self._paths[_SHARED_MEMORY])
        return (
            self._opened[_LOG] is not None
            and _is_missing_or_empty(self._paths[_LOG])
            and identity(self._paths[""]) == self._opened[""]
            and shared_memory in (None, self._opened[_SHARED_MEMORY])
        )

    def broken_log(self) -> Path | None:
        """The WAL if it has no valid header after the first commit of a connection; None when its header is valid.

        A connection that opens the library after another program's WAL was deleted creates a new WAL, but appends at
        the offset where the old WAL ended, according to the shared memory. SQLite ignores a WAL without a header.
        """
        if self._log_seen or self._opened[_LOG] is None:
            return None
        path = self._paths[_LOG]
        try:
            # SQLite keeps its locks on the other two files, so this one may be closed (see `Library.is_of`).
            descriptor = open_regular(path)
        except OSError:
            return path
        try:
            magic = os.pread(descriptor, 4, 0)
        finally:
            os.close(descriptor)
        # A transaction that changed nothing leaves an empty WAL.
        self._log_seen = len(magic) == 4 and int.from_bytes(magic, "big") | 1 == _LOG_MAGIC | 1
        return path if magic and not self._log_seen else None

    def is_one(self, path: Path) -> bool:
        """Whether `path` leads to one of the files."""
        file = identity(path)
        return file is not None and file in map(identity, self._paths.values())


def refuse_links(file: Path) -> OSError | None:
    """The error for the first file beside the database that exists and is not a regular file; None if there is none.

    If the WAL is a symbolic link, SQLite follows it and overwrites the target of the link.
    """
    return first_not_regular(Path(f"{file}{suffix}") for suffix in (_LOG, _SHARED_MEMORY, "-journal", ".lock"))


def _uses_log(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def _is_missing_or_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError:
        return False
