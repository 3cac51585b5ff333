"""Watched folders: finds the files in them that are ready to import and have changed since they were last imported.

A file is ready when its size, modification time and inode were the same in two scans at least SETTLE_SECONDS apart. So
a file that is still being written is not imported yet. Folders are scanned regularly. If the file system reports a
change, the next scan only happens sooner. So no file is missed on file systems that report no changes.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from store.importing import log
from store.importing.log import ImportReport
from store.importing.years import date_in_name
from store.library.file_states import FileState, state_of
from store.library.library import Library
from store.library.side_files import make_private
from store.model.errors import LibraryError
from store.text.clean import UNSAFE, line

SETTLE_SECONDS = 1.0
# The ends of the names of unfinished downloads and temporary files, and the beginnings of the names of hidden files and
# of files that editors write beside the file they edit. Such files are not imported.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", "~")
_HIDDEN = (".", "~", "#")
_LINK = "a symbolic link, which is not followed in a folder; copy the file itself into the folder"
# Tabs and line breaks. A folder with one of them in its name is not accepted, because nobody writes such a name on
# purpose.
_LINE_SPACING = frozenset("\t\n\r")


def folders(connection: sqlite3.Connection) -> list[Path]:
    """The folders that the user added, sorted by their paths."""
    return [Path(path) for (path,) in connection.execute("SELECT path FROM folder ORDER BY path")]


def add(library: Library, folder: Path) -> Path:
    """Watch `folder` and return its absolute path.

    Raises LibraryError when it is not a folder or its name cannot be stored.
    """
    path = _full(folder)
    if not path.is_dir():
        raise LibraryError(f"{path} is not a folder; make it first")
    if UNSAFE.search(str(path)) or not _LINE_SPACING.isdisjoint(str(path)):
        raise LibraryError("the folder's name holds control characters or broken text; rename it first")
    with library.writing() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO folder (path, added_at) VALUES (?, ?)",
            (str(path), datetime.now(UTC).isoformat(timespec="seconds")),
        )
    return path


def remove(library: Library, folder: Path) -> Path:
    """Stop watching `folder`. Papers that came from the folder stay. Raises LibraryError when it was not watched."""
    path = _full(folder)
    with library.writing() as connection:
        # Compare here and not in SQL, because SQLite accepts no lone surrogates, which any path can contain.
        if path not in folders(connection):
            raise LibraryError(f"{path} is not watched; see: recto watch list")
        connection.execute("DELETE FROM folder WHERE path = ?", (str(path),))
    return path


def state_of_file(path: Path, *, follow_links: bool = True) -> FileState | None:
    """The state of a regular file, or None for anything else."""
    try:
        status = path.stat(follow_symlinks=follow_links)
    except OSError:
        return None
    return state_of(status) if stat.S_ISREG(status.st_mode) else None


def files(folder: Path, library: Library) -> Iterator[tuple[Path, FileState | None]]:
    """The files below `folder` that may be listings, sorted by name. For a symbolic link to a file, the state is None.

    If `folder` does not exist, there are no files. The files of `library`, including its search index, are left out. If
    the path of the library is a symbolic link, files beside that link whose names begin with the name of the library
    are left out too.
    """
    # Use a stack and not recursion: folders can be nested deeper than Python's recursion limit.
    pending = [iter(_entries(folder))]
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
            continue
        path = Path(entry.path)
        if any(entry.name.startswith(own.name) and _is_beside(path, own) for own in (library.path, library.file)):
            continue
        if _is_folder(entry):
            pending.append(iter(_entries(path)))
        elif _is_link_to_file(entry):
            yield path, None
        elif state := state_of_file(path, follow_links=False):
            yield path, state


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder sorted by name, without hidden and temporary files; none if the folder cannot be read."""
    try:
        with os.scandir(folder) as unsorted:
            entries = sorted(unsorted, key=lambda entry: entry.name)
    except OSError:
        return []
    return [
        entry
        for entry in entries
        if not entry.name.startswith(_HIDDEN) and not entry.name.casefold().endswith(_UNFINISHED)
    ]


def _is_beside(path: Path, other: Path) -> bool:
    """Whether two paths are in the same folder, even if one path reaches the folder through a symbolic link."""
    return path.absolute().parent == other.parent or os.path.realpath(path.parent) == os.path.realpath(other.parent)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_link_to_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_file()
    except OSError:
        return False


def refuse_link(library: Library, path: Path) -> ImportReport:
    """Log that a symbolic link in a folder was not followed, and remember the link. Returns the report.

    Links are not followed, because another person who can write into the folder could create a link to any file of the
    user.
    """
    report = ImportReport(path=line(str(path)), error=_LINK)
    with library.writing(durable=False) as connection:
        log.write(connection, None, None, report, "refused")
    remember(library, path, _link_state(path), "refused")
    return report


def _link_state(path: Path) -> FileState:
    """The state of a symbolic link itself, not of the file to which it leads."""
    return state_of(path.lstat())


def remember(library: Library, path: Path, file_state: FileState, outcome: str) -> None:
    """Store that the file at `path` was imported or refused when it was in the state `file_state`.

    Scans ignore the file until its state changes.

    If `outcome` is "unreadable", scans ignore the file until this process has the permission to read it. Scans test the
    permission itself, because a change of permissions changes nothing in `file_state`.
    """
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO file (path, size, mtime_ns, inode, state, at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                _key(path),
                *msgspec.structs.astuple(file_state),
                outcome,
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )


class Watch:
    """Scans the inbox and the folders that the user added, and finds the files that are ready to import."""

    def __init__(self, library: Library, inbox: Path) -> None:
        self._library = library
        self._inbox = inbox
        self._waiting: dict[Path, tuple[FileState, float]] = {}
        self._ended = False

    @property
    def waiting(self) -> bool:
        """Whether the last scan found a file that another program may still be writing.

        If so, the caller should scan again soon.
        """
        return bool(self._waiting)

    def folders(self) -> list[Path]:
        """The watched folders. Creates the inbox when it is missing and can be created."""
        with contextlib.suppress(OSError):
            make_private(self._inbox)
        return [self._inbox, *folders(self._library.reader())]

    def stop(self) -> None:
        """End a scan that runs in another thread, because a scan of a whole disk could take minutes."""
        self._ended = True

    def scan(self, now: float | None = None) -> list[Path]:
        """The new or changed files that are ready to import, each once, sorted by their day, newest first.

        `now` is the time of this scan in seconds of a monotonic clock; None means the present time. The day of a file
        is the date in its name, or else the day of its last modification.
        """
        now = time.monotonic() if now is None else now
        remembered = {
            path: (FileState(size, mtime_ns, inode), outcome == "unreadable")
            for path, size, mtime_ns, inode, outcome in self._library.reader().execute(
                "SELECT path, size, mtime_ns, inode, state FROM file"
            )
        }
        ready: list[tuple[date, Path]] = []
        waiting: dict[Path, tuple[FileState, float]] = {}
        visited: set[Path] = set()
        for folder in self.folders():
            for path, state in files(folder, self._library):
                if self._ended:
                    return []
                # The same path may be found twice, because one watched folder may be inside another.
                remembered_state, was_unreadable = remembered.get(_key(path), (None, False))
                if state is None:
                    self._look_at_link(path, remembered_state)
                    continue
                if not state.size or path in visited:
                    continue
                if remembered_state == state and not (was_unreadable and os.access(path, os.R_OK)):
                    continue
                visited.add(path)
                before, since = self._waiting.get(path, (None, now))
                if before != state:
                    waiting[path] = (state, now)
                elif now - since >= SETTLE_SECONDS:
                    ready.append((_day(path, state), path))
                else:
                    waiting[path] = (state, since)
        self._waiting = waiting
        # Import the newest listing first, because the user wants to see it first.
        return [path for _, path in sorted(ready, key=lambda each: each[0], reverse=True)]

    def _look_at_link(self, path: Path, remembered_state: FileState | None) -> None:
        """Log that a symbolic link is not followed, unless the state of the link is still `remembered_state`.

        `remembered_state` is the state that an earlier scan remembered for the path, or None.
        """
        # The link may have been removed since the folder was read.
        with contextlib.suppress(OSError):
            if _link_state(path) != remembered_state:
                refuse_link(self._library, path)


def _day(path: Path, state: FileState) -> date:
    """The date in the name of a file, or the day of its last modification when the name has no date."""
    return date_in_name(path.name) or (datetime(1970, 1, 1) + timedelta(microseconds=state.mtime_ns // 1000)).date()


def _full(folder: Path) -> Path:
    """The absolute path of a folder. Raises LibraryError when it begins with "~" and the name of an unknown user."""
    try:
        return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - like `Path.absolute`, but resolves ".."
    except RuntimeError as error:
        raise LibraryError(f"{folder} is not a folder: {error}") from None


def _key(path: Path) -> str:
    """A path as text that SQLite can store. If it is not UTF-8, the result is a prefix and hexadecimal digits."""
    name = os.fsencode(path.absolute())
    try:
        return name.decode()
    except UnicodeDecodeError:
        # The prefix cannot be confused with a path, because no absolute path begins with "bytes:".
        return f"bytes:{name.hex()}"
