"""The bar for messages that need an answer: over the status line and the keys, until the next key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.render.cell_width import wrapped

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

# The most lines of the bar, and how many of them cover the status line and the keys.
_MOST_LINES = 5
_COVERED = 2
# How long a message is shown at least (s).
_LEAST_SECONDS = 0.5
# The blank cells and the sign before each line, and the blank cells behind it.
_SIGNS: dict[SeverityLevel, str] = {"information": " • ", "warning": " ! ", "error": " × "}
_MARGIN = 4
_STYLES: dict[SeverityLevel, str] = {"information": "$key", "warning": "$warning", "error": "$error"}


class NoticeBar(Static):
    """Shows messages at the bottom of the screen. A message that comes before the next key is added to the others.

    `texts` are the messages that are shown.
    """

    def __init__(self, above: Widget, *, id: str) -> None:
        """`above` is what ends above the status line. It becomes lower where the bar needs more than two lines."""
        super().__init__(id=id)
        self.texts: list[str] = []
        self._above = above
        self._lines: list[Content] = []
        self._shown_at = 0.0

    def add(self, text: str, severity: SeverityLevel) -> None:
        """Show a message until `clear`."""
        if text in self.texts:
            return
        self._shown_at = time.monotonic()
        self.texts.append(text)
        sign = Content.styled(_SIGNS[severity], f"bold {_STYLES[severity]}")
        blank = Content(" " * sign.cell_length)
        for number, (start, end) in enumerate(wrapped(text, max(1, self.screen.size.width - _MARGIN))):
            self._lines.append(Content("").join([blank if number else sign, Content(text[start:end])]))
        # The newest lines matter most.
        self._lines = self._lines[-_MOST_LINES:]
        self.update(Content("\n").join(self._lines), layout=False)
        self.styles.height = len(self._lines)
        self._above.styles.margin = (0, 0, max(0, len(self._lines) - _COVERED), 0)
        self.display = True

    def clear(self) -> None:
        """Show nothing, unless a message has appeared just now: a key that was pressed already must not remove it."""
        if self.texts and time.monotonic() - self._shown_at >= _LEAST_SECONDS:
            self.texts, self._lines = [], []
            self._above.styles.margin = 0
            self.display = False
