"""Requests the papers of the list from the search, shows the answer, and decides where the cursor goes then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import CountedViews, Sort, View
from store.search.parser import parse
from store.search.query import Query, asks_marks
from tui.settings.session import Session
from tui.widgets.list_position import NEIGHBOURS, Place, context_line
from tui.widgets.paper_list import PaperList
from tui.workers.search_worker import SearchAnswered, SearchFailed, SearchRequest, SearchWorker

if TYPE_CHECKING:
    from store.search.answer import Answer

# Where the cursor goes when the answer of the search arrives: "top" means the first paper, "stay" the paper that the
# cursor is on, and a `Place` the paper with this id.
Goal = Literal["top", "stay"] | Place


class Arrival(Enum):
    """How the answer of a search changed the list of papers; the result of `ListSearch.accept`."""

    NOTHING = "the answer is outdated, or a first part that must not be shown"
    FIRST_PART = "the list shows the first part of the answer"
    COMPLETE = "the list shows the whole answer"


class _Left(NamedTuple):
    """The list that was shown when the user asked for similar papers, so that the user can return to it."""

    view: View
    query: Query
    place: Place | None


class ListSearch:
    """Stores the view, the filter and the order of the list, requests its papers, and shows the answers.

    Each request has a number, its generation. An answer to an older generation is dropped, so that it cannot replace a
    newer answer.
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
        """Begin with the view, the filter and the order that `session`, the saved state of the last run, contains.

        `empty_text` must return the text to show in place of an empty list. `on_request` is called after every request.
        """
        self.view = _saved_view(session)
        self.sort: Sort = session.sort
        self.query = parse(session.filter, date.today())
        self.exact_only = False
        self.views: CountedViews | None = None
        # The answer of the search whose papers the list shows.
        self.answer: Answer | None = None
        # How many papers the search index lacks. Of these papers, the last search has searched only the titles.
        self.unindexed = 0
        # How many papers of the list have the status "new"; None when they were not counted.
        self.unseen: int | None = None
        self.worker = worker
        # A function that calls its argument when all earlier changes of marks (tags, notes and so on) are stored. A
        # list that depends on marks is requested only then, because an earlier search would not find these changes.
        self.after_marks: Callable[[Callable[[], None]], None] = lambda send: send()
        self._library = library
        self._papers = papers
        self._empty_text = empty_text
        self._on_request = on_request
        self._generation = 0
        self._goal: Goal = "top"
        # A stack of the lists that were shown when the user asked for similar papers. `leave_similar` returns to the
        # last one.
        self._left: list[_Left] = []
        # Where the cursor was before the user filtered the list.
        self._unfiltered: Place | None = None
        # Whether the list must go on showing the paper under the cursor, even if the answer does not contain that
        # paper.
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
        """Whether the requested list keeps the order of the list on the screen: papers are only added or removed."""
        return self._goal == "stay" or (self._goal != "top" and self._goal.line is None)

    @property
    def depends_on_marks(self) -> bool:
        """Whether a change of the user's marks may change the papers of the list or their order."""
        return self._is_chosen_by_marks or self.sort == "rating"

    @property
    def shows_decided(self) -> bool:
        """Whether triage includes papers on which the user has decided before.

        Triage is a pass through the papers of the list. It includes decided papers if the view or the filter selects
        papers by the user's marks, because then the user wants these papers too. In the views "New" and "For you" it
        does not.
        """
        return self.view.kind not in ("new", "for-you") and self._is_chosen_by_marks

    @property
    def _is_chosen_by_marks(self) -> bool:
        """Whether the view or the filter selects papers by the user's marks."""
        return self.view.changes_with_marks or asks_marks(self.query)

    def start(self, session: Session) -> None:
        """Request the list of `session`, with the cursor where it was.

        The caller must start the search worker later.
        """
        self.request(Place(session.paper, session.line) if session.paper is not None else "top")
        self.worker.count_views()

    def request(self, goal: Goal, *, holds: bool = False) -> None:
        """Request the papers of the current view, filter and order. The cursor will go to `goal`.

        If `holds` is set, the paper under the cursor stays visible until the cursor moves, even if the answer lacks
        this paper. The caller must set it if the user did not ask for other papers, for example after an import.
        """
        self._holds = holds and (self._is_answered or self._holds)
        if goal == "stay" and not self._is_answered:
            # The previous request is not answered yet, so the cursor has not reached its goal. Keep the goal of that
            # request.
            goal = self._goal
        self._goal = goal
        self._paper_before = self._papers.paper
        self._is_answered = False
        self._generation += 1
        paper = None if goal == "top" else self._papers.paper if goal == "stay" else goal.paper
        near = 0 if goal == "top" else self._papers.cursor
        request = SearchRequest(
            self._generation, self.view, self.query, self.sort, paper, near, NEIGHBOURS, self.exact_only
        )
        if self.depends_on_marks and not holds:
            self.after_marks(lambda: self._send(request))
        else:
            self._send(request)
        self._on_request()

    def _send(self, request: SearchRequest) -> None:
        """Pass a request to the search worker, unless a newer request has been made."""
        if request.generation == self._generation:
            self.worker.search(request)

    def accept(self, message: SearchAnswered) -> Arrival:
        """Show the papers of an answer in the list, if it is the answer to the last request.

        If this returns `Arrival.FIRST_PART`, the caller must call `worker.go_on` when the list has been drawn, because
        the search waits for that call.
        """
        if message.request.generation != self._generation:
            return Arrival.NOTHING
        answer = message.answer
        self._papers.show_queue_positions(self.view.kind == "queue")
        self._papers.show_collection(self.view.argument if self.view.kind == "collection" else None)
        if answer.partial:
            if self._goal != "top":
                # Do not show the first part of the answer. The cursor is to go to a paper further down, and adding the
                # rest later would move the papers on the screen.
                self.worker.go_on()
                return Arrival.NOTHING
            self._papers.show_papers(answer.ids, answer.highlights, at=None)
            return Arrival.FIRST_PART
        self._is_answered = True
        self.answer = answer
        self.unindexed = answer.unindexed
        self._papers.empty_text = self._empty_text()
        self._papers.mark_by_chance(answer.by_chance)
        self._papers.show_papers(answer.ids, answer.highlights, at=self._place(), holds=self._holds)
        self.worker.count_unseen(answer.ids)
        return Arrival.COMPLETE

    def fail(self, message: SearchFailed) -> bool:
        """Stop waiting for the answer to a request, because the search has failed.

        Returns whether it was the last request. If it was not, nothing changes.
        """
        if message.request.generation != self._generation:
            return False
        self._is_answered = True
        return True

    def saved_view(self, key: str) -> View | None:
        """The view of the saved filter to which the user has assigned `key`; None when no saved filter has the key."""
        saved = self.views.of("filter") if self.views is not None else ()
        return next((each.view for each in saved if each.key == key), None)

    def show_view(self, view: View) -> None:
        """Change to another view and keep the filter."""
        if view != self.view:
            self._left.clear()
            self._show(view, self.query)

    def follow_renames(self, connection: sqlite3.Connection) -> None:
        """If another program or machine has renamed the tag, collection or saved filter of the view, show its new name.

        The caller must request the list again.
        """
        if self.view.kind not in ("tag", "collection", "filter"):
            return
        # Imported here, because only views of these three kinds need these modules.
        from store.marks import named_in_filters
        from store.search import saved_views

        self.view = saved_views.with_new_name(named_in_filters.renames(connection), self.view)

    def show_similar(self, text: str) -> None:
        """Show all papers of the library that match the filter `text`, which contains `like:` (similar to a paper)."""
        self._left.append(_Left(self.view, self.query, self._papers.place))
        self._show(View("all"), parse(text, date.today()))

    def leave_similar(self) -> str | None:
        """Return to the list that was shown when the user asked for similar papers. Returns the filter of that list.

        Returns None if no list of similar papers is shown.
        """
        if not self._left:
            return None
        view, query, place = self._left.pop()
        self._show(view, query, place or "top")
        return query.text

    def show_top(self, view: View) -> None:
        """Show the top of a view without a filter."""
        self._left.clear()
        self._show(view, parse("", date.today()))

    def _show(self, view: View, query: Query, goal: Goal = "top") -> None:
        """Show the papers of `view` that match `query`. The cursor goes to `goal`."""
        self.view, self.query = view, query
        self._papers.chosen = None
        self.request(goal)
        self.worker.count_views()

    def set_sort(self, sort: Sort) -> None:
        """Sort the list. The cursor stays on its paper."""
        self.sort = sort
        # Do not pass the goal "stay", although the cursor stays on its paper: "stay" means an unchanged order, so keys
        # would not wait for the sorted list.
        self.request(self._papers.place or "stay", holds=True)

    def set_exact_only(self, exact_only: bool) -> None:
        """Show only papers that contain the words of the filter as they were typed, or, with False, all matches.

        The cursor stays on its paper.
        """
        self.exact_only = exact_only
        self.request(self._papers.place or "stay")

    def set_filter(self, text: str) -> None:
        """Filter the list by `text`.

        If `text` is empty, the cursor returns to the paper to which the user last moved it.
        """
        if text == self.query.text:
            return
        if not self.is_filtered and self._is_answered:
            self._papers.choose()
            self._unfiltered = self._papers.chosen
        self.query = parse(text, date.today())
        self.request("top" if self.is_filtered else self._place_without_filter() or "stay")

    def _place_without_filter(self) -> Place | None:
        """Where the cursor goes when the filter is removed: the paper to which the user last moved it, or None."""
        chosen, before = self._papers.chosen, self._unfiltered
        if chosen is None or before is None:
            return chosen
        # The user has moved the cursor to another paper in the filtered list. In the list without the filter, that
        # paper may be far away, so show it on the line of the screen that is used for jumps.
        return before if chosen.paper == before.paper else Place(chosen.paper, context_line(self._papers.page))

    def refresh(self, *, to_top: bool = False) -> None:
        """Read the list of papers and the counts of the views again. The cursor stays on its paper.

        With `to_top`, the cursor goes to the top of the list instead, unless the user has moved it to a paper.
        """
        self._papers.forget()
        self.request("top" if to_top and self._papers.chosen is None else "stay", holds=True)
        self.worker.count_views()

    def new_day(self) -> None:
        """Read the list again, because a new day has begun: a filter such as listed:today now matches other papers."""
        self.query = parse(self.query.text, date.today())
        self._papers.forget_columns()
        self.refresh()

    def _place(self) -> Place | None:
        """Where the cursor goes in a list that has just arrived; None for the top of the list."""
        if self._goal == "top":
            return None
        has_moved = self.keeps_order and self._papers.paper != self._paper_before
        return self._papers.place if self._goal == "stay" or has_moved else self._goal


def _saved_view(session: Session) -> View:
    try:
        return View.parse(session.view)
    except LibraryError:
        return View()
