"""The reading connections of an open library, one for each thread, and the threads that read in the background."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import weakref
from collections.abc import Callable

from store.library.connections import Connection, ThreadConnection

# The page cache of a reading connection (kB).
_CACHE_KB = 16_000


class ClosedError(Exception):
    """Raised by a request for a connection after `Readers.close`."""


class Readers:
    """The reading connections of a library.

    `connect` must return a new connection. Reading on a connection never waits for a writer.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._threads = threading.local()
        # The connections of all threads. Only the thread to which a connection belongs reads on it.
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._background: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def connection(self) -> Connection:
        """The connection of the calling thread. Raises ClosedError after `close`, and every exception of `connect`."""
        if self._is_closed:
            raise ClosedError
        own: ThreadConnection | None = getattr(self._threads, "own", None)
        connection = own.connection if own else None
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = 1")
            connection.execute(f"PRAGMA cache_size = {-_CACHE_KB}")
            with self._lock:
                if self._is_closed:
                    raise ClosedError
                self._connections.add(connection)
            self._threads.own = ThreadConnection(connection, self)
        return connection

    def run_in_background(self, job: Callable[[], None], name: str) -> None:
        """Run `job`, which reads from the library, in a new thread called `name`. `close` waits for that thread.

        Does nothing after `close`. Raises RuntimeError when no thread can be started.
        """

        def run() -> None:
            try:
                job()
            finally:
                with self._lock:
                    self._background.discard(thread)

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            if not self._is_closed:
                # Add the thread only after it has started, so that `close` never waits for a thread that could not be
                # started. The thread cannot end before it is added, since it needs this lock to end.
                thread.start()
                self._background.add(thread)

    def close(self) -> None:
        """Wait for the jobs in the background, then close the connections."""
        with self._lock:
            self._is_closed = True
            background = tuple(self._background)
        # Do not hold the lock while waiting, because each thread takes the lock before it ends.
        for thread in background:
            thread.join()
        own: ThreadConnection | None = getattr(self._threads, "own", None)
        if own is not None:
            own.connection.close()
        with self._lock:
            # Do not close the connections of other threads here: closing a connection on which another thread reads
            # crashes the process. Such a thread may still be running, because if a signal interrupts `join`, Python
            # marks the thread as ended. So only interrupt the connection. It is closed when it is garbage-collected.
            for connection in self._connections:
                # Ignore the error that occurs if the thread to which the connection belongs has just closed it.
                with contextlib.suppress(sqlite3.ProgrammingError):
                    connection.interrupt()
