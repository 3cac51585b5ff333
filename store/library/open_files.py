"""Notices when the files that SQLite has open for a library were deleted or replaced since they were opened.

SQLite continues to write into a file that was deleted or replaced while it was open. A commit to such a file seems to
succeed, but the data is lost when the process is killed.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from store.library.side_files import Identity, first_not_regular, identity, open_regular

_LOG, _SHARED_MEMORY = "-wal", "-shm"
_SUFFIXES = ("", _LOG, _SHARED_MEMORY)
# The first four bytes of a WAL (SQLite's "Database File Format", 4.1). The last bit is not compared, because it may be
# 0 or 1, depending on the byte order of the checksums.
_LOG_MAGIC = 0x377F0682


class OpenFiles:
    """Remembers the device and inode that the database `file`, its WAL and its shared memory had when they were opened.

    SQLite itself never removes these files while a connection is open in WAL mode: it needs an exclusive lock to delete
    the WAL, and each connection holds a shared lock. So only a program that does not use SQLite's locks, such as `rm`
    or a program that synchronizes folders, can remove or replace them.
    """

    def __init__(self, file: Path) -> None:
        self._paths = {suffix: Path(f"{file}{suffix}") for suffix in _SUFFIXES}
        self._opened: dict[str, Identity | None] = dict.fromkeys(_SUFFIXES)
        self._log_seen = False

    def open_database(self) -> None:
        """Store the device and inode of the database. Call this right after a connection has opened the database."""
        self._opened[""] = identity(self._paths[""])

    def changed(self, connection: sqlite3.Connection | None = None) -> Path | None:
        """The path of the first file that was deleted or replaced since it was opened; None when there is no such file.

        The first call that passes a `connection` stores the device and inode of the WAL and of the shared memory. The
        connection must have begun a transaction or read something, because SQLite opens these two files only then. They
        exist only in WAL mode.
        """
        if connection and self._opened[_LOG] is None and _uses_log(connection):
            noted = {suffix: identity(self._paths[suffix]) for suffix in (_LOG, _SHARED_MEMORY)}
            if missing := next((suffix for suffix, opened in noted.items() if opened is None), None):
                return self._paths[missing]
            self._opened |= noted
        for suffix, opened in self._opened.items():
            # If the database was deleted before `open_database` could read its inode, report it as deleted.
            if (opened or not suffix) and identity(self._paths[suffix]) != (opened or ()):
                return self._paths[suffix]
        return None

    def log_is_alone(self) -> bool:
        """Whether the deleted WAL, which this process still has open, contains all commits since the last checkpoint.

        If so, the deleted WAL can be written back into the database. If not, another program that opened the library
        has created a new WAL with newer commits. That program cannot remove the new WAL while this process has the
        library open, so the new WAL can be seen here.
        """
        shared_memory = identity(self._paths[_SHARED_MEMORY])
        return (
            self._opened[_LOG] is not None
            and _is_missing_or_empty(self._paths[_LOG])
            and identity(self._paths[""]) == self._opened[""]
            and shared_memory in (None, self._opened[_SHARED_MEMORY])
        )

    def broken_log(self) -> Path | None:
        """The path of the WAL if the WAL has content but no valid header; else None. Call this after a commit.

        If a WAL is deleted while another program uses it, and this process then opens the library, SQLite creates a new
        WAL. But it writes at the offset at which the old WAL ended, which it reads from the shared memory, so the new
        WAL gets no header. SQLite ignores a WAL without a header, so that its commits would be lost.
        """
        if self._log_seen or self._opened[_LOG] is None:
            return None
        path = self._paths[_LOG]
        try:
            # The WAL may be opened and closed here: this releases no locks of SQLite, which are on the other two files.
            descriptor = open_regular(path)
        except OSError:
            return path
        try:
            magic = os.pread(descriptor, 4, 0)
        finally:
            os.close(descriptor)
        # An empty WAL is not broken: a transaction that changed nothing leaves the WAL empty.
        self._log_seen = len(magic) == 4 and int.from_bytes(magic, "big") | 1 == _LOG_MAGIC | 1
        return path if magic and not self._log_seen else None

    def is_one(self, path: Path) -> bool:
        """Whether `path` is the database, its WAL or its shared memory, under any name."""
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
