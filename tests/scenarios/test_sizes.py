"""Terminals of every size: which panes are shown, and that every line fits."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.terminal import PATIENCE, Terminal
from tests.thorough import some

SIZES = [(60, 20), (80, 24), (100, 30), (200, 50)]
FIRST = "Persimmon Orchards Seen from Orbit"


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((60, 20), ["papers"]),
        ((80, 24), ["papers"]),
        ((100, 30), ["papers", "detail"]),
        ((200, 50), ["views", "papers", "detail"]),
    ],
)
async def test_the_screen_shows_the_panes_that_fit(reader: OpenReader, size: tuple[int, int], panes: list[str]) -> None:
    async with reader(size) as screen:
        shown = [pane for pane in (screen.main.view_list, screen.main.list, screen.main.detail) if pane.display]
        assert [pane.id for pane in shown] == panes
        assert sum(pane.outer_size.width for pane in shown) == size[0]
        bars = 3 + screen.main.view_strip.display
        assert all(pane.outer_size.height == size[1] - bars for pane in shown)


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(3, [*SIZES, (40, 10)]))
async def test_every_line_fits_and_unknown_values_are_left_out(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        for keys in (
            ["b", "a", "/", *"sketches"],
            ["enter", "enter"],
            ["escape", "tab", "tab"],
            ["escape", "?"],
            ["escape", "L"],
            ["escape", "i"],
            ["escape", "n"],
        ):
            await screen.press(*keys)
            lines = screen.lines
            assert len([line for line in lines if line]) <= size[1]
            assert max(cell_len(line) for line in lines) <= size[0]
            assert "None" not in screen.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_on_a_narrow_screen_enter_shows_the_paper_instead_of_the_list_until_escape(
    reader: OpenReader, size: tuple[int, int]
) -> None:
    async with reader(size) as screen:
        await screen.press("j", "enter")
        assert not screen.main.list.display
        assert screen.main.detail.outer_size.width == size[0]
        assert "This paper is about one thing: hydrofoil" in screen.text
        await screen.press("b")
        assert "★ bookmarked" in screen.text
        await screen.press("escape")
        assert not screen.main.detail.display
        assert screen.main.list.has_focus
        assert (screen.paper, screen.rows[screen.main.list.item_height][1]) == (
            "Hydrofoil Control by Reinforcement Learning",
            "★",
        )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30)])
async def test_shift_tab_shows_the_views_on_a_narrow_screen(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        assert not screen.main.view_list.display
        await screen.press("shift+tab")
        assert screen.main.view_list.display
        assert "1 New " in screen.text
        await screen.press("j", "enter")
        assert not screen.main.view_list.display
        assert screen.where == "All"


async def test_resizing_keeps_the_cursor_on_its_paper_and_on_the_screen(reader: OpenReader) -> None:
    async with reader((200, 50)) as screen:
        await screen.press("G", "k", "k")
        chosen = screen.paper
        for size in [(60, 20), (200, 50), (40, 10), (80, 24), (100, 30), (60, 12), (200, 50)]:
            await screen.resize(*size)
            assert screen.paper == chosen[: len(screen.paper)]
            assert 0 <= screen.cursor_line < screen.main.list.size.height
            assert max(cell_len(line) for line in screen.lines) <= size[0]


async def test_an_open_paper_survives_resizing(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("j", "enter")
        await screen.resize(200, 50)
        assert screen.main.list.display
        assert "about one thing: hydrofoil" in screen.text
        await screen.resize(60, 20)
        assert not screen.main.list.display
        await screen.press("escape")
        assert screen.paper == "Hydrofoil Control by Reinforcement Learning"


async def test_a_title_that_is_too_long_ends_in_an_ellipsis(reader: OpenReader) -> None:
    async with reader((40, 10)) as screen:
        assert screen.rows[1].startswith("●  Hydrofoil Control by Reinforce")
        assert screen.rows[1].rstrip("▁▂▃▄▅▆▇█ ").endswith("…")


async def test_the_width_of_the_list_is_changed_by_keys_and_saved(reader: OpenReader) -> None:
    async with reader((200, 50)) as screen:
        before = screen.main.list.outer_size.width
        await screen.press(">", ">")
        wider = screen.main.list.outer_size.width
        assert wider > before
        await screen.press("<")
        assert before < screen.main.list.outer_size.width < wider
        await screen.press(*"<<<<<<<<<<<<<<<<<<")
        assert screen.main.list.outer_size.width > 30
        await screen.press(*">>>>>>>>>>>>>>>>>>")
        assert screen.main.detail.outer_size.width > 30
        widest = screen.main.list.outer_size.width
    async with reader((200, 50)) as screen:
        assert screen.main.list.outer_size.width == widest


async def test_a_list_of_two_line_papers_never_begins_with_half_a_paper(reader: OpenReader) -> None:
    async with reader((160, 36)) as screen:
        assert screen.main.list.size.height % 2 == 1
        await screen.press("G")
        assert screen.rows[0].startswith("●")
        assert screen.paper == "Ambient Occlusion for Blind Mice"
        await screen.press("ctrl+u", "k")
        assert screen.rows[0].startswith("●")
        await screen.wheel(40, 10, -2)
        assert screen.rows[0].startswith("●")


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(2, [(40, 10), (60, 20), (80, 24), (200, 50)]))
async def test_the_key_bar_always_shows_the_keys_for_help_and_back(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        assert "? Help" in screen.lines[-1]
        assert "esc Back" not in screen.lines[-1]
        for key in ("enter", "tab"):
            await screen.press(key)
            if not screen.main.list.has_focus:
                await screen.until(lambda: screen.lines[-1].startswith(" esc Back"), "the way back")
                assert "? Help" in screen.lines[-1]
            await screen.press("escape")
        # While a filter is typed, "?" is a character of the filter and does not open the help.
        await screen.press("/")
        await screen.until(lambda: screen.lines[-1].startswith(" esc Clear"), "the way back")
        assert "? Help" not in screen.lines[-1]
        if size[0] >= 60:
            assert "ctrl+p Palette" in screen.lines[-1]
        await screen.press("ctrl+p")
        await screen.until(lambda: screen.app.screen is not screen.main, "the way to every action")
        await screen.press("escape", "escape")
        await screen.until(lambda: "esc Back" not in screen.lines[-1], "the list's own keys")


# Keys that open every pane and dialog. After all of them, the screen shows the same list as before the first.
KEYS = (
    *("j", "enter", "escape", "b", "?", "escape", "i", "escape", "t", "escape", "n", "escape", "L", "G", "escape"),
    *("tab", "tab", "tab", "escape", "v", "G", "escape", "b", "b", "/", "a", "escape", "g"),
)


def bookmarked(path: Path) -> list[int]:
    """The bookmarked papers that are stored in the library."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL").fetchall()
    return [number for (number,) in rows]


def is_whole(screen: Terminal) -> bool:
    """Whether a screen of 80 columns and 24 lines contains the filter, the first papers, the status and the keys."""
    lines = screen.lines
    return (
        lines[0].startswith(" / type to filter") and lines[0].endswith("24 papers")
        and FIRST in lines[1] and "Hydrofoil" in lines[2]
        and lines[22].startswith((" New ·", " All ·")) and "? Help" in lines[23]
    )  # fmt: skip


def closes_what_is_open(screen: Terminal) -> bool:
    """Whether the whole list is on the screen. If not, press escape: a dialog or a filter may still be open.

    On a busy machine a key may reach the list before the dialog that an earlier key opens.
    """
    if is_whole(screen):
        return True
    # A paper that was opened or marked is not new any more, so show all papers ("2").
    screen.press("escape", "2", "g")
    screen.read(0.2)
    return False


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(3, [(1, 1), (2, 1), (1, 2), (5, 2), (20, 3), (80, 1), (1, 24)]))
def test_the_reader_runs_in_the_smallest_terminals_and_draws_everything_when_they_grow(
    terminal: OpenTerminal, library: Path, size: tuple[int, int]
) -> None:
    screen = terminal(size=size)
    # On a terminal this small, the screen does not show whether the list has been loaded, so wait for a mark in the
    # library.
    screen.press("b")
    screen.until(lambda: bookmarked(library) == [1], "the first paper is bookmarked")
    for _ in range(2):
        screen.press(*KEYS)
        screen.resize((80, 24))
        screen.until(lambda: closes_what_is_open(screen), "the whole screen")
        screen.resize(size)
        screen.press("ctrl+p")
        screen.resize((80, 24))
        screen.shows("type a few letters")
        screen.press("escape")
        screen.until(lambda: "type a few letters" not in screen.text and is_whole(screen), "the whole screen")
        screen.resize(size)
    screen.press("q")
    assert screen.ends() == 0
    assert b"recto stopped" not in screen.output


def test_the_reader_survives_a_storm_of_sizes(terminal: OpenTerminal) -> None:
    chance = random.Random(60)
    screen = terminal(size=(80, 24))
    screen.shows("24 papers", FIRST)
    for _ in range(80):
        roomy = chance.random() < 0.5
        size = (chance.randrange(1, 200 if roomy else 12), chance.randrange(1, 60 if roomy else 6))
        screen.resize(size)
        screen.press(*chance.choices(KEYS, k=chance.randrange(3)))
        screen.read(chance.choice((0, 0, 0.02, 0.05)))
    screen.resize((80, 24))
    # A key that was handled late may have opened a dialog, and keys typed into the import dialog may have imported a
    # file that does not exist. So close and remove what they left.
    ends = time.monotonic() + PATIENCE
    while not is_whole(screen) or "esc Back" in screen.lines[-1]:
        assert time.monotonic() < ends, screen.text
        # A paper that was opened or marked is not new any more, so show all papers ("2").
        screen.press("escape", "2", "g")
        screen.read_for(0.2)
    screen.press("q")
    assert screen.ends() == 0
    assert b"recto stopped" not in screen.output
    # Compare with a newly started recto, because the screen must show nothing left over from the previous size.
    fresh = terminal(size=(80, 24))
    fresh.until(lambda: is_whole(fresh), "the whole screen")
    expected = without_status(screen)
    fresh.until(lambda: without_status(fresh) == expected, f"the same screen as after the storm:\n{screen.text}")


def without_status(screen: Terminal) -> list[str]:
    """The lines of a screen without the status line, which may still report the last action."""
    return [line for number, line in enumerate(screen.lines) if number != 22]
