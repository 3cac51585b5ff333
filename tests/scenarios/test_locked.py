"""Another program has locked the library: recto continues to run, and reports what could not be saved."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.papers.views import Sort, View
from store.search import query
from store.search.answer import Answer
from store.search.search import Search
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.terminal import PATIENCE, run


@contextmanager
def locked(library: Path) -> Iterator[None]:
    """Another program holds the write lock of the library."""
    connection = sqlite3.connect(library, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> float:
    """How long a write waits for another program (s). The time is shorter than in the real program."""
    monkeypatch.setattr("store.library.connections.BUSY_MS", 700)
    return 0.7


async def test_the_reader_does_not_freeze_and_reports_what_was_not_saved(
    reader: OpenReader, library: Path, short_wait: float
) -> None:
    async with reader() as screen:
        with locked(library):
            await screen.press_without_waiting("b")
            began = time.monotonic()
            await screen.press_without_waiting("j", "j")
            await screen.until(lambda: screen.main.list.cursor == 2, "the cursor moves")
            await screen.until(lambda: "Cartography" in screen.detail.splitlines()[0], "the detail shows the paper")
            await screen.press_without_waiting("/", *"glaciers")
            await screen.until(
                lambda: screen.titles == ["Glaciers as Slow Neural Networks"], "the filter finds the paper"
            )
            await screen.press_without_waiting("escape", "?")
            await screen.until(lambda: "one line down" in screen.text, "the help")
            await screen.press_without_waiting("escape")
            assert time.monotonic() - began < short_wait + 5
            assert "★" not in screen.rows[0]
            await screen.sees("not saved: another program is writing to")
        # When the lock is released, marks are saved again. Use the view of all papers, because marked papers leave the
        # view New.
        await screen.press("2", "g", "b")
        assert screen.rows[0].startswith("●★ Persimmon")


async def test_a_mark_waits_for_a_short_lock_and_is_saved(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("2")
        with locked(library):
            await screen.press_without_waiting("b", "j", "b")
            await screen.pause(0.3)
            assert "★" not in "".join(screen.rows)
        await screen.until(lambda: [line[1] for line in screen.rows[:4:2]] == ["★", "★"], "both marks")
        assert screen.toasts == []


async def test_hiding_a_paper_of_a_locked_library_does_not_block_the_cursor(
    reader: OpenReader, library: Path, short_wait: float
) -> None:
    async with reader() as screen:
        with locked(library):
            await screen.press_without_waiting("x", "j", "j")
            await screen.until(lambda: screen.main.list.cursor == 2, "the cursor moves")
            await screen.sees("not saved: another program is writing to")
        assert screen.count == "24 papers"
        await screen.press("x")
        assert screen.count == "23 papers"


async def test_a_session_that_cannot_be_saved_is_saved_later_without_a_message(
    reader: OpenReader, library: Path, short_wait: float
) -> None:
    async with reader() as screen:
        with locked(library):
            await screen.press_without_waiting("2", "j")
            await screen.pause(1.0 + short_wait * 1.5)
            assert screen.toasts == []
        await screen.press("j")
    async with reader() as screen:
        assert (screen.where, screen.paper) == ("All", "Cartography of Attention Heads")


def test_marks_that_could_not_be_saved_at_the_end_are_reported_in_the_terminal(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import store.library.connections as connections\nconnections.BUSY_MS = 700\n"
    )
    screen = terminal(env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent.parent}"})
    screen.shows("24 papers", "Persimmon")
    with locked(library):
        screen.press("b", "q")
        assert screen.ends() == 1
    assert "recto: not saved: another program is writing to" in " ".join(screen.text.split())
    assert run("--library", library, "list", "is:bookmarked").stdout == ""


def test_a_locked_library_can_be_opened_and_read(terminal: OpenTerminal, library: Path) -> None:
    with locked(library):
        screen = terminal()
        screen.shows("24 papers", "Persimmon", "Appeared in")


async def test_the_cursor_stays_where_it_was_moved_while_a_slow_list_is_made(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    answer = Search.answer

    def slow(
        self: Search,
        view: View,
        parsed: query.Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = bool,
        on_first: Callable[[Answer], object] = lambda first: None,
        *,
        exact_only: bool = False,
    ) -> Answer:
        assert go_on.wait(PATIENCE)
        return answer(self, view, parsed, sort, should_stop)

    async with reader() as screen:
        await screen.press("2")
        monkeypatch.setattr(Search, "answer", slow)
        await screen.press_without_waiting("x", "j", "j", "j")
        await screen.until(lambda: screen.main.list.cursor == 3, "the cursor moves")
        await screen.press_without_waiting("b")
        go_on.set()
        await screen.settle()
        assert screen.count == "23 papers"
        assert screen.paper == "Sublinear Sketches: O(n²) Is Not Enough"
        assert screen.rows[4].startswith("●★ Sublinear")
