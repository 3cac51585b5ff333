"""The search behind the list: which papers it shows, and where the cursor goes when they arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Literal

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import CountedViews, Sort, View
from store.search import query
from store.search.parser import parse
from tui.settings.session import Session
from tui.widgets.list_position import NEIGHBOURS, Place
from tui.widgets.paper_list import PaperList
from tui.workers.search_worker import SearchAnswered, SearchFailed, SearchRequest, SearchWorker

# Where the cursor goes when an answer arrives: to the first paper, to the paper it is on, or to a certain paper.
Goal = Literal["top", "stay"] | Place


class Arrival(Enum):
    """What an answer changed in the list."""

    NOTHING = "the answer is outdated, or a first part that must not be shown"
    FIRST_PART = "the list shows the first part of the answer"
    COMPLETE = "the list shows the whole answer"


class ListSearch:
    """Knows the view, the filter and the sort of the list, requests their papers, and puts the answers into the list.

    Each request has a generation; answers to an older generation are dropped, so that no older answer replaces a newer
    one.
    """

    def __init__(
        self,
        library: Library,
        worker: SearchWorker,
        papers: PaperList,
        session: Session,
        *,
        empty_text: Callable[[], str],
        on_request: Callable[[], None],
    ) -> None:
        """Begin with the view, filter and sort of `session`.

        `empty_text` gives the text for a list without papers; `on_request` is called after every request.
        """
        self.view = _saved_view(session)
        self.sort: Sort = session.sort
        self.query = parse(session.filter, date.today())
        self.exact_only = False
        self.views: CountedViews | None = None
        # How many papers the last answer found by title only, because the search index lacks them.
        self.unindexed = 0
        # How many papers of the list the reader has not seen; None when that is not known.
        self.unseen: int | None = None
        self.worker = worker
        self._library = library
        self._papers = papers
        self._empty_text = empty_text
        self._on_request = on_request
        self._generation = 0
        self._goal: Goal = "top"
        # Whether the list holds the paper under the cursor if the answer lacks it.
        self._holds = False
        # The paper under the cursor when the last request was made.
        self._paper_before: int | None = None
        self._is_answered = True

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is set."""
        return self.query.tree is not None

    @property
    def is_answered(self) -> bool:
        """Whether the list shows the answer to the last request."""
        return self._is_answered

    @property
    def keeps_order(self) -> bool:
        """Whether the expected answer shows the same list, apart from papers that were added or removed."""
        return self._goal == "stay" or (self._goal != "top" and self._goal.line is None)

    @property
    def depends_on_marks(self) -> bool:
        """Whether the papers of the list change with the reader's marks."""
        return self.view.changes_with_marks or query.asks_marks(self.query)

    @property
    def shows_decided(self) -> bool:
        """Whether the reader asked for papers by their marks, so that those decided on before are meant too."""
        return self.view.kind != "new" and (self.view.changes_with_marks or query.asks_marks(self.query))

    def start(self, session: Session) -> None:
        """Request the list and the cursor of `session`. The worker must be started later."""
        self.request(Place(session.paper, session.line) if session.paper is not None else "top")
        self.worker.count_views()

    def request(self, goal: Goal, *, holds: bool = False) -> None:
        """Request the papers of the current view, filter and sort.

        `holds`: the reader did not ask for other papers, so that of the cursor remains until they move.
        """
        self._holds = holds and (self._is_answered or self._holds)
        if goal == "stay" and not self._is_answered:
            # Keep the cursor position of the unanswered request: the cursor of the list shown now is out of date.
            goal = self._goal
        self._goal = goal
        self._paper_before = self._papers.paper
        self._is_answered = False
        self._generation += 1
        paper = None if goal == "top" else self._papers.paper if goal == "stay" else goal.paper
        near = 0 if goal == "top" else self._papers.cursor
        self.worker.search(
            SearchRequest(self._generation, self.view, self.query, self.sort, paper, near, NEIGHBOURS, self.exact_only)
        )
        self._on_request()

    def accept(self, message: SearchAnswered) -> Arrival:
        """Put an answer into the list. After `Arrival.FIRST_PART`, call `worker.go_on` when the list has been drawn."""
        if message.request.generation != self._generation:
            return Arrival.NOTHING
        answer = message.answer
        self._papers.show_queue_positions(self.view.kind == "queue")
        if answer.partial:
            if self._goal != "top":
                # Inserting the rest would move the papers that the first part showed.
                self.worker.go_on()
                return Arrival.NOTHING
            self._papers.show_papers(answer.ids, answer.highlights, at=None)
            return Arrival.FIRST_PART
        self._is_answered = True
        self.unindexed = answer.unindexed
        self._papers.empty_text = self._empty_text()
        self._papers.show_papers(answer.ids, answer.highlights, at=self._place(), holds=self._holds)
        self.worker.count_unseen(answer.ids)
        return Arrival.COMPLETE

    def fail(self, message: SearchFailed) -> bool:
        """Stop waiting for the answer that failed; whether it was the answer to the last request."""
        if message.request.generation != self._generation:
            return False
        self._is_answered = True
        return True

    def show_view(self, view: View) -> None:
        """Change to another view and keep the filter."""
        if view != self.view:
            self.view = view
            self._papers.chosen = None
            self.request("top")
            self.worker.count_views()

    def show_top(self, view: View) -> None:
        """Show the top of a view without a filter."""
        self.view, self.query = view, parse("", date.today())
        self._papers.chosen = None
        self.request("top")
        self.worker.count_views()

    def set_sort(self, sort: Sort) -> None:
        """Sort the list; the cursor stays on its paper."""
        self.sort = sort
        # Not "stay", which keeps the order: keys must wait for the new one.
        self.request(self._papers.place or "stay", holds=True)

    def set_exact_only(self, exact_only: bool) -> None:
        """Show only papers that match the words of the filter as they were typed, or all; the cursor stays."""
        self.exact_only = exact_only
        self.request(self._papers.place or "stay")

    def set_filter(self, text: str) -> None:
        """Filter the list. Without a filter, the cursor returns to the paper that the reader chose last."""
        if text == self.query.text:
            return
        if not self.is_filtered and self._is_answered:
            self._papers.choose()
        self.query = parse(text, date.today())
        self.request("top" if self.is_filtered else self._papers.chosen or "stay")

    def refresh(self, *, to_top: bool = False) -> None:
        """Show the library as it is now; the cursor stays on its paper.

        `to_top`: the cursor goes to the top instead, unless the reader went to a paper.
        """
        self._papers.forget()
        self.request("top" if to_top and self._papers.chosen is None else "stay", holds=True)
        self.worker.count_views()

    def _place(self) -> Place | None:
        """Where the cursor goes in the list that has arrived; None for its top."""
        if self._goal == "top":
            return None
        has_moved = self.keeps_order and self._papers.paper != self._paper_before
        return self._papers.place if self._goal == "stay" or has_moved else self._goal


def _saved_view(session: Session) -> View:
    try:
        return View.parse(session.view)
    except LibraryError:
        return View()
