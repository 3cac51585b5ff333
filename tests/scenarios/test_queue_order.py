"""The queue: reasons, ages, moving several papers, the next paper, and removing those that have waited longest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking, stored_marks
from tests.scenarios.conftest import OpenReader

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"
FOURTH = "Sublinear Sketches: O(n²) Is Not Enough"


def queue_four(library: Path) -> None:
    with Library.open(library) as opened:
        marking.queue(opened, [1, 2, 3, 4], True)


def make_older(library: Path, days: dict[int, int]) -> None:
    """Change the time at which each paper was queued to the given number of days ago."""
    with Library.open(library) as opened, opened.writing() as connection:
        for paper, ago in days.items():
            at = (datetime.now(UTC) - timedelta(days=ago)).isoformat(timespec="microseconds")
            connection.execute("UPDATE queue SET queued_at = ? WHERE paper_id = ?", (at, paper))


async def test_a_queued_paper_shows_why_it_is_there_and_for_how_long(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("2", "a", "/", *"attention heads", "enter", "c", "escape", "3")
        assert "view All" in screen.rows[1]
        assert "filter attention heads" in screen.rows[3]
        # When the order changes, the cursor may stay on its paper, so move it to the first one.
        await screen.press("g")
        await screen.until(lambda: "no. 1 in the queue since today (view All)" in screen.detail, "its page")
        await screen.press("Q")
        await screen.sees("Why is it in the queue?")
        await screen.press("ctrl+u", *"Ada asked about it", "enter")
        assert "Ada asked about it" in screen.rows[1]
        await screen.press("u")
        assert "view All" in screen.rows[1]
    make_older(library, {1: 23})
    async with reader() as screen:
        await screen.press("3")
        assert "3w" in screen.rows[0] + screen.rows[1]
        assert "for 3 weeks" in screen.detail


async def test_A_puts_papers_at_the_top_and_braces_move_to_the_ends(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("2", "a", "j", "A", "j", "A", "3")
        assert screen.titles == [THIRD, SECOND, FIRST]
        await screen.press("G", "{")
        assert screen.titles == [FIRST, THIRD, SECOND]
        assert screen.paper == FIRST
        await screen.press("}")
        assert screen.titles == [THIRD, SECOND, FIRST]
        await screen.press("M", "2", "enter")
        assert screen.titles == [THIRD, FIRST, SECOND]
        await screen.press("M", *"far", "enter")
        await screen.sees("Move to which position?", "'far' is not a position")
        await screen.press(*["backspace"] * 3, "1", "enter")
        assert screen.titles == [FIRST, THIRD, SECOND]


async def test_several_papers_are_moved_together_and_stay_selected(reader: OpenReader, library: Path) -> None:
    queue_four(library)
    async with reader() as screen:
        await screen.press("3", "v", "j", "J")
        assert screen.titles == [THIRD, FIRST, SECOND, FOURTH]
        await screen.press("J")
        assert screen.titles == [THIRD, FOURTH, FIRST, SECOND]
        await screen.press("J")
        assert screen.titles == [THIRD, FOURTH, FIRST, SECOND]
        await screen.press("{")
        assert screen.titles == [FIRST, SECOND, THIRD, FOURTH]
        await screen.press("u")
        assert screen.titles == [THIRD, FOURTH, FIRST, SECOND]


@pytest.mark.parametrize(("width", "text"), [(160, SECOND), (80, SECOND), (66, f"{SECOND[:30]}"), (50, "")])
async def test_the_title_of_what_is_next_is_cut_only_where_it_must_be(
    reader: OpenReader, width: int, text: str
) -> None:
    async with reader((width, 24)) as screen:
        await screen.press("j", "a", "k")
        await screen.until(lambda: ("next up: " in screen.status) == bool(text), "what is next")
        assert text in screen.status


async def test_the_next_paper_of_the_queue_is_always_visible_and_one_key_goes_there(
    reader: OpenReader, library: Path
) -> None:
    async with reader() as screen:
        await screen.press("N")
        assert "the queue is empty" in screen.status
        await screen.press("2", "j", "a", "escape")
        await screen.until(lambda: f"next up: {SECOND[:20]}" in screen.status, "the status line shows what is next")
        await screen.press("N")
        assert (screen.where, screen.paper) == ("Queue", SECOND)
        assert "next up" not in screen.status


async def test_d_takes_a_paper_out_of_the_queue_and_offers_the_next(reader: OpenReader, library: Path) -> None:
    queue_four(library)
    async with reader() as screen:
        await screen.press("3", "d")
        await screen.sees(f"Next up: {SECOND}", "enter reads it")
        await screen.pause(0.6)
        await screen.press("enter")
        assert screen.detail.startswith(SECOND)
        assert screen.main.has_class("-reading") or screen.main.focused is screen.main.detail
        await screen.press("escape", "d")
        assert (screen.listed, screen.paper) == ([THIRD, FOURTH], THIRD)
        await screen.press("d", "d")
        await screen.sees("That was the last paper of the queue.")


async def test_the_papers_that_waited_longest_are_dropped_in_one_step(reader: OpenReader, library: Path) -> None:
    queue_four(library)
    make_older(library, {1: 3, 2: 400, 3: 90, 4: 20})
    async with reader() as screen:
        await screen.press("O")
        await screen.sees("What has waited longest in the queue", SECOND, "13 months", "3 months", "2 weeks")
        await screen.press("x", "j", "x")
        await screen.sees("2 to drop")
        await screen.press("enter")
        assert "dropped 2 papers from the queue" in screen.status
        await screen.press("3")
        assert screen.listed == [FIRST, THIRD]
        await screen.press("u")
        assert screen.listed == [FIRST, SECOND, THIRD, FOURTH]
    with Library.open(library) as opened:
        assert stored_marks.read(opened.reader(), 2).status == "new"


async def test_a_paper_is_dragged_to_the_place_of_another_one(reader: OpenReader, library: Path) -> None:
    queue_four(library)
    async with reader() as screen:
        await screen.press("3")
        top = screen.main.list.region.y
        # Each paper has two lines.
        await screen.drag(40, top, top + 5)
        assert screen.titles == [SECOND, THIRD, FIRST, FOURTH]
        await screen.drag(40, top + 6, top)
        assert screen.titles == [FOURTH, SECOND, THIRD, FIRST]
        await screen.press("2")
        before = screen.titles
        await screen.drag(40, top, top + 4)
        assert screen.titles == before


async def test_the_dialog_takes_keys_that_are_typed_before_it_is_drawn(reader: OpenReader, library: Path) -> None:
    queue_four(library)
    async with reader() as screen:
        await screen.press_without_waiting("O", "x", "G", "x", "enter")
        await screen.settle()
        assert "dropped 2 papers from the queue" in screen.status
