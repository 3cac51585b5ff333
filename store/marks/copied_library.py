"""Notices that a library file was copied, so that the copy gets a device id of its own.

If two copies of a library wrote changes with the same device id, then of two notes that they write independently, one
would be lost (store/marks/exchange.py keeps both only if the devices differ). A setting of the library stores the place
of its file: the machine, the path and the inode. This stored place is compared with the present one. A single
difference does not show that the file is a copy:

- Moving a file on one disk keeps its inode, and restoring a backup keeps its path. Some file systems give a file
  another inode each time that they are mounted.
- The name of a machine may change, but the file still has its path and its inode.

So the file counts as a copy if path and inode have both changed, or if the machine and one of the two have changed.
"""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path

import msgspec

from store.library import settings

_KEY = "place"
# The file with the random id that a Linux system gets when it is installed. recto stores the id only in the library.
_MACHINE_ID = Path("/etc/machine-id")


class _Place(msgspec.Struct, frozen=True):
    machine: str
    path: str
    inode: int


def has_moved(connection: sqlite3.Connection) -> bool:
    """Whether the library's file is in another place (machine, path, inode) than the stored one, or none is stored."""
    now, before = _present(connection), _stored(connection)
    return now is not None and (before is None or (before.path, before.inode) != (now.path, now.inode))


def is_copy(connection: sqlite3.Connection) -> bool:
    """Whether the library's file is a copy of another one. Stores the present place of the file if that has changed.

    Call this inside a write transaction. Returns False for a library whose place was never stored.
    """
    if not has_moved(connection):
        return False
    now, before = _present(connection), _stored(connection)
    assert now is not None
    now = msgspec.structs.replace(now, machine=_machine())
    settings.put(connection, _KEY, msgspec.json.encode(now).decode())
    if before is None:
        return False
    return before.machine != now.machine or (before.path != now.path and before.inode != now.inode)


def _present(connection: sqlite3.Connection) -> _Place | None:
    """The path and the inode of the library's file; None if it was removed, or if the library is in memory."""
    (path,) = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    try:
        return _Place("", path, os.stat(path).st_ino)  # noqa: PTH116 - takes half the time of Path.stat
    except OSError:
        return None


def _stored(connection: sqlite3.Connection) -> _Place | None:
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=_Place) if text else None
    except msgspec.MsgspecError:
        return None


def _machine() -> str:
    """The id of this machine; if the system has none, its host name."""
    try:
        return _MACHINE_ID.read_text("ascii", "replace").strip()[:100] or platform.node()
    except OSError:
        return platform.node()
