"""The terminal from the first page on until the reader has it: raw, on the alternate screen, and given back.

What is typed meanwhile waits in the terminal until the reader listens; ctrl+c with the rest of it.
"""

from __future__ import annotations

import os
import signal
import sys
import termios

from store.library.paths import config_path, library_path
from tui.startup import first_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from tui.startup.first_page import FirstPage

_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Door:
    """A terminal that shows the first page. `attributes` are those it had before, as termios has them."""

    def __init__(self, attributes: list[Any]) -> None:
        self.attributes = attributes
        self.is_open = True
        for number in _SIGNALS:
            signal.signal(number, self._signalled)

    def hand_over(self) -> None:
        """From now on the terminal is another's to give back."""
        self.is_open = False

    def close(self) -> None:
        """Give the terminal back as it was; nothing when that is another's by now."""
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


def opened(named: str) -> Door | None:
    """Show the first page of a library ("" for the usual one), where the terminal can show it."""
    if not _can_show():
        return None
    path = library_path(named)
    page = first_page.read(path, config_path(), os.get_terminal_size()) if path else None
    return _shown(page) if page else None


def _shown(page: FirstPage) -> Door | None:
    try:
        attributes = termios.tcgetattr(0)
    except termios.error:
        return None
    door = Door(attributes)
    try:
        _set(_raw(attributes))
        _write(_ENTER + page.painted)
        _write(page.rest())
    except BaseException:
        door.close()
        raise
    return door


def _can_show() -> bool:
    """Whether keys come from a terminal, and everything that is written goes to it."""
    if os.environ.get("TERM", "dumb") in ("", "dumb") or os.environ.get("COLUMNS") or os.environ.get("LINES"):
        # The size that these say is not looked up here.
        return False
    if None in (sys.__stdin__, sys.__stdout__, sys.__stderr__) or not all(map(os.isatty, range(3))):
        return False
    # A program in the background would be stopped.
    return os.tcgetpgrp(0) == os.getpgrp() and len({os.fstat(number).st_rdev for number in range(3)}) == 1


def _raw(attributes: list[Any]) -> list[Any]:
    """As Textual has it: no echo, no lines, no signals by keys, nothing translated or held back."""
    raw = [*attributes]
    raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[6] = [*raw[6]]
    raw[6][termios.VMIN] = 1
    return raw


def _set(attributes: list[Any]) -> None:
    # A terminal that is gone needs nothing.
    try:
        termios.tcsetattr(0, termios.TCSANOW, attributes)
    except termios.error:
        return


def _write(painted: bytes) -> None:
    while painted:
        try:
            painted = painted[os.write(2, painted) :]
        except OSError:
            return
