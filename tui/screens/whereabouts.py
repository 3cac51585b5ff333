"""Shows where the reader is: the view and the cursor in the status line, and the keys of the moment in the key bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from store.library.library import Library
from tui.render import styled
from tui.screens.list_search import ListSearch
from tui.widgets.key_bar import KeyBar, Situation
from tui.widgets.paper_list import PaperList
from tui.widgets.status_line import StatusLine, WherePart

Pane = Literal["list", "paper", "views", "filter", "empty"]


class Whereabouts:
    """Keeps the left half of the status line and the key bar up to date."""

    def __init__(
        self,
        library: Library,
        search: ListSearch,
        papers: PaperList,
        status: StatusLine,
        key_bar: KeyBar,
        pane: Callable[[], Pane],
    ) -> None:
        """`pane`: what has the focus, or "empty" when the library has no papers."""
        self._library = library
        self._search = search
        self._papers = papers
        self._status = status
        self._key_bar = key_bar
        self._pane = pane

    def show(self) -> None:
        """Show the view, the cursor and the keys as they are now."""
        self._status.show_where(self._parts())
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys of the moment in the key bar."""
        self._key_bar.show_for(self._situation())

    def _situation(self) -> Situation:
        pane = self._pane()
        if pane != "list":
            return pane
        if self._papers.is_selecting:
            return "selection"
        if self._search.is_filtered:
            return "filtered"
        return "queue" if self._search.view.kind == "queue" else "list"

    def _parts(self) -> list[WherePart]:
        """What the status line says, in the order of the line. Parts of a higher rank are the first to be left out."""
        search, papers = self._search, self._papers
        # Every paper of the view "new" is new.
        new = search.unseen if search.view.kind != "new" else None
        # A paper that was removed from the list stays in its line until the cursor moves.
        count = papers.count - papers.is_holding
        parts = [
            WherePart(0, styled.view_name(search.view)),
            WherePart(1, f"{min(papers.cursor + 1, count):,} of {count:,}" if count else ""),
            WherePart(3, f"{new:,} new" if new else ""),
            WherePart(5, f"by {search.sort}" if search.sort != "best" else ""),
            WherePart(1, f"{papers.selected_count:,} selected" if papers.selected_count else ""),
            WherePart(6, "another recto is open" if not self._library.holds_lock else ""),
        ]
        return [part for part in parts if part.text]
