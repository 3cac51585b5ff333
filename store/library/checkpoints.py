"""Writes the WAL back into the database, so that it stays short while several processes read and write the library."""

from __future__ import annotations

import contextlib
import sqlite3
import time

# A checkpoint waits at most this time until other connections have ended their transactions (ms). It is short, because
# the user's marks cannot be stored meanwhile.
_WAIT_MS = 250
# After a checkpoint has waited in vain, later checkpoints do not wait at all until this time has passed (s).
_PAUSE_SECONDS = 5.0


class Checkpoints:
    """Runs the checkpoints of one writing connection.

    A PASSIVE checkpoint of SQLite never waits for other transactions. It resets the WAL only if everything was written
    back and no transaction reads the WAL. If another process reads all the time, that never happens, and the WAL grows.
    So this class uses TRUNCATE checkpoints, which prevent new writes and wait for the transactions that read the WAL.
    Transactions that begin after everything was written back read only the database.
    """

    def __init__(self) -> None:
        self._waits_from = 0.0

    def run(self, connection: sqlite3.Connection) -> None:
        """Write the WAL back as far as possible.

        `connection` must not be in a transaction, and its process must hold the lock file. Errors are ignored, for
        example if the disk is full. No data is lost: pages that cannot be written back stay in the WAL.
        """
        with contextlib.suppress(sqlite3.OperationalError):
            if time.monotonic() < self._waits_from:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                return
            connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
            try:
                (is_blocked, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute("PRAGMA busy_timeout = 0")
            if is_blocked:
                self._waits_from = time.monotonic() + _PAUSE_SECONDS
