"""The base class of widgets that show a part of a long text, which can be scrolled."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual import events
from textual.message import Message
from textual.widget import Widget

from tui.render.text_flow import LineFlow, LinePlace

# How many lines the text scrolls for each notch of the mouse wheel.
_NOTCH = 3
# When the text is scrolled by a whole page, this many lines of the previous page stay visible.
_OVERLAP = 2
# The names of the styles of pieces of text, without the prefix "text--".
STYLES = (
    "plain", "title", "heading", "subheading", "emphasis", "strong", "math", "code", "link", "citation", "caption",
    "note", "muted", "line", "match", "current", "passage", "selection",
)  # fmt: skip


class ScrolledText(Widget):
    """Shows a part of a text, starting at the line `top`. Scrolling does not make Textual lay out the screen.

    A subclass must set `flow`, the lines of the text, and implement `take_lines` and `render_line`.
    """

    COMPONENT_CLASSES = {f"text--{style}" for style in STYLES}

    class Moved(Message):
        """The text was scrolled or laid out again, so another part of it is shown."""

    flow: LineFlow[Any]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.top = LinePlace(0, 0)
        self._rich_styles: dict[str, Style] = {}

    def take_lines(self) -> None:
        """Take the lines to show from `flow`. This is called when `top` has changed or the text was laid out again."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """The number of lines that fit into the widget."""
        return max(1, self.size.height)

    @property
    def is_at_end(self) -> bool:
        """Whether the end of the text is visible."""
        return self.top >= self.flow.last_top(self.room)

    def scroll_by(self, lines: int) -> None:
        """Scroll down by `lines`, or up if it is negative."""
        self.show_line(self.flow.moved(self.top, lines))

    def scroll_pages(self, pages: float) -> None:
        """Scroll down by `pages`, or up if it is negative."""
        self.scroll_by(int(pages * max(1, self.room - _OVERLAP)))

    def show_line(self, place: LinePlace) -> None:
        """Scroll so that a line is at the top, but not further than to the end of the text."""
        self.top = min(place, self.flow.last_top(self.room))
        self.take_lines()
        self.refresh()
        self.post_message(self.Moved())

    def notify_style_update(self) -> None:
        self._rich_styles.clear()
        super().notify_style_update()

    def style_of(self, name: str) -> Style:
        """The style of pieces of text with the style `name`."""
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
