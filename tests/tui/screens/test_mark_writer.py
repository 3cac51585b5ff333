"""Marks are written in the order of the keys, and shown when they are on the disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks.journal import Marked
from store.marks.stored_marks import Marks
from store.papers.views import View
from tests.tui.screens.parts import Papers, Status, Timers, Worker, Writer
from tui.screens.key_queue import KeyQueue
from tui.screens.list_search import ListSearch
from tui.screens.mark_writer import MarkWriter
from tui.settings.session import Session
from tui.widgets.list_position import Place


class Screen:
    """A mark writer on a list of the papers 1, 2 and 3, with replacements for the other parts of the screen."""

    def __init__(self, library: Library, view: str = "all") -> None:
        session = Session(view=view)
        self.worker, self.papers, self.status, self.timers, self.writer = (
            Worker(), Papers(), Status(), Timers(), Writer()
        )  # fmt: skip
        self.search = ListSearch(
            library,
            self.worker,  # type: ignore[arg-type]
            self.papers,  # type: ignore[arg-type]
            session,
            empty_text=str,
            on_request=lambda: None,
        )
        self.search.start(session)
        self.search.accept(self.worker.answer(1, 2, 3))
        self.key_queue = KeyQueue(lambda: self.search.is_answered, lambda: self.papers.paper)
        self.changed: list[Collection[int]] = []
        self.marks = MarkWriter(
            self.writer,  # type: ignore[arg-type]
            self.search,
            self.papers,  # type: ignore[arg-type]
            self.key_queue,
            self.status,  # type: ignore[arg-type]
            set_timer=self.timers.set_timer,  # type: ignore[arg-type]
            on_change=self.changed.append,
        )
        self.search.after_marks = self.marks.after_stored

    @property
    def request_count(self) -> int:
        """The number of requests after the first one."""
        return len(self.worker.requests) - 1


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


def bookmarked(*paper_ids: int) -> Marked:
    return Marked("bookmarked", {paper_id: Marks(bookmarked="2026-07-02") for paper_id in paper_ids})


def hidden(*paper_ids: int) -> Marked:
    return Marked("hidden", {paper_id: Marks(status="hidden") for paper_id in paper_ids})


def test_a_mark_is_shown_when_it_is_on_the_disk_and_not_before(library: Library) -> None:
    screen = Screen(library)
    screen.papers.is_selecting = True
    screen.marks.mark(lambda: bookmarked(1, 2), [1, 2])
    # After the key, no paper is selected any more.
    assert not screen.papers.is_selecting
    assert (screen.status.news, screen.papers.forgotten, screen.changed) == ([], 0, [()])
    screen.writer.finish()
    assert screen.status.news == ["bookmarked 2 papers"]
    assert screen.papers.forgotten == 1
    assert [set(paper_ids) for paper_ids in screen.changed] == [set(), {1, 2}]
    assert screen.request_count == 0


def test_a_mark_on_one_paper_names_the_paper(library: Library) -> None:
    screen = Screen(library)
    screen.marks.mark(lambda: bookmarked(1), [1])
    screen.writer.finish()
    assert screen.status.news == ["bookmarked “Paper 1”"]


def test_keys_wait_for_the_list_when_a_mark_removes_papers_from_it(library: Library) -> None:
    screen, done = Screen(library), []
    screen.marks.mark(lambda: hidden(1), [1], hides=True)
    screen.key_queue.run(lambda: done.append(screen.papers.paper), on_paper=True)
    assert done == []
    screen.writer.finish()
    assert screen.request_count == 1 and done == []
    screen.papers.cursor = 1
    screen.search.accept(screen.worker.answer(2, 3))
    screen.key_queue.list_arrived()
    assert done == [2]


def test_moving_waits_only_briefly_for_a_slow_disk(library: Library) -> None:
    screen, done = Screen(library), []
    screen.marks.mark(lambda: hidden(1), [1], hides=True)
    screen.key_queue.run(lambda: done.append("moved"))
    assert done == []
    screen.timers.run_out()
    assert done == ["moved"]


def test_the_list_of_a_view_of_marks_is_requested_after_every_mark(library: Library) -> None:
    screen = Screen(library, view="queue")
    screen.marks.mark(lambda: bookmarked(1), [1])
    screen.writer.finish()
    assert screen.request_count == 1


def test_keys_go_on_after_a_mark_that_failed(library: Library) -> None:
    screen, done = Screen(library), []
    screen.marks.mark(lambda: hidden(1), [1], hides=True)
    screen.key_queue.run(lambda: done.append("marked"), on_paper=True)
    screen.writer.fail()
    assert done == ["marked"]
    assert screen.status.news == []


def test_a_silent_mark_shows_no_message(library: Library) -> None:
    screen = Screen(library)
    screen.marks.mark_silently(lambda: bookmarked(1))
    screen.writer.finish()
    assert screen.status.news == []
    assert screen.papers.forgotten == 1


def test_undo_goes_to_the_first_paper_of_its_step(library: Library) -> None:
    screen = Screen(library)
    screen.marks.step(lambda: bookmarked(3, 2), "undone", "nothing to undo")
    screen.writer.finish()
    assert screen.status.news == ["undone: bookmarked 2 papers"]
    assert screen.worker.requests[-1].paper == 3
    screen.search.accept(screen.worker.answer(1, 2, 3))
    assert screen.papers.shown_at[-1] == Place(3)


def test_the_list_is_unchanged_if_there_is_nothing_to_undo(library: Library) -> None:
    screen = Screen(library)
    screen.marks.step(lambda: None, "undone", "nothing to undo")
    screen.writer.finish()
    assert screen.status.news == ["nothing to undo"]
    assert (screen.request_count, screen.papers.forgotten) == (0, 0)


@pytest.mark.parametrize("ending", ["stored", "disk busy"])
def test_a_list_that_depends_on_marks_is_requested_when_the_earlier_marks_are_stored(
    library: Library, ending: str
) -> None:
    screen = Screen(library)
    screen.marks.mark(lambda: Marked("queued", {1: Marks()}), [1])
    screen.search.show_view(View("queue"))
    assert screen.request_count == 0
    assert not screen.search.is_answered
    (screen.writer.finish if ending == "stored" else screen.timers.run_out)()
    assert [request.view for request in screen.worker.requests[1:2]] == [View("queue")]
    requested = screen.request_count
    screen.timers.run_out()
    assert screen.request_count == requested


def test_a_list_of_papers_whatever_their_marks_is_requested_at_once(library: Library) -> None:
    screen = Screen(library, view="queue")
    screen.marks.mark(lambda: Marked("queued", {1: Marks()}), [1])
    screen.search.show_view(View("all"))
    assert screen.request_count == 1


def test_only_the_last_of_several_lists_is_requested(library: Library) -> None:
    screen = Screen(library)
    screen.marks.mark(lambda: Marked("queued", {1: Marks()}), [1])
    screen.search.show_view(View("queue"))
    screen.search.show_view(View("bookmarks"))
    screen.writer.finish()
    assert {request.view for request in screen.worker.requests[1:]} == {View("bookmarks")}
