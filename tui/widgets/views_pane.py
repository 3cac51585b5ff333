"""Two widgets that show the views and the number of papers of each view: a pane, and one line for narrow screens.

A view is a set of papers to list. There are fixed views such as "New", and groups of others, such as one view for each
listing day.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from store.papers.views import CountedView, CountedViews, View
from tui.actions.actions_and_keys import BY_ID, first_key, shown, view_action
from tui.render import styled
from tui.render.styled import Line
from tui.widgets.line_list import LineList


class ViewList(LineList):
    """A list of views under headings. The cursor skips the headings."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {
        "lines--key",
        "lines--heading",
        # The styles in which the views of tags are drawn.
        "lines--tag",
        "lines--place",
        "lines--star",
    }

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # An item is either a view or the text of a heading.
        self._items: list[CountedView | str] = []
        # Maps each view that is shown with a bar to the number of papers that a full bar stands for: the largest number
        # of any view in its group.
        self._most: dict[View, int] = {}
        self._keymap: Mapping[str, str] = {}

    @property
    def view(self) -> View | None:
        """The view that the cursor is on."""
        item = self._items[self.cursor] if self.cursor < len(self._items) else None
        return item.view if isinstance(item, CountedView) else None

    def show_keys(self, keymap: Mapping[str, str]) -> None:
        """From now on, show at each view the key that `keymap` assigns to it."""
        self._keymap = keymap
        self.forget_lines()

    def show(self, views: CountedViews, current: View) -> None:
        """Show these views. The cursor goes to `current`, or stays on its view if the pane has the focus."""
        items: list[CountedView | str] = [*views.fixed]
        for group in views.groups:
            items += [group.heading, *group.views]
        self._most = {
            counted.view: max(each.count for each in group.views)
            for group in views.groups
            if group.has_bars
            for counted in group.views
        }
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
        key = _key(item, self._keymap)
        # Only a key of one letter fits. Longer keys are shown in the help.
        return styled.view_line(item, key if len(key) == 1 else "", width, self._most.get(item.view, 0))


class ViewStrip(Static):
    """Shows as many views as fit on one line, for screens that are too narrow for the pane. A click opens a view."""

    class Chosen(Message):
        """A view was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._views: tuple[CountedView, ...] = ()
        self._current = View()
        self._keymap: Mapping[str, str] = {}
        # The views that are shown, each with its first column and the column after its last one.
        self._places: list[tuple[int, int, View]] = []

    def show_keys(self, keymap: Mapping[str, str]) -> None:
        """From now on, show at each view the key that `keymap` assigns to it."""
        self._keymap = keymap
        self._draw()

    def show(self, views: CountedViews, current: View) -> None:
        """Show these views, and highlight `current`."""
        days = views.of("day")
        # The views of days are last, because there are many of them and only the first views fit on the line.
        others = (each for group in views.groups for each in group.views if each not in days)
        self._views, self._current = (*views.fixed, *others, *days), current
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        for start, end, view in self._places:
            if start <= event.x < end:
                self.post_message(self.Chosen(view))
                return

    def _draw(self) -> None:
        self._places = []
        parts: list[Content] = []
        at = 0
        for counted in self._fitting():
            part = self._part(counted)
            self._places.append((at, at + part.cell_length, counted.view))
            parts.append(part)
            at += part.cell_length
        self.update(Content("").join(parts), layout=False)

    def _fitting(self) -> list[CountedView]:
        """The first views that fit on the line together with the current view, which is always shown."""
        current = next((each for each in self._views if each.view == self._current), None)
        room = self.size.width - (self._part(current).cell_length if current else 0)
        fitting: list[CountedView] = []
        for counted in self._views:
            if counted is not current:
                room -= self._part(counted).cell_length
            if room < 0:
                break
            fitting.append(counted)
        return fitting if current is None or current in fitting else [*fitting, current]

    def _part(self, counted: CountedView) -> Content:
        key = _key(counted, self._keymap)
        is_current = counted.view == self._current
        return Content.assemble(
            (f" {key} " if key else " ", "$key"),
            (styled.view_name(counted.view), "bold underline $title" if is_current else "$foreground"),
            (f" ({counted.count:,}) ", "$muted"),
        )


def _key(counted: CountedView, keymap: Mapping[str, str]) -> str:
    """The key that shows a view, or "".

    A view without an argument, such as "New", may have the key of the action that shows views of this kind. Any other
    view has only the key that the user has assigned to it.
    """
    action_id = view_action(counted.view.kind)
    has_action = action_id in BY_ID and not counted.view.argument
    return first_key(action_id, keymap) if has_action else shown(counted.key)
