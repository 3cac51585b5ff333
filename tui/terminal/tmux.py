"""Finds out which pictures the terminal around tmux can show.

tmux does not pass the terminal's own answers on, but it can report the terminal's name.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from tui.terminal.graphics import Graphics, knows_placeholders

# How long to wait for tmux, which answers within a few milliseconds (s).
_SECONDS = 2.0
_FORMAT = "#{client_termtype}\n#{client_termname}\n#{client_cell_width}\n#{client_cell_height}"


def is_inside(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process runs in tmux."""
    return bool(environment.get("TMUX"))


def outer_graphics() -> Graphics:
    """Which pictures the terminal around tmux can show: none if the tmux option allow-passthrough is not set."""
    pane = os.environ.get("TMUX_PANE", "")
    target = ["-t", pane] if pane else []
    termtype, _, rest = _tmux("display-message", "-p", *target, _FORMAT).partition("\n")
    termname, width, height = [*rest.split("\n"), "", "", ""][:3]
    passes = _tmux("show-options", "-Apv", *target, "allow-passthrough").strip() in ("on", "all")
    # tmux before version 3.4 may not know the version of the terminal. In that case, use the terminal's value of TERM.
    knows = knows_placeholders(termtype) if termtype.strip() else termname.startswith(("xterm-kitty", "xterm-ghostty"))
    cell = (
        (int(width), int(height)) if width.isdecimal() and height.isdecimal() and int(width) and int(height) else None
    )
    return Graphics(kitty=knows and passes, placeholders=knows and passes, cell=cell)


def _tmux(*arguments: str) -> str:
    """The output of the tmux command with these arguments; "" when it fails."""
    try:
        run = subprocess.run(
            ["tmux", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.decode("utf-8", "replace")
