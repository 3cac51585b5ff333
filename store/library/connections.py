"""SQLite connections to a library: opening, waiting for other connections, and closing at the right time."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from store.library.sqlite_errors import primary_code

# How long a statement waits for another program's transaction (ms).
BUSY_MS = 5_000
# The pause before a write is tried again (s). SQLite's own pauses grow to a tenth of a second, too long to meet the
# pause between two batches of an import.
_RETRY_SECONDS = 0.001
_T = TypeVar("_T")


def retry_while_busy(statement: Callable[[], _T]) -> _T:
    """The result of `statement`, which is tried again while another connection holds the lock, for BUSY_MS at most."""
    ends = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return statement()
        except sqlite3.OperationalError as error:
            if primary_code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > ends:
                raise
        time.sleep(_RETRY_SECONDS)


class Connection(sqlite3.Connection):
    """A connection that closes when it is garbage-collected. Python 3.13 warns about others that were left open."""

    def __del__(self) -> None:
        # Closing raises when opening failed.
        with contextlib.suppress(sqlite3.ProgrammingError):
            self.close()


class ThreadConnection:
    """The reading connection of one thread; closed when the thread ends.

    `owner` is the library. When the library is garbage-collected first, the connection stays open, because the thread
    may still use it.
    """

    def __init__(self, connection: Connection, owner: object) -> None:
        self.connection = connection
        self._owner = weakref.ref(owner)
        self._thread = threading.get_ident()

    def __del__(self) -> None:
        if self._owner() is not None and self._thread == threading.get_ident():
            self.connection.close()


def connect(path: Path, busy_ms: int) -> Connection:
    """A connection in autocommit mode to the existing file `path`, which waits `busy_ms` for other connections."""
    connection = sqlite3.connect(
        # mode=rw: a library that was deleted while open must not be created again as an empty one.
        path.as_uri() + "?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_ms / 1000,
        factory=Connection,
    )
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection


def user_version(connection: sqlite3.Connection) -> int:
    """The version of the tables in the library, which SQLite stores as `user_version`."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def roll_back(connection: sqlite3.Connection) -> None:
    """Roll back the transaction, if there is one. After a failed write SQLite may already have rolled it back."""
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def abandon(connection: Connection) -> None:
    """Keep a connection open until the process ends.

    Closing the last connection to a deleted WAL would write its pages over what other programs have saved since, and
    would delete their WAL. The lock of this connection also keeps other connections of the process from doing so.
    """
    # Imported late, because this happens rarely.
    import ctypes

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
