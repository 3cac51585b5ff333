"""Actions that choose what the list shows: filter, sort, view."""

from __future__ import annotations

from store.papers.views import SORTS, View
from tui.screens.library_screen import LibraryScreen


class Finding:
    """The actions of the scope "find"."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def filter(self) -> None:
        self._screen.remove_class("-reading")
        self._screen.focus_pane(self._screen.filter_line.input)

    def sort(self) -> None:
        index = SORTS.index(self._screen.search.sort)
        self._screen.set_sort(SORTS[(index + 1) % len(SORTS)])

    def view_new(self) -> None:
        self._show("new")

    def view_all(self) -> None:
        self._show("all")

    def view_queue(self) -> None:
        self._show("queue")

    def view_bookmarks(self) -> None:
        self._show("bookmarks")

    def view_reading(self) -> None:
        self._show("reading")

    def view_done(self) -> None:
        self._show("done")

    def view_hidden(self) -> None:
        self._show("hidden")

    def view_trending(self) -> None:
        self._show("trending")

    def _show(self, view: str) -> None:
        self._screen.show_view(View.parse(view))
        self._screen.focus_pane(self._screen.list)
