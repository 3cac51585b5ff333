"""Opening an address in the browser."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

_STANDARD_INPUT = 0
# Browsers that need the terminal.
_IN_TERMINAL = ("w3m", "lynx", "links", "links2", "elinks", "browsh", "carbonyl", "cha")


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


def terminal_command(url: str) -> list[str] | None:
    """The command that opens `url` in a browser that needs the terminal; None when the browser has windows, or none."""
    command = _browser_command()
    return [*command, url] if command is not None and Path(command[0]).name in _IN_TERMINAL else None


def run_in_terminal(command: Sequence[str]) -> str:
    """Run a command in the foreground of the terminal on standard input until it ends.

    Returns why it failed, or "". Signals of the terminal, such as that of ctrl+c, reach the command alone. Raises
    nothing. Call it in the main thread while nothing else reads the terminal.
    """
    stops = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, process_group=0)
        with contextlib.suppress(OSError):
            os.tcsetpgrp(_STANDARD_INPUT, process.pid)
            # It may have tried to use the terminal before it was in its foreground, which stops it.
            os.killpg(process.pid, signal.SIGCONT)
        while os.WIFSTOPPED(status := os.waitpid(process.pid, os.WUNTRACED)[1]):
            # No shell is there to continue it after ctrl+z.
            os.killpg(process.pid, signal.SIGCONT)
        process.returncode = os.waitstatus_to_exitcode(status)
        return f"{Path(command[0]).name} ended with code {process.returncode}" if process.returncode else ""
    except OSError as error:
        return f"{Path(command[0]).name} did not start: {error.strerror}"
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(_STANDARD_INPUT, os.getpgrp())
        signal.signal(signal.SIGTTOU, stops)


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
    has_windows = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    for name in (*(("firefox", "chromium", "google-chrome") if has_windows else ()), *_IN_TERMINAL):
        if program := shutil.which(name):
            return [program]
    return None
