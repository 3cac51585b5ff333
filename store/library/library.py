"""Library: opens the file, owns the connections, and is where every write goes through.

One SQLite file in WAL mode. Each thread reads on a connection of its own; the process writes on one. Whoever holds
the lock file checkpoints, nobody else: SQLite up to 3.51.2 can corrupt a WAL when two connections do so at once.
When the holder ends, the next process that writes takes the lock over.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from store.library import database_file, schema
from store.library.lock_file import LockFile
from store.library.open_files import OpenFiles, refuse_links
from store.library.side_files import Identity, identity
from store.library.sqlite_errors import MISTAKES, primary_code, what_to_do
from store.model.errors import LibraryError

# How long a write waits for another program's before it says "busy" (ms).
BUSY_MS = 5_000
# WAL pages before the lock holder's own commits checkpoint.
_AUTOCHECKPOINT_PAGES = 16_000
# A WAL longer than this is written back when the holder is told that others wrote (bytes).
_LONG_WAL = 64 * 2**20
# An import changes pages all over the index of titles: those of a batch, and more, stay in memory (kB).
_WRITER_CACHE_KB = 8_000
# How long to wait before a write is tried again (s). SQLite's own waits grow to a tenth of a second, too long to find
# the moment between two batches of an import.
_RETRY_SECONDS = 0.001
_T = TypeVar("_T")

# Which files this process has open as libraries, and how often: one of these is not opened to look into it (`is_of`).
_opened: Counter[Identity | None] = Counter()
_opening = threading.Lock()


class Library:
    """An open library. Safe to share between threads; use `open` to make one."""

    def __init__(self, path: Path, file: Path, lock: LockFile) -> None:
        self.path = path
        # Where links lead: the files beside the library have its own name, whichever name it is opened by.
        self.file = file
        # None once closed. The lock may be held by another process.
        self._lock: LockFile | None = lock
        self._threads = threading.local()
        # Each is kept by the thread that reads on it.
        self._readers: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._aside: set[threading.Thread] = set()
        # Who reads never waits for a write: taken inside the other, if both are.
        self._reading = threading.Lock()
        self._guard = threading.RLock()
        self._writer: _Connection | None = None
        self._files = OpenFiles(file)
        self._opened: Identity | None = None

    @classmethod
    def open(cls, path: Path) -> Library:
        """The library at `path`, made if there is none, migrated if it is older.

        Raises LibraryError when the file is not a library of recto's, is newer, is damaged or cannot be written.
        """
        path = path.expanduser().absolute()
        try:
            with _opening:
                database_file.prepare(path, is_open=_opened[identity(path)] > 0)
                file = Path(os.path.realpath(path))
                if refused := refuse_links(file):
                    raise LibraryError(
                        f"cannot open the library {path}: {refused.filename}: {refused.strerror}; move it away"
                    )
                library = cls(path, file, LockFile(file))
                library._opened = identity(file)
                _opened[library._opened] += 1
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise LibraryError(f"cannot open the library {path}: {reason}") from error
        try:
            library._migrate()
        except sqlite3.DatabaseError as error:
            library.close()
            raise LibraryError(
                f"cannot open the library {path}: {error}; restore it from a backup, or name another one with"
                " --library FILE"
            ) from error
        except BaseException:
            library.close()
            raise
        return library

    @property
    def holds_lock(self) -> bool:
        """Whether this process is the one that checkpoints."""
        return self._lock is not None and self._lock.is_held

    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection. It never waits for a writer. Raises LibraryError when closed, or gone."""
        if self._lock is None:
            raise LibraryError(self._closed())
        kept: _Kept | None = getattr(self._threads, "kept", None)
        found = kept.connection if kept else None
        if found is None:
            try:
                if gone := self._files.changed():
                    raise LibraryError(_gone(gone, "not read"))
                found = _connect(self.file, BUSY_MS)
                found.execute("PRAGMA query_only = 1")
            except sqlite3.OperationalError as error:
                raise LibraryError(what_to_do(self.path, error, "not read")) from error
            found.execute("PRAGMA cache_size = -16000")
            with self._reading:
                if self._lock is None:
                    raise LibraryError(self._closed())
                self._readers.add(found)
            self._threads.kept = _Kept(found, self)
        return found

    def aside(self, act: Callable[[], None], name: str) -> None:
        """Do `act`, which reads, in a thread of its own, called `name`; `close` waits for it. Nothing when closed."""

        def run() -> None:
            try:
                act()
            finally:
                with self._reading:
                    self._aside.discard(thread)

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._reading:
            if self._lock is not None:
                # First: one that cannot be started is not waited for. It ends behind the guard.
                thread.start()
                self._aside.add(thread)

    @contextlib.contextmanager
    def writing(self, *, durable: bool = True, wait: bool = True) -> Iterator[sqlite3.Connection]:
        """A write transaction, committed at the end and rolled back on an exception.

        `durable`: on the disk when this returns (synchronous=FULL); False for import batches, which a power cut may
        undo whole. Raises LibraryError when another program holds the library for longer than BUSY_MS (at all, for
        who does not `wait`), when the disk is full, or when the file is gone.
        """
        with self._guard:
            try:
                connection = self._write_connection()
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                begin = functools.partial(connection.execute, "BEGIN IMMEDIATE")
                _patiently(begin) if wait else begin()
            except sqlite3.DatabaseError as error:
                raise LibraryError(what_to_do(self.path, error)) from error
            try:
                self._require_same_files(connection, "not saved")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                _roll_back(connection)
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, MISTAKES):
                    raise LibraryError(what_to_do(self.path, error)) from error
                raise
            # What went into a deleted file is not saved.
            self._require_same_files(connection, "not certain to be saved")
            if broken := self._files.broken_log():
                raise LibraryError(_gone(broken, "not certain to be saved"))

    def checkpoint(self) -> None:
        """Write a long WAL back into the file. Does nothing unless this process holds the lock.

        Raises LibraryError when the file, or one that SQLite has beside it, is gone.
        """
        try:
            length = Path(f"{self.file}-wal").stat().st_size
        except OSError:
            length = 0
        if length < _LONG_WAL and not self._files.changed():
            return
        with self._guard:
            connection = self._write_connection()
            self._require_same_files(connection, "not written back")
            # What cannot be written back now, on a full disk say, stays in the WAL, and the next write tells.
            with contextlib.suppress(sqlite3.OperationalError):
                if self.holds_lock:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def is_of(self, path: Path) -> bool:
        """Whether `path` leads to a file that SQLite has open for this library.

        Such a file must not be opened by anything else in this process: when that closes it, the system lets go of
        SQLite's locks on it, and another program that ends then takes the WAL away from under this one.
        """
        return self._files.is_one(path)

    def data_version(self) -> int:
        """A number that changes when another connection has committed. For this thread's reader."""
        return int(self.reader().execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close every connection and let the lock go, once what was begun `aside` has ended."""
        with self._reading:
            lock, self._lock = self._lock, None
            aside = tuple(self._aside)
        # Not under the lock, which they take when they end.
        for thread in aside:
            thread.join()
        own: _Kept | None = getattr(self._threads, "kept", None)
        if own is not None:
            own.connection.close()
        with self._reading:
            # To close a connection that another thread reads on ends the process, and whether it does cannot be known:
            # a thread whose `join` was interrupted is said to have ended. Its last user closes it.
            for connection in self._readers:
                # That moment, its user may.
                with contextlib.suppress(sqlite3.ProgrammingError):
                    connection.interrupt()
        with self._guard:
            if self._writer and self._files.changed() and not self._files.log_is_alone():
                _abandon(self._writer)
            elif self._writer:
                self._writer.close()
            self._writer = None
            if lock is not None:
                lock.close()
                with _opening:
                    _opened[self._opened] -= 1

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write_connection(self) -> sqlite3.Connection:
        """The writing connection; this process takes the lock if nobody has it any more."""
        lock = self._lock
        if lock is None:
            raise LibraryError(self._closed())
        if self._writer is None:
            self._writer = writer = _connect(self.file, 0)
            self._files.open_database()
            writer.execute("PRAGMA wal_autocheckpoint = 0")
            # These two look into the file, which another recto may be making now.
            _patiently(lambda: writer.execute(f"PRAGMA cache_size = {-_WRITER_CACHE_KB}"))
            # A WAL that begins again is cut, so that its length says how much of it there is to write back.
            _patiently(lambda: writer.execute("PRAGMA journal_size_limit = 0"))
        was_held = lock.is_held
        if lock.take() != was_held:
            self._writer.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES if lock.is_held else 0}")
        return self._writer

    def _require_same_files(self, connection: sqlite3.Connection, what: str) -> None:
        """Raises LibraryError, after a rollback, when a file that SQLite has open was deleted or replaced."""
        gone = self._files.changed(connection)
        if gone is None:
            return
        _roll_back(connection)
        safe = self._write_back(connection)
        raise LibraryError(_gone(gone, what) + ("; what was saved before is safe" if safe else ""))

    def _write_back(self, connection: sqlite3.Connection) -> bool:
        """Whether all that is in a WAL without a name is in the database now. For the holder of the lock."""
        if not self.holds_lock or not self._files.log_is_alone():
            return False
        with contextlib.suppress(sqlite3.OperationalError):
            busy, pages, written = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
            return not busy and bool(pages == written)
        return False

    def _closed(self) -> str:
        return f"the library {self.path} is closed"

    def _migrate(self) -> None:
        connection = self._write_connection()
        found = _patiently(lambda: _user_version(connection))
        if found > schema.version():
            # The header in the file may be older than what is in the WAL.
            raise LibraryError(database_file.newer(self.path, found))
        if found == schema.version():
            # The version is in the header; whether the file is whole behind it shows only now.
            _patiently(lambda: connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone())
            _patiently(lambda: self._require_same_files(connection, "not opened"))
            return
        if found == 0:
            # Another recto may be making the same library now. The mark is written before the file turns to WAL, so
            # that it stands in the file itself from the first moment on.
            mark = _patiently(lambda: connection.execute("PRAGMA application_id").fetchone()[0])
            if mark != schema.APPLICATION_ID:
                connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
                _patiently(lambda: connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}"))
            _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        with self.writing() as connection:
            # Another recto may have migrated it while this one waited for the transaction.
            found = _user_version(connection)
            if found < schema.version():
                schema.migrate(connection, found)


def _patiently(act: Callable[[], _T]) -> _T:
    """`act` once no other connection is in the way; after BUSY_MS its error."""
    ends = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if primary_code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > ends:
                raise
        time.sleep(_RETRY_SECONDS)


class _Connection(sqlite3.Connection):
    """One that is closed when nobody has it any more, which Python 3.13 takes for a mistake of its last user."""

    def __del__(self) -> None:
        # One that could not be opened cannot be closed.
        with contextlib.suppress(sqlite3.ProgrammingError):
            self.close()


class _Kept:
    """What a thread keeps, of a library, to read on; closed when the thread ends."""

    def __init__(self, connection: _Connection, library: Library) -> None:
        self.connection = connection
        self._library = weakref.ref(library)
        self._thread = threading.get_ident()

    def __del__(self) -> None:
        # Not when it is the library that goes, or the interpreter, while the thread may still read.
        if self._library() is not None and self._thread == threading.get_ident():
            self.connection.close()


def _connect(path: Path, busy_ms: int) -> _Connection:
    connection = sqlite3.connect(
        # mode=rw: a library that was deleted while open must not come back as an empty one.
        path.as_uri() + "?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_ms / 1000,
        factory=_Connection,
    )
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection


def _user_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _roll_back(connection: sqlite3.Connection) -> None:
    # After a full disk or a failed write SQLite may have rolled back by itself, or be unable to.
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _gone(path: Path, what: str) -> str:
    return (
        f"{what}: {path} is gone, it was replaced, moved or deleted while open; quit every recto that is open, and"
        " start again"
    )


def _abandon(connection: _Connection) -> None:
    """Leave a connection open until the process ends, whatever else refers to it.

    SQLite would write the pages of a deleted WAL over what other programs have saved since, and delete their WAL.
    While this connection holds its lock, no other one of this process does so either.
    """
    # Imported here: it happens to hardly anybody.
    import ctypes

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
