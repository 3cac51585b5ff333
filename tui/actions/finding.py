"""Actions that choose what the list shows: its filter, its order and its view."""

from __future__ import annotations

from store.papers.view_kinds import Kind
from store.papers.views import SORTS, View
from tui.screens.library_screen import LibraryScreen


class Finding:
    """The actions of the scope "find"."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def filter(self) -> None:
        self._screen.remove_class("-reading")
        self._screen.pane_focus.move_to(self._screen.filter_line.input)
        # Select the old filter: the next letter that the user types replaces it, and an arrow key keeps it for editing.
        self._screen.filter_line.input.select_text()

    def sort(self) -> None:
        index = SORTS.index(self._screen.search.sort)
        self._screen.search.set_sort(SORTS[(index + 1) % len(SORTS)])
        self._screen.where.show()

    def exact(self) -> None:
        """Leave out papers that have the words of the filter only in another form or spelling, or show them again."""
        self._screen.search.set_exact_only(not self._screen.search.exact_only)
        self._screen.where.show()

    def show(self, kind: Kind) -> None:
        """Show the view of this kind, and move the focus to the list."""
        self._screen.search.show_view(View(kind))
        self._screen.pane_focus.move_to_list()
