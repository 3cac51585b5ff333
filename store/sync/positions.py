"""Stores in the library the path of the shared folder, how far each file was read, and the segments of this machine.

A segment is a file that only this machine appends to (store/sync/segment_files.py). Functions that change something
must be called inside a write transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from store.library import settings
from store.library.file_states import FileState
from store.model.errors import LibraryError
from store.sync.segment_files import Position, Segment
from store.text import clean

_FOLDER = "sync_folder"
_SEGMENTS = "sync_segments"


def folder(connection: sqlite3.Connection) -> Path | None:
    """The shared folder through which this library exchanges marks with others; None when the user has set none."""
    path = settings.get(connection, _FOLDER)
    return Path(path) if path else None


def set_folder(connection: sqlite3.Connection, path: Path | None) -> bool:
    """Store the path of the shared folder, or remove it when `path` is None.

    If the path differs from the stored one, the stored positions of files and the segment numbers are removed. Returns
    whether it differs.
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
    """The absolute path of the folder `named`. A "~" at its start stands for a home folder.

    Raises LibraryError when the home folder is unknown, or when the path contains characters that the library cannot
    store.
    """
    try:
        path = Path(os.path.abspath(named.expanduser()))  # noqa: PTH100 - as `absolute`, without ".."
    except RuntimeError as error:
        raise LibraryError(f"{named} is not a folder: {error}") from None
    if clean.line(str(path)) != str(path):
        raise LibraryError("the folder's name holds control characters or broken text; rename it first")
    return path


def read(connection: sqlite3.Connection, share: str | None = None) -> dict[str, Position]:
    """How far each file of the shared folder was read, by the name of the file.

    If `share` is the id of a shared collection, its folder is meant; if it is None, the folder of the user's own
    machines.
    """
    columns = "name, size, mtime_ns, inode, offset, checksum, damaged"
    if share is None:
        rows = connection.execute(f"SELECT {columns} FROM sync_file")
    else:
        rows = connection.execute(f"SELECT {columns} FROM shared_file WHERE share = ?", (share,))
    return {name: Position(FileState(size, mtime_ns, inode), *rest) for name, size, mtime_ns, inode, *rest in rows}


def put(connection: sqlite3.Connection, positions: Mapping[str, Position], share: str | None = None) -> None:
    """Store how far files were read, by the names of the files. `share` is as for `read`."""
    columns = "size, mtime_ns, inode, offset, checksum, damaged, name"
    rows = [
        (each.state.size, each.state.mtime_ns, each.state.inode, each.offset, each.checksum, each.damaged, name)
        for name, each in positions.items()
    ]
    if share is None:
        connection.executemany(f"INSERT OR REPLACE INTO sync_file ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    else:
        connection.executemany(
            f"INSERT OR REPLACE INTO shared_file ({columns}, share) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(*row, share) for row in rows],
        )


def segments(connection: sqlite3.Connection, share: str | None = None) -> tuple[int, Segment] | None:
    """The number of the first segment that this library wrote into the folder, and its last segment. None if it wrote
    none.

    `share` is as for `read`.

    Segments with lower numbers than the first one need not exist, whereas all from the first to the last must exist.
    """
    numbers = [int(text) for text in (settings.get(connection, _segments_key(share)) or "").split()]
    return (numbers[0], Segment(*numbers[1:])) if numbers else None


def put_segments(connection: sqlite3.Connection, first: int, last: Segment, share: str | None = None) -> None:
    """Store the number of the first segment of this library, and its last segment. `share` is as for `read`."""
    settings.put(connection, _segments_key(share), f"{first} {last.number} {last.size}")


def forget_segments(connection: sqlite3.Connection, share: str | None = None) -> None:
    """Remove the stored segment numbers, because the library has a new device id or must write all registers again.

    `share` is as for `read`.
    """
    settings.remove(connection, _segments_key(share))


def _segments_key(share: str | None) -> str:
    return _SEGMENTS if share is None else f"shared segments {share}"
