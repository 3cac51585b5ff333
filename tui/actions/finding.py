"""The filter, the sort, the views."""

from __future__ import annotations

from store.papers.views import SORTS, View
from tui.screens.library_screen import MainScreen


class Finding:
    """The filter, the sort, the views."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def filter(self) -> None:
        self._screen.remove_class("-reading")
        self._screen.to(self._screen.filter_line.input)

    def sort(self) -> None:
        at = SORTS.index(self._screen.sort)
        self._screen.set_sort(SORTS[(at + 1) % len(SORTS)])

    def view_new(self) -> None:
        self._view("new")

    def view_all(self) -> None:
        self._view("all")

    def view_queue(self) -> None:
        self._view("queue")

    def view_bookmarks(self) -> None:
        self._view("bookmarks")

    def view_reading(self) -> None:
        self._view("reading")

    def view_done(self) -> None:
        self._view("done")

    def view_hidden(self) -> None:
        self._view("hidden")

    def view_trending(self) -> None:
        self._view("trending")

    def _view(self, name: str) -> None:
        self._screen.show_view(View.parse(name))
        self._screen.to(self._screen.list)
