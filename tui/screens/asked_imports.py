"""The files and folders whose import was requested but has not begun, and the text about them in the status line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tui.render import styled


class AskedImports:
    """The files and folders whose import was requested but has not begun, in the order of their imports."""

    def __init__(self) -> None:
        self._waiting: list[str] = []

    def ask(self, paths: Sequence[Path]) -> bool:
        """Add files and folders. Returns True if at least one of them is new here."""
        new = [path for path in dict.fromkeys(map(os.path.abspath, paths)) if path not in self._waiting]
        self._waiting += new
        return bool(new)

    def begin(self, listing: str) -> None:
        """Remove the request for the file `listing`, or for its folder or archive, because it is now being read."""
        self._waiting = [path for path in self._waiting if not _is_within(listing, path)]

    def clear(self) -> None:
        """Forget all requests. This must be called when all requested imports have ended."""
        self._waiting.clear()

    def text(self, running: str) -> str:
        """The state of all imports as text for the status line. `running` is the state of the running import, or ""."""
        waiting = self._waiting
        if not running and not waiting:
            return ""
        state = running or f"starting to read {name(waiting[0])}"
        more = len(waiting) - (not running)
        return f"{state} · {more:,} more waiting" if more else state


def name(path: str) -> str:
    """The last part of the path of a file or folder, without control characters, so that it is safe to display."""
    return styled.safe(path.rsplit("/", 1)[-1] or path, 60)


def _is_within(listing: str, path: str) -> bool:
    """Whether `listing` is the file at `path`, or lies in the folder or archive at `path`.

    The path of a file in an archive has the form ARCHIVE!NAME, for example "drop.zip!july.txt".
    """
    return listing == path or listing.startswith((f"{path}/", f"{path}!"))
