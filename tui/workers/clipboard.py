"""Copies text to the clipboard with a program of the operating system, such as wl-copy or xclip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# A clipboard program that has not ended after this time (s) is killed: probably it is waiting for a clipboard that does
# not exist.
_PATIENCE = 2.0


def copy(text: str) -> bool:
    """Copy `text` with the first clipboard program that succeeds. Returns False if no program succeeds.

    The text is passed on standard input, so no part of it can be read as an option of the program.
    """
    return any(_takes(command, text) for command in _commands())


def _commands() -> list[list[str]]:
    """The commands of the installed clipboard programs that can work in this environment, in the order to try them."""
    candidates: list[tuple[bool, list[str]]] = [
        (sys.platform == "darwin", ["pbcopy"]),
        ("WAYLAND_DISPLAY" in os.environ, ["wl-copy"]),
        ("DISPLAY" in os.environ, ["xclip", "-selection", "clipboard"]),
        ("DISPLAY" in os.environ, ["xsel", "--clipboard", "--input"]),
        ("WSL_DISTRO_NAME" in os.environ, ["clip.exe"]),
        # tmux stores the text in its own buffer, and passes the text on to the terminal around tmux.
        ("TMUX" in os.environ, ["tmux", "load-buffer", "-w", "-"]),
    ]
    return [
        [program, *words]
        for applies, (name, *words) in candidates
        if applies and (program := shutil.which(name)) is not None
    ]


def _takes(command: list[str], text: str) -> bool:
    # clip.exe of Windows expects UTF-16 on its standard input.
    encoding = "utf-16" if command[0].endswith("clip.exe") else "utf-8"
    try:
        done = subprocess.run(
            command,
            input=text.encode(encoding, "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
