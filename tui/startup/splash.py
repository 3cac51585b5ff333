"""Prints the first page, which is a copy of the last screen, and manages the terminal until the application starts.

Until the application starts, the terminal is in raw mode and shows its alternate screen. It is restored if the process
ends earlier. Keys that the user types in this time, including ctrl+c, stay in the input buffer of the terminal until
the application reads them.
"""

from __future__ import annotations

import os
import signal
import sys
import termios

from store.library.config_and_library_paths import config_path, library_path
from tui.startup import last_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

# Escape sequences: _ENTER switches to the alternate screen, hides the cursor and turns line wrap off. _LEAVE undoes all
# three.
_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Splash:
    """The terminal while the first page is on it.

    `attributes` are the attributes that the terminal had before the page was printed, as `termios.tcgetattr` returns
    them.
    """

    def __init__(self, attributes: list[Any]) -> None:
        self.attributes = attributes
        self.is_open = True
        for number in _SIGNALS:
            signal.signal(number, self._signalled)

    def hand_over(self) -> None:
        """Let the application manage and restore the terminal. After this call, `close` does nothing."""
        self.is_open = False

    def close(self) -> None:
        """Restore the terminal, unless it was handed over to the application or is restored already."""
        if not self.is_open:
            return
        self.is_open = False
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        _set(self.attributes)
        _write(_LEAVE)

    def _signalled(self, number: int, _: FrameType | None) -> None:
        self.close()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def show(named: str) -> Splash | None:
    """Print the stored page of the library at the path `named`, or of the default library when `named` is "".

    Returns None, and prints nothing, when no page for the present conditions is stored or the terminal cannot show it.
    """
    library = library_path(named)
    if not library or not _can_show():
        return None
    page = last_page.load(library, last_page.conditions(library, config_path(), os.get_terminal_size()))
    if page is None:
        return None
    try:
        attributes = termios.tcgetattr(0)
    except termios.error:
        return None
    splash = Splash(attributes)
    try:
        _set(_raw(attributes))
        _write(_ENTER + page)
    except BaseException:
        splash.close()
        raise
    return splash


def _can_show() -> bool:
    """Whether standard input, output and error are the same UTF-8 terminal, with this process in its foreground."""
    if os.environ.get("TERM", "dumb") in ("", "dumb") or os.environ.get("COLUMNS") or os.environ.get("LINES"):
        # If COLUMNS or LINES is set, Textual takes the size of the screen from it. This module asks the terminal for
        # the size, so the page might have another size than the application's screen.
        return False
    errors = sys.__stderr__
    if None in (sys.__stdin__, sys.__stdout__, errors) or not all(map(os.isatty, range(3))):
        return False
    if errors is None or errors.encoding.lower() != "utf-8":
        return False
    # Return False for a process in the background: the system would stop it as soon as it changes the attributes of the
    # terminal.
    return os.tcgetpgrp(0) == os.getpgrp() and len({os.fstat(number).st_rdev for number in range(3)}) == 1


def _raw(attributes: list[Any]) -> list[Any]:
    """A copy of the terminal attributes `attributes`, with the same changes that Textual makes.

    The changes turn off echo, line editing, signals from keys, and the translation of characters.
    """
    raw = [*attributes]
    raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[6] = [*raw[6]]
    raw[6][termios.VMIN] = 1
    return raw


def _set(attributes: list[Any]) -> None:
    # Ignore the error of a terminal that was closed, because its attributes do not matter any more.
    try:
        termios.tcsetattr(0, termios.TCSANOW, attributes)
    except termios.error:
        return


def _write(data: bytes) -> None:
    while data:
        try:
            data = data[os.write(2, data) :]
        except OSError:
            return
