"""Colours: a dark and a light theme, and none with NO_COLOR."""

from __future__ import annotations

import re

from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.terminal import Terminal

# Colour codes: 30-37, 90-97 and 38;… for the foreground, 40-47, 100-107 and 48;… for the background.
_COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


def reversed_lines(screen: Terminal) -> list[int]:
    """The lines of the list that are drawn in reverse video."""
    return [number for number in range(1, len(screen.lines) - 2) if screen.style(8, number).reverse]


def test_with_no_color_there_are_no_colours_and_the_cursor_is_visible(terminal: OpenTerminal) -> None:
    screen = terminal(env={"NO_COLOR": "1"})
    screen.shows("24 papers", "Persimmon", "Appeared in")
    assert _COLOUR.findall(screen.output) == []
    assert reversed_lines(screen) == [1]
    screen.press("j", "j")
    screen.until(lambda: reversed_lines(screen) == [3], "the cursor has moved")
    screen.press("v", "j", "j")
    screen.shows("3 selected")
    screen.until(lambda: reversed_lines(screen) == [5], "the cursor has moved on")
    # A selected line differs from the others.
    assert [screen.style(8, line).underscore for line in (2, 3, 4, 5, 6)] == [False, True, True, False, False]
    screen.press("escape", "/", *"glaciers")
    screen.until(lambda: screen.lines[1][5:].startswith("Glaciers"), "the filter finds the paper")
    screen.until(lambda: screen.style(5, 1).bold, "the match is highlighted")
    screen.press("escape", "?")
    screen.shows("Moving")
    screen.press("escape", "T", "x")
    screen.shows("23 papers")
    assert _COLOUR.findall(screen.output) == []


def test_an_empty_no_color_is_ignored(terminal: OpenTerminal) -> None:
    screen = terminal(env={"NO_COLOR": ""})
    screen.shows("24 papers", "Persimmon")
    shades = re.findall(rb"38;2;(\d+);(\d+);(\d+)", screen.output)
    assert any(len(set(shade)) > 1 for shade in shades)


async def test_T_switches_between_dark_and_light_and_the_choice_is_saved(reader: OpenReader) -> None:
    async with reader() as screen:
        assert screen.app.current_theme.dark
        dark = screen.main.list.render_line(1)
        await screen.press("T")
        assert not screen.app.current_theme.dark
        light = screen.main.list.render_line(1)
        assert dark.text == light.text
        assert {segment.style for segment in dark} != {segment.style for segment in light}
    async with reader() as screen:
        assert not screen.app.current_theme.dark
        await screen.press("T")
        assert screen.app.current_theme.dark


async def test_the_light_theme_is_readable(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("T")
        for line in (0, 1, 2, 5):
            for segment in screen.main.list.render_line(line):
                style = segment.style
                if segment.text.strip() and style and style.color and style.bgcolor:
                    letters, behind = style.color.get_truecolor(), style.bgcolor.get_truecolor()
                    assert abs(sum(letters) - sum(behind)) > 150
