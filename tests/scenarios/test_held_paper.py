"""A paper under the cursor that a mark or an import removes from the list stays, dimmed, until the cursor moves.

Without that, the lines below would move up under the user's next key.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking, stored_marks
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"


def is_dimmed(screen: Reader, index: int) -> bool:
    """Whether all words of a row have the dimmed style of a paper that no longer belongs to the list."""
    lines = screen.main.list
    strip = lines.render_line((index - lines.first) * lines.item_height)
    styles = {segment.style for segment in strip if any(map(str.isalpha, segment.text))}
    return styles == {lines.style_of("held", lines._under(index))}


def marks_of(library: Path, paper: int) -> stored_marks.Marks:
    with Library.open(library) as other:
        return stored_marks.read(other.reader(), paper)


async def test_the_paper_that_enter_opens_among_the_new_ones_is_the_one_that_the_next_key_marks(
    reader: OpenReader, library: Path
) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("is:new")
        await screen.press("enter", "j", "enter")
        assert screen.detail.startswith(SECOND)
        assert (screen.count, screen.paper, screen.cursor_line) == ("23 papers", SECOND, 2)
        assert is_dimmed(screen, 1) and not is_dimmed(screen, 0)
        await screen.press("a")
        assert screen.detail.startswith(SECOND)
        queued = stored_marks.Marks(status="seen", queue_position=1, queued_because="filter is:new")
        assert marks_of(library, 2) == queued
        assert marks_of(library, 3) == stored_marks.Marks()
        # When the focus is in the list again, the first move of the cursor removes the paper.
        await screen.press("escape")
        assert screen.titles[:3] == [FIRST, SECOND, THIRD]
        await screen.press("j")
        assert (screen.titles[:2], screen.paper, screen.cursor_line) == ([FIRST, THIRD], THIRD, 2)


# Keys that remove a paper from a list, each with the filter of the list.
@pytest.mark.parametrize(("filter", "key"), [("", "x"), ("is:new", "m"), ("is:new", "r"), ("is:new", "d")])
async def test_a_mark_that_removes_a_paper_leaves_it_in_its_place_and_the_same_key_brings_it_back(
    reader: OpenReader, filter: str, key: str
) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("/")
        await screen.type(filter)
        await screen.press("enter", *"jjjjjjjjjjjjjjjj")
        before = screen.titles, screen.paper, screen.cursor_line
        await screen.press(key)
        assert (screen.titles, screen.paper, screen.cursor_line) == before
        assert screen.count == "23 papers" and is_dimmed(screen, 16)
        await screen.press(key)
        assert (screen.titles, screen.paper, screen.cursor_line) == before
        # When a status is removed from a paper, its status becomes "seen".
        assert is_dimmed(screen, 16) == (key in "rdx")


@pytest.mark.parametrize(
    ("keys", "paper", "line"),
    [(["j"], THIRD, 2), (["k"], FIRST, 0), (["g"], FIRST, 0), (["G"], "Ambient Occlusion for Blind Mice", None)],
)
async def test_a_paper_that_no_longer_belongs_to_the_list_leaves_when_the_cursor_moves(
    reader: OpenReader, keys: list[str], paper: str, line: int | None
) -> None:
    async with reader() as screen:
        await screen.press("j", "x", *keys)
        assert screen.paper == paper
        assert line is None or screen.cursor_line == line
        await screen.press("g")
        assert screen.titles[:3] == [FIRST, THIRD, papers.AUTUMN[3].title.replace("$O(n^2)$", "O(n²)")]
        assert screen.main.list.count == 23


async def test_a_click_moves_to_the_paper_that_was_clicked_on(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("j", "x")
        assert screen.titles[4] == "Benchmarking Bicycle Brakes"
        await screen.click(10, 5)
        assert screen.paper == "Benchmarking Bicycle Brakes"
        assert SECOND not in screen.titles


async def test_the_last_paper_of_a_list_stays_and_the_list_says_that_it_has_none(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("a")
        await screen.press("3", "d")
        assert (screen.titles, screen.count) == ([FIRST], "0 papers")
        await screen.press("j", "enter")
        assert screen.detail.startswith(FIRST)
        await screen.press("escape", "2", "3")
        assert "The queue is empty" in screen.text


async def test_fast_keys_mark_the_papers_that_the_same_keys_mark_slowly(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.type("xjxjjx")
        await screen.sees("21 papers")
        hidden = {number for number in range(1, 8) if marks_of(library, number).status == "hidden"}
        assert hidden == {1, 2, 4}


async def test_undo_brings_the_paper_back_to_its_place(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "x", "j", "u")
        assert (screen.titles[:3], screen.paper) == ([FIRST, SECOND, THIRD], SECOND)
        assert not is_dimmed(screen, 1)


def hide(path: Path) -> None:
    with Library.open(path) as other:
        marking.status(other, [2], "hidden")


def add_newer(path: Path) -> None:
    with Library.open(path) as other:
        listing = papers.write(path.parent, papers.WINTER, papers.WINTER_DAY)
        (report,) = take_in(other, [listing], Options(today=papers.WINTER_DAY))
        assert report.added == 2


@pytest.mark.parametrize("change", [hide, add_newer])
async def test_the_change_of_another_program_leaves_the_opened_paper_alone(
    reader: OpenReader, library: Path, change: Callable[[Path], None]
) -> None:
    async with reader() as screen:
        await screen.press("2", "/")
        await screen.type("listed:2025-09-30")
        await screen.press("enter", "j", "enter")
        await asyncio.to_thread(change, library)
        if change is hide:
            await screen.sees("23 papers")
        else:
            await screen.counts("21 Nov 2025", 3)
        await screen.settle()
        assert screen.detail.startswith(SECOND)
        assert screen.paper == SECOND
        assert is_dimmed(screen, 1) == (change is hide)


async def test_a_paper_that_no_longer_exists_is_not_held(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("j")
        with closing(sqlite3.connect(library)) as connection, connection:
            connection.execute("DELETE FROM paper WHERE id = 2")
        await screen.sees("23 papers")
        await screen.settle()
        assert (screen.paper, screen.main.list.is_holding) == (THIRD, False)


async def test_the_cursor_goes_to_the_paper_that_its_own_was_joined_to(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("j")
        with closing(sqlite3.connect(library)) as connection, connection:
            connection.execute("DELETE FROM paper WHERE id = 2")
            connection.execute("INSERT INTO joined (gone, kept, at) VALUES (2, 5, '')")
        await screen.sees("23 papers")
        await screen.settle()
        assert screen.paper == "Benchmarking Bicycle Brakes"


async def test_the_next_start_is_on_the_paper_after_a_held_one(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("is:new")
        await screen.press("enter", "j", "m")
        assert screen.paper == SECOND
    async with reader() as screen:
        assert screen.paper == THIRD


async def test_a_selection_is_the_papers_that_were_selected(reader: OpenReader, library: Path) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("2", "s", "s", "s", "v", "G", "k", "k")
        assert "22 selected" in screen.status
        await asyncio.to_thread(add_newer, library)
        await screen.sees("26 papers")
        await screen.settle()
        assert "22 selected" in screen.status
        await screen.press("b")
        with Library.open(library) as other:
            rows = other.reader().execute("SELECT paper_id FROM mark WHERE bookmarked_at NOT NULL")
            marked = {number for (number,) in rows}
        assert len(marked) == 22 and max(marked) <= 24


async def test_a_sort_does_not_change_what_is_selected(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "j", "s", "s")
        assert "3 selected" in screen.status
        await screen.press("b")
        with Library.open(library) as other:
            rows = other.reader().execute("SELECT paper_id FROM mark WHERE bookmarked_at NOT NULL ORDER BY 1")
            assert [number for (number,) in rows] == [1, 2, 3]


async def test_a_selection_too_large_to_be_kept_ends_and_says_so(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.paper_list.MOST_KEPT", 2)
    async with reader() as screen:
        await screen.press("v", "j", "j")
        await asyncio.to_thread(hide, library)
        await screen.sees("23 papers", "has ended")
        assert not screen.main.list.is_selecting


@pytest.mark.parametrize(("key", "papers_left"), [("c", 24), ("X", 22)])
async def test_one_key_decides_and_goes_on(reader: OpenReader, library: Path, key: str, papers_left: int) -> None:
    async with reader() as screen:
        await screen.type(f"2{key}{key}")
        assert (screen.paper, screen.count) == (THIRD, f"{papers_left} papers")
        assert THIRD in screen.detail
    decided = [marks_of(library, number) for number in (1, 2)]
    assert all(each.queue_position if key == "c" else each.status == "hidden" for each in decided)
    assert marks_of(library, 3) == stored_marks.Marks()


async def test_dropping_a_selection_stays_where_it_is_and_never_shows_a_hidden_paper_again(
    reader: OpenReader, library: Path
) -> None:
    async with reader() as screen:
        await screen.press("2", "v", "j", "X")
        assert screen.listed[0] == THIRD
        await screen.press("7", "X")
    assert [marks_of(library, number).status for number in (1, 2)] == ["hidden", "hidden"]
