"""The list of choices in a dialog, with a cursor. The dialog makes the lines of the list."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from tui.render.styled import Line
from tui.widgets.line_list import LineList


class ChoiceList(LineList, can_focus=False):
    """A list to choose from. It never has the focus: the dialog handles the keys and moves the cursor."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {
        "lines--match",
        "lines--key",
        "lines--heading",
        "lines--error",
        "lines--warning",
        "lines--tag",
        "lines--place",
        "lines--star",
    }

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._line_of: Callable[[int, int], Line] = lambda index, width: ()
        self._second_line_of: Callable[[int, int], Line] = self._line_of

    def show(
        self,
        count: int,
        line_of: Callable[[int, int], Line],
        *,
        cursor: int = 0,
        second_line_of: Callable[[int, int], Line] | None = None,
    ) -> None:
        """Show `count` lines.

        `line_of` is called with an index and the width of the list (cells), and must return the line.

        If each item has two lines (see `set_item_height`), `second_line_of` must return the second line.
        """
        self._line_of, self._second_line_of = line_of, second_line_of or line_of
        self.forget_lines()
        self.set_count(count, cursor=cursor)

    def item_key(self, index: int) -> int:
        return index

    def item_line(self, index: int, part: int, width: int) -> Line:
        return self._second_line_of(index, width) if part else self._line_of(index, width)

    def on_click(self, event: events.Click) -> None:
        super().on_click(event)
        index = (self.scroll_offset.y + event.y) // self.item_height
        if event.chain == 1 and 0 <= index < self.count:
            self.post_message(self.Chosen(self, index))
