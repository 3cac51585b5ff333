"""Changing the view with number keys, in the views pane and with the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.terminal import run
from tui.actions.actions_and_keys import ACTIONS

FIRST = "Persimmon Orchards Seen from Orbit"
BARE = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"


def import_more(library: Path, tmp_path: Path) -> None:
    """Import the winter listing, and a listing whose day is unknown."""
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    bare = tmp_path / "more" / "trending.txt"
    titles = [
        ("Compost Heaps as Reservoir Computers", "We compute with compost and with patience, at some length here.")
    ]
    bare.write_text(BARE + "Subscribe" + "\n".join(f"{title}\n{text}" for title, text in titles) + "\n", "utf-8")
    assert run("--library", library, "import", winter, bare).returncode == 0


async def test_number_keys_open_the_views(reader: OpenReader, library: Path, tmp_path: Path) -> None:
    import_more(library, tmp_path)
    async with reader() as screen:
        await screen.press("2", "j", "a", "j", "b", "j", "r", "j", "d", "j", "x")
        shown = {}
        for key in "1234567":
            await screen.press(key)
            shown[screen.where] = screen.main.list.count
        assert shown == {
            "New": 21,
            "All": 26,
            "Queue": 1,
            "Bookmarks": 1,
            "Reading": 1,
            "Done": 1,
            "Hidden": 1,
        }


async def test_the_views_pane_lists_days_and_undated_papers(reader: OpenReader, library: Path, tmp_path: Path) -> None:
    import_more(library, tmp_path)
    async with reader() as screen:
        # The view of trending papers is left out: other tests check it.
        assert [" ".join(line.split()) for line in screen.views if "Trending" not in line] == [
            "1 New 26",
            "2 All 27",
            "3 Queue 0",
            "4 Bookmarks 0",
            "5 Reading 0",
            "6 Done 0",
            "7 Hidden 0",
            "0 For you 3",
            "Undated 1",
            "Days",
            "21 Nov 2025 ▋ 3",
            "30 Sep 2025 █████ 24",
        ]


async def test_tab_j_and_k_move_through_the_views_pane_and_skip_headings(
    reader: OpenReader, library: Path, tmp_path: Path
) -> None:
    import_more(library, tmp_path)
    async with reader() as screen:
        undated = next(number for number, line in enumerate(screen.views) if "Undated" in line)
        await screen.press("shift+tab", *"j" * undated)
        assert (screen.titles, screen.where) == (["Compost Heaps as Reservoir Computers"], "Undated")
        await screen.press("j")
        assert (screen.main.list.count, screen.where) == (3, "21 Nov 2025")
        await screen.press("j")
        assert (screen.main.list.count, screen.where) == (24, "30 Sep 2025")
        await screen.press("k", "k")
        assert screen.where == "Undated"
        await screen.press("G")
        assert screen.where == "30 Sep 2025"
        await screen.press("enter", "j")
        assert screen.main.focused is screen.main.list
        assert screen.paper == "Hydrofoil Control by Reinforcement Learning"


async def test_fast_keys_in_the_views_pane_are_not_lost(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("shift+tab")
        await screen.type("jjjjjj")
        await screen.until(lambda: screen.where == "Hidden", "the view six lines below New is shown")
        await screen.type("kkkk")
        await screen.until(lambda: screen.where == "Queue", "the view four lines above Hidden is shown")


async def test_a_click_opens_a_view(reader: OpenReader, library: Path, tmp_path: Path) -> None:
    import_more(library, tmp_path)
    async with reader() as screen:
        row = next(number for number, line in enumerate(screen.lines) if "30 Sep 2025" in line[:26])
        await screen.click(6, row)
        assert (screen.main.list.count, screen.where) == (24, "30 Sep 2025")
        await screen.click(6, 2)
        assert screen.where == "All"
        heading = next(number for number, line in enumerate(screen.lines) if line.startswith(" Days"))
        await screen.click(6, heading)
        assert screen.where == "All"


async def test_a_tag_is_a_view(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "t")
        await screen.type("fish")
        await screen.press("enter")
        await screen.counts("#fish", 1)
        await screen.press("shift+tab", "G")
        assert screen.status.startswith("#fish ")
        assert screen.titles == ["Hydrofoil Control by Reinforcement Learning"]
        await screen.press("enter", "t", *["backspace"] * 4, "enter")
        await screen.counts("#fish", None)
        assert screen.listed == []
        await screen.press("1")
        assert screen.count == "24 papers"


async def test_the_filter_stays_when_the_view_changes(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("b", "/")
        await screen.type("orbit")
        await screen.press("enter", "4")
        assert (screen.titles, screen.count) == ([FIRST], "1 paper")
        await screen.press("3")
        assert screen.count == "0 papers"
        await screen.press("escape", "1")
        assert screen.count == "23 papers"


async def test_s_sorts_the_list_and_the_cursor_stays_on_its_paper(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j")
        chosen = screen.paper
        seen = []
        for _ in range(10):
            await screen.press("s")
            seen.append(screen.status.partition(" by ")[2].split()[0] if " by " in screen.status else "")
            assert screen.paper == chosen
        assert seen == ["date", "listed", "upvotes", "comments", "title", "added", "score", "rating", "for-you", ""]


async def test_a_list_sorted_by_title_begins_with_a(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press(*"sssss", "g")
        assert screen.titles[:2] == ["Ambient Occlusion for Blind Mice", "Benchmarking Bicycle Brakes"]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("3", "The queue is empty. 2 shows all papers; a adds a paper."),
        ("4", "No paper is bookmarked. 2 shows all papers; b bookmarks a paper."),
        ("5", "No paper is marked as being read. 2 shows all papers; r marks a paper as being read."),
        ("6", "No paper is marked as done. 2 shows all papers; d marks a paper as done."),
        ("7", "No paper is hidden. 2 shows all papers; x hides a paper."),
        ("1Gvgx21", "Nothing is new. 2 shows all papers."),
        ("2Gvgx12", "No papers here. 7 shows the hidden ones."),
    ],
)
async def test_an_empty_view_says_why_and_which_keys_help(reader: OpenReader, keys: str, text: str) -> None:
    async with reader() as screen:
        for key in keys:
            await screen.press(key)
        assert " ".join(" ".join(screen.rows).split()) == text


async def test_keys_for_a_paper_report_an_empty_list(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("3")
        for key in ("b", "a", "J", "K", "r", "d", "x", "m", "t", "n", "enter", "o", "p", "f", "y"):
            screen.main.status.show_news("")
            await screen.press(key)
            assert screen.status.endswith("there is no paper here"), key
            assert screen.app.screen is screen.main, key


async def test_each_empty_view_shows_its_own_text(reader: OpenReader) -> None:
    async with reader() as screen:
        for key, text in (("5", "as being read"), ("4", "No paper is bookmarked"), ("3", "The queue is empty")):
            await screen.press(key)
            assert text in " ".join(screen.rows)
            assert text in screen.text


async def test_in_an_empty_view_every_action_on_papers_says_why_it_does_nothing(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("4")
        for action in ACTIONS:
            if action.screen == "library" and action.id != "back" and (action.is_for_list and action.scope != "move"):
                screen.main.status.show_news("")
                screen.main.do(action.id)
                await screen.settle()
                assert screen.app.screen is screen.main, action.id
                assert screen.main.status.activity, action.id
