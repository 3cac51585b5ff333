"""Documents with pictures for tests, and a function with which tests draw them without a child process."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from store.model.errors import ListingError
from store.pictures import renderer_process
from store.pictures.picture import Pixels
from store.pictures.renderer import Renderer, Request
from tests.store.formats.documents.pdfs import Text, pdf_of_pages

_SENTENCE = "This line of the running text is long enough to fill most of the page, as lines do."
CAPTION = "Figure 1: A red square above a blue one."
# PDF operators for two squares, 100 points wide, at x = 200 to 300: a red one and, below it, a blue one.
_SQUARES = "1 0 0 rg 200 560 100 60 re f 0 0 1 rg 200 500 100 60 re f"
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def with_figure(pages: int = 1) -> bytes:
    """A PDF whose pages each have text, a figure of two squares with its caption, and more text."""
    lines = [
        Text("Squares", 17, 730),
        *(Text(_SENTENCE, 10, 700 - 12 * number) for number in range(5)),
        Text(CAPTION, 10, 480),
        *(Text(_SENTENCE, 10, 450 - 12 * number) for number in range(8)),
    ]
    return pdf_of_pages([lines] * pages, graphics=dict.fromkeys(range(pages), _SQUARES))


def scan(pages: int = 3) -> bytes:
    """A PDF without text. Each page has a red square; on page 2 it is blue."""
    squares = {number: "0 0 1 rg" if number == 1 else "1 0 0 rg" for number in range(pages)}
    return pdf_of_pages(
        [[]] * pages, graphics={number: f"{colour} 100 300 400 400 re f" for number, colour in squares.items()}
    )


def png(
    width: int, height: int, colour: tuple[int, int, int] = RED, *, declared: tuple[int, int] | None = None
) -> bytes:
    """A PNG file of one colour. If `declared` is given, it is a wrong size that the header of the file states."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *(declared or (width, height)), 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pixel(pixels: Pixels, x: float, y: float) -> tuple[int, ...]:
    """The colour of a pixel. `x` and `y` go from 0 (left, top) to 1 (right, bottom)."""
    at = 3 * (int(y * (pixels.height - 1)) * pixels.width + int(x * (pixels.width - 1)))
    return tuple(pixels.data[at : at + 3])


@contextmanager
def drawn_in_this_process() -> Iterator[None]:
    """Draw pictures in this process, because starting a child process for each takes a third of a second."""
    documents: dict[int, object] = {}

    def answer(self: Renderer, request: Request, file: bytes) -> tuple[renderer_process.Drawn, bytes]:
        if id(self) not in documents:
            with self._open() as document:
                documents[id(self)] = renderer_process.opened(document.read(), self._format)
        drawn, data = renderer_process.answer(documents[id(self)], request, io.BytesIO(file))  # type: ignore[arg-type]
        if drawn.error:
            raise ListingError(drawn.error)
        return drawn, data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Renderer, "_answer", answer)
        yield
