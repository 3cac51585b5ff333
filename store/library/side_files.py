"""Opens files safely, even if the path leads to something other than a regular file.

This module is used for the lock file, the search index, the configuration and listings. Opening a named pipe or a
device could block the program, so these functions refuse them. No function follows a symbolic link unless the caller
asks for it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# A file is read in pieces of this size (bytes), because `read` reserves memory for the whole size that it may read.
_PIECE = 2**20
# The device and inode of a file. They identify the file, whatever its name is.
Identity = tuple[int, int]


class NotAFileError(OSError):
    """Raised when a path leads to something other than a regular file.

    `mode` is the `st_mode` of what is at the path. The message describes it, for example "a named pipe".
    """

    def __init__(self, path: Path, mode: int) -> None:
        self.mode = mode
        kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISLNK, "a symbolic link"))
        kind = next((name for is_kind, name in kinds if is_kind(mode)), "a socket or a device")
        super().__init__(errno.EINVAL, f"it is {kind}, not a file", str(path))


def open_regular(path: Path, flags: int = os.O_RDONLY, *, follow_links: bool = False) -> int:
    """Open the regular file at `path` and return its descriptor.

    If `flags` contain O_CREAT, a missing file is created, with permissions only for its owner. If `follow_links` is
    false, a symbolic link is not followed but refused. Raises NotAFileError for anything but a regular file, OSError
    when there is no file, and ValueError when no file can have this name.
    """
    flags |= os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow_links else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        # Detect a symbolic link by its mode, not by the error of O_NOFOLLOW: POSIX sets ELOOP, which can also mean that
        # links form a circle, and BSD systems set EMLINK or EFTYPE.
        mode = _mode(path)
        if not follow_links and mode is not None and not stat.S_ISREG(mode):
            raise NotAFileError(path, mode) from error
        raise
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise NotAFileError(path, mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_small(path: Path, limit: int, *, follow_links: bool = False) -> bytes:
    """The content of a regular file. Raises OSError for more than `limit` bytes, and the errors of `open_regular`."""
    with os.fdopen(open_regular(path, follow_links=follow_links), "rb", buffering=0) as file:
        data = bytearray()
        while piece := file.read(min(limit + 1 - len(data), _PIECE)):
            data += piece
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // 2**10:,} KiB", str(path))
    return bytes(data)


def identity(path: Path | str) -> Identity | None:
    """The device and inode of the file that is at `path` now; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - takes half the time of Path.stat, and every write asks six times
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_own(status: os.stat_result, beside: os.stat_result) -> bool:
    """Whether a file belongs to this user, or has the same owner as the library file beside it.

    On some file systems all files have the same owner, whoever created them. The superuser may use every file.
    """
    user = os.geteuid()
    return user == 0 or status.st_uid in (user, beside.st_uid)


def first_not_regular(paths: Iterable[Path]) -> NotAFileError | None:
    """The error for the first of `paths` that exists and is not a regular file; None if there is no such path.

    A symbolic link is not a regular file here.
    """
    for path in paths:
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            return NotAFileError(path, mode)
    return None


def make_private(folder: Path) -> None:
    """Create `folder` and its missing parent folders, with access for the owner only."""
    if not folder.is_dir():
        make_private(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _mode(path: Path) -> int | None:
    """The st_mode of `path`, without following a symbolic link; None when nothing is there."""
    try:
        return path.lstat().st_mode
    except (OSError, ValueError):
        return None
