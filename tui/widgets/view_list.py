"""The views pane: the fixed views, listing days and tags, each with its number of papers."""

from __future__ import annotations

from collections.abc import Mapping

from store.papers.views import CountedView, CountedViews, View
from tui.actions.registry import BY_ID, first_key
from tui.render import styled
from tui.render.styled import Line
from tui.widgets.line_list import LineList


class ViewList(LineList):
    """A list of views under headings. The cursor skips the headings."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {"lines--key", "lines--heading"}

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # An item is either a view or the text of a heading.
        self._items: list[CountedView | str] = []
        self._keymap: Mapping[str, str] = {}

    @property
    def view(self) -> View | None:
        """The view that the cursor is on."""
        item = self._items[self.cursor] if self.cursor < len(self._items) else None
        return item.view if isinstance(item, CountedView) else None

    def show_keys(self, keymap: Mapping[str, str]) -> None:
        """Show the keys of the views as `keymap` configures them."""
        self._keymap = keymap
        self.forget_lines()

    def show(self, views: CountedViews, current: View) -> None:
        """Show the views. The cursor is on `current`, or stays on its view while the pane has the focus."""
        items: list[CountedView | str] = [*views.fixed]
        if views.days:
            items += ["Days", *views.days]
        if views.tags:
            items += ["Tags", *views.tags]
        view = self.view or current if self.has_focus else current
        self._items = items
        self.forget_lines()
        index = next((i for i, item in enumerate(items) if isinstance(item, CountedView) and item.view == view), 0)
        self.set_count(len(items), cursor=index, first=self.first)

    def is_passed_over(self, index: int) -> bool:
        return isinstance(self._items[index], str)

    def item_key(self, index: int) -> int:
        return index

    def item_line(self, index: int, part: int, width: int) -> Line:
        item = self._items[index]
        if isinstance(item, str):
            return styled.heading_line(item, width)
        action_id = f"view_{item.view.kind}"
        key = first_key(action_id, self._keymap) if action_id in BY_ID else ""
        # There is room for one letter; longer keys are in the help.
        return styled.view_line(item, key if len(key) == 1 else "", width)
