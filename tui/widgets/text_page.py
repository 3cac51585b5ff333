"""A widget for a text that scrolls by lines. The lines can be made before they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

# The largest width of the text (cells), because longer lines are hard to read.
_MAX_WIDTH = 96
# The smallest blank margins at the left and the right (cells).
_MARGIN = 2
# How many lines the text scrolls for each notch of the mouse wheel.
_NOTCH = 3
# When the text is scrolled by a whole page, this many lines of the previous page stay visible.
_OVERLAP = 1


class TextPage(Widget):
    """Shows lines that were made with `make`.

    New lines do not make Textual lay out the screen, so they are drawn in about a millisecond. The last line of the
    widget shows how many lines follow below, or is blank when no lines follow.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Strip] = ()
        self._top = 0
        self._more_key = ""

    @property
    def text_width(self) -> int:
        """The width of the text (cells); 0 before the first layout."""
        return max(0, min(_MAX_WIDTH, self.size.width - 2 * _MARGIN))

    def make(self, parts: Sequence[Content]) -> list[list[Strip]]:
        """The lines of each of the `parts` of a page, for the current width and theme."""
        return [
            Visual.to_strips(self, part, self.text_width, None, self.visual_style, apply_selection=False)
            if part.plain
            else []
            for part in parts
        ]

    def show(self, lines: Sequence[Strip], *, more_key: str) -> None:
        """Show these lines, starting with the first one. `more_key` is the name of the key that scrolls down, or ""."""
        self._lines, self._top, self._more_key = lines, 0, more_key
        self.refresh()

    def fill(self, lines: Sequence[Strip]) -> None:
        """Replace the lines without scrolling. The new lines must begin with the old ones."""
        self._lines = lines
        self.refresh()

    def scroll_lines(self, lines: int) -> None:
        """Scroll down by `lines`, or up if `lines` is negative, but not beyond the end or the beginning of the text."""
        top = min(max(0, self._top + lines), self._last_top)
        if top != self._top:
            self._top = top
            self.refresh()

    def scroll_pages(self, pages: int) -> None:
        """Scroll down by `pages`, or up if it is negative."""
        self.scroll_lines(pages * max(1, self._room - _OVERLAP))

    def scroll_to_line(self, line: int) -> None:
        """Scroll as little as possible so that a line is in the upper half of the page."""
        self.scroll_lines(max(line - self._room // 2, min(line, self._top)) - self._top)

    @property
    def _room(self) -> int:
        """The number of lines of the text that fit into the widget.

        The last line of the widget is kept free for the number of lines below, unless all lines fit.
        """
        height = self.size.height
        return max(1, height if len(self._lines) <= height else height - 1)

    @property
    def _last_top(self) -> int:
        return max(0, len(self._lines) - self._room)

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        left = (width - self.text_width) // 2
        line = self._top + y
        if y < self._room and line < len(self._lines):
            strip = Strip.join([Strip.blank(left, style), self._lines[line]])
        elif y == self._room and (below := len(self._lines) - self._top - self._room) > 0:
            key = f" {self._more_key}:" if self._more_key else ""
            text = Content.styled(f"↓{key} {below} more line{'s' if below > 1 else ''}", "$muted")
            (more,) = self.make([text.truncate(self.text_width)])[0][:1] or [Strip.blank(0)]
            strip = Strip.join([Strip.blank(left, style), more])
        else:
            return Strip.blank(width, style)
        return strip.adjust_cell_length(width, style)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.scroll_lines(_NOTCH)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.scroll_lines(-_NOTCH)
