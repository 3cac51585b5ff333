"""SQLite connections to a library: opens and closes them, and retries while another connection holds a lock."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from store.library.config_and_library_paths import read_only_uri
from store.library.sqlite_errors import primary_code

# How long a statement waits until another program has ended its transaction (ms).
BUSY_MS = 5_000
# The pause before a write is tried again (s). SQLite would try again by itself, but after pauses of up to a tenth of a
# second. During an import, the lock is free only for a short time between two batches, which a writer would miss with
# such long pauses.
_RETRY_SECONDS = 0.001
# SQLite's result codes while another connection holds a lock.
BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_T = TypeVar("_T")


def retry_while_busy(statement: Callable[[], _T]) -> _T:
    """Call `statement` and return its result.

    While another connection holds the lock of the database, call `statement` again and again, for BUSY_MS at most.
    """
    ends = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return statement()
        except sqlite3.OperationalError as error:
            if primary_code(error) not in BUSY_CODES or time.monotonic() > ends:
                raise
        time.sleep(_RETRY_SECONDS)


class Connection(sqlite3.Connection):
    """A connection that closes itself when it is garbage-collected, and raises only exceptions of the module sqlite3.

    Python 3.13 prints a warning when a connection is garbage-collected that was not closed.
    """

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            # SQLite's message contains a name from the tables of a damaged file, and Python cannot decode it.
            damaged = sqlite3.DatabaseError("malformed database schema")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from error

    def __del__(self) -> None:
        # `close` raises ProgrammingError if the connection was never opened.
        with contextlib.suppress(sqlite3.ProgrammingError):
            self.close()


class ThreadConnection:
    """The reading connection of one thread. It is closed when the thread ends.

    `owner` is the library. If the library is garbage-collected before the thread ends, this object does not close the
    connection, because the thread may still use it.
    """

    def __init__(self, connection: Connection, owner: object) -> None:
        self.connection = connection
        self._owner = weakref.ref(owner)
        self._thread = threading.get_ident()

    def __del__(self) -> None:
        if self._owner() is not None and self._thread == threading.get_ident():
            self.connection.close()


def connect(path: Path, busy_ms: int, *, read_only: bool = False) -> Connection:
    """A connection in autocommit mode to the existing file `path`.

    A statement waits at most `busy_ms` milliseconds for locks of other connections. If `read_only` is true, nothing is
    written, not even a file beside the library, so the disk may be full or read-only.
    """
    connection = sqlite3.connect(
        # With mode=rw, SQLite does not create the file. If the library was deleted while recto had it open, an empty
        # library must not replace it.
        read_only_uri(path) if read_only else f"{path.as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_ms / 1000,
        factory=Connection,
    )
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection


def connect_to_read(path: Path) -> Connection:
    """A connection that only reads the existing file `path`. It works even where SQLite can create no file beside it.

    Raises sqlite3.DatabaseError when the file cannot be read.
    """
    connection = connect(path, BUSY_MS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        connection = connect(path, BUSY_MS, read_only=True)
    connection.execute("PRAGMA query_only = 1")
    return connection


def user_version(connection: sqlite3.Connection) -> int:
    """The version of the tables in the library, which SQLite stores as `user_version`."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def roll_back(connection: sqlite3.Connection) -> None:
    """Roll back the transaction, unless SQLite has already rolled it back after a failed write."""
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def abandon(connection: Connection) -> None:
    """Keep a connection open until the process ends.

    This is for a connection whose WAL was deleted. When the last connection to that WAL is closed, SQLite writes the
    pages of the WAL into the database. That would overwrite what other programs have saved since, and SQLite would also
    delete their new WAL. While this connection is open, it has a lock that also prevents other connections of this
    process from doing this.
    """
    # Imported here and not at the top of the module, because this function is rarely called.
    import ctypes

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
