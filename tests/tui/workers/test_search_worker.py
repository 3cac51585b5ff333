"""The search worker drops outdated work as soon as a key causes a new request."""

from __future__ import annotations

import itertools
import queue
import sqlite3
import threading
import time
from array import array
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.message import Message

from store.library.library import Library
from store.papers import views
from store.papers.views import CountedViews, Sort, View
from store.search.answer import Answer, Stopped
from store.search.highlighting import Highlights
from store.search.parser import parse
from store.search.query import Query
from tests.waiting import PATIENCE
from tui.workers import search_worker
from tui.workers.search_worker import SearchAnswered, SearchRequest, SearchWorker, ViewsCounted

# This query would take minutes if it were not stopped.
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


class Receiver:
    """Collects the messages of a worker, as a screen would receive them."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()

    def post_message(self, message: Message) -> None:
        self.messages.put(message)


def request(generation: int, text: str = "") -> SearchRequest:
    """A request for all papers that match a filter."""
    return SearchRequest(generation, View("all"), parse(text, date(2026, 7, 15)), "best")


def test_a_request_does_not_wait_until_the_views_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: queue.Queue[int] = queue.Queue()
    counted_views = views.counted_views
    calls = itertools.count(1)

    def slow_the_first_time(connection: sqlite3.Connection, current: View | None = None) -> CountedViews:
        call = next(calls)
        begun.put(call)
        if call == 1:
            connection.execute(_ENDLESS).fetchone()
        return counted_views(connection, current)

    monkeypatch.setattr(views, "counted_views", slow_the_first_time)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        worker = SearchWorker(library, receiver)  # type: ignore[arg-type]
        worker.count_views()
        worker.start()
        assert begun.get(timeout=PATIENCE) == 1
        worker.search(request(1))
        assert isinstance(receiver.messages.get(timeout=PATIENCE), SearchAnswered)
        # The papers of the views are counted after the request was answered.
        assert isinstance(receiver.messages.get(timeout=PATIENCE), ViewsCounted)
        worker.stop()


class _TwoPartSearch:
    """A search that returns every result in two parts, and records the filter when it begins the second part."""

    went_on: queue.SimpleQueue[str]

    def __init__(self, library: Library, *, trains_at_once: bool = True) -> None:
        pass

    def answer(
        self,
        view: View,
        parsed: Query,
        sort: Sort,
        should_stop: Callable[[], bool],
        on_first: Callable[[Answer], object],
        *,
        exact_only: bool = False,
    ) -> Answer:
        self.begin(parsed.text, on_first)
        if should_stop():
            raise Stopped
        self.went_on.put(parsed.text)
        return Answer(array("q", [1, 2]), 2, Highlights())

    def begin(self, text: str, on_first: Callable[[Answer], object]) -> None:
        """Do the work that comes before the check whether the result is still wanted."""
        on_first(Answer(array("q", [1]), 1, Highlights(), partial=True))


@pytest.fixture
def went_on(monkeypatch: pytest.MonkeyPatch) -> queue.SimpleQueue[str]:
    """Makes workers use _TwoPartSearch and wait long for the first part.

    Returns the list of the filters whose second part was begun.
    """
    _TwoPartSearch.went_on = queue.SimpleQueue()
    monkeypatch.setattr("store.search.search.Search", _TwoPartSearch)
    monkeypatch.setattr(search_worker, "_SHOWING_SECONDS", PATIENCE)
    return _TwoPartSearch.went_on


def test_the_search_goes_on_when_the_first_part_of_the_answer_has_been_drawn(
    tmp_path: Path, went_on: queue.SimpleQueue[str]
) -> None:
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        worker = SearchWorker(library, receiver)  # type: ignore[arg-type]
        worker.start()
        worker.search(request(1, "a"))
        first = receiver.messages.get(timeout=PATIENCE)
        assert isinstance(first, SearchAnswered) and first.answer.partial
        assert went_on.empty()
        worker.go_on()
        assert went_on.get(timeout=PATIENCE) == "a"
        rest = receiver.messages.get(timeout=PATIENCE)
        assert isinstance(rest, SearchAnswered) and not rest.answer.partial
        worker.stop()


def test_neither_a_new_request_nor_the_end_waits_until_a_first_part_is_drawn(
    tmp_path: Path, went_on: queue.SimpleQueue[str]
) -> None:
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        worker = SearchWorker(library, receiver)  # type: ignore[arg-type]
        worker.start()
        worker.search(request(1, "a"))
        assert isinstance(receiver.messages.get(timeout=PATIENCE), SearchAnswered)
        worker.search(request(2, "b"))
        second = receiver.messages.get(timeout=PATIENCE / 2)
        assert isinstance(second, SearchAnswered) and second.request.generation == 2
        began = time.monotonic()
        worker.stop()
        assert not any(thread.is_alive() for thread in worker._threads)
        assert time.monotonic() - began < PATIENCE / 2
        assert went_on.empty()


class _BlockedSearch(_TwoPartSearch):
    """A search that cannot be interrupted with the filter "blocked" until `may_go_on` is set."""

    may_go_on: threading.Event
    begun: queue.SimpleQueue[str]

    def begin(self, text: str, on_first: Callable[[Answer], object]) -> None:
        self.begun.put(text)
        if text == "blocked":
            assert self.may_go_on.wait(PATIENCE)


def test_a_request_does_not_wait_for_a_query_that_cannot_be_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _BlockedSearch.may_go_on = threading.Event()
    _BlockedSearch.begun, _BlockedSearch.went_on = queue.SimpleQueue(), queue.SimpleQueue()
    monkeypatch.setattr("store.search.search.Search", _BlockedSearch)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        worker = SearchWorker(library, receiver)  # type: ignore[arg-type]
        worker.start()
        worker.search(request(1, "blocked"))
        assert _BlockedSearch.begun.get(timeout=PATIENCE) == "blocked"
        worker.count_views()
        for generation in (2, 3):
            worker.search(request(generation, "next"))
            answered = receiver.messages.get(timeout=PATIENCE / 2)
            assert isinstance(answered, SearchAnswered) and answered.request.generation == generation
        # The count waits until no query runs, and an outdated query posts no result.
        assert receiver.messages.empty()
        _BlockedSearch.may_go_on.set()
        assert isinstance(receiver.messages.get(timeout=PATIENCE), ViewsCounted)
        worker.stop()
        assert receiver.messages.empty()


def test_an_answer_replaces_answers_to_older_requests_in_the_queue() -> None:
    older, newer = (SearchAnswered(request(generation), Answer(array("q"), 0, Highlights())) for generation in (1, 2))
    assert older.can_replace(newer) and older.can_replace(older)
    assert not newer.can_replace(older)
