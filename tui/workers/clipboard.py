"""Copying text with the program that the system has for its clipboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# A program that waits longer than this has no clipboard to give the text to (s).
_PATIENCE = 2.0


def copy(text: str) -> bool:
    """Give `text` to the first program that takes it; False when none does, or none is installed.

    The text is the standard input of the program, so nothing in it is an argument.
    """
    return any(_takes(command, text) for command in _commands())


def _commands() -> list[list[str]]:
    """The clipboard programs that are installed and have something to copy to, the most direct first."""
    candidates: list[tuple[bool, list[str]]] = [
        (sys.platform == "darwin", ["pbcopy"]),
        ("WAYLAND_DISPLAY" in os.environ, ["wl-copy"]),
        ("DISPLAY" in os.environ, ["xclip", "-selection", "clipboard"]),
        ("DISPLAY" in os.environ, ["xsel", "--clipboard", "--input"]),
        ("WSL_DISTRO_NAME" in os.environ, ["clip.exe"]),
        # tmux keeps the text in its own buffer and passes it on to the terminal that it runs in.
        ("TMUX" in os.environ, ["tmux", "load-buffer", "-w", "-"]),
    ]
    return [
        [program, *words]
        for applies, (name, *words) in candidates
        if applies and (program := shutil.which(name)) is not None
    ]


def _takes(command: list[str], text: str) -> bool:
    # Windows expects UTF-16 from a pipe.
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
