"""The views pane: the fixed views, listing days, tags, each with its count."""

from __future__ import annotations

from store.papers.views import Shelf, Shelves, View
from tui.actions.registry import BY_ID, shown
from tui.render import styled
from tui.render.styled import Line
from tui.widgets.line_list import LineList


class ViewList(LineList):
    """Choosing a view by moving to it; headings are passed over."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {"lines--key", "lines--heading"}

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._items: list[Shelf | str] = []
        self._keymap: dict[str, str] = {}

    @property
    def view(self) -> View | None:
        """The view under the cursor."""
        item = self._items[self.cursor] if self.cursor < len(self._items) else None
        return item.view if isinstance(item, Shelf) else None

    def show_keys(self, keymap: dict[str, str]) -> None:
        """Show the keys as they are mapped now."""
        self._keymap = keymap
        self.forget_lines()

    def show(self, shelves: Shelves, current: View) -> None:
        """Show the views; the cursor is on `current`, or where the reader has moved it since."""
        items: list[Shelf | str] = [*shelves.fixed]
        if shelves.days:
            items += ["Days", *shelves.days]
        if shelves.tags:
            items += ["Tags", *shelves.tags]
        wanted = self.view or current if self.has_focus else current
        self._items = items
        self.forget_lines()
        at = next((i for i, each in enumerate(items) if isinstance(each, Shelf) and each.view == wanted), 0)
        self.set_count(len(items), cursor=at, first=self.first)

    def is_passed_over(self, index: int) -> bool:
        return isinstance(self._items[index], str)

    def item_key(self, index: int) -> int:
        return index

    def item_line(self, index: int, part: int, width: int) -> Line:
        item = self._items[index]
        if isinstance(item, str):
            return styled.heading_line(item, width)
        action = BY_ID.get(f"view_{item.view.kind}")
        key = shown(self._keymap.get(action.id, action.keys[0]).split(",")[0]) if action else ""
        # There is room for one letter; the help knows the rest.
        return styled.shelf_line(item, key if len(key) == 1 else "", width)
