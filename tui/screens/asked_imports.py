"""What was asked to be imported and has not begun yet, in words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tui.render import styled


class AskedImports:
    """The files and folders that were asked for, in the order of their turn."""

    def __init__(self) -> None:
        self._waiting: list[str] = []

    def ask(self, paths: Sequence[Path]) -> bool:
        """Add files and folders; whether any of them was not waiting already."""
        new = [path for path in dict.fromkeys(map(os.path.abspath, paths)) if path not in self._waiting]
        self._waiting += new
        return bool(new)

    def begin(self, listing: str) -> None:
        """Record that a listing is being read. It may be in a folder, or in an archive, that was asked for."""
        self._waiting = [path for path in self._waiting if not _is_within(listing, path)]

    def clear(self) -> None:
        """Forget everything: nothing waits any more."""
        self._waiting.clear()

    def text(self, running: str) -> str:
        """The state of all imports. `running` is that of the one that is being read, or "" before the first one."""
        waiting = self._waiting
        if not running and not waiting:
            return ""
        state = running or f"starting to read {name(waiting[0])}"
        more = len(waiting) - (not running)
        return f"{state} · {more:,} more waiting" if more else state


def name(path: str) -> str:
    """The name of a listing or folder without its path, safe to display."""
    return styled.safe(path.rsplit("/", 1)[-1] or path, 60)


def _is_within(listing: str, path: str) -> bool:
    """Whether a listing is the file at `path`, or one in the folder or archive there ("drop.zip!july.txt")."""
    return listing == path or listing.startswith((f"{path}/", f"{path}!"))
