"""Folders that are followed: which files in them are listings to read, and which were read as they are now.

A file is ready when its size, time and inode were the same in two scans at least SETTLE_SECONDS apart: one that is
still being written is left alone. Events of the file system are hints to scan sooner; the scan is what counts.
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

from store.importing.years import date_in_name
from store.library.library import Library
from store.library.side_files import make_private
from store.model.errors import LibraryError
from store.text.clean import UNSAFE

SETTLE_SECONDS = 1.0
# Names that programs give to a file while they write it, or keep beside it.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", "~")
_ASIDE = (".", "~", "#")
# No name of a folder has these by intention.
_SPACING = frozenset("\t\n\r")


class Seen(msgspec.Struct, frozen=True):
    """A file as it was when looked at; when one of these changes its content may have."""

    size: int
    mtime_ns: int
    inode: int


def folders(connection: sqlite3.Connection) -> list[Path]:
    """The folders the reader added, by name."""
    return [Path(path) for (path,) in connection.execute("SELECT path FROM folder ORDER BY path")]


def add(library: Library, folder: Path) -> Path:
    """Follow `folder`; its full path. Raises LibraryError when it is no folder or its name cannot be kept."""
    path = _full(folder)
    if not path.is_dir():
        raise LibraryError(f"{path} is not a folder; make it first")
    if UNSAFE.search(str(path)) or not _SPACING.isdisjoint(str(path)):
        raise LibraryError("the folder's name holds control characters or broken text; rename it first")
    with library.writing() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO folder (path, added_at) VALUES (?, ?)",
            (str(path), datetime.now(UTC).isoformat(timespec="seconds")),
        )
    return path


def remove(library: Library, folder: Path) -> Path:
    """Follow `folder` no more; what was read from it stays. Raises LibraryError when it was not followed."""
    path = _full(folder)
    with library.writing() as connection:
        if not connection.execute("DELETE FROM folder WHERE path = ?", (str(path),)).rowcount:
            raise LibraryError(f"{path} is not followed; see: recto watch list")
    return path


def look(path: Path, *, follow_links: bool = True) -> Seen | None:
    """A regular file as it is now; None for anything else."""
    try:
        found = path.stat(follow_symlinks=follow_links)
    except OSError:
        return None
    return Seen(found.st_size, found.st_mtime_ns, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def files(folder: Path, library: Path) -> Iterator[tuple[Path, Seen]]:
    """The files below `folder` that may be listings, by name. Links are not followed; a folder gone is empty.

    What the library at `library` is made of, its search index too, is left out.
    """
    # Not by recursion: folders can be nested deeper than calls.
    pending = [iter(_entries(folder))]
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
            continue
        path = Path(entry.path)
        if entry.name.startswith(library.name) and path.absolute().parent == library.parent:
            continue
        if _is_folder(entry):
            pending.append(iter(_entries(path)))
        elif seen := look(path, follow_links=False):
            yield path, seen


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder, by name, without what no one means to be read; nothing when it cannot be looked at."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []
    return [
        entry
        for entry in entries
        if not entry.name.startswith(_ASIDE) and not entry.name.casefold().endswith(_UNFINISHED)
    ]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def remember(library: Library, path: Path, seen: Seen, state: str) -> None:
    """A file was read (or refused) as it is: it is not looked at again until it changes."""
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO file (path, size, mtime_ns, inode, state, at) VALUES (?, ?, ?, ?, ?, ?)",
            (_key(path), *msgspec.structs.astuple(seen), state, datetime.now(UTC).isoformat(timespec="seconds")),
        )


class Watch:
    """Scans the inbox and the folders that were added. Knows no clock but the one it is given."""

    def __init__(self, library: Library, inbox: Path) -> None:
        self._library = library
        self._inbox = inbox
        self._waiting: dict[Path, tuple[Seen, float]] = {}
        self._ended = False

    @property
    def waiting(self) -> bool:
        """Whether a file was seen that may still be growing."""
        return bool(self._waiting)

    def folders(self) -> list[Path]:
        """What is followed. The inbox is made when it is missing and can be made."""
        with contextlib.suppress(OSError):
            make_private(self._inbox)
        return [self._inbox, *folders(self._library.reader())]

    def stop(self) -> None:
        """Nobody waits for a scan any more: one that goes on in another thread ends. It may look at a whole disk."""
        self._ended = True

    def scan(self, now: float | None = None) -> list[Path]:
        """Files that are new or changed and no longer growing, each once, the newest listing day first.

        `now` is in seconds of a steady clock.
        """
        now = time.monotonic() if now is None else now
        known = {
            path: Seen(size, mtime_ns, inode)
            for path, size, mtime_ns, inode in self._library.reader().execute(
                "SELECT path, size, mtime_ns, inode FROM file"
            )
        }
        ready: list[tuple[date, Path]] = []
        waiting: dict[Path, tuple[Seen, float]] = {}
        met: set[Path] = set()
        for folder in self.folders():
            for path, seen in files(folder, self._library.path):
                if self._ended:
                    return []
                # One followed folder may lie in another.
                if known.get(_key(path)) == seen or not seen.size or path in met:
                    continue
                met.add(path)
                before, since = self._waiting.get(path, (None, now))
                if before != seen:
                    waiting[path] = (seen, now)
                elif now - since >= SETTLE_SECONDS:
                    ready.append((_day(path, seen), path))
                else:
                    waiting[path] = (seen, since)
        self._waiting = waiting
        # Of many that wait, what the reader wants to see today comes first.
        return [path for _, path in sorted(ready, key=lambda each: each[0], reverse=True)]


def _day(path: Path, seen: Seen) -> date:
    """The day that a file's name gives, else that of its last change."""
    return date_in_name(path.name) or (datetime(1970, 1, 1) + timedelta(microseconds=seen.mtime_ns // 1000)).date()


def _full(folder: Path) -> Path:
    """The whole path of a folder that the reader named; LibraryError for a user's home that there is not."""
    try:
        return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - as `absolute`, without ".."
    except RuntimeError as error:
        raise LibraryError(f"{folder} is not a folder: {error}") from None


def _key(path: Path) -> str:
    """A path as text that SQLite can hold, one to one also for names that are not UTF-8."""
    name = os.fsencode(path.absolute())
    try:
        return name.decode()
    except UnicodeDecodeError:
        # No whole path begins so.
        return f"bytes:{name.hex()}"
