"""The widget that shows two compared texts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from store.texts.blocks import Block
from store.texts.comparison import Row
from tui.render.comparison_flow import ComparisonFlow
from tui.render.paper_line import Line
from tui.render.text_flow import LinePlace
from tui.widgets.full_text import STYLES

# How many lines the text scrolls for each notch of the mouse wheel, and how many stay when it scrolls by a page.
_NOTCH, _OVERLAP = 3, 2


class ComparisonView(Widget):
    """Shows a part of two compared texts, from a certain line on."""

    COMPONENT_CLASSES = {f"text--{style}" for style in (*STYLES, "removed", "added")}

    class Moved(Message):
        """The texts were scrolled or laid out again, so another part of them is shown."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block], rows: Sequence[Row], *, id: str) -> None:
        super().__init__(id=id)
        self._texts = before, after, rows
        self.flow = ComparisonFlow(before, after, rows, 80)
        self.top = LinePlace(0, 0)
        self._shown: Sequence[Line] = ()
        self._rich_styles: dict[str, Style] = {}

    @property
    def room(self) -> int:
        """The number of lines that are shown."""
        return max(1, self.size.height)

    @property
    def is_at_end(self) -> bool:
        """Whether the end of the texts is visible."""
        return self.top >= self.flow.last_top(self.room)

    def scroll_by(self, lines: int) -> None:
        """Scroll down by `lines`, or up if it is negative."""
        self.show_line(self.flow.moved(self.top, lines))

    def scroll_pages(self, pages: float) -> None:
        """Scroll down by `pages`, or up if it is negative."""
        self.scroll_by(int(pages * max(1, self.room - _OVERLAP)))

    def show_row(self, row: int) -> None:
        """Show a row near the top, below a few lines of what is before it."""
        self.show_line(self.flow.moved(LinePlace(row, 0), -min(3, self.room // 4)))

    def show_line(self, place: LinePlace) -> None:
        """Scroll so that a line is at the top, but not further than to the end of the texts."""
        self.top = min(place, self.flow.last_top(self.room))
        self._shown = self.flow.take(self.top, self.room)
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        self.flow = ComparisonFlow(*self._texts, event.size.width)
        self.show_line(LinePlace(self.top.block, 0))

    def notify_style_update(self) -> None:
        self._rich_styles.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        blank = self.rich_style
        left = max(0, (self.size.width - self.flow.width) // 2)
        segments = [Segment(" " * left, blank)]
        used = left
        for piece in self._shown[y] if y < len(self._shown) else ():
            segments.append(Segment(piece.text, self._style(piece.style)))
            used += cell_len(piece.text)
        segments.append(Segment(" " * max(0, self.size.width - used), blank))
        return Strip(segments).adjust_cell_length(self.size.width, blank)

    def _style(self, name: str) -> Style:
        style = self._rich_styles.get(name)
        if style is None:
            style = self._rich_styles[name] = self.rich_style + self.get_component_rich_style(
                f"text--{name}", partial=True
            )
        return style

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.scroll_by(_NOTCH)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.scroll_by(-_NOTCH)
