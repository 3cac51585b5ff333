"""Shows the progress of a command: as a bar or, if the application has started the command, as JSON lines."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, TextIO

import msgspec

from store.importing.log import Step
from tui.cli import output
from tui.render import styled, wording

if TYPE_CHECKING:
    from store.search import index_sync

# The width of the bar, and the smallest width of a line that contains the bar (cells). A narrower line has only text.
_BAR_WIDTH = 24
_BAR_ROOM = 72


class Progress:
    """Shows the progress of a job.

    With `events` it prints JSON lines on standard output. Otherwise it shows a bar on `stream` if that is a terminal.
    """

    def __init__(self, stream: TextIO, events: bool = False) -> None:
        self._stream = stream
        self._events = events
        self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def step(self, step: Step) -> None:
        if self._events:
            output.say_object({"step": msgspec.to_builtins(step)})
        elif output.is_terminal(self._stream) and (os.environ.get("TERM") or "dumb") != "dumb":
            self._stream.write(f"\r\x1b[K{_bar(step, shutil.get_terminal_size().columns - 1)}")
            self._stream.flush()
            self._drawn = True

    def indexed(self, progress: index_sync.Progress) -> None:
        """Show the progress of the search index, which is updated after the papers have been stored."""
        if self._events:
            output.say_object({"indexed": progress})
        else:
            self.step(Step("search index", progress.done, progress.of, progress.done))

    def exported(self, done: int, total: int) -> None:
        """Show how many of `total` papers have been written."""
        self.step(Step("export", done, total, done))

    def rows(self, done: int, total: int) -> None:
        """Show how many of `total` rows of a library have been written or read. `total` is 0 when it is unknown."""
        self.step(Step("library", done, total, done))

    def copied(self, done: int, total: int) -> None:
        """Show how many of the `total` pages of a library have been copied."""
        self.step(Step("backup", done, total, 0))

    def clear(self) -> None:
        """Erase the bar, if one is shown. This must be called before other text is printed on the terminal."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False


def _bar(step: Step, width: int) -> str:
    """The progress of a job as one line of at most `width` cells."""
    share = ""
    if step.size:
        done = min(1.0, step.done / step.size)
        filled = round(done * _BAR_WIDTH)
        bar = f"{'━' * filled}{'─' * (_BAR_WIDTH - filled)} " if width >= _BAR_ROOM else ""
        share = f"{bar}{done:4.0%} "
    name = step.path.rsplit("/", 1)[-1]
    details = " · ".join(filter(None, (wording.count(step.entries, "paper"), wording.time_left(step), name)))
    return styled.shortened(f"{share}{details}", width)
