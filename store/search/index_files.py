"""The folder beside a library that holds its search index, in a folder of its own for each generation.

A generation is an index from its creation until a new one takes its place. Nothing is followed or removed that recto
did not make: the folder must be a folder and no link, and a generation is known by its name and by what is in it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from store.library.side_files import is_own, open_regular, read_small
from store.model.errors import LibraryError
from store.search import index_schema

_TOKEN_FILE = "token"
_LOCK_FILE = "recto.lock"
# "3-0123456789abcdef": the version of the index, and eight random bytes.
_GENERATION = re.compile(r"[0-9]{1,6}-[0-9a-f]{16}")
# A folder with the name of a generation and one of these in it, or nothing at all, is one.
_MARKS = frozenset((_TOKEN_FILE, "meta.json", ".managed.json"))
_LONGEST_TOKEN = 100


def is_plain_folder(folder: Path) -> bool:
    """Whether there is a folder here, and not a link to one."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except (OSError, ValueError):
        return False


def is_current(generation: str) -> bool:
    """Whether this is the name of a generation that this version of recto can use."""
    return _GENERATION.fullmatch(generation) is not None and generation.startswith(f"{index_schema.VERSION}-")


def new_generation(folder: Path, library: Path) -> Path:
    """An empty folder for a new generation, in the folder of the indexes of `library`, which is made if need be.

    Raises LibraryError when something that recto did not make has its place, and OSError.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        kind = "a link" if stat.S_ISLNK(status.st_mode) else "not a folder"
        raise LibraryError(f"the search index {folder} cannot be written: it is {kind}; move it away")
    if not is_own(status, library.stat()):
        raise LibraryError(f"the search index {folder} cannot be written: it belongs to another user; move it away")
    generation = folder / f"{index_schema.VERSION}-{secrets.token_hex(8)}"
    generation.mkdir(mode=0o700)
    return generation


def read_token(generation: Path) -> str | None:
    """The token of an index; None when there is none, or its folder is reached through a link."""
    if not is_plain_folder(generation.parent):
        return None
    try:
        return read_small(generation / _TOKEN_FILE, _LONGEST_TOKEN).decode("ascii")
    except (OSError, ValueError):
        return None


def write_token(generation: Path, token: str) -> None:
    """Replace the token of an index; the new one is on the disk before the old one is gone."""
    new = generation / f"{_TOKEN_FILE}.new"
    with os.fdopen(open_regular(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
        file.write(token.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    new.replace(generation / _TOKEN_FILE)


@contextlib.contextmanager
def locked(generation: Path) -> Iterator[bool]:
    """Whether this process may write the index: no other one is writing it. For as long as the context lasts.

    tantivy has a lock of its own, but says only in words that another process holds it.
    """
    descriptor = open_regular(generation / _LOCK_FILE, os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def has_room(generation: Path) -> bool:
    """Whether the disk has room for another index of the size of this one, and some more."""
    size = 0
    with os.scandir(generation) as entries:
        for entry in entries:
            # tantivy's threads may remove a file of a merged segment at this moment.
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat(follow_symlinks=False).st_size
    disk = os.statvfs(generation)
    return disk.f_bavail * disk.f_frsize > 2 * size + 2**20


def remove_others(generation: Path) -> None:
    """Remove the older generations beside this one. A process that still searches in one keeps its files open."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        folder = os.open(generation.parent, flags)
    except OSError:
        return
    try:
        for name in _names(folder):
            if name != generation.name and _GENERATION.fullmatch(name) and _is_generation(folder, name, flags):
                shutil.rmtree(name, ignore_errors=True, dir_fd=folder)
    finally:
        os.close(folder)


def _is_generation(folder: int, name: str, flags: int) -> bool:
    """Whether an entry of an open folder is a folder itself and holds what recto puts into a generation."""
    try:
        descriptor = os.open(name, flags, dir_fd=folder)
    except OSError:
        return False
    try:
        names = _names(descriptor)
        return not names or not _MARKS.isdisjoint(names)
    finally:
        os.close(descriptor)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]
