"""What a library remembers of the shared folder: the folder itself, how far each file was read, and its own segments.

Each function takes a connection. Those that change something need a write transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from store.library import settings
from store.model.errors import LibraryError
from store.sync.segment_files import FileState, Position, Segment
from store.text import clean

_FOLDER = "sync_folder"
_SEGMENTS = "sync_segments"


def folder(connection: sqlite3.Connection) -> Path | None:
    """The folder through which this library is kept equal to others; None when there is none."""
    path = settings.get(connection, _FOLDER)
    return Path(path) if path else None


def set_folder(connection: sqlite3.Connection, path: Path | None) -> bool:
    """Remember the folder, or forget it when `path` is None. What was read from another folder is forgotten.

    Returns whether it is another folder than before.
    """
    if path == folder(connection):
        return False
    connection.execute("DELETE FROM sync_file")
    settings.remove(connection, _SEGMENTS)
    if path is None:
        settings.remove(connection, _FOLDER)
    else:
        settings.put(connection, _FOLDER, str(path))
    return True


def full_path(named: Path) -> Path:
    """The absolute path of a folder. Raises LibraryError when it cannot be stored or names an unknown user's home."""
    try:
        path = Path(os.path.abspath(named.expanduser()))  # noqa: PTH100 - as `absolute`, without ".."
    except RuntimeError as error:
        raise LibraryError(f"{named} is not a folder: {error}") from None
    if clean.line(str(path)) != str(path):
        raise LibraryError("the folder's name holds control characters or broken text; rename it first")
    return path


def read(connection: sqlite3.Connection) -> dict[str, Position]:
    """How far each file was read, by its name."""
    rows = connection.execute("SELECT name, size, mtime_ns, inode, offset, checksum, damaged FROM sync_file")
    return {name: Position(FileState(size, mtime_ns, inode), *rest) for name, size, mtime_ns, inode, *rest in rows}


def put(connection: sqlite3.Connection, positions: Mapping[str, Position]) -> None:
    """Remember how far files were read."""
    connection.executemany(
        "INSERT OR REPLACE INTO sync_file (name, size, mtime_ns, inode, offset, checksum, damaged)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (name, each.state.size, each.state.mtime_ns, each.state.inode, each.offset, each.checksum, each.damaged)
            for name, each in positions.items()
        ],
    )


def segments(connection: sqlite3.Connection) -> tuple[int, Segment] | None:
    """The number of the first segment that this library wrote into the folder, and the last segment; None before that.

    Earlier segments may be missing.
    """
    numbers = [int(text) for text in (settings.get(connection, _SEGMENTS) or "").split()]
    return (numbers[0], Segment(*numbers[1:])) if numbers else None


def put_segments(connection: sqlite3.Connection, first: int, last: Segment) -> None:
    """Remember the first and the last segment of this library."""
    settings.put(connection, _SEGMENTS, f"{first} {last.number} {last.size}")


def forget_segments(connection: sqlite3.Connection) -> None:
    """Forget the segments of this library, because it has a new device id or everything must be written again."""
    settings.remove(connection, _SEGMENTS)
