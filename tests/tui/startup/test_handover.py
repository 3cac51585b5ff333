"""How the running program takes over the screen from the first page: nothing is done twice or drawn needlessly."""

from __future__ import annotations

import gc
import importlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.widget import Widget

from store.library.config_and_library_paths import places
from store.library.library import Library
from tests.waiting import PATIENCE
from tui.settings import themes
from tui.settings.config import Config
from tui.settings.session import Session
from tui.startup.handover import Reader
from tui.startup.splash import Splash
from tui.terminal.textual_internals import Pieces, PiecewiseCompositor, Spans


class Printed(Splash):
    """Simulates a terminal on which the first page of the list was printed before the Textual app started."""

    def __init__(self) -> None:
        self.is_open = True


@contextmanager
def opened(path: Path, left: Session, splash: Splash | None = None) -> Iterator[Reader]:
    """recto, not started yet."""
    with Library.open(path) as library:
        yield Reader(library, places(path), Config(), left, (), splash)


async def listed(pilot: Pilot[None], reader: Reader) -> None:
    """Wait until the list is on the screen."""
    await until(pilot, lambda: reader.main_screen.list.count and not reader._waits_for_list)


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait until `condition()` is true."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends
        await pilot.pause(0.01)


def record_drawing(monkeypatch: pytest.MonkeyPatch, record: Callable[[Pieces], None]) -> None:
    """Call `record` with everything that recto draws."""
    draw = PiecewiseCompositor._pieces

    def drawn(self: PiecewiseCompositor, spans: Spans) -> Pieces:
        pieces = draw(self, spans)
        record(pieces)
        return pieces

    monkeypatch.setattr(PiecewiseCompositor, "_pieces", drawn)


@pytest.mark.parametrize("theme", [None, themes.LIGHT.name, themes.DARK.name, "nord", "of old"])
async def test_the_theme_that_was_left_is_there_from_the_start_and_the_css_is_read_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, theme: str | None
) -> None:
    anew: list[str] = []
    reparse = Stylesheet.reparse
    monkeypatch.setattr(Stylesheet, "reparse", lambda self: (anew.append("read"), reparse(self))[1])
    with opened(path, Session(chosen_theme=theme)) as reader:
        async with reader.run_test() as pilot:
            await listed(pilot, reader)
            assert reader.theme == (theme if theme not in (None, "of old") else themes.DARK.name)
            background = reader.current_theme.background
            assert background and reader.screen.styles.background.hex.lower() == background.lower()
            assert reader.has_class("-light-mode") == (theme == themes.LIGHT.name)
            assert anew == []
            # A later change of the theme reads the CSS again, which shows that the patched method is the one that reads
            # it.
            reader.theme_choice.switch()
            await pilot.pause()
            assert anew == ["read"]


async def test_the_reader_has_exactly_one_screen(path: Path) -> None:
    with opened(path, Session()) as reader:
        async with reader.run_test() as pilot:
            await listed(pilot, reader)
            assert reader.screen_stack == [reader.main_screen]


async def test_an_area_that_the_first_page_already_shows_is_not_drawn_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    record_drawing(monkeypatch, lambda _: drawn.append(reader._waits_for_list))
    with opened(path, Session(), Printed()) as reader:
        assert reader._waits_for_list
        async with reader.run_test() as pilot:
            await listed(pilot, reader)
            await pilot.pause()
    assert drawn and not any(drawn)


async def test_a_filter_is_drawn_around_the_list_of_the_first_page_before_any_search(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    touched: list[Widget] = []
    searching: list[bool] = []
    with opened(path, Session(), Printed()) as reader:
        main = reader.main_screen

        def record(pieces: Pieces) -> None:
            shown.append("\n".join("".join(each.text for each in line.values() if each) for line in pieces))
            places = [(x, y) for y, line in enumerate(pieces) for x, strip in line.items() if strip]
            touched.extend(
                pane for pane in (main.list, main.detail) if any(pane.region.contains(*place) for place in places)
            )
            searching.append(any(thread.is_alive() for thread in main.search.worker._threads))

        def begin(session: Session, begin: Callable[[Session], None] = main.search.start) -> None:
            # Keys that were typed while only the first page was on the screen.
            for key, letter in (("slash", "/"), ("g", "g"), ("l", "l")):
                reader.post_message(events.Key(key, letter))
            begin(session)

        record_drawing(monkeypatch, record)
        monkeypatch.setattr(main.search, "start", begin)
        # The list is never loaded.
        monkeypatch.setattr(main.search.worker, "search", lambda request: None)
        async with reader.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: any("/ gl" in each for each in shown))
            assert reader._waits_for_list
            drawn = len(shown)
            await pilot.press("escape")
            await until(pilot, lambda: any("type to filter" in each for each in shown[drawn:]))
            main.pane_focus.move_to(main.detail)
            await until(pilot, lambda: main.detail in touched)
            assert main.list not in touched
    assert not searching[0]


async def test_the_screen_is_styled_once_before_it_is_shown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    styled: list[object] = []
    update = Reader.update_styles
    monkeypatch.setattr(
        Reader, "update_styles", lambda self, node, animate=True: (styled.append(node), update(self, node, animate))[1]
    )
    with opened(path, Session()) as reader:
        async with reader.run_test() as pilot:
            await listed(pilot, reader)
            assert reader.main_screen not in styled


async def test_garbage_is_looked_for_from_the_first_list_on(path: Path) -> None:
    gc.disable()
    try:
        with opened(path, Session()) as reader:
            async with reader.run_test() as pilot:
                await listed(pilot, reader)
                # The message with the result is handled only after the list has shown it, so wait.
                await pilot.pause()
                assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


async def test_modules_for_the_detail_pane_are_imported_in_a_thread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported: dict[str, bool] = {}
    monkeypatch.setattr(
        importlib,
        "import_module",
        lambda name: imported.setdefault(name, threading.current_thread() is threading.main_thread()),
    )
    with opened(path, Session()) as reader:
        async with reader.run_test() as pilot:
            await listed(pilot, reader)
            for _ in range(200):
                await pilot.pause(0.01)
                if "tui.render.paper_page" in imported:
                    break
    assert imported["tui.render.paper_page"] is False
