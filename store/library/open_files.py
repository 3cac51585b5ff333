"""The files that SQLite has open for a library, and whether they are still the ones that their names lead to.

SQLite writes on into a file that was deleted or replaced while it was open. What it commits there looks saved and is
lost when the process ends by force.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from store.library.side_files import Identity, first_not_regular, identity, open_regular

_LOG, _SHARED_MEMORY = "-wal", "-shm"
_SUFFIXES = ("", _LOG, _SHARED_MEMORY)
# The first four bytes of a WAL but for the last bit, which says the byte order of its checksums (fileformat2, 4.1).
_LOG_MAGIC = 0x377F0682


class OpenFiles:
    """The database at `file`, its WAL and its shared memory, by device and inode.

    While a connection is open in WAL mode no other program that keeps SQLite's locks removes or replaces one of them:
    whoever closes the library deletes the WAL under an exclusive lock, and each connection holds a shared one.
    """

    def __init__(self, file: Path) -> None:
        self._paths = {suffix: Path(f"{file}{suffix}") for suffix in _SUFFIXES}
        self._opened: dict[str, Identity | None] = dict.fromkeys(_SUFFIXES)
        self._log_seen = False

    def open_database(self) -> None:
        """Note which file the database is. Called right after a connection has opened it."""
        self._opened[""] = identity(self._paths[""])

    def changed(self, connection: sqlite3.Connection | None = None) -> Path | None:
        """The first file that is not the one that was opened; None when all are.

        The WAL and the shared memory are noted at the first call that passes a `connection`, which must have begun a
        transaction or read something, because SQLite opens them then. In another mode than WAL there are none.
        """
        if connection and self._opened[_LOG] is None and _uses_log(connection):
            noted = {suffix: identity(self._paths[suffix]) for suffix in (_LOG, _SHARED_MEMORY)}
            if missing := next((suffix for suffix, opened in noted.items() if opened is None), None):
                return self._paths[missing]
            self._opened |= noted
        for suffix, opened in self._opened.items():
            # A database that was gone before it could be noted stays gone.
            if (opened or not suffix) and identity(self._paths[suffix]) != (opened or ()):
                return self._paths[suffix]
        return None

    def log_is_alone(self) -> bool:
        """Whether a WAL that was deleted has everything that was saved, so that it can be written back.

        So it is while nobody has saved anything in a new WAL: another program that opens the library makes one, and
        cannot remove it while this one is open.
        """
        shared_memory = identity(self._paths[_SHARED_MEMORY])
        return (
            self._opened[_LOG] is not None
            and _is_missing_or_empty(self._paths[_LOG])
            and identity(self._paths[""]) == self._opened[""]
            and shared_memory in (None, self._opened[_SHARED_MEMORY])
        )

    def broken_log(self) -> Path | None:
        """The WAL when it does not begin as one does, after the first commit of a connection; None when it does.

        A connection that opens the library after another program's WAL was deleted makes a new one, and writes where
        the shared memory says that the old one ended. No later start finds anything in such a file.
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
        # A transaction that changed nothing leaves an empty one.
        self._log_seen = len(magic) == 4 and int.from_bytes(magic, "big") | 1 == _LOG_MAGIC | 1
        return path if magic and not self._log_seen else None

    def is_one(self, path: Path) -> bool:
        """Whether `path` leads to one of the files."""
        file = identity(path)
        return file is not None and file in map(identity, self._paths.values())


def refuse_links(file: Path) -> OSError | None:
    """The error for the first of the files beside the database that is there and is not a regular one; None if all are.

    SQLite follows a link in place of its WAL, and overwrites the file that it leads to.
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
