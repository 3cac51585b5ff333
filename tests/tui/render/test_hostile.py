"""A hostile paper in every pane, toast, dialog and line: it is displayed as text, runs nothing, and moves nothing."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from store.importing.log import ImportReport, Step
from store.library.library import Library
from store.marks import marking, stored_marks
from store.model.entry import Refused
from store.papers import views
from store.papers.views import View
from tests.scenarios.reader import Reader, opened
from tests.scenarios.terminal import Terminal
from tests.thorough import some
from tests.tui import poisoned
from tests.tui.hostile import C1, ESCAPES, MARKUP, PAYLOADS, seen
from tests.tui.poisoned import NAMES
from tui.render import styled
from tui.widgets.line_list import LineList
from tui.workers import import_process
from tui.workers.messages import WorkFailed

SIZES = ((200, 50), (100, 30), (60, 20))
MARKED = NAMES.index("markup") + 1


@pytest.fixture(scope="session")
def poison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poison")
    poisoned.make(folder / "library.db", folder / "listings")
    return folder / "library.db"


@pytest.fixture
def tampered(tmp_path: Path, poison: Path) -> Path:
    """A library with hostile text in every column."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(poison, path)
    return path


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which each address that would be opened in a browser is appended."""
    found: list[str] = []

    def note(url: str) -> Callable[[], bool]:
        found.append(url)
        return lambda: False

    monkeypatch.setattr("tui.workers.browser.open_in_browser", note)
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which each action that is run is appended, whatever ran it."""
    found: list[str] = []
    for kind in (App, Screen):
        real = kind.run_action

        async def spy(self: Any, action: Any, *rest: Any, _real: Any = real, **more: Any) -> bool:
            found.append(str(action))
            return bool(await _real(self, action, *rest, **more))

        monkeypatch.setattr(kind, "run_action", spy)
    return found


@asynccontextmanager
async def shown(path: Path, size: tuple[int, int]) -> AsyncIterator[Reader]:
    """recto with all papers of a library on the screen."""
    async with opened(path, size) as reader:
        reader.main.search.show_view(View("all"))
        await reader.settle()
        yield reader


def strips(reader: Reader) -> Iterator[Strip]:
    """The content of the screen, line by line, as it is sent to the terminal."""
    app = reader.app
    yield from app.screen._compositor.render_strips()
    for below in app._background_screens:
        yield from below._compositor.render_strips()


def harmless(reader: Reader) -> str:
    """The text of the screen.

    The test fails if a part of it acts: a control character, a link, or an action that a click would run.
    """
    width = reader.app.size.width
    lines = []
    for strip in strips(reader):
        for segment in strip:
            assert "\n" not in seen(segment.text)
            if segment.style is not None:
                assert "@click" not in segment.style.meta, segment
                assert segment.style.link is None, segment
        assert strip.cell_length == width
        lines.append(strip.text)
    return "\n".join(lines)


def rows(lines: LineList) -> list[str]:
    """The lines of the list, or those of the views pane."""
    return [lines.render_line(y).text for y in range(lines.size.height)]


async def go_to(reader: Reader, number: int) -> None:
    """Move the cursor to a paper."""
    reader.main.list.move(list(reader.main.list._ids).index(number))
    await reader.settle()


# -- panes


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(1, SIZES))
async def test_every_pane_shows_every_hostile_paper_as_text(tampered: Path, size: tuple[int, int]) -> None:
    async with shown(tampered, size) as reader:
        for number in range(1, len(NAMES) + 1):
            await go_to(reader, number)
            harmless(reader)
            reader.main.detail.scroll_end(animate=False)
            await reader.pilot.pause()
            harmless(reader)
        await reader.press("enter")
        harmless(reader)


async def test_markup_is_read_as_letters_in_the_list_and_the_detail(tampered: Path) -> None:
    async with shown(tampered, (240, 60)) as reader:
        await go_to(reader, MARKED)
        text = harmless(reader)
        assert any("[/] [b]bold[/b] [@click=app.quit]x[/]" in line for line in rows(reader.main.list))
        assert text.count("[@click=app.quit]x[/]") >= 5


async def test_the_views_show_hostile_tags_as_text(tampered: Path) -> None:
    async with shown(tampered, (200, 60)) as reader:
        harmless(reader)
        assert any("#[/]" in line for line in rows(reader.main.view_list))
        for counted in views.counted_views(reader.main.library.reader()).of("tag"):
            reader.main.search.show_view(counted.view)
            await reader.settle()
            assert styled.view_name(counted.view)[:10] in harmless(reader)
            # After each change, recto looks whether the tag was renamed. Nobody can type these names.
            reader.main.refresh_all()
            await reader.settle()
            assert reader.main.search.view == counted.view


async def test_letters_that_match_are_lit_and_no_more(tampered: Path) -> None:
    async with shown(tampered, (160, 50)) as reader:
        for typed in ("click", "b", "77", "Z", "\u6f22"):
            await reader.press("slash")
            reader.main.filter_line.input.value = typed
            await reader.settle()
            harmless(reader)
            await reader.press("escape")


async def test_no_row_is_wider_than_its_pane(tampered: Path) -> None:
    for size in SIZES:
        async with shown(tampered, size) as reader:
            papers = reader.main.list
            for y in range(papers.size.height):
                assert papers.render_line(y).cell_length == papers.scrollable_content_region.width


# -- clicks


async def test_a_click_on_a_hostile_paper_runs_no_action(tampered: Path, run: list[str]) -> None:
    async with shown(tampered, (110, 24)) as reader:
        await go_to(reader, MARKED)
        papers, detail = reader.main.list, reader.main.detail
        row = papers.region.y + papers.cursor * papers.item_height - papers.scroll_offset.y
        run.clear()
        for pane, y in ((papers, row), *((detail, y) for y in range(detail.region.y, detail.region.y + 4))):
            for x in range(pane.region.x, pane.region.right):
                # This is how a terminal reports it: Textual makes a click of the press and the release.
                for kind in (events.MouseDown, events.MouseUp):
                    reader.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y))
            await reader.settle()
        # When a button is pressed on a scrollbar, Textual grabs the scrollbar.
        assert [action for action in run if action != "grab"] == []
        assert reader.app.is_running
        assert reader.main.list.paper == MARKED
        assert stored_marks.read(reader.main.library.reader(), MARKED).status == "reading"


# -- toasts, the status line, dialogs


def report(text: str, **more: Any) -> ImportReport:
    return ImportReport(path=f"/inbox/{text}", entries=3, added=1, **more)


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(1, [(120, 40), (60, 20)]))
async def test_toasts_and_the_status_line_show_hostile_text_harmlessly(
    tampered: Path, size: tuple[int, int], run: list[str]
) -> None:
    async with shown(tampered, size) as reader:
        for name, text in PAYLOADS.items():
            text = text[:3000]
            run.clear()
            main = reader.main
            main.post_message(import_process.ImportStep(Step(f"/inbox/{text}", 1, 2, 3)))
            await reader.pilot.pause()
            harmless(reader)
            main.post_message(import_process.Imported(report(text, error=text)))
            main.post_message(import_process.Imported(report(text, refused=(Refused(1, None, text),), partial=True)))
            main.post_message(WorkFailed(text))
            await reader.pilot.pause()
            shows = harmless(reader)
            main.post_message(import_process.ImportsEnded())
            await reader.pilot.pause()
            harmless(reader)
            if name == "markup":
                assert "[@click=app.quit]" in shows.replace("\n", "")
            reader.app.clear_notifications()
            assert run == []


async def test_the_import_log_and_the_help_show_text(tampered: Path) -> None:
    for size in ((200, 50), (60, 20)):
        async with shown(tampered, size) as reader:
            for key in ("L", "?"):
                await reader.press(key)
                for _ in range(3):
                    harmless(reader)
                    await reader.press("space")
                await reader.press("escape")


async def test_the_palette_shows_hostile_tags_as_text(tampered: Path, run: list[str]) -> None:
    async with shown(tampered, (120, 50)) as reader:
        await reader.pilot.press("ctrl+p")
        await reader.pilot.pause(0.2)
        harmless(reader)
        for letter in "view #":
            await reader.pilot.press({" ": "space", "#": "number_sign"}.get(letter, letter))
        await reader.until(lambda: "[/]" in reader.text, "the palette has the tag")
        harmless(reader)
        run.clear()
        await reader.pilot.press("down", "down", "down")
        harmless(reader)
        assert not [action for action in run if "quit" in action or "hide" in action]


async def test_dialogs_show_hostile_text_harmlessly(tampered: Path) -> None:
    async with shown(tampered, (100, 30)) as reader:
        for name in ("escapes", "C1", "controls", "bidi", "markup", "zalgo"):
            # These values are as recto stores them: a tag or a note is cleaned before it is stored.
            number, text = NAMES.index(name) + 1, PAYLOADS[name]
            marking.note(reader.main.library, number, text)
            marking.retag(reader.main.library, [number], [f"t{text[:200]}"])
            await go_to(reader, number)
            for key in ("t", "n", "f"):
                await reader.pilot.press(key)
                await reader.pilot.pause()
                harmless(reader)
                await reader.pilot.press("escape")
        await reader.settle()
        harmless(reader)


async def test_nothing_but_a_web_address_is_opened_and_nothing_but_a_line_is_copied(
    tampered: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(App, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with shown(tampered, (120, 40)) as reader:
        for number in range(1, len(NAMES) + 1):
            await go_to(reader, number)
            for key in ("o", "p", "y"):
                await reader.press(key)
                harmless(reader)
            await reader.until(lambda: len(copied) == number, "the citation is copied")  # noqa: B023
    assert asked
    for url in asked:
        assert url.isascii() and url.isprintable() and url.startswith(("https://example.org/", "https://arxiv.org/"))
    assert len(copied) == len(NAMES)
    assert all("\n" not in seen(text) for text in copied)


async def test_hostile_text_pasted_into_the_filter_is_harmless(tampered: Path) -> None:
    async with shown(tampered, (100, 30)) as reader:
        for payload in PAYLOADS.values():
            await reader.press("slash")
            reader.main.filter_line.input.post_message(events.Paste(payload))
            await reader.settle()
            harmless(reader)
            await reader.press("escape")
            assert reader.main.filter_line.input.value == ""


async def test_hostile_text_pasted_into_a_dialog_is_harmless(tampered: Path) -> None:
    async with shown(tampered, (100, 30)) as reader:
        for key in ("t", "n", "i"):
            for text in (ESCAPES, C1, MARKUP, "\u202e\U000e0041"):
                await reader.pilot.press(key)
                await reader.pilot.pause()
                assert reader.app.focused is not None
                reader.app.post_message(events.Paste(text))
                await reader.pilot.pause()
                harmless(reader)
                await reader.pilot.press("escape")
                await reader.pilot.pause()


# -- the real program in a real terminal

# What the program itself writes: styles and cursor positions, modes, the shape of the mouse pointer, the query for the
# background colour.
_OWN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[=>78]|\([B0]|\]22;[a-z-]*\x07|\]11;\?\x07)")
_NEVER = ("\x1b]52", "\x1b]0;", "\x1b[77;77H", "\x1b[2J", "\x1b[38;5;177", "\x1bP", "\x1bc", "\x1b[?7777h", "\x1b]8")


def test_no_byte_of_a_payload_reaches_the_terminal(tampered: Path) -> None:
    with Library.open(tampered) as library:
        # A note and tags as recto stores them.
        for number, text in enumerate(PAYLOADS.values(), 1):
            marking.note(library, number, text[:500])
            marking.retag(library, [number], [f"t{text[:100]}"])
    with Terminal("--library", tampered, size=(150, 40)) as terminal:
        terminal.shows(" New", "Filter")
        terminal.press("2")
        terminal.shows(" All")
        for _ in range(len(NAMES)):
            terminal.press("j")
            terminal.read(0.05)
        for key, hint in (("L", "Import log"), ("?", "esc closes"), ("t", "enter saves"), ("n", "ctrl+s saves")):
            terminal.press(key)
            terminal.shows(hint)
            terminal.press("escape")
            terminal.until(partial(lambda gone: gone not in terminal.text, hint), f"{hint} is gone")
        terminal.press("/")
        terminal.press(*"click")
        terminal.shows("/ click")
        terminal.press("ctrl+c")
        assert terminal.ends() == 128 + signal.SIGINT
    output = terminal.output.decode("utf-8")
    assert "[/]" in output and "␛]52;c;cGF5bG9hZA==␇" in output
    for payload in _NEVER:
        assert payload not in output, payload
    seen(_OWN.sub("", output).replace("\r", ""))
