"""The table of contents beside a full text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.render import styled
from tui.render.cell_width import cut
from tui.render.text_flow import Outline

# The blank cells before each heading, and the additional blank cells for each level below the first.
_MARGIN, _INDENT = 2, 2


class TextContents(Widget):
    """Shows the headings of a text. The heading of the section that is being read is highlighted and always visible."""

    COMPONENT_CLASSES = {"contents--here", "contents--top", "contents--plain"}

    class Chosen(Message):
        """A heading was clicked."""

        def __init__(self, block: int) -> None:
            super().__init__()
            self.block = block

    def __init__(self, headings: Sequence[Outline], *, id: str) -> None:
        super().__init__(id=id)
        self._headings = headings
        self._section: int | None = None
        self._top = 0

    def show_section(self, section: int | None) -> None:
        """Highlight the heading with the index `section`."""
        if section == self._section:
            return
        self._section = section
        self._scroll_to_section()
        self.refresh()

    def on_resize(self) -> None:
        self._scroll_to_section()

    def _scroll_to_section(self) -> None:
        """Scroll so that the highlighted heading is visible, and is neither the first nor the last visible line."""
        room = max(1, self._room)
        at = self._section or 0
        if not self._top + 2 <= at < self._top + room - 2:
            self._top = max(0, min(at - room // 3, len(self._headings) - room))

    @property
    def _room(self) -> int:
        """The number of lines for headings: all lines of the widget except the first, which is blank."""
        return self.size.height - 1

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        index = self._top + y - 1
        if y == 0 or not 0 <= index < len(self._headings):
            return Strip.blank(width, self.rich_style)
        heading = self._headings[index]
        indent = _MARGIN + _INDENT * max(0, min(heading.level, 4) - 2)
        text = styled.shortened(heading.text, max(4, width - indent - 1))
        name = "here" if index == self._section else "top" if heading.level <= 2 else "plain"
        sign = "▌" if index == self._section else " "
        return Strip([Segment(cut(f" {sign}{' ' * (indent - 2)}{text}", width), self._style(name))]).adjust_cell_length(
            width, self.rich_style
        )

    def _style(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"contents--{name}", partial=True)

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - 1
        if event.y > 0 and 0 <= index < len(self._headings):
            self.post_message(self.Chosen(self._headings[index].block))
