"""The reading queue: its order, changes of the order, undo, and the queue after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader
from tests.scenarios.terminal import run

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"
FOURTH = "Sublinear Sketches: O(n²) Is Not Enough"


async def queue_four(screen: Reader) -> None:
    """Queue the first four papers in the order 1 2 3 4 and open the queue."""
    await screen.press("2", "a", "j", "a", "j", "a", "j", "a", "3")
    assert screen.titles == [FIRST, SECOND, THIRD, FOURTH]


async def test_papers_are_queued_in_the_order_of_the_keys(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "j", "j", "a", "g", "a")
        assert "q2" in screen.rows[1]
        assert "q1" in screen.rows[5]
        await screen.press("3")
        assert screen.titles == [THIRD, FIRST]
        assert "no. 1 in the queue" in screen.detail


async def test_J_and_K_move_a_paper_and_the_cursor_goes_with_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "J", "J")
        assert screen.titles == [SECOND, THIRD, FIRST, FOURTH]
        assert (screen.paper, screen.main.list.first) == (FIRST, 0)
        await screen.press("K")
        assert screen.titles == [SECOND, FIRST, THIRD, FOURTH]
        assert [line[:6] for line in screen.rows[:8:2]] == ["●   1 ", "●   2 ", "●   3 ", "●   4 "]


async def test_keys_in_quick_succession_are_all_carried_out(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g")
        await screen.type("JJJKj")
        assert screen.titles == [SECOND, THIRD, FIRST, FOURTH]
        assert screen.paper == FOURTH
        await screen.type("kaja")
        assert screen.listed == [SECOND, THIRD]


async def test_a_paper_at_an_end_of_the_queue_stays_there(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "K", "G", "J")
        assert screen.titles == [FIRST, SECOND, THIRD, FOURTH]


async def test_a_paper_that_is_not_queued_cannot_be_moved_and_the_status_line_says_so(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("J")
        assert "only a queued paper can be moved: press a to queue it" in screen.status
        await screen.press("3")
        assert screen.titles == []


async def test_a_paper_that_leaves_the_queue_remains_on_the_screen_until_the_cursor_moves(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "j", "a")
        assert (screen.listed, screen.paper) == ([FIRST, THIRD, FOURTH], SECOND)
        await screen.press("j")
        assert (screen.titles, screen.paper) == ([FIRST, THIRD, FOURTH], THIRD)
        await screen.press("G", "a")
        assert (screen.listed, screen.paper) == ([FIRST, THIRD], FOURTH)
        # The same key queues the paper again.
        await screen.press("a")
        assert (screen.titles, screen.paper) == ([FIRST, THIRD, FOURTH], FOURTH)


async def test_a_queued_paper_that_is_done_leaves_the_queue_in_one_step(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "j", "d")
        assert screen.listed == [FIRST, THIRD, FOURTH]
        assert "as done, out of the queue" in screen.status
        await screen.counts("Queue", 3)
        await screen.press("u")
        assert (screen.titles, screen.paper) == ([FIRST, SECOND, THIRD, FOURTH], SECOND)
        assert "undone: marked “" in screen.status
        assert [line[:6] for line in screen.rows[:8:2]] == ["●   1 ", "●   2 ", "●   3 ", "●   4 "]


async def test_undo_and_redo_go_through_the_changes(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "J", "j", "a")
        assert screen.listed == [SECOND, FIRST, FOURTH]
        await screen.press("u")
        assert (screen.titles, "undone: took “" in screen.status) == (
            [SECOND, FIRST, THIRD, FOURTH],
            True,
        )
        await screen.press("u")
        assert screen.titles == [FIRST, SECOND, THIRD, FOURTH]
        await screen.press("ctrl+r", "ctrl+r")
        assert screen.listed == [SECOND, FIRST, FOURTH]
        await screen.press("ctrl+r")
        assert "nothing to repeat" in screen.status


async def test_undo_works_after_a_restart(reader: OpenReader) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "J")
    async with reader() as screen:
        assert screen.titles == [SECOND, FIRST, THIRD, FOURTH]
        await screen.press("u", "u")
        assert screen.listed == [FIRST, SECOND, THIRD]
    async with reader() as screen:
        await screen.press("ctrl+r", "ctrl+r")
        assert screen.titles == [SECOND, FIRST, THIRD, FOURTH]
        await screen.press(*"uuuuu")
        assert screen.listed == []
        await screen.press("u")
        assert "nothing to undo" in screen.status


@pytest.mark.parametrize("size", [(160, 40), (80, 12)])
async def test_a_long_queue_does_not_scroll_while_a_paper_moves_on_the_screen(
    reader: OpenReader, size: tuple[int, int]
) -> None:
    async with reader(size) as screen:
        await screen.press("v", "G", "a", "3", "g")
        assert screen.main.list.count == 24
        before = screen.titles
        await screen.press("J", "J", "J")
        assert screen.titles == [*before[1:4], before[0], *before[4:]]
        assert screen.cursor_line == 3 * screen.main.list.item_height


async def test_the_command_prints_the_same_queue(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await queue_four(screen)
        await screen.press("g", "J")
    printed = run("--library", library, "queue").stdout
    assert [printed.index(title) for title in (SECOND, FIRST, THIRD)] == sorted(
        printed.index(title) for title in (SECOND, FIRST, THIRD)
    )
