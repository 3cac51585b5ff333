"""The mouse: clicking on papers and on the key bar, and turning the wheel."""

from __future__ import annotations

import pytest

from tests.scenarios.conftest import OpenReader


async def test_a_click_puts_the_cursor_on_a_paper(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("/")
        await screen.click(10, 8)
        assert screen.paper.startswith("Sublinear Sketches")
        assert screen.main.list.has_focus
        assert "Sublinear Sketches" in screen.detail


async def test_either_line_of_a_paper_can_be_clicked(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.click(40, 4)
        assert screen.paper == "Hydrofoil Control by Reinforcement Learning"
        await screen.click(40, 5)
        assert screen.paper == "Cartography of Attention Heads"


async def test_a_click_below_the_last_paper_changes_nothing(reader: OpenReader) -> None:
    async with reader((100, 60)) as screen:
        await screen.press("j")
        await screen.click(10, 54)
        assert screen.paper.startswith("Hydrofoil Control")


async def test_a_double_click_reads_the_paper(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.click(10, 2, times=2)
        assert not screen.main.list.display
        assert "about one thing: hydrofoil" in screen.text


async def test_clicks_on_two_papers_are_no_double_click(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.click(10, 2)
        await screen.click(10, 3)
        assert screen.main.list.display


async def test_the_wheel_scrolls_the_list_and_the_cursor_stays_on_its_paper(reader: OpenReader) -> None:
    async with reader((100, 16)) as screen:
        await screen.wheel(10, 5, 2)
        assert (screen.main.list.first, screen.main.list.cursor) == (6, 0)
        assert "Persimmon" in screen.detail
        await screen.wheel(10, 5, -1)
        assert screen.main.list.first == 3
        await screen.wheel(10, 5, 99)
        assert screen.titles[-1] == "Ambient Occlusion for Blind Mice"
        await screen.press("j")
        assert (screen.paper[:17], screen.cursor_line) == ("Hydrofoil Control", 0)


async def test_the_wheel_scrolls_the_pane_under_the_pointer(reader: OpenReader) -> None:
    async with reader((200, 10)) as screen:
        await screen.wheel(150, 5, 1)
        assert screen.main.detail.scroll_offset.y > 0
        assert screen.main.list.first == 0
        await screen.until(lambda: screen.main.view_list.count > 7, "the views are counted")
        await screen.wheel(5, 5, 1)
        assert screen.main.view_list.first > 0
        assert screen.where == "New"


@pytest.mark.parametrize(
    ("label", "seen"),
    [("Filter", "type to filter"), ("Keep", "3 Queue (1)"), ("Drop", "7 Hidden (1)"), ("Help", "Moving")],
)
async def test_a_click_on_the_key_bar_does_what_the_key_does(reader: OpenReader, label: str, seen: str) -> None:
    async with reader((120, 30)) as screen:
        keys = screen.lines[-1]
        await screen.click(keys.index(label) + 1, 29)
        await screen.until(lambda: seen.replace(" ", "") in screen.text.replace(" ", ""), seen)
        if label == "Filter":
            assert screen.main.filter_line.input.has_focus


async def test_a_click_on_the_filter_focuses_it(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.click(20, 0)
        await screen.type("gliders")
        assert screen.titles == ["Lighthouses for Underwater Gliders"]


async def test_a_click_on_the_detail_focuses_it(reader: OpenReader) -> None:
    async with reader((100, 10)) as screen:
        await screen.click(70, 4)
        await screen.press("j")
        assert screen.main.detail.scroll_offset.y == 1
        assert screen.main.list.cursor == 0


async def test_every_dialog_can_be_closed_with_the_mouse(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        for key in ("?", "ctrl+p", "t", "n", "L", "D", "i", "e", "C", "l"):
            for beside in (True, False):
                await screen.press(key)
                assert screen.app.screen is not screen.main
                if beside:
                    await screen.click(0, 0)
                else:
                    line = max(number for number, text in enumerate(screen.lines) if "esc " in text)
                    await screen.click(screen.lines[line].index("esc ") + 5, line)
                await screen.until(lambda: screen.app.screen is screen.main, f"the dialog of {key} is closed")


async def test_a_click_beside_a_dialog_keeps_typed_text(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("t", "n", "l", "p")
        await screen.click(0, 0)
        assert screen.app.screen is not screen.main
        line = next(number for number, text in enumerate(screen.lines) if "enter saves" in text)
        await screen.click(screen.lines[line].index("enter saves"), line)
        await screen.until(lambda: "tagged" in screen.status, "the tag is stored")


async def test_a_letter_that_begins_a_text_in_a_hint_is_no_key(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("l")
        line = next(number for number, text in enumerate(screen.lines) if "a weekday" in text)
        await screen.click(screen.lines[line].index("a date"), line)
        await screen.click(screen.lines[line + 1].index("enter saves"), line + 1)
        await screen.until(lambda: "postponed" in screen.status, "the paper is postponed until next week")
