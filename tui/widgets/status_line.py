"""The status line: what the list shows, and what has happened or is going on."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

# A message disappears after the first time, or after the second time if it covers the progress of some work (s).
_NEWS_SECONDS = 10.0
_NEWS_ABOVE_SECONDS = 3.0
# The smallest gap between the two halves of the line (cells).
_GAP = 2


class StatusLine(Static):
    """The status line. The left half names the view, the sort and the selection.

    The right half shows the latest message, or else a note on the filter, or else the progress of work.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._where = ""
        self._news = ""
        self._is_error = False
        self._note = ""
        self._progress: dict[str, str] = {}
        self._timer: Timer | None = None

    def show_where(self, text: str) -> None:
        """Show the view, the sort and the selection at the left."""
        self._where = text
        self._draw()

    def show_news(self, text: str, *, error: bool = False) -> None:
        """Show what has happened for a while, more briefly when it covers the progress of something."""
        self._news, self._is_error = text, error
        if self._timer is not None:
            self._timer.stop()
        seconds = _NEWS_ABOVE_SECONDS if self._progress and not error else _NEWS_SECONDS
        self._timer = self.set_timer(seconds, lambda: self.show_news("")) if text else None
        self._draw()

    def show_note(self, text: str) -> None:
        """Show what there is to know about the list that a filter leaves; "" removes the note."""
        if text == self._note:
            return
        if text:
            # The note concerns the last key, so an earlier message is out of date.
            self.show_news("")
        self._note = text
        self._draw()

    def show_progress(self, name: str, text: str) -> None:
        """Show the progress of the work called `name`; "" when it has ended."""
        self._progress.pop(name, None)
        if text:
            self._progress[name] = text
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    @property
    def activity(self) -> str:
        """The latest message, or the progress of work: what the right half shows."""
        return self._news or self._note or next(reversed(self._progress.values()), "")

    def _draw(self) -> None:
        width = self.content_size.width
        right_text = self.activity
        # When both halves do not fit, the right one gets at least two thirds.
        room = max(width // 3, width - cell_len(right_text) - _GAP)
        left = Content(self._where).truncate(room, ellipsis=True)
        right = Content(right_text).truncate(max(0, width - left.cell_length - _GAP), ellipsis=True)
        gap = " " * (width - left.cell_length - right.cell_length)
        style = "$error" if self._news and self._is_error else "$muted"
        self.update(Content.assemble(left, gap, right.stylize(style)), layout=False)
