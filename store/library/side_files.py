"""Opens files and folders whose names others may have taken: the lock, the search index, the configuration, listings.

Nothing here waits for a pipe or a device, or follows a symbolic link unless the caller asks for it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# Device and inode: which file it is, whatever its name.
Identity = tuple[int, int]


class NotAFileError(OSError):
    """What was opened is not a regular file. `mode` is its mode; the message is what it is: "a named pipe"."""

    def __init__(self, path: Path, mode: int) -> None:
        self.mode = mode
        kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISLNK, "a symbolic link"))
        kind = next((name for is_kind, name in kinds if is_kind(mode)), "a socket or a device")
        super().__init__(errno.EINVAL, f"it is {kind}, not a file", str(path))


def open_regular(path: Path, flags: int = os.O_RDONLY, *, follow_links: bool = False) -> int:
    """A descriptor of the regular file at `path`; with O_CREAT in `flags` an empty private one is made if need be.

    Raises NotAFileError for anything else, a symbolic link too unless `follow_links`, and OSError or ValueError when
    there is no file, or no file can have this name.
    """
    flags |= os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow_links else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        # POSIX has ELOOP for O_NOFOLLOW, the BSDs EMLINK or EFTYPE. ELOOP is also a circle of links.
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
    """The content of a regular file. Raises OSError when it has more than `limit` bytes, and as `open_regular`."""
    with os.fdopen(open_regular(path, follow_links=follow_links), "rb", buffering=0) as file:
        data = bytearray()
        while piece := file.read(limit + 1 - len(data)):
            data += piece
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // 2**10:,} KiB", str(path))
    return bytes(data)


def identity(path: Path | str) -> Identity | None:
    """Which file is at `path` now; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - takes half the time of Path.stat, and every write asks six times
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_own(status: os.stat_result, beside: os.stat_result) -> bool:
    """Whether a file is this user's, or belongs to the owner of the file that it stands beside.

    Some file systems give all files one owner, whoever made them. The superuser may use anybody's.
    """
    user = os.geteuid()
    return user == 0 or status.st_uid in (user, beside.st_uid)


def first_not_regular(paths: Iterable[Path]) -> NotAFileError | None:
    """The error for the first of `paths` that exists and is not a regular file itself; None when all are."""
    for path in paths:
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            return NotAFileError(path, mode)
    return None


def make_private(folder: Path) -> None:
    """Make `folder`, and what is missing above it, for its owner alone."""
    if not folder.is_dir():
        make_private(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _mode(path: Path) -> int | None:
    """The mode of what is at `path` itself, links not followed; None when there is nothing."""
    try:
        return path.lstat().st_mode
    except (OSError, ValueError):
        return None
