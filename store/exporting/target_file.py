"""Writes a file completely or not at all: a temporary file beside it is written first, and then renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from store.library.side_files import NotAFileError, first_not_regular
from store.model.errors import LibraryError, explanation


def replace(path: Path, pieces: Iterable[bytes], *, follow_links: bool = True) -> int:
    """Write `pieces` to the file at `path`. The file keeps its old content until all pieces are on the disk.

    Returns the size of the new file in bytes. If `path` is a symbolic link to a file, the link is kept and the file to
    which it leads is replaced; without `follow_links`, it is refused. Raises LibraryError when the file cannot be
    written, or when something else than a regular file is at the path.
    """
    target = Path(os.path.realpath(path)) if follow_links else Path(os.path.realpath(path.parent), path.name)
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        _refuse_what_is_no_file(target)
        try:
            size = _write_new(beside, pieces)
            # Check again, because something else than a file may have been created at this path meanwhile.
            _refuse_what_is_no_file(target)
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        _sync_folder(target.parent)
    except (OSError, ValueError) as error:
        raise LibraryError(f"cannot write {path}: {explanation(error)}") from error
    return size


def _write_new(path: Path, pieces: Iterable[bytes]) -> int:
    """Create a file that only its owner may read, and write `pieces` to the disk. Returns its size in bytes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _refuse_what_is_no_file(path: Path) -> None:
    refused: NotAFileError | None = first_not_regular([path])
    if refused is not None:
        raise refused


def _sync_folder(folder: Path) -> None:
    """Write the folder to the disk, so that the renaming survives a power failure, if the file system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
