"""Marks: bookmarks, status, hiding, tags, notes, marks on many papers, and the counts of the views."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"


async def counts(screen: Reader, **expected: int | None) -> None:
    """Wait until the views pane shows these counts."""
    await screen.until(
        lambda: {view: screen.count_of(view) for view in expected} == expected,
        f"the views count {expected}: {screen.views}",
    )


async def test_b_sets_and_removes_a_bookmark(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "b")
        assert screen.rows[2].startswith("●★ Hydrofoil")
        assert "bookmarked" in screen.status
        assert "★ bookmarked" in screen.detail
        await counts(screen, Bookmarks=1)
        await screen.press("b")
        assert screen.rows[2].startswith("●  Hydrofoil")
        assert "★" not in screen.detail
        await counts(screen, Bookmarks=0)


async def test_the_newest_bookmark_comes_first(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("j", "b")
        with sqlite3.connect(library) as connection:
            connection.execute("UPDATE mark SET bookmarked_at = '2020-01-01T00:00:00+00:00'")
            connection.execute("UPDATE register SET value = '1577836800000000' WHERE field = 'bookmark'")
        connection.close()
        await screen.press("j", "b", "4")
        assert screen.titles == [THIRD, SECOND]


@pytest.mark.parametrize(
    ("key", "view", "mark", "text"),
    [("r", "Reading", "◐", "you are reading it"), ("d", "Done", "✓", "you are done with it")],
)
async def test_a_status_key_sets_the_status_and_removes_it(
    reader: OpenReader, key: str, view: str, mark: str, text: str
) -> None:
    async with reader() as screen:
        await screen.press(key)
        assert screen.rows[0].startswith(mark)
        assert text in screen.detail
        await counts(screen, **{view: 1})
        await screen.press(key)
        assert screen.rows[0].startswith("   Persimmon")
        assert text not in screen.detail
        await counts(screen, **{view: 0})


async def test_m_switches_between_new_and_seen(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("m")
        assert screen.rows[0].startswith("   Persimmon")
        await screen.press("m")
        assert screen.rows[0].startswith("●  Persimmon")


async def test_opening_a_paper_marks_it_as_seen_without_a_message(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("enter")
        assert screen.rows[0].startswith("   Persimmon")
        assert "seen" not in screen.status


async def test_a_paper_is_seen_only_after_it_has_been_open_for_a_moment(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = tmp_path / "config.toml"
    monkeypatch.setenv("RECTO_CONFIG", str(configuration))
    configuration.write_text("seen_after = 3600")
    async with reader() as screen:
        await screen.press("enter", "right", "right", "escape")
        assert [row[0] for row in screen.rows[:1]] == ["●"]
        assert screen.count == "24 papers"
    configuration.write_text("seen_after = 0.01")
    async with reader() as screen:
        await screen.press("enter")
        # The cursor is on the same paper as when recto was closed.
        await screen.until(lambda: screen.rows[4].startswith("   Cartography"), "the opened paper is seen")


async def test_a_hidden_paper_leaves_every_list_but_hidden(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "x")
        assert (screen.paper, screen.cursor_line) == (SECOND, 2)
        await counts(screen, New=23, All=23, Hidden=1, **{"30 Sep 2025": 23})
        await screen.press("2")
        assert screen.titles[:2] == [FIRST, THIRD]
        await screen.press("7")
        assert screen.titles == [SECOND]
        await screen.press("x")
        assert screen.count == "0 papers"
        # When a paper is no longer hidden, it counts as seen, so it is not in the view of new papers.
        await counts(screen, New=23, All=24, Hidden=0)
        await screen.press("2")
        assert screen.titles[:3] == [FIRST, SECOND, THIRD]


async def test_hiding_a_paper_and_going_on_takes_two_keys(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.type("xjxjxjx")
        await screen.sees("20 papers")
        assert screen.paper == papers.AUTUMN[3].title.replace("$O(n^2)$", "O(n²)")
        await counts(screen, Hidden=4)


async def test_undo_restores_a_hidden_paper(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "x", "u")
        assert screen.titles[:3] == [FIRST, SECOND, THIRD]
        assert "undone: hid “Hydrofoil Control" in screen.status
        await counts(screen, Hidden=0)


async def test_a_mark_applies_to_all_selected_papers(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "j", "v", "j", "j")
        assert "3 selected" in screen.status
        await screen.press("b")
        assert [line[1] for line in screen.rows[:10:2]] == [" ", "★", "★", "★", " "]
        assert "bookmarked 3 papers" in screen.status
        assert "selected" not in screen.status
        await counts(screen, Bookmarks=3)
        await screen.press("u")
        await counts(screen, Bookmarks=0)


async def test_after_hiding_many_papers_the_cursor_stays_on_the_last_one_until_it_moves(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "v", "j", "j", "x")
        last = papers.AUTUMN[3].title.replace("$O(n^2)$", "O(n²)")
        assert screen.titles[:3] == [FIRST, last, "Benchmarking Bicycle Brakes"]
        assert screen.paper == last
        await screen.press("j")
        assert screen.titles[:2] == [FIRST, "Benchmarking Bicycle Brakes"]
        assert screen.paper == "Benchmarking Bicycle Brakes"


async def test_escape_ends_a_selection(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "escape")
        assert "selected" not in screen.status
        await screen.press("b")
        assert [line[1] for line in screen.rows[:6:2]] == [" ", "★", " "]


async def test_typed_tags_are_shown_and_counted(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.sees("Tags, separated by spaces")
        await screen.type("robots #To-Read")
        await screen.press("enter")
        assert "#robots" in screen.rows[1]
        assert "#robots #to-read" in screen.detail
        await counts(screen, **{"#robots": 1, "#to-read": 1})
        await screen.press("t")
        assert screen.app.screen.query_one("Input").value == "robots to-read "  # type: ignore[attr-defined]
        await screen.press(*["backspace"] * len(" to-read"), "enter")
        await counts(screen, **{"#robots": 1, "#to-read": None})


async def test_a_message_names_the_tags_that_were_added_or_removed(reader: OpenReader) -> None:
    async with reader() as screen:
        for keys, text in (
            ((*"rob", ",", *"nlp"), "tagged “Persimmon Orchards Seen from Orbit” with “nlp”, “rob”"),
            (("backspace",) * 5, "removed from “Persimmon Orchards Seen from Orbit” the tag “rob”"),
            ((), "nothing has changed for “Persimmon Orchards Seen from Orbit”"),
        ):
            await screen.press("t", *keys, "enter")
            assert screen.status.endswith(text)
        await screen.press("u")
        assert "undone: removed from" in screen.status


async def test_an_empty_note_of_a_paper_without_a_note_changes_nothing(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("n", "ctrl+s")
        assert "nothing has changed for “Persimmon" in screen.status


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_a_dialog_about_papers_names_them(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        await screen.press("a")
        for key in ("t", "n", "l", "B", "M", "Q"):
            await screen.press(key)
            about = screen.text
            assert "Persimmon Orchards" in about, key
            await screen.press("escape")
        await screen.press("v", "j", "l")
        await screen.sees("Until when?", "2 papers")


async def test_escape_cancels_a_change_of_tags(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.type("robots")
        await screen.press("escape")
        assert "robots" not in screen.text


async def test_selected_papers_get_a_tag_and_keep_their_others(reader: OpenReader) -> None:
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
        assert "saved the note of “Persimmon" in screen.status
        assert "Orchards first.\nThen lemons.\n\nThen persimmons." in screen.detail
        await screen.press("n", *["backspace"] * len("persimmons."))
        await screen.type("plums.")
        await screen.press("ctrl+s")
        assert "Then plums." in screen.detail
        await screen.press("n", "escape")
        assert "Then plums." in screen.detail
        await screen.press("u", "u")
        assert "Orchards" not in screen.detail.replace(FIRST, "")


async def test_keys_for_a_paper_do_nothing_in_an_empty_list(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("3")
        await screen.press(*"baJKrdxmtnvfopy", "enter", "u")
        assert screen.titles == []
        assert "nothing to undo" in screen.status


async def test_a_star_and_a_digit_rate_a_paper(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("asterisk", "4")
        await screen.until(lambda: "4/5" in screen.text, "the rating is in the list")
        await screen.until(lambda: "rated 4 of 5" in screen.detail, "the rating is on the page of the paper")
        await screen.press("u")
        await screen.until(lambda: "4/5" not in screen.text, "the rating is undone")
        await screen.press("asterisk", "5", "asterisk", "0")
        await screen.until(lambda: "removed the rating" in screen.text, "the rating is removed")


async def test_everything_that_the_filter_shows_is_marked_in_one_step(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "/", *"ing", "enter", "ctrl+a")
        count = len(screen.titles)
        assert count > 1
        assert f"{count} selected" in screen.status
        await screen.press("a")
        assert f"put {count} papers in the queue" in screen.status
        await screen.counts("Queue", count)
        await screen.press("u")
        await screen.counts("Queue", 0)
