"""Prepares a library for its first tables, or for the migration of its tables to a newer version."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from store.library import schema
from store.library.connections import BUSY_MS, connect, retry_while_busy
from store.model.errors import LibraryError


def prepare(connection: sqlite3.Connection, path: Path, file: Path, version: int) -> None:
    """Make a new file a library in WAL mode, or back up an older library before its migration.

    `version` is the version of its tables, and 0 for a new file. `connection` is the writing connection, `path` the
    path that the user named, and `file` this path with symbolic links resolved. Raises LibraryError when no backup can
    be made.
    """
    if version:
        _back_up(path, file, version)
        return
    # Another process may be creating the same library. Write the application id before switching to WAL, so that it is
    # written into the file itself and not into the WAL, where the other process would not see it.
    mark = retry_while_busy(lambda: connection.execute("PRAGMA application_id").fetchone()[0])
    if mark != schema.APPLICATION_ID:
        connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
        retry_while_busy(lambda: connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}"))
    retry_while_busy(lambda: connection.execute("PRAGMA journal_mode = WAL"))


def _back_up(path: Path, file: Path, version: int) -> None:
    """Keep a copy of a library of an earlier version. Raises LibraryError when no copy can be made."""
    # Imported here and not at the top of the module, because a new library needs no backup.
    from store.library import backup

    with contextlib.closing(connect(file, BUSY_MS)) as connection:
        try:
            backup.make(connection, file)
        except LibraryError as error:
            raise LibraryError(
                f"{path} has version {version} of the tables and must be migrated to {schema.version()}, but {error}"
            ) from error
