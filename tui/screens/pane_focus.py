"""Moves the focus between the filter and the panes of the library screen, and reports where the focus is."""

from __future__ import annotations

from typing import Literal

from textual.screen import Screen
from textual.widget import Widget

from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.paper_list import PaperList
from tui.widgets.views_pane import ViewList

# The pane or the field that gets the next key. It is "empty" when the library has no papers.
Pane = Literal["list", "paper", "views", "filter", "empty"]


class PaneFocus:
    """Moves the focus on the library screen, and shows and hides the panes to match.

    The screen has the class "-empty" when the library has no papers, "-views" when the pane of views has the focus, and
    "-reading" when a paper is open. The style sheet shows and hides the panes by these classes.
    """

    def __init__(
        self, screen: Screen[None], filter_line: FilterLine, view_list: ViewList, papers: PaperList, detail: Detail
    ) -> None:
        self._screen = screen
        self._filter_line = filter_line
        self._view_list = view_list
        self._papers = papers
        self._detail = detail

    @property
    def is_typing(self) -> bool:
        """Whether the filter has the focus, so that letters are typed into it."""
        return self._screen.focused is self._filter_line.input

    @property
    def is_choosing_view(self) -> bool:
        """Whether the pane of views has the focus."""
        return self._screen.focused is self._view_list

    @property
    def is_empty(self) -> bool:
        """Whether the library has no papers at all."""
        return self._screen.has_class("-empty")

    @property
    def pane(self) -> Pane:
        """The pane that has the focus and so gets the next key."""
        if self.is_typing:
            return "filter"
        if self.is_empty:
            return "empty"
        if self.is_choosing_view:
            return "views"
        return "paper" if self._screen.focused is self._detail else "list"

    def move_to(self, widget: Widget) -> None:
        """Give `widget` the focus. If the widget is visible already, it gets the next key."""
        if widget.focusable:
            self._screen.set_focus(widget)
        else:
            widget.focus()

    def move_to_list(self) -> None:
        """Give the list of papers the focus."""
        self.move_to(self._papers)

    def papers_arrived(self) -> None:
        """Show the list instead of the welcome, because the library has papers."""
        if self.is_empty:
            self._screen.remove_class("-empty")
            self.move_to_list()

    def papers_left(self) -> None:
        """Show the welcome instead of the list, because the library has no papers any more."""
        if not self.is_empty:
            self._screen.remove_class("-reading", "-views")
            self._screen.add_class("-empty")
            if not self.is_typing:
                # If nothing has the focus, keys are handled by the library screen itself.
                self._screen.set_focus(None)

    def changed(self) -> None:
        """Show or hide panes depending on which pane has the focus. This must be called when the focus has moved."""
        self._screen.set_class(self.is_choosing_view, "-views")
        if self._screen.focused is self._papers:
            self._screen.remove_class("-reading")
            # If an open paper has covered the list, the list's position on the screen is known only after the next
            # layout.
            self._screen.call_after_refresh(self._papers.place_terminal_cursor)
