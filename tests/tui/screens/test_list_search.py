"""The search behind the list: its requests, which results it accepts, and where it puts the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.papers.views import View
from tests.tui.screens.parts import Papers, Worker
from tui.screens.list_search import Arrival, ListSearch
from tui.settings.session import Session
from tui.widgets.list_position import Place
from tui.workers.search_worker import SearchFailed


class Search:
    """A search, with its worker and its list."""

    def __init__(self, library: Library, session: Session = Session()) -> None:  # noqa: B008
        self.worker, self.papers = Worker(), Papers()
        self.requests = 0
        self.search = ListSearch(
            library,
            self.worker,  # type: ignore[arg-type]
            self.papers,  # type: ignore[arg-type]
            session,
            empty_text=lambda: "nothing here",
            on_request=self._count_request,
        )
        self.search.start(session)

    def _count_request(self) -> None:
        self.requests += 1

    def arrives(self, *paper_ids: int) -> Arrival:
        """Accept a result of the last request."""
        return self.search.accept(self.worker.answer(*paper_ids))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


@pytest.fixture
def opened(library: Library) -> Search:
    """A search that has accepted its first result, the papers 1, 2 and 3."""
    opened = Search(library)
    assert opened.arrives(1, 2, 3) is Arrival.COMPLETE
    return opened


def test_a_start_requests_what_the_session_says(library: Library) -> None:
    session = Session(view="queue", filter="moth", sort="title", paper=2, line=1)
    search = Search(library, session)
    (request,) = search.worker.requests
    assert (request.view, request.query.text, request.sort, request.paper) == (View("queue"), "moth", "title", 2)
    assert search.arrives(1, 2, 3) is Arrival.COMPLETE
    assert search.papers.shown_at == [Place(2, 1)]


def test_a_session_with_an_unknown_view_shows_what_is_new(library: Library) -> None:
    assert Search(library, Session(view="of old")).search.view == View("new")


def test_an_answer_to_an_older_request_is_dropped(opened: Search) -> None:
    opened.search.set_filter("a")
    opened.search.set_filter("ab")
    assert opened.search.accept(opened.worker.answer(9, request=-2)) is Arrival.NOTHING
    assert not opened.search.is_answered
    assert opened.papers.ids == [1, 2, 3]
    assert opened.arrives(3) is Arrival.COMPLETE
    assert opened.search.is_answered and opened.papers.ids == [3]


def test_the_first_part_of_an_answer_is_shown_when_the_cursor_goes_to_the_top(opened: Search) -> None:
    opened.search.set_filter("a")
    assert opened.search.accept(opened.worker.answer(3, partial=True)) is Arrival.FIRST_PART
    assert opened.papers.ids == [3] and not opened.search.is_answered
    # When the first part has been drawn, the screen tells the worker to continue.
    assert opened.worker.went_on == 0


def test_the_first_part_is_not_shown_when_the_cursor_stays(opened: Search) -> None:
    opened.search.request("stay")
    assert opened.search.accept(opened.worker.answer(3, partial=True)) is Arrival.NOTHING
    assert opened.papers.ids == [1, 2, 3]
    assert opened.worker.went_on == 1


def test_the_cursor_stays_on_its_paper(opened: Search) -> None:
    opened.papers.cursor = 1
    opened.search.request("stay")
    opened.arrives(5, 2, 3)
    assert opened.papers.paper == 2


def test_a_key_that_moves_the_cursor_meanwhile_is_not_undone_by_the_answer(opened: Search) -> None:
    opened.search.request(Place(1))
    assert opened.search.keeps_order
    opened.papers.cursor = 2
    opened.arrives(1, 2, 3)
    assert opened.papers.paper == 3


def test_an_unanswered_request_decides_where_the_cursor_goes(opened: Search) -> None:
    opened.search.set_filter("a")
    # A refresh, for example after an import, is requested before the result arrives.
    opened.search.request("stay")
    opened.arrives(3, 1)
    assert opened.papers.shown_at[-1] is None


def test_keys_wait_for_a_list_in_another_order(opened: Search) -> None:
    opened.search.set_sort("title")
    assert not opened.search.keeps_order
    opened.arrives(3, 2, 1)
    assert opened.papers.shown_at[-1] == Place(1, 0)


def test_clearing_the_filter_returns_the_cursor_to_the_chosen_paper(opened: Search) -> None:
    opened.papers.cursor = 2
    opened.search.set_filter("a")
    assert opened.search.is_filtered
    opened.arrives(1)
    opened.search.set_filter("")
    assert not opened.search.is_filtered
    opened.arrives(1, 2, 3)
    assert opened.papers.paper == 3


def test_the_same_filter_is_not_requested_again(opened: Search) -> None:
    opened.search.set_filter("a")
    requests = len(opened.worker.requests)
    opened.search.set_filter("a")
    assert len(opened.worker.requests) == requests == opened.requests


def test_a_view_begins_at_its_top_and_keeps_the_filter(opened: Search) -> None:
    opened.search.set_filter("a")
    opened.arrives(1)
    opened.search.show_view(View("queue"))
    request = opened.worker.requests[-1]
    assert (request.view, request.query.text, request.paper) == (View("queue"), "a", None)
    requests = len(opened.worker.requests)
    opened.search.show_view(View("queue"))
    assert len(opened.worker.requests) == requests


def test_only_the_failure_of_the_last_request_ends_the_waiting(opened: Search) -> None:
    opened.search.set_filter("a")
    outdated = SearchFailed(opened.worker.requests[-1], "broken")
    opened.search.set_filter("ab")
    assert not opened.search.fail(outdated)
    assert not opened.search.is_answered
    assert opened.search.fail(SearchFailed(opened.worker.requests[-1], "broken"))
    assert opened.search.is_answered


def test_an_empty_list_has_a_text(opened: Search) -> None:
    opened.search.set_filter("a")
    opened.arrives()
    assert (opened.papers.ids, opened.papers.empty_text) == ([], "nothing here")


def test_a_refresh_goes_to_the_top_for_a_reader_who_has_not_moved(opened: Search) -> None:
    opened.search.refresh(to_top=True)
    assert opened.papers.forgotten == 1
    opened.arrives(5, 1, 2, 3)
    assert opened.papers.shown_at[-1] is None
    opened.papers.choose()
    opened.search.refresh(to_top=True)
    opened.arrives(6, 5, 1, 2, 3)
    assert opened.papers.shown_at[-1] is not None


@pytest.mark.parametrize(
    ("view", "text", "depends"),
    [
        ("all", "", False),
        ("queue", "", True),
        ("all", "is:queued", True),
        ("all", "moth", False),
        ("tag:fish", "", True),
    ],
)
def test_a_list_depends_on_marks_by_its_view_or_its_filter(
    library: Library, view: str, text: str, depends: bool
) -> None:
    assert Search(library, Session(view=view, filter=text)).search.depends_on_marks is depends
