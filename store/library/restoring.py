"""Replaces a library by a backup of it, and keeps the files of the replaced library in a folder beside it.

Before anything is removed, the files of the library get a second name (a hard link) in that folder. The copy of the
backup is complete and checked before it takes the place of the library. So if the program is interrupted at any time,
either the old library or the copy of the backup is complete.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from pathlib import Path

from store.library import backup
from store.library.connections import BUSY_MS, connect
from store.library.database_file import require_library_file
from store.library.side_files import NotAFileError, identity, make_private, open_regular
from store.library.sqlite_errors import what_to_do
from store.model.errors import LibraryError

# The suffixes of the files that belong to a database: itself, the WAL, its shared memory, and a rollback journal.
_SUFFIXES = ("", "-wal", "-shm", "-journal")
# While a connection is open in WAL mode, it holds a shared lock on this byte of the file with the shared memory
# (SQLite's "WAL-mode File Format", 2.3: the locks begin at byte 120, and that of open connections is byte 128).
_OPEN_LOCK_BYTE = 128


def restore(library: Path, source: Path) -> Path | None:
    """Replace the library at `library` by a copy of the backup `source`.

    Returns the folder to which the replaced files were moved; None when there was no library. Raises LibraryError, and
    changes nothing, when `source` is damaged or is not a library that this version of recto can read, or when a program
    has the library open.
    """
    file = Path(os.path.realpath(library.expanduser().absolute()))
    if identity(source) is not None and identity(source) == identity(file):
        raise LibraryError(f"{source} is the library itself; name a backup")
    _require_library(source)
    restored = file.with_name(f"{file.name}.restored-{os.getpid()}")
    try:
        with contextlib.closing(connect(source.absolute(), BUSY_MS, read_only=True)) as connection:
            backup.copy_library(connection, restored)
    except sqlite3.DatabaseError as error:
        raise LibraryError(what_to_do(source, error, "not restored")) from error
    try:
        if is_open(file):
            raise LibraryError(f"not restored: {file} is open in another program; quit every recto, and try again")
        replaced = _set_aside(file)
        restored.replace(file)
    except OSError as error:
        raise LibraryError(f"not restored: {error.filename}: {error.strerror}") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            restored.unlink()
    return replaced


def is_open(file: Path) -> bool:
    """Whether a process has the database `file` open in WAL mode. This process must not have it open."""
    try:
        descriptor = open_regular(Path(f"{file}-shm"), os.O_RDWR)
    except OSError:
        # SQLite removes the shared memory when the last connection is closed. So without the file, no connection is
        # open.
        return False
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _OPEN_LOCK_BYTE)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _require_library(source: Path) -> None:
    """Raise LibraryError when `source` is not a library that this version of recto can read."""
    try:
        require_library_file(source, follow_links=True)
    except NotAFileError:
        raise LibraryError(f"{source} is not a file; name a backup") from None
    except OSError as error:
        raise LibraryError(f"{source}: {error.strerror}; name a backup") from error


def _set_aside(file: Path) -> Path | None:
    """Move the files of the library into a new folder beside it. The database also keeps its present name.

    Returns the folder; None when there is no library.
    """
    if not file.exists():
        return None
    folder = _new_folder(file)
    present = [suffix for suffix in _SUFFIXES if os.path.lexists(f"{file}{suffix}")]
    for suffix in present:
        _link(Path(f"{file}{suffix}"), folder / f"{file.name}{suffix}")
    # SQLite would write the changes of the old WAL into the restored library, so the WAL must go first.
    for suffix in present:
        if suffix:
            Path(f"{file}{suffix}").unlink()
    return folder


def _new_folder(file: Path) -> Path:
    number = 1
    while os.path.lexists(folder := file.with_name(f"{file.name}.replaced-{number}")):
        number += 1
    make_private(folder)
    return folder


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it if the file system has no hard links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
