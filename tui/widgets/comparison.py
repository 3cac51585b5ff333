"""The widget that shows two compared texts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip

from store.texts.blocks import Block
from store.texts.comparison import Row
from tui.render.comparison_flow import ComparisonFlow
from tui.render.pieces import Line
from tui.render.text_flow import LinePlace
from tui.widgets.scrolled_text import ScrolledText


class ComparisonView(ScrolledText):
    """Shows two compared texts, with the changes highlighted. Only the part of the texts that fits is shown."""

    COMPONENT_CLASSES = {"text--removed", "text--added"}

    flow: ComparisonFlow

    def __init__(self, before: Sequence[Block], after: Sequence[Block], rows: Sequence[Row], *, id: str) -> None:
        super().__init__(id=id)
        self._texts = before, after, rows
        self.flow = ComparisonFlow(before, after, rows, 80)
        self._shown: Sequence[Line] = ()

    def show_row(self, row: int) -> None:
        """Scroll so that a row of the comparison is near the top, below a few lines of the previous rows."""
        self.show_line(self.flow.moved(LinePlace(row, 0), -min(3, self.room // 4)))

    def take_lines(self) -> None:
        self._shown = self.flow.take(self.top, self.room)

    def on_resize(self, event: events.Resize) -> None:
        self.flow = ComparisonFlow(*self._texts, event.size.width)
        self.show_line(LinePlace(self.top.block, 0))

    def render_line(self, y: int) -> Strip:
        blank = self.rich_style
        left = max(0, (self.size.width - self.flow.width) // 2)
        segments = [Segment(" " * left, blank)]
        used = left
        for piece in self._shown[y] if y < len(self._shown) else ():
            segments.append(Segment(piece.text, self.style_of(piece.style)))
            used += cell_len(piece.text)
        segments.append(Segment(" " * max(0, self.size.width - used), blank))
        return Strip(segments).adjust_cell_length(self.size.width, blank)
