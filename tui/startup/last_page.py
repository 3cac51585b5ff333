"""The page that the reader showed last, kept in a file beside the library for the next start to print.

The file has the page as painted lines and, before and after them, the conditions under which the page is right: the
version of recto, the terminal, the configuration, the day and the state of the library. A page is printed only while
every condition is what it was. Anything may have written the file, so `load` checks it before it reaches a terminal.

The page is on the screen about 40 ms after exec, whatever the size of the library; the reader draws its own list after
about 450 ms. So before the page is printed only this module, `tui.startup.splash` and `store.library.places` are
imported: neither `sqlite3` nor `pathlib`. The reader needs 2 ms to make the page when it is left.
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
# A larger file is neither written nor read (bytes). A page of 200 columns and 50 lines takes about 30,000.
_MOST_BYTES = 1 << 19
# The environment variables that decide how Textual draws.
_VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS")


def conditions(library: str, config: str | None, size: tuple[int, int]) -> str:
    """Everything that a page of this library depends on, as one line. `config` is the configuration file, if known.

    The library's state is the state of its file and of its write-ahead log. Every commit changes one of them, whichever
    program makes it. The theme, the view and the filter need no mention: they are in the library or the configuration.
    """
    file = os.path.realpath(library)
    log = _stamp(f"{file}-wal")
    # An empty log means the same as a missing one: the last connection removes the log when it closes the library.
    state = (_stamp(file), log if log and log[2] else None)
    terminal = tuple(size), [os.environ.get(name) for name in _VARIABLES]
    return repr((__version__, terminal, _stamp(config), time.strftime("%Y-%m-%d"), state))


def load(library: str, conditions: str) -> bytes | None:
    """The page as bytes for the terminal; None when there is none that is right under these conditions."""
    try:
        first, *lines, last = _read(library + _SUFFIX).decode().split("\n")
    except (OSError, ValueError):
        return None
    if first != conditions or last != conditions or not all(map(is_safe, lines)):
        return None
    return "".join(f"\x1b[{number};1H{line}" for number, line in enumerate(lines, 1)).encode()


def save(library: str, conditions: str, lines: Sequence[str]) -> None:
    """Store a page for `load`. One that is unsafe or too large leaves no page at all. Raises OSError."""
    data = "\n".join((conditions, *lines, conditions)).encode()
    if len(data) > _MOST_BYTES or not all(map(is_safe, lines)):
        data = b""
    file = os.open(library + _SUFFIX, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if _is_own(file):
            os.ftruncate(file, 0)
            # A page that is written in part lacks its last line, and `load` refuses it.
            os.write(file, data)
    finally:
        os.close(file)


def is_safe(line: str) -> bool:
    """Whether a painted line has nothing but printable text and colours (SGR sequences)."""
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
    """Whether an open file is a regular one of this user, with one name."""
    status = os.fstat(file)
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_nlink == 1


def _stamp(path: str | None) -> tuple[int, ...] | None:
    """The identity, size and times of a file, which every change of the file changes; None when it does not exist."""
    try:
        status = os.stat(path) if path else None  # noqa: PTH116
    except OSError:
        return None
    return status and (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
