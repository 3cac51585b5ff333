"""Keeping a paper and moving on with one key, from an opened paper to the next one, and scrolling from the list."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from store.library.library import Library
from store.marks import stored_marks
from store.marks.stored_marks import Marks
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader

FIRST, SECOND, THIRD = (paper.title for paper in papers.AUTUMN[:3])


def marks(library: Path, *numbers: int) -> list[Marks]:
    with Library.open(library) as opened:
        return [stored_marks.read(opened.reader(), number) for number in numbers]


async def test_one_key_keeps_a_paper_and_goes_to_the_next_one(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("c", "c")
        assert (screen.titles[0], screen.paper) == (THIRD, THIRD)
        await screen.press("3")
        assert screen.titles == [FIRST, SECOND]
        # Each paper is a separate undo step, so one "u" undoes only the change of the second paper.
        await screen.press("u")
        assert screen.titles == [FIRST]
    assert marks(library, 1, 2) == [Marks(queue_position=1, status="seen", queued_because="view New"), Marks()]


async def test_fast_keys_keep_one_paper_each(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("2")
        await screen.type("cccjc")
        await screen.press("3")
        assert screen.main.list.count == 4
    kept = [each.queue_position for each in marks(library, 1, 2, 3, 4, 5)]
    assert kept == [1, 2, 3, None, 4]


async def test_one_key_keeps_all_selected_papers(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "j", "c")
        await screen.press("3")
        assert screen.titles == [FIRST, SECOND, THIRD]


async def test_the_next_paper_is_opened_from_an_opened_one(reader: OpenReader, library: Path) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("enter", "]")
        await screen.until(lambda: screen.detail.startswith(SECOND), "the second paper is open")
        assert screen.main.focused is screen.main.detail
        await screen.press("right", "[")
        await screen.until(lambda: screen.detail.startswith(SECOND), "the second paper is open again")
        await screen.press("escape", "2", "G", "enter", "]")
        assert "this is the last paper" in screen.status
    assert [each.status for each in marks(library, 1, 2, 3, 4)] == ["seen", "seen", "seen", "new"]


async def test_a_key_scrolls_the_paper_beside_the_list(reader: OpenReader, library: Path) -> None:
    with closing(sqlite3.connect(library)) as connection, connection:
        text = "\n".join(f"Line {number}" for number in range(200))
        connection.execute("UPDATE body SET abstract = ? WHERE paper_id = 1", (text,))
    async with reader((120, 30)) as screen:
        await screen.sees("Line 0")
        await screen.press(".")
        assert screen.main.detail.scroll_offset.y > 10
        assert screen.main.list.has_focus and screen.paper == FIRST
        await screen.press(",")
        assert screen.main.detail.scroll_offset.y == 0
    async with reader((60, 20)) as screen:
        await screen.press(".")
        assert "enter opens the paper" in screen.status
