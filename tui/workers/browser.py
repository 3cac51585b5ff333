"""Opens an address in the user's browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

# The programs of browsers without windows, which draw in the terminal.
_IN_TERMINAL = ("w3m", "lynx", "links", "links2", "elinks", "browsh", "carbonyl", "cha")


class BrowserError(Exception):
    """An address could not be opened; the message gives the reason."""


def open_in_browser(url: str) -> Callable[[], bool]:
    """Start the browser with `url`, which `addresses.may_open` must have accepted.

    The address is one argument of the command, which runs without a shell and whose output is discarded.

    Returns a function that returns True if the browser has failed. The caller must call that function a moment later: a
    program such as xdg-open always starts successfully, and ends with an error if no program can open the address.
    Raises BrowserError when no browser is found or it does not start.
    """
    command = _browser_command()
    if command is None:
        raise BrowserError("no browser found")
    try:
        process = subprocess.Popen(
            [*command, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise BrowserError(f"{Path(command[0]).name} did not start: {error.strerror}") from error
    # Let a thread wait for the end of the process: without that, the process would become a zombie when it ends.
    threading.Thread(target=process.wait, name="browser", daemon=True).start()
    return lambda: bool(process.poll())


def terminal_command(url: str) -> list[str] | None:
    """The command that opens `url` in a browser that draws in the terminal.

    Returns None when the user's browser has windows of its own, or when no browser is found.
    """
    command = _browser_command()
    return [*command, url] if command is not None and Path(command[0]).name in _IN_TERMINAL else None


def _browser_command() -> list[str] | None:
    """The command of the browser, without the address to open; None when no browser is found.

    The environment variable BROWSER takes precedence over the desktop's program for opening addresses.
    """
    for name in os.environ.get("BROWSER", "").split(os.pathsep):
        words = name.replace("%s", "").split()
        if words and (program := shutil.which(words[0])):
            return [program, *words[1:]]
    if sys.platform == "darwin":
        return ["/usr/bin/open"]
    for name in ("xdg-open", "gio", "wslview"):
        if program := shutil.which(name):
            return [program, "open"] if name == "gio" else [program]
    has_windows = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    for name in (*(("firefox", "chromium", "google-chrome") if has_windows else ()), *_IN_TERMINAL):
        if program := shutil.which(name):
            return [program]
    return None
