"""Backups: complete copies of a library. Each copy is checked, and is stored in a folder beside the library.

The copies are made with SQLite's backup API, so a copy is consistent even if other programs write meanwhile. Only the
owner can read a copy. A copy that fails its check is removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from store.library import damage, whole_file
from store.library.connections import Connection
from store.library.database_file import require_library_file
from store.library.side_files import make_private, open_regular
from store.library.sqlite_errors import what_to_do
from store.model.errors import LibraryError

# recto keeps this many of the backups that it made, and removes older ones.
KEPT = 3
# Libraries are copied in steps of this many pages. If the copy is made in the background, there is a pause after each
# step (_PAUSE_SECONDS). A step copies 8 MB (pages of 8 KiB), so the pauses limit the speed to 80 MB/s, and other
# programs can still use the disk.
_STEP_PAGES = 1_000
_PAUSE_SECONDS = 0.1
# A copy up to this size (bytes) is checked completely. A larger one is checked without comparing its indexes with its
# tables, because that takes minutes for millions of papers.
COMPLETE_CHECK_BYTES = 256 * 2**20
# The name of a backup: its number, and when it was made. Backups are sorted by number and not by time, because the
# clock may have been set back.
_NAME = re.compile(r"(\d{1,18})\.(\d{4}-\d\d-\d\dT\d{6})\.db")
# SQLite and recto create files with these suffixes beside a library that is in use. A backup has no such files.
_IN_USE = ("-wal", "-shm", "-journal", ".lock")
# The name of an incomplete backup and of the files that SQLite makes beside it, with the id of the process.
_PARTIAL = re.compile(r"\.\d{1,18}\.\d{4}-\d\d-\d\dT\d{6}\.db\.(\d{1,10})\.partial(?:-wal|-shm|-journal)?")
_TIME = "%Y-%m-%dT%H%M%S"


class DamagedError(LibraryError):
    """Raised when a copy of a library is damaged, which means that the library itself is damaged.

    `problem` describes the damage.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(f"no backup was made: the library is damaged ({problem}); run recto doctor")
        self.problem = problem


class Backup(msgspec.Struct, frozen=True):
    """A backup in the folder of backups. Newer backups have higher numbers.

    `made_at` is in local time, and `size` in bytes.
    """

    number: int
    path: Path
    made_at: datetime
    size: int


def folder(library: Path) -> Path:
    """The folder in which the backups of the library file `library` are kept."""
    return Path(f"{library}.backups")


def backups(library: Path) -> list[Backup]:
    """The backups that recto made of the library file `library`, the newest first.

    Files that are not libraries are left out, even if they have the name of a backup.
    """
    found = []
    with contextlib.suppress(OSError):
        for path in folder(library).iterdir():
            match = _NAME.fullmatch(path.name)
            if match and _is_library(path):
                with contextlib.suppress(ValueError, OSError):
                    made_at = datetime.strptime(match[2], _TIME)
                    found.append(Backup(int(match[1]), path, made_at, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.number, reverse=True)


def make(
    connection: sqlite3.Connection,
    library: Path,
    *,
    slowly: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> Path | None:
    """Make a new backup of the library, remove all but the newest backups, and return the path of the new one.

    `library` is the path of the library; the other arguments are those of `copy_library`. Returns None when
    `should_stop` returned true and the copy was ended early. Raises LibraryError as `copy_library` does, and when the
    folder of backups is a symbolic link: it may lead to the backups of another library, which would be removed.
    """
    if folder(library).is_symlink():
        raise LibraryError(
            f"{folder(library)} is a symbolic link, and old backups are removed only from a folder that recto made; put"
            " a folder there, or copy the library with: recto backup FILE"
        )
    _remove_abandoned(folder(library))
    number = 1 + max((backup.number for backup in backups(library)), default=0)
    target = folder(library) / f"{number}.{datetime.now().strftime(_TIME)}.db"
    if not copy_library(connection, target, slowly=slowly, should_stop=should_stop, on_step=on_step):
        return None
    for old in backups(library)[KEPT:]:
        with contextlib.suppress(OSError):
            old.path.unlink()
    return target


def copy_library(
    connection: sqlite3.Connection,
    target: Path,
    *,
    slowly: bool = False,
    replace: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> bool:
    """Copy the library that `connection` has open into the new file `target`, and check the copy.

    `connection` must belong to the calling thread and must not write meanwhile. The copy contains what the library
    contained when the call began. If `slowly` is true, there are pauses between the steps. `on_step` is called with the
    number of pages copied so far and of all pages. The file `target` is created only when the copy is complete, checked
    and safely on the disk. If `replace` is true, the copy may replace a library at `target`. Returns False, without a
    copy, when `should_stop` returned true. Raises LibraryError when `target` exists and may not be replaced, when it
    cannot be written, or when the copy fails the check.
    """
    if os.path.lexists(target) and not (replace and _is_library(target)):
        raise LibraryError(f"{target} exists and is not replaced; name a new file")
    if used := next((suffix for suffix in _IN_USE if os.path.lexists(f"{target}{suffix}")), None):
        # Refuse a `target` that has one of these files beside it: SQLite would write the changes in that file into the
        # copy.
        raise LibraryError(f"{target} is a library in use, because {target.name}{used} is there; name a new file")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    began_transaction = not connection.in_transaction
    try:
        make_private(target.parent)
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
        os.close(open_regular(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        if began_transaction:
            # Without a transaction, SQLite would start the copy again whenever another connection writes.
            connection.execute("BEGIN")
        if not _copy_pages(connection, partial, slowly, should_stop, on_step):
            return False
        if problems := check(partial):
            raise DamagedError(problems[0])
        whole_file.sync(partial)
        if replace:
            partial.replace(target)
        else:
            _rename_to_new(partial, target)
        whole_file.sync(target.parent)
        return True
    except OSError as error:
        raise LibraryError(f"no backup was made: {target}: {error.strerror or error}") from error
    except sqlite3.DatabaseError as error:
        raise LibraryError(what_to_do(target, error, "no backup was made")) from error
    finally:
        if began_transaction and connection.in_transaction:
            connection.execute("ROLLBACK")
        _remove_set(partial)


def check(file: Path) -> list[str]:
    """The damage that SQLite finds in a database file, one text for each problem. No other program may have it open.

    Raises OSError when the file cannot be read.
    """
    complete = file.stat().st_size <= COMPLETE_CHECK_BYTES
    try:
        uri = f"{file.absolute().as_uri()}?mode=rw"
        with contextlib.closing(sqlite3.connect(uri, uri=True, factory=Connection)) as connection:
            return damage.problems(connection, complete=complete)
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _copy_pages(
    connection: sqlite3.Connection,
    file: Path,
    slowly: bool,
    should_stop: Callable[[], bool],
    on_step: Callable[[int, int], None],
) -> bool:
    """Copy all pages into the empty file `file`. Returns False when `should_stop` returned true."""

    def step(_: int, remaining: int, total: int) -> None:
        on_step(total - remaining, total)
        if should_stop():
            raise _StoppedError
        if slowly and remaining:
            time.sleep(_PAUSE_SECONDS)

    with contextlib.closing(sqlite3.connect(file)) as copy:
        # SQLite need not wait for the disk here, because the copy is synced to the disk after it was checked.
        copy.execute("PRAGMA synchronous = OFF")
        try:
            connection.backup(copy, pages=_STEP_PAGES, progress=step)
        except _StoppedError:
            return False
    return True


def _remove_abandoned(folder: Path) -> None:
    """Remove the incomplete backups of processes that were killed. Each may be as large as the library."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _PARTIAL.fullmatch(path.name)
            if match and not _is_running(int(match[1])):
                path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_library(file: Path) -> bool:
    """Whether `file` is a regular file with the header of a library of recto."""
    try:
        require_library_file(file)
    except (OSError, LibraryError):
        return False
    return True


def _rename_to_new(source: Path, target: Path) -> None:
    """Rename a file. Unlike `os.rename`, this does not replace a file `target`, but raises FileExistsError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # This file system has no hard links. Here, another program could create `target` between the check and the
        # renaming.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        source.rename(target)


def _remove_set(file: Path) -> None:
    """Remove a database file and the files that SQLite makes beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            Path(f"{file}{suffix}").unlink()


class _StoppedError(Exception):
    """Raised to end a copy early, because `should_stop` returned true."""
