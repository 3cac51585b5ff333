"""Marks on papers: bookmarks, status, hiding, tags, notes, many at once, and what the views count of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"


async def counts(screen: Reader, **wanted: int | None) -> None:
    """Wait until the views pane shows these counts."""
    await screen.until(
        lambda: {view: screen.count_of(view) for view in wanted} == wanted, f"the views count {wanted}: {screen.views}"
    )


async def test_b_sets_a_bookmark_and_b_removes_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "b")
        assert screen.rows[2].startswith("●★   Hydrofoil")
        assert "bookmarked" in screen.status
        assert "★ bookmarked" in screen.detail
        await counts(screen, Bookmarks=1)
        await screen.press("b")
        assert screen.rows[2].startswith("●    Hydrofoil")
        assert "★" not in screen.detail
        await counts(screen, Bookmarks=0)


async def test_bookmarks_come_newest_first(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("j", "b")
        with sqlite3.connect(library) as connection:
            connection.execute("UPDATE mark SET bookmarked_at = '2020-01-01T00:00:00+00:00'")
        connection.close()
        await screen.press("j", "b", "4")
        assert screen.titles == [THIRD, SECOND]


@pytest.mark.parametrize(
    ("key", "view", "mark", "told"),
    [("r", "Reading", "◐", "you are reading it"), ("d", "Done", "✓", "you are done with it")],
)
async def test_a_status_key_sets_its_mark_and_takes_it_away(
    reader: OpenReader, key: str, view: str, mark: str, told: str
) -> None:
    async with reader() as screen:
        await screen.press(key)
        assert screen.rows[0].startswith(mark)
        assert told in screen.detail
        await counts(screen, **{view: 1})
        await screen.press(key)
        assert screen.rows[0].startswith("     Persimmon")
        assert told not in screen.detail
        await counts(screen, **{view: 0})


async def test_m_turns_new_into_seen_and_back(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("m")
        assert screen.rows[0].startswith("     Persimmon")
        await screen.press("m")
        assert screen.rows[0].startswith("●    Persimmon")


async def test_reading_a_paper_makes_it_seen_in_silence(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("enter")
        assert screen.rows[0].startswith("     Persimmon")
        assert "seen" not in screen.status


async def test_a_hidden_paper_goes_from_every_list_and_is_found_in_hidden(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "x")
        assert screen.titles[:2] == [FIRST, THIRD]
        assert (screen.paper, screen.cursor_line) == (THIRD, 2)
        await counts(screen, New=23, All=23, Hidden=1, **{"30 Sep 2025": 23})
        await screen.press("2")
        assert screen.titles[:2] == [FIRST, THIRD]
        await screen.press("7")
        assert screen.titles == [SECOND]
        await screen.press("x")
        assert screen.titles == []
        await counts(screen, New=24, All=24, Hidden=0)
        await screen.press("1")
        assert screen.titles[:3] == [FIRST, SECOND, THIRD]


async def test_hiding_the_last_of_a_list_goes_to_the_one_before(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("G", "x")
        assert screen.paper == "Interpretable Weather from Tree Rings"
        assert screen.count == "23 papers"


async def test_hiding_as_fast_as_the_key_repeats_hides_one_after_another(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.type("xxxx")
        await screen.sees("20 papers")
        assert screen.paper == "Benchmarking Bicycle Brakes"
        await counts(screen, Hidden=4)


async def test_undo_brings_a_hidden_paper_back(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "x", "u")
        assert screen.titles[:3] == [FIRST, SECOND, THIRD]
        assert "undone: hid 1 paper" in screen.status
        await counts(screen, Hidden=0)


async def test_many_papers_are_selected_and_all_get_the_mark(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "v", "j", "j")
        assert "3 selected" in screen.status
        await screen.press("b")
        assert [line[1] for line in screen.rows[:10:2]] == [" ", "★", "★", "★", " "]
        assert "bookmarked, 3 papers" in screen.status
        assert "selected" not in screen.status
        await counts(screen, Bookmarks=3)
        await screen.press("u")
        await counts(screen, Bookmarks=0)


async def test_many_papers_are_hidden_and_the_cursor_goes_to_the_next(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "v", "j", "j", "x")
        assert screen.titles[:2] == [FIRST, "Benchmarking Bicycle Brakes"]
        assert (screen.paper, screen.cursor_line) == ("Benchmarking Bicycle Brakes", 2)


async def test_escape_gives_a_selection_up(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "escape")
        assert "selected" not in screen.status
        await screen.press("b")
        assert [line[1] for line in screen.rows[:6:2]] == [" ", "★", " "]


async def test_tags_are_typed_shown_and_counted(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.sees("Tags, separated by spaces")
        await screen.type("robots #To-Read")
        await screen.press("enter")
        assert "#robots" in screen.rows[1]
        assert "#robots #to-read" in screen.detail
        await counts(screen, **{"#robots": 1, "#to-read": 1})
        await screen.press("t")
        assert screen.app.screen.query_one("Input").value == "robots to-read"  # type: ignore[attr-defined]
        await screen.press(*["backspace"] * len(" to-read"), "enter")
        await counts(screen, **{"#robots": 1, "#to-read": None})


async def test_escape_leaves_the_tags_as_they_are(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.type("robots")
        await screen.press("escape")
        assert "robots" not in screen.text


async def test_many_papers_get_a_tag_and_keep_their_own(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.type("mine")
        await screen.press("enter", "v", "j", "t")
        await screen.sees("Tags to add to 2 papers")
        await screen.type("both")
        await screen.press("enter")
        assert ("#both #mine" in screen.detail, "#both" in screen.rows[3]) == (False, True)
        await screen.press("g")
        assert "#both #mine" in screen.detail
        await counts(screen, **{"#both": 2, "#mine": 1})


async def test_a_note_of_several_lines_is_written_and_changed(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("n")
        await screen.sees("Your note")
        await screen.type("Orchards first.")
        await screen.press("enter")
        await screen.type("Then lemons.")
        await screen.press("enter", "enter")
        await screen.type("Then persimmons.")
        await screen.press("ctrl+s")
        assert "note saved" in screen.status
        assert "Orchards first.\nThen lemons.\n\nThen persimmons." in screen.detail
        await screen.press("n", *["backspace"] * len("persimmons."))
        await screen.type("plums.")
        await screen.press("ctrl+s")
        assert "Then plums." in screen.detail
        await screen.press("n", "escape")
        assert "Then plums." in screen.detail
        await screen.press("u", "u")
        assert "Orchards" not in screen.detail.replace(FIRST, "")


async def test_keys_do_nothing_where_there_is_no_paper(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("3")
        await screen.press(*"baJKrdxmtnvfopy", "enter", "u")
        assert screen.titles == []
        assert "nothing to undo" in screen.status
