"""Library: opens the file, owns the connections, and is where every write goes through.

One SQLite file in WAL mode. Each thread reads on a connection of its own; the process writes on one. Whoever holds
the lock file checkpoints, nobody else: SQLite up to 3.51.2 can corrupt a WAL when two connections do so at once.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from store import schema
from store.paper import LibraryError

# How long a write waits for another program's before it says "busy" (ms).
BUSY_MS = 5_000
# WAL pages before the lock holder's own commits checkpoint.
_AUTOCHECKPOINT_PAGES = 16_000
# A WAL longer than this is written back when the holder is told that others wrote (bytes).
_LONG_WAL = 16 * 2**20
_HEADER = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68
_USER_VERSION_AT = 60


class Library:
    """An open library. Safe to share between threads; use `open` to make one."""

    def __init__(self, path: Path, lock: int | None) -> None:
        self.path = path
        self._lock = lock
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._guard = threading.RLock()
        self._writer: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: Path) -> Library:
        """The library at `path`, made if there is none, migrated if it is older.

        Raises LibraryError when the file is not a library of recto's, is newer, is damaged or cannot be written.
        """
        path = path.expanduser().absolute()
        try:
            _prepare(path)
            lock = _take_lock(path)
        except OSError as error:
            raise LibraryError(f"cannot open the library {path}: {error.strerror or error}") from error
        library = cls(path, lock)
        try:
            library._migrate()
        except sqlite3.DatabaseError as error:
            library.close()
            raise LibraryError(f"cannot open the library {path}: {error}") from error
        except BaseException:
            library.close()
            raise
        return library

    @property
    def holds_lock(self) -> bool:
        """Whether this process is the one that checkpoints."""
        return self._lock is not None

    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection. It never waits for a writer."""
        found: sqlite3.Connection | None = getattr(self._threads, "reader", None)
        if found is None:
            found = _connect(self.path)
            found.execute("PRAGMA query_only = 1")
            found.execute("PRAGMA cache_size = -16000")
            self._threads.reader = found
            with self._guard:
                self._readers.append(found)
        return found

    @contextlib.contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A write transaction, committed at the end and rolled back on an exception.

        `durable`: on the disk when this returns (synchronous=FULL); False for import batches, which a power cut may
        undo whole. Raises LibraryError when another program holds the library for longer than BUSY_MS, when the
        disk is full, or when the file is gone.
        """
        with self._guard:
            connection = self._write_connection()
            try:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                _roll_back(connection)
                raise LibraryError(_what_to_do(self.path, error)) from error
            except BaseException:
                _roll_back(connection)
                raise

    def checkpoint(self) -> None:
        """Write a long WAL back into the file. Does nothing unless this process holds the lock."""
        wal = Path(f"{self.path}-wal")
        if self._lock is None or not wal.exists() or wal.stat().st_size < _LONG_WAL:
            return
        with self._guard:
            self._write_connection().execute("PRAGMA wal_checkpoint(PASSIVE)")

    def data_version(self) -> int:
        """A number that changes when another connection has committed. For this thread's reader."""
        return int(self.reader().execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close every connection and let the lock go. Nothing may be running on them."""
        with self._guard:
            for connection in [*self._readers, *([self._writer] if self._writer else [])]:
                connection.close()
            self._readers.clear()
            self._writer = None
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = _connect(self.path)
            pages = _AUTOCHECKPOINT_PAGES if self._lock is not None else 0
            self._writer.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        elif not self.path.exists():
            raise LibraryError(f"the library {self.path} is gone: it was moved or deleted while open")
        return self._writer

    def _migrate(self) -> None:
        connection = self._write_connection()
        if _user_version(connection) == schema.version():
            return
        connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = WAL")
        with self.writing() as connection:
            # Another recto may have migrated it while this one waited for the transaction.
            found = _user_version(connection)
            if found < schema.version():
                schema.migrate(connection, found)


def _prepare(path: Path) -> None:
    """Make an empty private file where there is none; refuse, untouched, one that is not ours."""
    make_private(path.parent)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise LibraryError(f"{path} is not a file; name a library with --library FILE")
        header = file.read(100)
    if not header:
        return
    application = int.from_bytes(header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")
    if not header.startswith(_HEADER) or application != schema.APPLICATION_ID:
        if header.startswith(_HEADER) and application == 0 and _is_blank(path):
            return
        raise LibraryError(f"{path} is not a library of recto's; it was left as it is")
    found = int.from_bytes(header[_USER_VERSION_AT : _USER_VERSION_AT + 4], "big")
    if found > schema.version():
        raise LibraryError(
            f"{path} was written by a newer recto (version {found} of its tables, this one knows"
            f" {schema.version()}); it was left as it is: upgrade recto"
        )


def _is_blank(path: Path) -> bool:
    """Whether a file is one that SQLite just made: a start that was cut before the first table."""
    with contextlib.closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as connection:
        try:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)
        except sqlite3.DatabaseError:
            return False


def make_private(folder: Path) -> None:
    """Make `folder`, and what is missing above it, for its owner alone."""
    if not folder.is_dir():
        make_private(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _take_lock(path: Path) -> int | None:
    """The descriptor of the lock file, or None when another process has it. The kernel lets go when we end."""
    descriptor = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return None
        raise
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        # mode=rw: a library that was deleted while open must not come back as an empty one.
        path.as_uri() + "?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
    )
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection


def _user_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _what_to_do(path: Path, error: sqlite3.OperationalError) -> str:
    code = (error.sqlite_errorcode or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"not saved: another program is writing to {path}; try again"
    if code == sqlite3.SQLITE_FULL:
        return f"not saved: the disk of {path} is full; free some space and try again"
    if code == sqlite3.SQLITE_READONLY:
        return f"not saved: {path} cannot be written; look at its permissions"
    return f"not saved: {path}: {error}"
