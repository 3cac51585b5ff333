"""The first start, with an empty library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tui.screens.notices import _NOTICED_SECONDS


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 50)])
async def test_an_empty_library_explains_what_to_do_in_a_few_lines(
    reader: OpenReader, empty: Path, size: tuple[int, int]
) -> None:
    async with reader(size, library=empty) as screen:
        lines = [line.strip() for line in screen.lines[1:-2] if line.strip()]
        assert lines[0] == "Welcome to recto. Your library is empty."
        assert len(lines) <= 10
        assert [line.split()[0] for line in lines[1:5]] == ["enter", "i", "?", "q"]
        # A long path is broken into several lines.
        assert "".join(lines[6:]) == str(empty.parent / "inbox")
        await screen.until((empty.parent / "inbox").is_dir, "the folder is there")


async def test_the_first_frame_names_what_was_asked_for(reader: OpenReader, empty: Path, tmp_path: Path) -> None:
    listing = papers.write(tmp_path / "drop", papers.AUTUMN, papers.AUTUMN_DAY)
    async with reader((80, 24), library=empty, first=(listing, tmp_path / "nothing.txt")) as screen:
        if not screen.main.list.count:
            state = f"starting to read {listing.name} · 1 more waiting"
            assert state in screen.status or "reading" in screen.status
            assert "Your library is empty" not in screen.text
        await screen.sees("24 papers", "Persimmon Orchards")
        await screen.until(lambda: "Welcome" not in screen.text, "the welcome is gone")


async def test_the_welcome_says_what_could_not_be_read(reader: OpenReader, empty: Path, tmp_path: Path) -> None:
    async with reader((80, 24), library=empty, first=(tmp_path / "nothing.txt",)) as screen:
        await screen.sees("Your library is empty", "nothing.txt: not read: no such file", "imports the samples")


async def test_a_typed_path_is_named_at_once(reader: OpenReader, empty: Path, tmp_path: Path) -> None:
    listing = papers.write(tmp_path / "drop", papers.AUTUMN, papers.AUTUMN_DAY)
    async with reader((80, 24), library=empty) as screen:
        await screen.press("i")
        await screen.type(str(listing))
        await screen.press_without_waiting("enter")
        # The import process takes longer to start than the screen takes to be drawn.
        await screen.sees(f"starting to read {listing.name}")
        await screen.sees("24 papers")


async def test_enter_imports_the_samples_and_they_stay(reader: OpenReader, empty: Path) -> None:
    async with reader((100, 30), library=empty) as screen:
        await screen.press("enter")
        await screen.until(lambda: not screen.main.pane_focus.is_empty and screen.main.list.count, "papers")
        await screen.sees("3 listings, 49 new, 18 more in Undated, 5 known")
        # The sample papers are on the screen already, so recto does not offer that Enter shows them.
        assert "shows them" not in screen.text
        await screen.until(lambda: "Welcome" not in screen.text, "the welcome is gone")
        await screen.press("j", "2")
        assert screen.main.list.count >= 60
    async with reader((100, 30), library=empty) as screen:
        assert screen.main.list.count >= 60
        assert "Welcome" not in screen.text


async def test_samples_come_after_other_listings_and_one_key_removes_them(reader: OpenReader, empty: Path) -> None:
    async with reader((100, 30), library=empty) as screen:
        await screen.press("R")
        assert "there are no samples" in screen.status
        await screen.press("enter")
        await screen.sees("3 listings, 49 new, 18 more in Undated, 5 known")
        # The sample papers are from later days than the listing that is imported here. Nevertheless this listing must
        # come first.
        papers.write(empty.parent / "inbox", papers.AUTUMN, papers.AUTUMN_DAY)
        await screen.sees("24 new, 0 known")
        await screen.press("g")
        first = [paper.title for paper in papers.AUTUMN[:2]]
        await screen.until(lambda: screen.titles[:2] == first, "the listing comes first")
        await screen.press("R")
        await screen.sees("Remove 3 sample listings with 67 papers? Papers that you marked stay.")
        await screen.pause(_NOTICED_SECONDS)
        await screen.press("j")
        assert "Remove" not in screen.text
        await screen.press("R")
        await screen.pause(_NOTICED_SECONDS)
        await screen.press("R")
        await screen.sees("All (24)")
        await screen.sees("taken back 3 sample listings: 67 papers removed")
        await screen.settle()
        await screen.press("R")
        assert "there are no samples" in screen.status


async def test_after_the_last_paper_is_removed_the_welcome_comes_back(reader: OpenReader, empty: Path) -> None:
    async with reader((100, 30), library=empty) as screen:
        for _ in range(2):
            await screen.press("enter")
            await screen.until(lambda: not screen.main.pane_focus.is_empty and screen.main.list.count, "papers")
            await screen.sees("3 listings, 49 new, 18 more in Undated, 5 known")
            await screen.press("R")
            await screen.pause(_NOTICED_SECONDS)
            await screen.press("enter")
            await screen.sees("Welcome to recto. Your library is empty.")
            await screen.sees("taken back 3 sample listings: 67 papers removed")
            await screen.sees("enter Samples")
            assert "there is no paper" not in screen.text
            await screen.press("j", "b", "?", "escape")
            assert "Welcome to recto" in screen.text


async def test_a_listing_in_the_inbox_replaces_the_welcome(reader: OpenReader, empty: Path) -> None:
    async with reader(library=empty) as screen:
        papers.write(empty.parent / "inbox", papers.AUTUMN, papers.AUTUMN_DAY)
        await screen.sees("24 papers", "Persimmon Orchards Seen from Orbit")
        assert "Welcome" not in screen.text
        await screen.press("j", "b")
        assert screen.rows[2].startswith("●★ Hydrofoil")


async def test_every_key_can_be_pressed_in_an_empty_library(reader: OpenReader, empty: Path) -> None:
    async with reader((80, 24), library=empty) as screen:
        await screen.press(*"jkgGJKbardxmvufopysT1234567", "tab", "tab", "shift+tab", "escape", "/", *"abc", "escape")
        assert "Welcome to recto" in screen.text
