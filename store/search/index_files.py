"""The folder beside a library that contains its search index.

When the index is built anew, it gets a new subfolder, which is called a generation. The old generation is then removed.
This module removes only what recto has created: the folder must not be a symbolic link, and a generation is recognized
by its name and by the files in it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from store.library.side_files import is_own, open_regular, read_small
from store.model.errors import LibraryError
from store.search import index_schema

_TOKEN_FILE = "token"
_LOCK_FILE = "recto.lock"
# Matches the name of a generation, such as "3-0123456789abcdef": the version of the index, and eight random bytes.
_GENERATION = re.compile(r"[0-9]{1,6}-[0-9a-f]{16}")
# A folder whose name matches _GENERATION was created by recto, and may be removed, only if it is empty or contains a
# file with one of these names.
_MARKS = frozenset((_TOKEN_FILE, "meta.json", ".managed.json"))
_LONGEST_TOKEN = 100


def is_plain_folder(folder: Path) -> bool:
    """Whether there is a folder at this path. False for a symbolic link to a folder."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except (OSError, ValueError):
        return False


def is_current(generation: str) -> bool:
    """Whether the generation (folder of an index) with the name `generation` can be used by this version of recto."""
    return _GENERATION.fullmatch(generation) is not None and generation.startswith(f"{index_schema.VERSION}-")


def new_generation(folder: Path, library: Path) -> Path:
    """Create an empty folder for a new generation of the index and return its path.

    It is created inside `folder`. If `folder` does not exist, it is created first. Raises LibraryError when `folder` is
    a symbolic link, is not a folder, or belongs to another user than the file `library`. Raises OSError when a folder
    cannot be created.
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


def linked(generation: Path) -> tempfile.TemporaryDirectory[str]:
    """A temporary folder with links to the files of an index. tantivy must open it in place of a read-only index
    folder.

    tantivy creates a lock file whenever it opens an index, so it must be able to write into the folder that it opens.
    Raises OSError when the temporary folder cannot be created.
    """
    folder = tempfile.TemporaryDirectory(prefix="recto-index-", ignore_cleanup_errors=True)
    for path in generation.iterdir():
        if path.suffix != ".lock":
            (Path(folder.name) / path.name).symlink_to(path)
    return folder


def read_token(generation: Path) -> str | None:
    """The token of an index, a text that shows to which state of the library the index belongs.

    None when the folder of the index has no token file, or is a symbolic link.
    """
    if not is_plain_folder(generation.parent):
        return None
    try:
        return read_small(generation / _TOKEN_FILE, _LONGEST_TOKEN).decode("ascii")
    except (OSError, ValueError):
        return None


def write_token(generation: Path, token: str) -> None:
    """Replace the token of an index. The new token is on the disk before the old token is removed."""
    new = generation / f"{_TOKEN_FILE}.new"
    with os.fdopen(open_regular(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
        file.write(token.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    new.replace(generation / _TOKEN_FILE)


@contextlib.contextmanager
def locked(generation: Path) -> Iterator[bool]:
    """A context that tries to take a lock, which only one process at a time can hold. Its value is True on success.

    The caller may write the index only if the value is True. tantivy has a lock of its own. But when another process
    holds it, tantivy raises the same error as for other failures, so recto uses this separate lock.
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
    """Whether the disk has more free space than twice the size of this index.

    If this is true, an error while writing the index is not caused by a full disk.
    """
    size = 0
    with os.scandir(generation) as entries:
        for entry in entries:
            # A thread of tantivy may remove a file here, after it has merged several segments of the index into one.
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat(follow_symlinks=False).st_size
    disk = os.statvfs(generation)
    return disk.f_bavail * disk.f_frsize > 2 * size + 2**20


def remove_others(generation: Path) -> None:
    """Remove all generations of the index (its folders) except `generation`.

    Another process that still searches in a removed generation can continue, because it has the files open.
    """
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
    """Whether the file `name` in the open folder `folder` is a generation: a folder that is empty or contains a file
    with a name in `_MARKS`.
    """
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
