"""The library: one SQLite database in WAL mode.

Opens it, and provides connections for reading and transactions for writing.

Each thread has its own connection for reading. All threads share one connection for writing. Only the process that
holds the lock file runs checkpoints, because SQLite up to 3.51.2 can corrupt a WAL when two connections run checkpoints
at the same time. When the process that holds the lock ends, the next process that writes takes the lock.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from store.library import database_file, opening, schema
from store.library.connections import (
    BUSY_MS,
    Connection,
    abandon,
    connect,
    retry_while_busy,
    roll_back,
    user_version,
)
from store.library.lock_file import LockFile, NoLock
from store.library.open_files import OpenFiles
from store.library.readers import ClosedError, Readers
from store.library.side_files import Identity
from store.library.sqlite_errors import MISTAKES, gone_message, primary_code, what_to_do
from store.model.errors import LibraryError

if TYPE_CHECKING:
    from store.library.checkpoints import Checkpoints

# When the WAL has this many pages, a commit in the process that holds the lock also runs a checkpoint. Only long
# imports write so much. They change the same pages many times, so rare checkpoints are faster: each writes such a page
# back only once.
_AUTOCHECKPOINT_PAGES = 16_000
# When the WAL is longer than this (bytes), `checkpoint` writes it back. The WAL grows until the checkpoint has ended,
# so this is only half of 16 MiB, the intended maximum.
_LONG_WAL = 8 * 2**20
# The page cache of the writing connection (kB). It is large enough for the pages that one batch of an import changes,
# which are many, because titles that are imported together are far apart in the index of titles.
_WRITER_CACHE_KB = 8_000


class Library:
    """An open library, which threads may share. Call `Library.open` to get one."""

    def __init__(self, path: Path, file: Path, lock: LockFile | NoLock, read_only: str | None = None) -> None:
        self.path = path
        # The reason why the library cannot be written, for example "the disk is full". None when it can be written.
        self.read_only = read_only
        # The path with symbolic links resolved. SQLite derives the names of the side files from the resolved path.
        self.file = file
        # None when the library is closed. An object here does not mean that this process holds the lock (see
        # `is_held`).
        self._lock: LockFile | NoLock | None = lock
        self._readers = Readers(self._connect_reader)
        # The object that runs checkpoints; None until the first checkpoint.
        self._checkpoints: Checkpoints | None = None
        # A lock that a thread must hold to use the writing connection. Threads that only read never wait for it.
        self._guard = threading.RLock()
        self._writer: Connection | None = None
        self._files = OpenFiles(file)
        self._opened: Identity | None = None
        # If restoring a backup had been interrupted, a message to the user about what was done when the library was
        # opened.
        self.message: str | None = None
        # Whether this process has changed the library since it was opened.
        self.has_written = False
        # How many transactions this process has committed since it opened the library, without those that only saved
        # the session (what the screen shows).
        self.changes = 0
        # The damage that was found in the library. "" if none was found, and None if the library was not yet searched,
        # which happens before the first write.
        self._damage: str | None = None

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open the library at `path`. It is created if it does not exist, and migrated if its version is older.

        If the library cannot be written, because the disk is full or read-only or the file belongs to another user, it
        is opened only for reading, and the attribute `read_only` is the reason. Raises LibraryError when the file is
        not a library of recto, has a newer version or is damaged. Also raises LibraryError when the library would have
        to be created or migrated, but cannot be written.
        """
        path = path.expanduser().absolute()
        message = opening.end_interrupted_restore(path)
        try:
            opened = cls._open_for_writing(path)
            opened.message = message
            return opened
        except opening.UnwritableError as error:
            library = cls._open_for_reading(path, error.reason)
            if library is None:
                raise LibraryError(f"cannot open the library {path}: {error.reason}") from error
            return library

    @classmethod
    def _open_for_writing(cls, path: Path) -> Library:
        """Open or create the library. Raises UnwritableError when it cannot be written, and LibraryError as `open`."""
        claimed = opening.claim(path)
        library = cls(path, claimed.file, claimed.lock)
        library._opened = claimed.identity
        try:
            library._migrate()
        except sqlite3.DatabaseError as error:
            library.close()
            if primary_code(error) in opening.UNWRITABLE_CODES:
                raise opening.UnwritableError(str(error)) from error
            if primary_code(error) == sqlite3.SQLITE_CORRUPT:
                raise opening.UnwritableError(f"it is damaged ({error}); run recto doctor") from error
            raise LibraryError(
                f"cannot open the library {path}: {error}; run recto doctor, which says how to restore a backup"
            ) from error
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def _open_for_reading(cls, path: Path, reason: str) -> Library | None:
        """Open an existing library that cannot be written. `reason` is why it cannot be written.

        Returns None when the library cannot be read either, or must be migrated first.
        """
        file = Path(os.path.realpath(path))
        library = cls(path, file, NoLock(), reason)
        try:
            library._files.open_database()
            with contextlib.closing(connect(file, BUSY_MS, read_only=True)) as connection:
                is_current = user_version(connection) == schema.version()
                connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone()
        except sqlite3.DatabaseError:
            return None
        library._opened = opening.count_open(file)
        if not is_current:
            library.close()
            return None
        return library

    @property
    def holds_lock(self) -> bool:
        """Whether this process holds the lock file, so that it is the one process that runs checkpoints."""
        return self._lock is not None and self._lock.is_held

    @property
    def was_left_open(self) -> bool:
        """Whether the last process that held the lock file was killed, so that the library may be damaged."""
        return self._lock is not None and self._lock.was_left

    def reader(self) -> sqlite3.Connection:
        """The reading connection of the calling thread. Reading on it never waits for a writer.

        Raises LibraryError when the library is closed, or when its file was deleted or replaced.
        """
        try:
            return self._readers.connection()
        except ClosedError:
            raise LibraryError(self._closed()) from None

    def _connect_reader(self) -> Connection:
        try:
            if gone := self._files.changed():
                raise LibraryError(gone_message(gone, "not read"))
            return connect(self.file, BUSY_MS, read_only=self.read_only is not None)
        except sqlite3.OperationalError as error:
            raise LibraryError(what_to_do(self.path, error, "not read")) from error

    def read_in_background(self, job: Callable[[], None], name: str) -> None:
        """Run `job`, which reads from the library, in a new thread called `name`. `close` waits for that thread.

        Does nothing when the library is closed. Raises RuntimeError when no thread can be started.
        """
        self._readers.run_in_background(job, name)

    @contextlib.contextmanager
    def writing(
        self, *, durable: bool = True, wait: bool = True, is_session: bool = False
    ) -> Iterator[sqlite3.Connection]:
        """A context with a write transaction, which is committed at the end, or rolled back if an exception is raised.

        If `durable` is true, the transaction is safely on the disk when the context ends (synchronous=FULL). Otherwise,
        a power failure may undo the whole transaction. Batches of an import are not durable, because the file can be
        imported again. Raises LibraryError when another program holds the write lock for longer than BUSY_MS, when the
        disk is full, when the library is damaged, or when a file of the library was deleted or replaced. If `wait` is
        false, LibraryError is raised at once when another program holds the write lock. `is_session` is true if the
        transaction only saves the session (what the screen shows); `changes` does not count it.
        """
        if self.read_only is not None:
            raise LibraryError(f"not saved: {self.path} cannot be written: {self.read_only}")
        with self._guard:
            try:
                connection = self._write_connection()
                self._refuse_damage(connection)
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                begin = functools.partial(connection.execute, "BEGIN IMMEDIATE")
                retry_while_busy(begin) if wait else begin()
            except sqlite3.DatabaseError as error:
                raise LibraryError(what_to_do(self.path, error)) from error
            try:
                self._require_same_files(connection, "not saved")
                yield connection
                connection.execute("COMMIT")
                self.has_written = True
                self.changes += not is_session
            except BaseException as error:
                roll_back(connection)
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, MISTAKES):
                    if primary_code(error) == sqlite3.SQLITE_CORRUPT:
                        self.stop_writing(str(error))
                    raise LibraryError(what_to_do(self.path, error)) from error
                raise
            # If the file was deleted meanwhile, the commit has saved nothing, so it must not be reported as a success.
            self._require_same_files(connection, "not certain to be saved")
            if broken := self._files.broken_log():
                raise LibraryError(gone_message(broken, "not certain to be saved"))

    def stop_writing(self, problem: str) -> None:
        """Make every later write raise LibraryError, because damage was found in the library.

        `problem` describes the damage.
        """
        self._damage = problem

    def _refuse_damage(self, connection: sqlite3.Connection) -> None:
        """Raise LibraryError when damage was found in the library. The first call searches for damage."""
        if self._damage == "":
            return
        # Imported here, because recto does not write at its start, and importing this module would delay the start.
        from store.library import damage

        if self._damage is None:
            self._damage = damage.first_sign(connection, self.file) or ""
        if self._damage:
            raise LibraryError(damage.message(self.path, self._damage))

    def checkpoint(self) -> None:
        """Run a checkpoint if the WAL is long. Does nothing unless this process holds the lock.

        Raises LibraryError when a file of the library was deleted or replaced.
        """
        try:
            length = Path(f"{self.file}-wal").stat().st_size
        except OSError:
            length = 0
        if self.read_only is not None or (length < _LONG_WAL and not self._files.changed()):
            return
        with self._guard:
            connection = self._write_connection()
            self._require_same_files(connection, "not written back")
            if self.holds_lock:
                self._checkpoints = self._checkpoints or _checkpoints()
                self._checkpoints.run(connection)

    def release_lock(self) -> None:
        """Let another process hold the lock file, so that it runs the checkpoints, until this process writes again.

        A process that keeps the library open for a long time and writes rarely should call this after each write.
        """
        with self._guard:
            if self._lock is not None and self._writer is not None:
                self._lock.release()
                self._set_autocheckpoint(self._writer, is_holder=False)

    def is_of(self, path: Path) -> bool:
        """Whether `path` leads to a file that SQLite has open for this library.

        No other code in this process may open such a file. Closing it would release the POSIX locks that SQLite has on
        it. Another program that closes the library could then delete the WAL that this process uses.
        """
        return self._files.is_one(path)

    def data_version(self) -> int:
        """A number that changes when any connection except this thread's reading connection commits a change.

        Only compare numbers that were returned in the same thread.
        """
        return int(self.reader().execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Wait for the jobs in the background, then close every connection and release the lock."""
        lock, self._lock = self._lock, None
        self._readers.close()
        with self._guard:
            if self._writer and self._files.changed() and not self._files.log_is_alone():
                abandon(self._writer)
            elif self._writer:
                self._writer.close()
            self._writer = None
            if lock is not None:
                lock.close()
                opening.count_closed(self._opened)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write_connection(self) -> sqlite3.Connection:
        """The writing connection, which is opened on the first call.

        Also takes the lock file, if no other process holds it.
        """
        lock = self._lock
        if lock is None:
            raise LibraryError(self._closed())
        if self._writer is None:
            self._writer = writer = connect(self.file, 0)
            self._files.open_database()
            writer.execute("PRAGMA wal_autocheckpoint = 0")
            # Retry the next two statements: they read the file, which another process may be creating (and locking)
            # now.
            retry_while_busy(lambda: writer.execute(f"PRAGMA cache_size = {-_WRITER_CACHE_KB}"))
            # Truncate the WAL after each checkpoint, so that its length shows how much the next checkpoint must write
            # back.
            retry_while_busy(lambda: writer.execute("PRAGMA journal_size_limit = 0"))
        was_held = lock.is_held
        if lock.take() != was_held:
            self._set_autocheckpoint(self._writer, is_holder=lock.is_held)
        return self._writer

    def _set_autocheckpoint(self, writer: Connection, *, is_holder: bool) -> None:
        writer.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES if is_holder else 0}")

    def _require_same_files(self, connection: sqlite3.Connection, what: str) -> None:
        """Roll back and raise LibraryError when a file that SQLite has open was deleted or replaced."""
        gone = self._files.changed(connection)
        if gone is None:
            return
        roll_back(connection)
        safe = self._write_back(connection)
        raise LibraryError(gone_message(gone, what) + ("; what was saved before is safe" if safe else ""))

    def _write_back(self, connection: sqlite3.Connection) -> bool:
        """Write the WAL back into the database although its file was deleted. Returns whether all of it was written.

        Does nothing unless this process holds the lock.
        """
        if not self.holds_lock or not self._files.log_is_alone():
            return False
        with contextlib.suppress(sqlite3.OperationalError):
            busy, pages, written = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
            return not busy and bool(pages == written)
        return False

    def _closed(self) -> str:
        return f"the library {self.path} is closed"

    def _migrate(self) -> None:
        """Create the tables, or migrate them to the current version. Raises LibraryError if their version is newer."""
        connection = self._write_connection()
        version = retry_while_busy(lambda: user_version(connection))
        if version > schema.version():
            # `database_file.prepare` did not notice the newer version if the new header was still only in the WAL.
            raise LibraryError(database_file.newer(self.path, version))
        if version == schema.version():
            # Read a table, because that raises an error if the file is damaged after its header.
            retry_while_busy(lambda: connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone())
            retry_while_busy(lambda: self._require_same_files(connection, "not opened"))
            return
        # Imported here and not at the top of the module, because the tables seldom need to be created or migrated.
        from store.library import migrating

        migrating.prepare(connection, self.path, self.file, version)
        with self.writing() as connection:
            # Read the version again: another process may have migrated the library while this one waited.
            version = user_version(connection)
            if version < schema.version():
                schema.migrate(connection, version)


def _checkpoints() -> Checkpoints:
    # Imported here and not at the top of the module, because recto runs no checkpoint at its start.
    from store.library.checkpoints import Checkpoints

    return Checkpoints()
