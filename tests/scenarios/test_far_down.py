"""In a list of millions of papers, a thread loads the papers far down, so that no key has to wait for them."""

from __future__ import annotations

import threading
from array import array
from pathlib import Path

import pytest

from store.library.library import Library
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.search import search_run, window
from store.search.search import Search
from store.search.window import Window
from tests.scenarios.conftest import OpenReader
from tests.scenarios.terminal import PATIENCE
from tests.store.search.sample_library import SampleLibrary
from tui.screens import list_search
from tui.widgets import list_position, paper_list
from tui.workers import search_worker

MANY = 200
# The name of the thread that reads the part of the list on the screen.
_BESIDE = "reading a part of the list"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    sample = SampleLibrary(path)
    for number in range(MANY):
        sample.put(Paper(title=f"Bees {number:03}!", arxiv_id=f"2510.{number:05}"))
    sample.library.close()
    return path


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the list load papers in blocks of four. In the program, only very long lists are loaded in blocks."""
    monkeypatch.setattr(window, "BLOCK", 4)
    monkeypatch.setattr(search_run, "BLOCK", 4)
    # The number of papers on each side of the cursor that the search worker reads in advance.
    for module in (list_search, list_position, paper_list):
        monkeypatch.setattr(module, "NEIGHBOURS", 20)
    # If a list is loaded in parts, its new papers are not counted, because the count would load the whole list.
    monkeypatch.setattr(search_worker, "_MOST_COUNTED", 0)
    assert Search.__init__.__kwdefaults__
    monkeypatch.setitem(Search.__init__.__kwdefaults__, "max_whole", 0)


async def test_dots_stand_for_papers_until_they_are_read(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    on_the_loop: list[int] = []

    def slow(window: Window, start: int, stop: int) -> array[int]:
        if threading.current_thread().name == _BESIDE:
            assert let_go.wait(PATIENCE)
        elif threading.current_thread() is threading.main_thread():
            on_the_loop.append(start)
        return read(window, start, stop)

    read = Window._read
    async with reader((100, 16)) as screen:
        monkeypatch.setattr(Window, "_read", slow)
        lines = screen.main.list
        lines._scroll(100)
        await screen.until(lambda: set(screen.rows) == {"…"}, "dots stand for the papers")
        # Keys still work, and the cursor is on the same paper as before.
        await screen.press_without_waiting("J")
        assert lines.cursor == 0
        # The list is scrolled to another place before the papers are loaded.
        lines._scroll(140)
        let_go.set()
        await screen.until(lambda: screen.titles == [f"Bees {140 + at:03}!" for at in range(lines.page)], "the papers")
        assert on_the_loop == []
        await screen.wheel(10, 5, 3)
        assert screen.titles[0] == "Bees 149!"


async def test_papers_that_the_thread_failed_to_read_are_read_during_drawing(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def broken(window: Window, start: int, stop: int) -> array[int]:
        if threading.current_thread().name == _BESIDE:
            tried.append(start)
            raise LibraryError("the search index is damaged")
        return read(window, start, stop)

    read = Window._read
    async with reader((100, 16)) as screen:
        monkeypatch.setattr(Window, "_read", broken)
        screen.main.list._scroll(100)
        await screen.until(lambda: screen.titles[:1] == ["Bees 100!"], "the papers")
        screen.main.list._scroll(160)
        await screen.until(lambda: screen.titles[0] == "Bees 160!", "the papers")
        assert len(tried) == 1


async def test_papers_are_read_during_drawing_if_no_thread_can_be_started(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async with reader((100, 16)) as screen:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", none)
            screen.main.list._scroll(100)
            assert screen.titles[0] == "Bees 100!"


async def test_an_error_of_the_thread_does_not_delay_the_end_of_the_reader(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slow(window: Window, start: int, stop: int) -> array[int]:
        if threading.current_thread().name == _BESIDE:
            begun.set()
            assert let_go.wait(PATIENCE)
        return read(window, start, stop)

    read = Window._read
    close = Library.close

    def closed(library: Library) -> None:
        let_go.set()
        close(library)

    monkeypatch.setattr(Library, "close", closed)
    async with reader((100, 16)) as screen:
        monkeypatch.setattr(Window, "_read", slow)
        screen.main.list._scroll(100)
        await screen.until(begun.is_set, "the thread reads the papers")
    assert not [thread for thread in threading.enumerate() if thread.name == _BESIDE]
