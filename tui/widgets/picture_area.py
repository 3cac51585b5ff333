"""The widget that shows one picture, or a sentence in place of a picture, in its middle."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.render import picture_cells
from tui.render.cell_width import width, wrapped
from tui.render.picture_cells import DrawnPicture, Frame

# The blank cells at each side of a sentence.
_MARGIN = 2


class PictureArea(Widget):
    """Shows a picture made of characters.

    The caller must draw a kitty or sixel picture itself, at the result of `place`.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._picture: DrawnPicture | None = None
        self._text = ""

    def show(self, picture: DrawnPicture | None, text: str = "") -> None:
        """Show a picture or, if it is None, `text`."""
        self._picture, self._text = picture, text
        self.refresh()

    def place(self, frame: Frame) -> tuple[int, int]:
        """The column and the row of the screen at which a picture in the middle of the widget begins."""
        left, top = self._corner(frame)
        return self.region.x + left, self.region.y + top

    def _corner(self, frame: Frame) -> tuple[int, int]:
        return max(0, (self.size.width - frame.columns) // 2), max(0, (self.size.height - frame.rows) // 2)

    def render_line(self, y: int) -> Strip:
        blank, across = self.rich_style, self.size.width
        if self._picture is None:
            return self._sentence_line(y)
        rows, (left, top) = self._picture.rows, self._corner(self._picture.frame)
        if not top <= y < top + len(rows):
            return Strip.blank(across, blank)
        columns = self._picture.frame.columns
        segments = [
            Segment(" " * left, blank),
            *picture_cells.on(rows[y - top], blank),
            Segment(" " * max(0, across - left - columns), blank),
        ]
        # Pass the length of the strip, because Textual would take long to compute the width of the placeholders of a
        # picture.
        return Strip(segments, max(across, left + columns)).adjust_cell_length(across, blank)

    def _sentence_line(self, y: int) -> Strip:
        """A line of the sentence, which is wrapped and in the middle of the widget."""
        blank, across = self.rich_style, self.size.width
        room = max(10, across - 2 * _MARGIN)
        lines = [self._text[start:end] for start, end in wrapped(self._text, room)] if self._text else []
        index = y - max(0, (self.size.height - len(lines)) // 2)
        if not 0 <= index < len(lines):
            return Strip.blank(across, blank)
        text = lines[index]
        return Strip([Segment(" " * max(0, (across - width(text)) // 2) + text, blank)]).adjust_cell_length(
            across, blank
        )
