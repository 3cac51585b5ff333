"""Pictures are drawn in a child process. If a hostile file crashes it, only one picture is refused."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.formats.documents import child_process
from store.model.errors import ListingError
from store.pictures import renderer
from store.pictures.picture import Size, Source
from store.pictures.renderer import Renderer
from store.texts.worker import TextFormat
from tests.store.formats.documents.pdfs import Text, pdf_of_pages
from tests.store.pictures.documents import (
    BLUE,
    CAPTION,
    RED,
    WHITE,
    drawn_in_this_process,
    pixel,
    png,
    scan,
    with_figure,
)

OpenRenderer = Callable[..., Renderer]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRenderer]:
    """A function that opens a renderer for a document. All renderers are closed after the test."""
    renderers: list[Renderer] = []

    def open_renderer(data: bytes, format: TextFormat = "pdf", seconds: float = renderer.SECONDS) -> Renderer:
        path = tmp_path / f"{len(renderers)}"
        path.write_bytes(data)
        renderers.append(Renderer(lambda: path.open("rb"), format, seconds=seconds))
        return renderers[-1]

    yield open_renderer
    for each in renderers:
        each.close()


def caption_of(data: bytes) -> Source:
    """The source of the picture that belongs to the first caption in a PDF."""
    from store.texts import pdf_reader

    blocks = pdf_reader.read(data, lambda page, pages: None).blocks
    block = next(block for block in blocks if block.text == CAPTION)
    assert block.page
    return Source(block.page, "figure", block.box)


def test_a_figure_is_found_above_its_caption_and_drawn_in_a_child_process(opened: OpenRenderer) -> None:
    data = with_figure()
    document = opened(data)
    source, size = document.locate(caption_of(data))
    left, bottom, right, top = source.box or (0, 0, 0, 0)
    assert (left, bottom, right, top) == pytest.approx((200, 500, 300, 620), abs=5)
    assert size == pytest.approx((100, 120), abs=10)
    drawn = document.draw(source, 300, 240)
    assert drawn.height in (239, 240) and 150 < drawn.width < 240 and len(drawn.data) == 3 * drawn.width * drawn.height
    assert pixel(drawn, 0.5, 0.25) == RED and pixel(drawn, 0.5, 0.75) == BLUE and pixel(drawn, 0, 0) == WHITE


def test_pages_are_drawn_whole_and_in_parts(opened: OpenRenderer) -> None:
    with drawn_in_this_process():
        document = opened(scan())
        source, size = document.locate(Source(2))
        assert size == Size(612, 792)
        assert pixel(document.draw(source, 200, 200), 0.5, 0.4) == BLUE
        # The lower half of the first page: the square ends at a height of 300 points.
        part = document.draw(Source(1, "view", (0, 0, 612, 396)), 612, 396)
        assert (part.width, part.height) == (612, 396)
        assert pixel(part, 0.5, 0.1) == RED and pixel(part, 0.5, 0.5) == WHITE
        with pytest.raises(ListingError, match="no page 4"):
            document.locate(Source(4))


def test_a_caption_without_a_figure_is_refused(opened: OpenRenderer) -> None:
    lines = [Text("A line of text that fills the page from the left to the right.", y=700 - 12 * n) for n in range(50)]
    with drawn_in_this_process(), pytest.raises(ListingError, match="nothing to show"):
        opened(pdf_of_pages([lines])).locate(Source(1, "figure", (72, 500, 300, 509)))


HOSTILE_PICTURES = {
    "a bomb": (png(1, 1, declared=(60_000, 60_000)), "too large"),
    "a cut file": (png(300, 300)[:200], "damaged|cut short"),
    "a picture without pixels": (png(1, 1, declared=(0, 0)), "none of|damaged"),
    "SVG": (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "a page": (b"<html><body>not a picture</body></html>", "none of"),
    "a PDF": (scan(), "none of"),
    "escape sequences": (b"\x1b]0;title\x07\x1b[2J" * 100, "none of"),
}


@pytest.mark.parametrize("name", HOSTILE_PICTURES)
def test_a_hostile_picture_is_refused_with_a_reason(opened: OpenRenderer, name: str) -> None:
    data, reason = HOSTILE_PICTURES[name]
    with drawn_in_this_process():
        document = opened(b"<html></html>", "html")
        with pytest.raises(ListingError, match=reason):
            document.draw(Source(link="x"), 100, 100, data)
        # After the refusal, the renderer still draws the next picture.
        assert pixel(document.draw(Source(link="y"), 50, 50, png(10, 10)), 0.5, 0.5) == RED


def test_of_an_animation_the_first_frame_is_shown(opened: OpenRenderer) -> None:
    image = pytest.importorskip("PIL.Image")
    file = io.BytesIO()
    frames = [image.new("RGB", (20, 20), colour) for colour in (BLUE, RED, WHITE)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    with drawn_in_this_process():
        drawn = opened(b"<html></html>", "html").draw(Source(link="x"), 20, 20, file.getvalue())
    assert pixel(drawn, 0.5, 0.5) == BLUE


def test_transparent_parts_are_white(opened: OpenRenderer) -> None:
    image = pytest.importorskip("PIL.Image")
    file = io.BytesIO()
    image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(file, "PNG")
    with drawn_in_this_process():
        drawn = opened(b"<html></html>", "html").draw(Source(link="x"), 20, 20, file.getvalue())
    assert pixel(drawn, 0.5, 0.5) == WHITE


def test_damaged_pdfs_are_refused_and_never_end_the_reader(opened: OpenRenderer) -> None:
    data = with_figure()
    source = caption_of(data)
    chance = random.Random(5)
    with drawn_in_this_process():
        for _ in range(20):
            damaged = bytearray(data)
            for _ in range(20):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            document = opened(bytes(damaged[: chance.randrange(100, len(damaged))]))
            try:
                located, _size = document.locate(source)
                drawn = document.draw(located, 80, 80)
                assert len(drawn.data) == 3 * drawn.width * drawn.height
            except ListingError:
                pass


# Programs that are started instead of the child process, and send wrong answers.
_ANSWER = "import sys; sys.stdin.buffer.readline(); "
MISBEHAVING = {
    "ends at once": "pass",
    "never answers": _ANSWER + "import time; time.sleep(60)",
    "answers no JSON": _ANSWER + "print('hello')",
    "prints without end": _ANSWER + "print('a' * 100_000)",
    "draws more than it was asked for": _ANSWER + "print('{\"width\": 500, \"height\": 50}\\n' + 'a' * 75_000)",
    "sends too few pixels": _ANSWER + 'print(\'{"width": 5, "height": 5}aaa\')',
    "has a negative size": _ANSWER + 'print(\'{"width": -5, "height": -5}\')',
}


@pytest.mark.parametrize("name", MISBEHAVING)
def test_a_child_process_that_misbehaves_loses_only_one_picture(
    opened: OpenRenderer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    document = opened(scan(), seconds=0.3 if name == "never answers" else renderer.SECONDS)
    with monkeypatch.context() as patch:
        patch.setattr(child_process, "command_of", lambda *_: (sys.executable, "-S", "-c", MISBEHAVING[name]))
        with pytest.raises(ListingError, match="damaged, or drawing it takes too much time"):
            document.draw(Source(1), 100, 100)
    assert document._process is None


def test_a_file_that_is_gone_is_a_refused_picture(tmp_path: Path) -> None:
    with pytest.raises(ListingError, match="cannot be opened"):
        Renderer(lambda: (tmp_path / "gone.pdf").open("rb"), "pdf").locate(Source(1))
