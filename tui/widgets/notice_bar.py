"""The bar for important messages. It covers the status line and the key bar until the user presses a key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.render.cell_width import wrapped

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

# The largest number of lines of the bar, and the number of those that cover the status line and the key bar.
_MOST_LINES = 5
_COVERED = 2
# A message is shown for at least this time, even if a key is pressed earlier (s).
_LEAST_SECONDS = 0.5
# The sign before a message of each severity, and the number of cells that the sign and the margins need.
_SIGNS: dict[SeverityLevel, str] = {"information": " • ", "warning": " ! ", "error": " × "}
_MARGIN = 4
_STYLES: dict[SeverityLevel, str] = {"information": "$key", "warning": "$warning", "error": "$error"}


class NoticeBar(Static):
    """Shows messages at the bottom of the screen.

    All messages that arrive before the user presses a key are shown together. `texts` are the messages on the screen.
    """

    def __init__(self, above: Widget, *, id: str) -> None:
        """`above` is the widget above the status line. It becomes shorter if the bar needs more than two lines."""
        super().__init__(id=id)
        self.texts: list[str] = []
        self._above = above
        self._lines: list[Content] = []
        self._shown_at = 0.0

    def add(self, text: str, severity: SeverityLevel) -> None:
        """Show a message, together with the messages already shown, until `clear` is called."""
        if text in self.texts:
            return
        self._shown_at = time.monotonic()
        self.texts.append(text)
        sign = Content.styled(_SIGNS[severity], f"bold {_STYLES[severity]}")
        blank = Content(" " * sign.cell_length)
        # Use the width of the terminal, because a message may be added before the bar is on the screen and has a width.
        width = max(1, self.app.size.width - _MARGIN)
        for number, (start, end) in enumerate(wrapped(text, width)):
            self._lines.append(Content("").join([blank if number else sign, Content(text[start:end])]))
        # If the messages have too many lines, drop the oldest lines.
        self._lines = self._lines[-_MOST_LINES:]
        self.update(Content("\n").join(self._lines), layout=False)
        # An error is also shown in the status line, so the bar covers the status line completely.
        self.styles.height = max(len(self._lines), _COVERED if severity == "error" else 1)
        self._above.styles.margin = (0, 0, max(0, len(self._lines) - _COVERED), 0)
        self.display = True

    def clear(self) -> None:
        """Remove the messages. This must be called when a key is pressed.

        The method does nothing if a message has appeared only just now, because the user cannot have read the message
        yet.
        """
        if self.texts and time.monotonic() - self._shown_at >= _LEAST_SECONDS:
            self.texts, self._lines = [], []
            self._above.styles.margin = 0
            self.display = False
