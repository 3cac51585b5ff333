"""The page that the application showed when it last ended.

It is stored in a file beside the library, and printed at the next start.

The file has the lines of the page with their colours as escape sequences. Its first and its last line are the
conditions under which the page may be printed: the version of recto, the terminal, the configuration, the date and the
state of the library. A page is printed only if all of these are still the same. Another program may have written the
file, so `load` checks that the lines are safe to send to a terminal.

The page is on the screen about 40 ms after the start of the process, for a library of any size. The application draws
its list after about 450 ms. To keep the time until the page short, only this module, `tui.startup.splash` and
`store.library.config_and_library_paths` are imported before the page is printed: neither `sqlite3` nor `pathlib`.
Making the page takes 2 ms when the application ends.
"""

from __future__ import annotations

import os
import stat
import time

from store import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SUFFIX = ".page"
# The largest size of a page file (bytes). A larger file is neither written nor read. A page of 200 columns by 50 lines
# takes about 30,000 bytes.
_MOST_BYTES = 1 << 19
# The environment variables on which Textual's drawing depends, such as its colours.
_VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS")


def conditions(library: str, config: str | None, size: tuple[int, int]) -> str:
    """Everything on which a page of this library depends, as one line of text.

    `library` is the path of the library, `config` the path of the configuration file or None, and `size` the columns
    and rows of the terminal. The state of the library is the state of its file and of its write-ahead log, because
    every commit, by whichever program, changes one of these two. The theme, the view and the filter are not listed
    separately: they are stored in the library or in the configuration.
    """
    file = os.path.realpath(library)
    log = _stamp(f"{file}-wal")
    # Treat an empty write-ahead log like a missing one: the last connection deletes the log when it closes the library,
    # so an existing log may be empty now and missing later.
    state = (_stamp(file), log if log and log[2] else None)
    terminal = tuple(size), [os.environ.get(name) for name in _VARIABLES]
    return repr((__version__, terminal, _stamp(config), time.strftime("%Y-%m-%d"), state))


def load(library: str, conditions: str) -> bytes | None:
    """The stored page as bytes to send to the terminal. None if no safe page with the same `conditions` is stored."""
    try:
        first, *lines, last = _read(library + _SUFFIX).decode().split("\n")
    except (OSError, ValueError):
        return None
    if first != conditions or last != conditions or not all(map(is_safe, lines)):
        return None
    return "".join(f"\x1b[{number};1H{line}" for number, line in enumerate(lines, 1)).encode()


def save(library: str, conditions: str, lines: Sequence[str]) -> None:
    """Store a page for `load`, or empty the page file when the page is unsafe or too large. Raises OSError."""
    data = "\n".join((conditions, *lines, conditions)).encode()
    if len(data) > _MOST_BYTES or not all(map(is_safe, lines)):
        data = b""
    file = os.open(library + _SUFFIX, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if _is_own(file):
            os.ftruncate(file, 0)
            # If only a part of the data is written, the last line with the conditions is incomplete, so `load` refuses
            # the page.
            os.write(file, data)
    finally:
        os.close(file)


def is_safe(line: str) -> bool:
    """Whether a line contains only printable text and escape sequences for colours (SGR)."""
    first, *rest = line.split("\x1b[")
    parts = [part.partition("m") for part in rest]
    return first.isprintable() and all(
        end and not colours.strip("0123456789;") and text.isprintable() for colours, end, text in parts
    )


def _read(path: str) -> bytes:
    """The content of a page file. Raises OSError, or ValueError for a file that recto did not make."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not _is_own(file):
            raise ValueError("not a page")
        return os.read(file, _MOST_BYTES)
    finally:
        os.close(file)


def _is_own(file: int) -> bool:
    """Whether the file with the descriptor `file` is a regular file of this user that has no second hard link."""
    status = os.fstat(file)
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_nlink == 1


def _stamp(path: str | None) -> tuple[int, ...] | None:
    """The identity, size and times of a file. None when it does not exist.

    Every change of the file changes at least one of these values.
    """
    try:
        status = os.stat(path) if path else None  # noqa: PTH116
    except OSError:
        return None
    return status and (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
