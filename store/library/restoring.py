"""Replaces a library by a backup of it, and keeps the files of the replaced library in a folder beside it.

All work is done in a folder `<library>.replacing`. The copy of the backup is made and checked there. Then a hard link
to the database is created there, and the files of its WAL are moved there. One renaming then replaces the library by
the copy, and the folder gets its final name. If the program is interrupted, the folder is found when the library is
next opened. `end_interrupted` then puts the old files back, or only renames the folder if the copy has already replaced
the library.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.library import backup, expected_tables, whole_file
from store.library.connections import BUSY_MS, connect, user_version
from store.library.database_file import require_library_file
from store.library.lock_file import LockFile
from store.library.side_files import NotAFileError, identity, make_private, open_regular
from store.library.sqlite_errors import what_to_do
from store.model.errors import LibraryError

# The suffixes of the files beside a database that belong to it: the WAL, its shared memory, and a rollback journal.
_SIDE_FILES = ("-wal", "-shm", "-journal")
# The name of the copy of the backup before it takes the place of the library.
_RESTORED = "restored.db"
_OPEN = "not restored: {} is open in another program; quit every recto, and try again"
# While a connection is open in WAL mode, it holds a shared lock on this byte of the file with the shared memory
# (SQLite's "WAL-mode File Format", 2.3: the locks begin at byte 120, and byte 128 is the lock of open connections).
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
    end_interrupted(file)
    with _locked(file):
        folder = _folder(file)
        try:
            make_private(folder)
            _copy(source, folder / _RESTORED)
            if is_open(file):
                raise LibraryError(_OPEN.format(file))
            _set_aside(file, folder)
            (folder / _RESTORED).replace(file)
        except OSError as error:
            raise LibraryError(f"not restored: {error.filename}: {error.strerror}") from error
        finally:
            replaced = _end(file, folder)
        with contextlib.suppress(OSError):
            whole_file.sync(file.parent)
    return replaced


def is_interrupted(file: Path) -> bool:
    """Whether a restore of the library `file` was interrupted, or is going on in another process."""
    return os.path.lexists(_folder(file))


def end_interrupted(file: Path) -> str | None:
    """If a restore of the library `file` was interrupted, undo it, or end it if the library is replaced already.

    Returns a message for the user about which of the two was done; None when no restore was interrupted. No other
    program may have the library open. Raises LibraryError when the restore is going on in another process.
    """
    if not is_interrupted(file):
        return None
    try:
        with _locked(file):
            replaced = _end(file, _folder(file))
    except OSError as error:
        raise LibraryError(f"a restore of {file} was interrupted: {error.filename}: {error.strerror}") from error
    if replaced is None:
        return "a restore was interrupted and is undone: the library is as it was before"
    return f"a restore was interrupted and is now complete: the replaced library is in {replaced}"


def is_open(file: Path) -> bool:
    """Whether another process has the database `file` open in WAL mode. This process must not have it open."""
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


def _folder(file: Path) -> Path:
    return Path(f"{file}.replacing")


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """A context in which this process holds the library's lock. Raises LibraryError when another process holds it."""
    if not file.exists():
        yield
        return
    lock = LockFile(file)
    try:
        if not lock.take():
            raise LibraryError(_OPEN.format(file))
        yield
    finally:
        lock.close()


def _copy(source: Path, target: Path) -> None:
    try:
        with contextlib.closing(connect(source.absolute(), BUSY_MS, read_only=True)) as connection:
            if wrong := expected_tables.differences(connection, user_version(connection)):
                raise LibraryError(f"not restored: {source} is not a library as recto makes it: {wrong[0]}")
            backup.copy_library(connection, target)
    except sqlite3.DatabaseError as error:
        raise LibraryError(what_to_do(source, error, "not restored")) from error


def _set_aside(file: Path, folder: Path) -> None:
    """Create a hard link to the database in `folder`, and move its side files (-wal, -shm) there."""
    if not file.exists():
        return
    _link(file, folder / file.name)
    # Move the old WAL before the library is replaced: SQLite would write its changes into the restored library.
    for suffix in _SIDE_FILES:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{suffix}").rename(folder / f"{file.name}{suffix}")


def _end(file: Path, folder: Path) -> Path | None:
    """End a restore whose files are in `folder`.

    If the library is not replaced yet, everything is put back. Returns the folder with the files of the replaced
    library; None if there are none.
    """
    kept = folder / file.name
    if os.path.lexists(folder / _RESTORED) or not os.path.lexists(kept):
        for suffix in _SIDE_FILES:
            side_file, place = folder / f"{file.name}{suffix}", Path(f"{file}{suffix}")
            if os.path.lexists(side_file) and not os.path.lexists(place):
                side_file.rename(place)
        if identity(kept) is not None and identity(kept) == identity(file):
            kept.unlink()
        for partial in [folder / _RESTORED, *folder.glob(f".{_RESTORED}.*")]:
            partial.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
    if not os.path.lexists(folder):
        return None
    number = 1
    while os.path.lexists(final := file.with_name(f"{file.name}.replaced-{number}")):
        number += 1
    return folder.rename(final)


def _link(source: Path, target: Path) -> None:
    """Create a hard link `target` to a file, or copy the file if the file system has no hard links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
