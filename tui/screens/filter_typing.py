"""Handles keys while the user types a filter: letters go into the filter, and arrows move the cursor of the list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events
from textual.binding import Binding
from textual.widgets import Input

from store.search.parser import MAX_CHARACTERS
from tui.screens.key_queue import KeyQueue
from tui.screens.list_search import ListSearch
from tui.widgets.filter_line import FilterLine
from tui.widgets.paper_list import PaperList
from tui.widgets.status_line import StatusLine

# The keys that move the cursor of the list while the filter has the focus, each with the numbers of lines and of pages
# to move by.
_MOVES = {"down": (1, 0), "up": (-1, 0), "pagedown": (0, 1), "pageup": (0, -1)}
# The keys that edit the text of the filter.
_EDITING_KEYS = frozenset(binding.key for binding in Binding.make_bindings(Input.BINDINGS))


class FilterTyping:
    """Handles keys while the filter has the focus, and requests the list again when the filter changes."""

    def __init__(
        self,
        filter_line: FilterLine,
        papers: PaperList,
        search: ListSearch,
        key_queue: KeyQueue,
        status: StatusLine,
        *,
        focus_list: Callable[[], None],
        run_binding: Callable[[str], Awaitable[bool]],
        do_key: Callable[[str], bool],
    ) -> None:
        """`run_binding` must run what Textual has bound to a key, and `do_key` the action of recto that has the key.

        Both must return whether the key has such a binding or action.
        """
        self._filter_line = filter_line
        self._papers = papers
        self._search = search
        self._key_queue = key_queue
        self._status = status
        self._focus_list = focus_list
        self._run_binding = run_binding
        self._do_key = do_key

    async def take(self, event: events.Key) -> bool:
        """Handle a key. Returns False if Textual must handle the key instead.

        Arrows move the cursor of the list, so that the user can look at the papers without leaving the filter.
        """
        papers = self._papers
        if event.key == "escape":
            self._focus_list()
            self.clear()
        elif event.key in ("enter", "tab"):
            self._focus_list()
            self._key_queue.run(papers.choose)
        elif event.key in _MOVES:
            lines, pages = _MOVES[event.key]
            self._key_queue.run(lambda: papers.move(papers.cursor + lines + pages * papers.page, lines + pages))
        elif event.is_printable and event.character:
            self.put(event.character)
        elif event.key in _EDITING_KEYS:
            is_bound = await self._run_binding(event.key)
            self.changed()
            return is_bound
        else:
            return self._do_key(event.key)
        return True

    def put(self, text: str) -> None:
        """Insert a letter or a pasted text at the cursor of the filter."""
        fits = self._filter_line.input.put(text)
        self.changed()
        if not fits:
            self._status.show_news(f"the filter holds {MAX_CHARACTERS:,} characters: the rest was left out", error=True)

    def changed(self) -> None:
        """Request the list again if the text of the filter has changed."""
        self._search.set_filter(self._filter_line.input.value)
        if not self._search.is_filtered:
            self._status.show_note("")

    def clear(self) -> None:
        """Remove the filter. The cursor returns to the paper to which the user last moved it.

        If the list shows papers similar to some paper, return instead to the list that was shown when the user asked
        for similar papers.
        """
        previous = self._search.leave_similar()
        self.replace(previous or "")

    def replace(self, text: str) -> None:
        """Make `text` the filter."""
        self._filter_line.input.value = text
        self.changed()
