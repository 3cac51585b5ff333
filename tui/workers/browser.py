"""Opening an address in the browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path


class BrowserError(Exception):
    """An address was not opened; the message says why."""


def open_in_browser(url: str) -> Callable[[], bool]:
    """Start the browser with `url`, which must come from `addresses.may_open`: one argument, no shell, no output.

    Returns a function that says whether the browser has failed by now: a desktop's opener ends soon, with a code other
    than 0 when it has no program for the address. Raises BrowserError when there is no browser, or it does not start.
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
    # Wait for the process however long it runs: otherwise it would remain in the process table after its end.
    threading.Thread(target=process.wait, name="browser", daemon=True).start()
    return lambda: bool(process.poll())


def _browser_command() -> list[str] | None:
    """The command that opens an address, or None. The environment variable BROWSER takes precedence."""
    for name in os.environ.get("BROWSER", "").split(os.pathsep):
        words = name.replace("%s", "").split()
        if words and (program := shutil.which(words[0])):
            return [program, *words[1:]]
    if sys.platform == "darwin":
        return ["/usr/bin/open"]
    for name in ("xdg-open", "gio", "wslview"):
        if program := shutil.which(name):
            return [program, "open"] if name == "gio" else [program]
    for name in ("firefox", "chromium", "google-chrome", "w3m", "lynx"):
        if (program := shutil.which(name)) and os.environ.get("DISPLAY", os.environ.get("WAYLAND_DISPLAY")):
            return [program]
    return None
