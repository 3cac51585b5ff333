"""Colours: a dark theme, a light theme, and no colours with NO_COLOR."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.terminal import Terminal
from tui.settings import themes

# Colour codes: 30-37, 90-97 and 38;… for the foreground, 40-47, 100-107 and 48;… for the background.
_COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


def reversed_lines(screen: Terminal) -> list[int]:
    """The lines of the list that are drawn in reverse video."""
    return [number for number in range(1, len(screen.lines) - 2) if screen.style(8, number).reverse]


def test_with_no_color_there_are_no_colours_and_the_cursor_is_visible(terminal: OpenTerminal) -> None:
    screen = terminal(env={"NO_COLOR": "1"})
    screen.shows("24 papers", "Persimmon", "Appeared in")
    assert _COLOUR.findall(screen.output) == []
    top = screen.find("Persimmon")
    rows = [[top + 2 * number, top + 2 * number + 1] for number in range(6)]
    assert reversed_lines(screen) == rows[0]
    screen.press("j", "j")
    screen.until(lambda: reversed_lines(screen) == rows[2], "the cursor has moved")
    screen.press("v", "j", "j")
    screen.shows("3 selected")
    screen.until(lambda: reversed_lines(screen) == rows[4], "the cursor has moved on")
    # Without colours, the titles of selected papers are underlined.
    assert [screen.style(8, row[0]).underscore for row in rows[1:6]] == [False, True, True, False, False]
    screen.press("escape", "/", *"glaciers")
    screen.until(lambda: screen.lines[top].find("Glaciers") in range(3, 6), "the filter finds the paper")
    screen.until(lambda: screen.style(screen.lines[top].index("Glaciers"), top).bold, "the match is highlighted")
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


def test_on_a_terminal_of_16_colours_the_colours_are_chosen_and_differ(terminal: OpenTerminal) -> None:
    screen = terminal(env={"TERM": "xterm", "COLORTERM": ""}, size=(120, 36))
    screen.shows("24 papers", "Persimmon", "Appeared in")
    # recto uses only the 16 colours of the terminal, so the terminal's own colour scheme applies.
    assert b"38;2;" not in screen.output and b"48;2;" not in screen.output and b"38;5;" not in screen.output
    cursor, other = screen.style(8, screen.find("Persimmon")), screen.style(8, screen.find("Hydrofoil"))
    assert cursor.bg != other.bg == "default"
    key = screen.style(screen.lines[35].index("/ Filter"), 35)
    assert key.fg not in ("default", "white", cursor.fg)
    screen.press("ctrl+p", *"queue")
    screen.shows("put it in the reading queue", "View Queue")
    line = screen.find("View Queue")
    column = screen.lines[line].index("Queue")
    match, name = screen.style(column, line), screen.style(column - 3, line)
    assert match.fg != name.fg


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["ctrl+p"], "Commands"),
        (["L"], "Import log"),
        # The fourth paper has two links, so this key opens a dialog.
        (["j", "j", "j", "f"], "or the number opens it"),
        (["i", "/", "tab"], "etc/"),
    ],
)
def test_with_no_color_the_list_of_every_dialog_shows_its_cursor(
    terminal: OpenTerminal, keys: list[str], text: str
) -> None:
    screen = terminal(env={"NO_COLOR": "1"}, size=(100, 30))
    screen.shows("24 papers", "Persimmon", "Appeared in")
    screen.press(*keys)
    screen.shows(text)
    screen.until(lambda: any(screen.style(20, line).reverse for line in range(4, 26)), "the cursor is visible")
    assert _COLOUR.findall(screen.output) == []


def answered(terminal: OpenTerminal, colour: str) -> Terminal:
    """A running recto whose terminal has answered the query for its background colour."""
    screen = terminal(size=(120, 36))
    screen.until(lambda: b"\x1b]11;?\x07" in screen.output, "the reader asks")
    screen.send_bytes(f"\x1b]11;rgb:{colour}\x07".encode())
    return screen


def background(screen: Terminal) -> str:
    """The background colour of a paper in the list that is not under the cursor."""
    return str(screen.style(1, screen.find("Hydrofoil")).bg)


def test_the_theme_follows_the_background_of_the_terminal_and_the_next_start_remembers_it(
    terminal: OpenTerminal,
) -> None:
    screen = answered(terminal, "ffff/ffff/ffff")
    screen.shows("24 papers", "Persimmon")
    screen.until(lambda: background(screen) == themes.LIGHT.background.removeprefix("#"), "the light theme")
    # recto took no part of the terminal's answer for a key: the filter is empty, and no paper was marked.
    assert "type to filter" in screen.lines[0]
    screen.press("q")
    assert screen.ends() == 0
    assert screen.output.count(b"\x1b]11;?\x07") == 1
    screen = terminal(size=(120, 36))
    screen.shows("24 papers", "Persimmon")
    screen.until(lambda: background(screen) == themes.LIGHT.background.removeprefix("#"), "still the light theme")
    # If a terminal does not answer the query, recto does not wait, so it starts as fast as with an answer.
    screen.press("x")
    screen.shows("23 papers")
    screen.press("q")
    assert screen.ends() == 0


def test_a_terminal_is_not_asked_where_its_background_decides_nothing(
    terminal: OpenTerminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('theme = "recto-paper"\n')
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    screen = terminal(size=(120, 36))
    screen.shows("24 papers", "Persimmon")
    screen.until(lambda: background(screen) == themes.PAPER.background.removeprefix("#"), "the configured theme")
    # recto ignores the answer, because it has sent no query.
    screen.send_bytes(b"\x1b]11;rgb:0000/0000/0000\x07")
    screen.press("j")
    screen.until(
        lambda: screen.style(8, screen.find("●  Hydrofoil")).bg == themes.PAPER.variables["cursor"].removeprefix("#"),
        "the cursor",
    )
    assert screen.style(1, screen.find("●  Cartography")).bg == themes.PAPER.background.removeprefix("#")
    assert b"\x1b]11" not in screen.output


async def test_the_configured_theme_counts_at_every_start_and_T_lasts_until_the_end(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mine.toml"
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    async with reader() as screen:
        await screen.press("T")
        assert screen.app.theme == "recto-light"
    config.write_text('theme = "recto-dusk"\n')
    async with reader() as screen:
        assert screen.app.theme == "recto-dusk"
        await screen.press("T")
        assert screen.app.theme == "recto-paper"
        assert "theme recto-paper, until the end" in screen.status
    async with reader() as screen:
        assert screen.app.theme == "recto-dusk"


async def test_a_misspelt_theme_is_reported_with_the_nearest_name_and_the_reader_starts(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('theme = "recto-lihgt"\n')
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    async with reader((200, 50)) as screen:
        assert "there is no theme 'recto-lihgt'; the nearest is 'recto-light'" in screen.status
        assert screen.count == "24 papers"


async def test_the_palette_chooses_a_theme(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("ctrl+p")
        await screen.type("theme contrast-light")
        await screen.press("enter")
        assert screen.app.theme == "recto-contrast-light"
        await screen.press("ctrl+p")
        await screen.type("theme auto")
        await screen.press("enter")
        assert screen.app.theme == "recto-dark"
        assert "the theme follows the terminal's background" in screen.status


def test_in_ascii_mode_nothing_but_ascii_is_written(
    terminal: OpenTerminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("ascii = true\n")
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    screen = terminal(size=(120, 36))
    screen.shows("24 papers", "o  Persimmon", "Appeared in")
    screen.press("b", "ctrl+p")
    screen.shows("Commands", "+--")
    screen.press("escape", "?")
    screen.shows("o", "bookmarked")
    assert not set("●★│─╭…▲✎↓").intersection(screen.output.decode())


def test_an_encoding_without_the_symbols_gets_ascii_and_every_column_stays(terminal: OpenTerminal) -> None:
    screen = terminal(size=(120, 36), env={"PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0"})
    screen.shows("24 papers", "o  Persimmon", "Appeared in")
    assert b"\\u" not in screen.output
    edges = {line.rindex("|") for line in screen.lines[2:34] if "|" in line}
    assert len(edges) == 1
