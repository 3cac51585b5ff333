"""The pictures of a full text: between the lines of the text, on a separate screen, and as pages of a scan."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from store.library.library import Library
from store.texts import text_store, worker
from store.texts.blocks import Block, FullText, one_span
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader
from tests.store.pictures.documents import drawn_in_this_process, png, scan, with_figure
from tests.store.texts.pages import LATEXML, read_in_this_process
from tui.screens.pages_screen import PagesScreen
from tui.screens.picture_screen import PictureScreen
from tui.screens.text_screen import TextScreen
from tui.workers import fetch_process

_BLOCK = "▀" * 10


@pytest.fixture(autouse=True)
def in_this_process() -> Iterator[None]:
    with read_in_this_process(), drawn_in_this_process():
        yield


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment variables of a terminal that has 24-bit colours and is not inside tmux."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TMUX", raising=False)


def page(link: str) -> bytes:
    """A web page with a figure, whose image is this picture."""
    figure = f'<figure><img src="{link}"><figcaption>Figure 1: A red square.</figcaption></figure>'
    return LATEXML.replace("</article>", f"{figure}</article>").encode()


async def read(screen: Reader) -> None:
    await screen.press("2", "g", "enter", "enter")


@asynccontextmanager
async def reading(
    reader: OpenReader, library: Path, document: bytes, *, size: tuple[int, int], name: str = "paper.pdf"
) -> AsyncIterator[Reader]:
    """Opens recto with the full text of a paper on the screen. `document` is the file of the text."""
    with Library.open(library) as opened:
        text_store.attach(opened, 1, io.BytesIO(document), name)
    async with reader(size=size) as screen:
        await read(screen)
        yield screen


async def test_a_figure_is_shown_under_its_caption(reader: OpenReader, library: Path) -> None:
    async with reading(reader, library, with_figure(), size=(80, 40)) as screen:
        await screen.sees("Figure 1: A red square", _BLOCK)
        shown = screen.app.screen
        assert isinstance(shown, TextScreen)
        caption = next(line.block for line in shown.view.shown_lines if "Figure 1" in line.text)
        rows = [line.picture_row for line in shown.view.shown_lines if line.block == caption]
        assert rows[-1] == len(shown.view.pictures[caption].rows) - 1


async def test_the_text_keeps_its_place_when_a_picture_appears(reader: OpenReader, library: Path) -> None:
    async with reading(reader, library, with_figure(6), size=(80, 24)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, TextScreen), "the text is shown")
        shown = screen.app.screen
        assert isinstance(shown, TextScreen)
        for _ in range(4):
            await screen.press("pagedown")
            first = next(line for line in shown.view.shown_lines if line.pieces)
            await screen.settle()
            shown.view.show_frames()
            assert next(line for line in shown.view.shown_lines if line.pieces) == first


async def test_pictures_and_pages_fill_the_screen_until_a_key_leaves_them(reader: OpenReader, library: Path) -> None:
    async with reading(reader, library, with_figure(3), size=(80, 24)) as screen:
        await screen.sees("Figure 1: A red square", _BLOCK)
        await screen.press("p")
        await screen.until(lambda: isinstance(screen.app.screen, PictureScreen), "the picture is shown")
        await screen.sees("Figure 1: A red", "1 of 3", "any other key goes back", _BLOCK)
        await screen.press("right")
        await screen.sees("2 of 3", _BLOCK)
        await screen.press("x")
        assert isinstance(screen.app.screen, TextScreen)
        await screen.sees("This line of the running text")
        # The page of the PDF is shown as a picture, also after a dialog has covered it.
        await screen.press("P")
        await screen.sees("page 1 of 3", _BLOCK)
        await screen.press("?")
        await screen.sees("Help")
        await screen.press("escape")
        await screen.sees("page 1 of 3", _BLOCK)
        await screen.press("P")
        assert isinstance(screen.app.screen, TextScreen)
        # If the screen shows several pictures, a dialog asks which one to open.
        await screen.resize(80, 60)
        await screen.until(lambda: "Figure 1" in screen.text.partition("Figure 1")[2], "two captions are shown")
        await screen.press("p")
        await screen.sees("Pictures here")
        await screen.press("2")
        await screen.sees("2 of 3")


async def test_a_scan_is_shown_as_pages_and_the_page_is_kept(reader: OpenReader, library: Path) -> None:
    async with reading(reader, library, scan(), size=(80, 24)) as screen:
        await screen.sees("page 1 of 3", "its pages have no text, like a scan", _BLOCK)
        await screen.press("]")
        await screen.sees("page 2 of 3")
        await screen.press("[", "[")
        await screen.sees("this is the first page")
        await screen.press("G")
        await screen.sees("page 3 of 3")
        await screen.press("[")
        await screen.through_the_writer()
        await screen.press("escape")
        assert screen.app.screen is screen.main
    async with reader(size=(100, 30)) as screen:
        await read(screen)
        await screen.sees("page 2 of 3", _BLOCK)


async def test_scrolling_goes_through_a_page_and_on_to_the_next(reader: OpenReader, library: Path) -> None:
    async with reading(reader, library, scan(), size=(80, 24)) as screen:
        await screen.sees("page 1 of 3", _BLOCK)
        shown = screen.app.screen
        assert isinstance(shown, PagesScreen)
        presses = 0
        while shown.page == 1 and presses < 20:
            await screen.press("pagedown")
            await screen.settle()
            presses += 1
        assert 1 < presses < 6
        await screen.press("pageup")
        assert shown.page == 1
        # "p" shows the whole page in the height of the screen. There is nothing to scroll, so Page Down shows the next
        # page.
        await screen.press("p", "pagedown")
        assert shown.page == 2


async def test_a_page_shows_the_pictures_that_it_contains(reader: OpenReader, library: Path) -> None:
    pytest.importorskip("PIL")
    link = "data:image/png;base64," + base64.b64encode(png(200, 200)).decode()
    async with reading(reader, library, page(link), size=(80, 60), name="page.html") as screen:
        await screen.sees("Figure 1: A red square", _BLOCK)


async def test_pictures_on_the_web_are_fetched_only_when_asked_for(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL")
    asked: list[int] = []

    async def fetch(path: Path, paper_id: int) -> str:
        asked.append(paper_id)
        with Library.open(path) as opened:
            (text,) = text_store.of_paper(opened.reader(), paper_id)
            text_store.keep_pictures(opened, text, {"x1.png": png(200, 200)})
        return ""

    monkeypatch.setattr(fetch_process, "fetch_pictures", fetch)
    async with reading(reader, library, page("x1.png"), size=(80, 60), name="page.html") as screen:
        await screen.sees("Figure 1: A red square")
        await screen.press("p")
        await screen.sees("does not have all pictures", "fetch 1 picture over the network")
        assert not asked
        await screen.press("1")
        await screen.sees("the pictures were fetched", _BLOCK)
        assert asked == [1]


async def test_pictures_can_be_turned_off(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "off.toml"
    config.write_text('pictures = "off"\n')
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    async with reading(reader, library, with_figure(), size=(80, 40)) as screen:
        await screen.sees("Figure 1: A red square")
        await screen.press("p")
        await screen.sees("pictures are off")


async def test_a_picture_without_colours_is_drawn_in_shades(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with reading(reader, library, with_figure(), size=(80, 40)) as screen:
        await screen.sees("Figure 1: A red square")
        await screen.press("p")
        await screen.sees("NO_COLOR is set", "▓▓▓")


async def test_an_equation_that_can_be_shown_as_printed_has_a_mark(reader: OpenReader, library: Path) -> None:
    equation = Block("equation", one_span("x = y\t(1)"), page=1, box=(72.0, 600.0, 300.0, 620.0))
    words = Block("equation", one_span("x = y where both are birds"), page=1, box=(72.0, 500.0, 300.0, 520.0))
    # A context of its own, because the fixture `in_this_process` replaces the same function and must do so last.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "read", lambda *_, **__: FullText((equation, words), pages=1))
        async with reading(reader, library, with_figure(), size=(80, 24)) as screen:
            await screen.sees("[p] x = y", "    x = y where", "[p] equation as printed")
            await screen.press("p")
            await screen.until(lambda: isinstance(screen.app.screen, PictureScreen), "the equation fills the screen")
