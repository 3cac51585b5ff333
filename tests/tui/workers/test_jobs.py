"""What runs behind the screen gives way to the reader's next key."""

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
from store.papers.views import Shelves, Sort, View
from store.search import query
from store.search.highlighting import Highlights
from store.search.parser import parse
from store.search.search import Answer, Stopped
from tui.workers import jobs
from tui.workers.jobs import Counted, Found, Searcher, Wish

PATIENCE = 20.0
# Would take minutes.
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


class Receiver:
    """Takes what is posted, as a screen does."""

    def __init__(self) -> None:
        self.posted: queue.Queue[Message] = queue.Queue()

    def post_message(self, message: Message) -> None:
        self.posted.put(message)


def test_a_wish_does_not_wait_for_the_views_to_be_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: queue.Queue[int] = queue.Queue()
    shelves = views.shelves
    times = itertools.count(1)

    def slow_at_first(connection: sqlite3.Connection) -> Shelves:
        time = next(times)
        begun.put(time)
        if time == 1:
            connection.execute(_ENDLESS).fetchone()
        return shelves(connection)

    monkeypatch.setattr(views, "shelves", slow_at_first)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        searcher = Searcher(library, receiver)  # type: ignore[arg-type]
        searcher.count()
        searcher.start()
        assert begun.get(timeout=PATIENCE) == 1
        searcher.wish(Wish(1, View("all"), parse("", date(2026, 7, 15)), "best"))
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Found)
        # Then they are counted after all.
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Counted)
        searcher.stop()


class _Asked:
    """A search that gives a first part of its answer to every question, and notes when it goes on."""

    went_on: queue.SimpleQueue[str]

    def __init__(self, library: Library) -> None:
        pass

    def answer(
        self,
        view: View,
        asked: query.Query,
        sort: Sort,
        should_stop: Callable[[], bool],
        on_first: Callable[[Answer], object],
    ) -> Answer:
        self.begin(asked.text, on_first)
        if should_stop():
            raise Stopped
        self.went_on.put(asked.text)
        return Answer(array("q", [1, 2]), 2, Highlights())

    def begin(self, text: str, on_first: Callable[[Answer], object]) -> None:
        """What is done before it is looked whether the answer is still wanted."""
        on_first(Answer(array("q", [1]), 1, Highlights(), partial=True))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> queue.SimpleQueue[str]:
    """The searchers of a test ask _Asked, and are patient; where their searches went on."""
    _Asked.went_on = queue.SimpleQueue()
    monkeypatch.setattr("store.search.search.Search", _Asked)
    monkeypatch.setattr(jobs, "_SHOWING_SECONDS", PATIENCE)
    return _Asked.went_on


def test_the_rest_of_an_answer_is_looked_for_when_its_first_part_is_on_the_screen(
    tmp_path: Path, asked: queue.SimpleQueue[str]
) -> None:
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        searcher = Searcher(library, receiver)  # type: ignore[arg-type]
        searcher.start()
        searcher.wish(Wish(1, View("all"), parse("a", date(2026, 7, 15)), "best"))
        first = receiver.posted.get(timeout=PATIENCE)
        assert isinstance(first, Found) and first.answer.partial
        assert asked.empty()
        searcher.go_on()
        assert asked.get(timeout=PATIENCE) == "a"
        rest = receiver.posted.get(timeout=PATIENCE)
        assert isinstance(rest, Found) and not rest.answer.partial
        searcher.stop()


def test_neither_another_wish_nor_the_end_waits_for_a_first_part_to_be_shown(
    tmp_path: Path, asked: queue.SimpleQueue[str]
) -> None:
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        searcher = Searcher(library, receiver)  # type: ignore[arg-type]
        searcher.start()
        searcher.wish(Wish(1, View("all"), parse("a", date(2026, 7, 15)), "best"))
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Found)
        searcher.wish(Wish(2, View("all"), parse("b", date(2026, 7, 15)), "best"))
        second = receiver.posted.get(timeout=PATIENCE / 2)
        assert isinstance(second, Found) and second.wish.generation == 2
        began = time.monotonic()
        searcher.stop()
        assert not any(thread.is_alive() for thread in searcher._threads)
        assert time.monotonic() - began < PATIENCE / 2
        assert asked.empty()


class _Stuck(_Asked):
    """A search that one question holds up until it is let go."""

    let_go: threading.Event
    began: queue.SimpleQueue[str]

    def begin(self, text: str, on_first: Callable[[Answer], object]) -> None:
        self.began.put(text)
        if text == "stuck":
            assert self.let_go.wait(PATIENCE)


def test_a_wish_does_not_wait_for_a_question_that_cannot_be_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _Stuck.let_go, _Stuck.began, _Stuck.went_on = threading.Event(), queue.SimpleQueue(), queue.SimpleQueue()
    monkeypatch.setattr("store.search.search.Search", _Stuck)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        searcher = Searcher(library, receiver)  # type: ignore[arg-type]
        searcher.start()
        searcher.wish(Wish(1, View("all"), parse("stuck", date(2026, 7, 15)), "best"))
        assert _Stuck.began.get(timeout=PATIENCE) == "stuck"
        searcher.count()
        for generation in (2, 3):
            searcher.wish(Wish(generation, View("all"), parse("next", date(2026, 7, 15)), "best"))
            found = receiver.posted.get(timeout=PATIENCE / 2)
            assert isinstance(found, Found) and found.wish.generation == generation
        # What is counted waits until the disk is free, and nothing comes of what nobody waits for any more.
        assert receiver.posted.empty()
        _Stuck.let_go.set()
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Counted)
        searcher.stop()
        assert receiver.posted.empty()


def test_an_answer_makes_those_to_older_wishes_needless() -> None:
    older, newer = (
        Found(Wish(generation, View("all"), parse("", date(2026, 7, 15)), "best"), Answer(array("q"), 0, Highlights()))
        for generation in (1, 2)
    )
    assert older.can_replace(newer) and older.can_replace(older)
    assert not newer.can_replace(older)
