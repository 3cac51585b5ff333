"""A list that is drawn line by line.

It stores only the number of its items, and makes the lines of those on the screen.
"""

from __future__ import annotations

from collections.abc import Hashable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tui.render.styled import Line
from tui.terminal.textual_internals import ListScrollView
from tui.widgets.scrollbar import SteadyBar

# The number of lines that the list scrolls for each notch of the mouse wheel, before it is rounded to whole items.
_NOTCH = 3
# The largest number of drawn lines that are cached. The first lines and the second lines of items have separate caches.
_MOST_DRAWN = 500
# The sign in the first cell of the line under the cursor and of each selected line. It shows the cursor on terminals
# without colours.
_BAR = "▌"


class LineList(ListScrollView, can_focus=True):
    """Items of one or two lines each, with a cursor on one of them.

    A subclass must set the number of items with `set_count`, and make their lines in `item_line`. A change of the
    number of items causes no layout of the screen: the scrollbar is always visible, and the list updates the scrollbar
    itself.
    """

    # A subclass adds the names of its own styles. Keep the number of names small: whenever Textual styles the list, it
    # searches all CSS for every name.
    COMPONENT_CLASSES = {"lines--cursor", "lines--selected", "lines--bar", "lines--title", "lines--muted"}

    class Moved(Message):
        """The cursor has moved to another item."""

        def __init__(self, lines: LineList, index: int) -> None:
            super().__init__()
            self.lines = lines
            self.index = index

        @property
        def control(self) -> LineList:
            return self.lines

    class Chosen(Message):
        """An item was double-clicked."""

        def __init__(self, lines: LineList, index: int) -> None:
            super().__init__()
            self.lines = lines
            self.index = index

        @property
        def control(self) -> LineList:
            return self.lines

    class Dragged(Message):
        """An item was dragged to the line of another one with the mouse."""

        def __init__(self, lines: LineList, start: int, end: int) -> None:
            super().__init__()
            self.lines = lines
            self.start = start
            self.end = end

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # The item on which a button of the mouse was pressed.
        self._pressed: int | None = None
        self.count = 0
        self.cursor = 0
        self.item_height = 1
        self._styles: dict[tuple[str, str], Style] = {}
        # The cache of drawn lines. The key of the outer dict is the number of the line in its item. The key of the
        # inner dict consists of the key of the item, the name of the background style, and the width.
        self._drawn: dict[int, dict[tuple[Hashable, str, int], Strip]] = {}

    def item_key(self, index: int) -> Hashable:
        """The key under which the drawn lines of an item are cached. A subclass must override this.

        Items with equal keys must look the same until the next call of `forget_lines`.
        """
        raise NotImplementedError

    def item_line(self, index: int, part: int, width: int) -> Line:
        """The line number `part` of an item, `width` cells wide and without the sign for the cursor.

        `part` is less than `item_height`. A subclass must override this.
        """
        raise NotImplementedError

    def is_selected(self, index: int) -> bool:
        """Whether an item is selected. A subclass that has a selection must override this."""
        return False

    def is_passed_over(self, index: int) -> bool:
        """Whether the cursor skips an item. A subclass that has headings must override this."""
        return False

    def scrollbar(self) -> ScrollBar:
        return SteadyBar(thickness=self.scrollbar_size_vertical)

    @property
    def page(self) -> int:
        """The number of whole items that fit on the screen, at least 1."""
        return max(1, self.size.height // self.item_height)

    @property
    def first(self) -> int:
        """The index of the first item on the screen."""
        return self.scroll_offset.y // self.item_height

    def set_count(
        self, count: int, *, cursor: int, first: int | None = None, follow: bool = True, redraw: bool = True
    ) -> None:
        """Set the number of items and the index of the item under the cursor.

        The list is scrolled so that the item with the index `first` is the first one on the screen, as far as the
        number of items allows that; with None, the list is not scrolled. After that, with `follow`, the list is
        scrolled until the cursor is visible; pass False when the user has scrolled away from the cursor. Pass False as
        `redraw` when the screen already shows the right items.
        """
        self.count = count
        self.cursor = min(max(0, cursor), max(0, count - 1))
        self._resize()
        if first is not None:
            self._scroll(first * self.item_height)
        if follow:
            self._show_cursor()
        self.place_terminal_cursor()
        if redraw:
            self.refresh()

    def set_item_height(self, height: int) -> None:
        """Set the number of lines of each item."""
        if height != self.item_height:
            first = self.first
            self.item_height = height
            self.forget_lines()
            self.set_count(self.count, cursor=self.cursor, first=first)

    def move(self, to: int, step: int = 1) -> None:
        """Move the cursor to the item `to`. If that is a heading, go on in steps of `step` to an item."""
        to = min(max(0, to), self.count - 1)
        while 0 <= to < self.count and self.is_passed_over(to):
            to += step
        if not 0 <= to < self.count or to == self.cursor:
            self._show_cursor()
            return
        before, self.cursor = self.cursor, to
        if not self._show_cursor():
            for index in range(min(before, to), max(before, to) + 1) if self.is_selected(to) else (before, to):
                self.refresh_lines(index * self.item_height, self.item_height)
        self.post_message(self.Moved(self, to))

    def redraw(self, index: int) -> None:
        """Draw one item again."""
        self.refresh_lines(index * self.item_height, self.item_height)

    def render_line(self, y: int) -> Strip:
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own method checks for borders and padding at every line. This one does not, because a list has none.
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        strips = [self.strip(top + y, width) for y in crop.line_range]
        left, right = crop.column_span
        return [strip.crop(left, right) for strip in strips] if left or right < width else strips

    def strip(self, line: int, width: int) -> Strip:
        """The drawn line with the number `line`, counted from 0 at the first line of the first item."""
        index, part = divmod(line, self.item_height)
        if not 0 <= index < self.count:
            return Strip.blank(width, self.style_of("plain"))
        under = self._under(index)
        drawn, key = self._drawn.setdefault(part, {}), (self.item_key(index), under, width)
        strip = drawn.get(key)
        if strip is None:
            if len(drawn) > _MOST_DRAWN:
                drawn.clear()
            pieces = self.item_line(index, part, max(0, width - 1))
            bar = Segment(_BAR, self.style_of("bar", under)) if under else Segment(" ", self.style_of("plain"))
            segments = [bar, *(Segment(text, self.style_of(name, under)) for text, name in pieces)]
            strip = drawn[key] = Strip(segments, max(1, width))
        return strip

    def place_terminal_cursor(self) -> None:
        """Put the terminal's cursor on the first letter of the item under the list's cursor, if the list has the focus.

        The terminal's cursor is hidden, but screen readers, braille displays and input methods follow it. The cursor
        moves when the screen is next drawn.
        """
        # Ask the screen: `has_focus` stays true until the widget has handled its Blur event, which may come late. A key
        # may be typed before the list is on the screen, so check that the list has a screen.
        if self.is_attached and self.screen.focused is self:
            line = self.cursor * self.item_height - self.scroll_offset.y
            self.app.cursor_position = self.content_region.offset + Offset(
                1, min(max(0, line), max(0, self.size.height - 1))
            )

    def forget_lines(self, *parts: int) -> None:
        """Discard the drawn lines with these numbers in their items (0 or 1); without numbers, all drawn lines.

        The lines are made again when they are next drawn.
        """
        for part in parts or tuple(self._drawn):
            self._drawn.pop(part, None)

    def notify_style_update(self) -> None:
        self._forget_styles()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        self.forget_lines()
        self._resize()
        self._show_cursor()

    def on_focus(self) -> None:
        self._forget_styles()
        self.refresh()
        self.place_terminal_cursor()

    def on_blur(self) -> None:
        self._forget_styles()
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._pressed = (self.scroll_offset.y + event.y) // self.item_height

    def on_mouse_up(self, event: events.MouseUp) -> None:
        start, self._pressed = self._pressed, None
        end = (self.scroll_offset.y + event.y) // self.item_height
        if start is not None and start != end and 0 <= start < self.count and 0 <= end < self.count:
            self.post_message(self.Dragged(self, start, end))

    def on_click(self, event: events.Click) -> None:
        index = (self.scroll_offset.y + event.y) // self.item_height
        if 0 <= index < self.count and not self.is_passed_over(index):
            self.move(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self, index))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(self.scroll_offset.y + self._notch)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(self.scroll_offset.y - self._notch)

    def validate_scroll_y(self, value: float) -> float:
        """Round the scroll position to whole items, so that the first item on the screen is completely visible."""
        y = super().validate_scroll_y(value)
        return y - y % self.item_height

    @property
    def _notch(self) -> int:
        return max(1, round(_NOTCH / self.item_height)) * self.item_height

    def _under(self, index: int) -> str:
        """The name of the background style of an item: "cursor", "selected" or ""."""
        if index == self.cursor:
            return "cursor"
        return "selected" if self.is_selected(index) else ""

    def style_of(self, name: str, under: str = "") -> Style:
        """The style `name` combined with the background style `under`, after Textual's line filters."""
        style = self._styles.get((name, under))
        if style is None:
            style = self.rich_style + self._component(name) + self._component(under)
            for line_filter in self.get_line_filters():
                style = line_filter.apply([Segment(" ", style)], self.background_colors[1])[0].style or Style.null()
            self._styles[name, under] = style
        return style

    def _component(self, name: str) -> Style:
        component = f"lines--{name}"
        if component not in self.COMPONENT_CLASSES:
            return Style.null()
        return self.get_component_rich_style(component, partial=True)

    def _forget_styles(self) -> None:
        self._styles.clear()
        self.forget_lines()

    def _resize(self) -> None:
        height = self.count * self.item_height
        if height > self.size.height:
            # Add a few blank lines, so that the list can be scrolled to its end with a whole item at the top.
            height += self.size.height % self.item_height
        size = Size(self.scrollable_content_region.width, height)
        # An ordinary assignment would make Textual lay out the whole screen again for every key typed into the filter.
        self.set_reactive(ScrollView.virtual_size, size)
        self.vertical_scrollbar.window_virtual_size = size.height
        self.vertical_scrollbar.window_size = self.size.height
        if self.scroll_offset.y > self.max_scroll_y:
            self._scroll(self.max_scroll_y)

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=min(max(0, y), self.max_scroll_y), animate=False, force=True, immediate=True)
        self.place_terminal_cursor()

    def _show_cursor(self) -> bool:
        """Scroll as little as possible so that the cursor is visible. Returns whether the list was scrolled."""
        has_scrolled = self._scroll_to_cursor()
        self.place_terminal_cursor()
        return has_scrolled

    def _scroll_to_cursor(self) -> bool:
        top = self.cursor * self.item_height
        height = self.size.height
        if top < self.scroll_offset.y:
            self._scroll(top)
            return True
        if height and top + self.item_height > self.scroll_offset.y + height:
            self._scroll(top - (self.page - 1) * self.item_height)
            return True
        return False
