"""Writes a file completely or not at all: a temporary file beside it is written first, and then renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from pathlib import Path


def write(
    path: Path,
    pieces: Iterable[bytes],
    *,
    prefix: str = ".writing-",
    before_renaming: Callable[[], None] = lambda: None,
) -> int:
    """Write `pieces` to the file at `path`, which only its owner may read, and return its size in bytes.

    An existing file keeps its old content until all pieces are on the disk. The name of the temporary file begins with
    `prefix`; scans of the inbox ignore names that begin with a dot. `before_renaming` may raise an error to keep the
    old file. A power failure may undo the renaming, unless the caller calls `sync` with the folder afterwards. Raises
    OSError when the file cannot be written.
    """
    temporary = path.with_name(f"{prefix}{secrets.token_hex(4)}.part")
    try:
        size = _write_new(temporary, pieces)
        before_renaming()
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    finally:
        # Close a generator at once, even after an error: it may read from a library that the caller closes soon.
        if isinstance(pieces, Generator):
            pieces.close()
    return size


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is safely on the disk. Raises OSError when that fails."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_new(path: Path, pieces: Iterable[bytes]) -> int:
    """Create a file that only its owner may read, and write `pieces` to the disk. Returns its size in bytes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
