"""Shows on the screen what the search worker has found: the papers of the list, and the views with their counts."""

from __future__ import annotations

from collections.abc import Callable, Collection

from store.papers.views import View
from tui.screens.detail_follower import DetailFollower
from tui.screens.filter_typing import FilterTyping
from tui.screens.key_queue import KeyQueue
from tui.screens.list_search import Arrival, ListSearch
from tui.screens.pane_focus import PaneFocus
from tui.screens.whereabouts import Whereabouts
from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.views_pane import ViewList, ViewStrip
from tui.workers.search_worker import SearchAnswered, SearchFailed, UnseenCounted, ViewsCounted


class ListUpdates:
    """Shows the answers of searches on the screen, and requests the list again when the library has changed."""

    def __init__(
        self,
        search: ListSearch,
        key_queue: KeyQueue,
        where: Whereabouts,
        follower: DetailFollower,
        pane_focus: PaneFocus,
        filter_typing: FilterTyping,
        filter_line: FilterLine,
        view_list: ViewList,
        view_strip: ViewStrip,
        detail: Detail,
        *,
        draw: Callable[[Callable[[], None]], object],
    ) -> None:
        """`draw` must draw the screen and then call the function that is its argument."""
        self._search = search
        self._key_queue = key_queue
        self._where = where
        self._follower = follower
        self._pane_focus = pane_focus
        self._filter_typing = filter_typing
        self._filter_line = filter_line
        self._view_list = view_list
        self._view_strip = view_strip
        self._detail = detail
        self._draw = draw

    def answered(self, message: SearchAnswered) -> None:
        """Show the papers that a search has found, and carry out the actions that waited for this list."""
        arrival = self._search.accept(message)
        if arrival is Arrival.FIRST_PART:
            self._where.show_first_part(message.answer)
            self._follower.show_soon()
            self._draw(self._search.worker.go_on)
        elif arrival is Arrival.COMPLETE:
            self._where.show_answer(message.answer)
            self._follower.show_soon()
            self._key_queue.list_arrived()

    def failed(self, message: SearchFailed) -> None:
        """Drop the actions that waited for a new list, because the search for its papers has failed."""
        if self._search.fail(message):
            self._key_queue.clear()

    def views_counted(self, message: ViewsCounted) -> bool:
        """Show the views, each with its number of papers. Returns whether the library has papers."""
        views = self._search.views = message.views
        self._view_list.show(views, self._search.view)
        self._view_strip.show(views, self._search.view)
        self._where.show()
        has_papers = any(counted.count for counted in views.fixed if counted.view.kind in ("all", "hidden"))
        if has_papers:
            self._pane_focus.papers_arrived()
        return has_papers

    def unseen_counted(self, message: UnseenCounted) -> None:
        """Show in the status line how many papers of the list have the status "new"."""
        self._search.unseen = message.count
        self._where.show()

    def marks_changed(self, paper_ids: Collection[int]) -> None:
        """Update the status line and the detail pane after the marks of these papers have changed."""
        self._where.show()
        if self._detail.paper is not None and self._detail.paper.id in paper_ids:
            self._follower.show_soon()

    def refresh(self, *, to_top: bool = False) -> None:
        """Read the list of papers and the views again.

        The cursor stays on its paper or, with `to_top`, goes to the top.
        """
        self._search.refresh(to_top=to_top)
        self._follower.show_soon()

    def new_day(self) -> None:
        """Read the list again for a new day: "today" is another date, and the postponement of papers may have ended."""
        self._search.new_day()
        self._follower.show_soon()

    def show_top(self, view: View) -> None:
        """Show the top of a view without a filter, and move the focus to the list."""
        self._filter_line.input.value = ""
        self._search.show_top(view)
        self._pane_focus.move_to_list()

    def show_view(self, view: View) -> None:
        """Show a view, and move the focus to the list."""
        self._search.show_view(view)
        self._pane_focus.move_to_list()

    def show_filter(self, text: str) -> None:
        """Filter the list by `text`, and move the focus to the list."""
        self._filter_typing.replace(text)
        self._pane_focus.move_to_list()

    def show_similar(self, text: str) -> None:
        """Show the papers that match `text`, a filter with `like:` (similar to a paper), and focus the list.

        When the user clears this filter, the list that is shown now returns.
        """
        self._search.show_similar(text)
        self._filter_typing.replace(text)
        self._pane_focus.move_to_list()

    def follow_views(self) -> None:
        """If the pane of views has the focus, show in the list the papers of the view under that pane's cursor."""
        if self._pane_focus.is_choosing_view and self._view_list.view is not None:
            self._search.show_view(self._view_list.view)
