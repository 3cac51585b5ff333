"""Row 75: each of 500 damaged and hostile PDFs and pictures is refused or drawn, and the next good picture is drawn."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.model.errors import ListingError
from store.pictures.picture import Source
from store.pictures.renderer import SECONDS, Renderer
from store.texts.blocks import Box
from store.texts.worker import TextFormat
from tests.faults.conftest import Report
from tests.store.formats.documents.pdfs import pdf_of_pages
from tests.store.pictures.documents import RED, pixel, png, scan, with_figure

pytestmark = pytest.mark.faults
_DAMAGED = 240
# The bounding box of the figure's caption on the page that `with_figure` generates.
_CAPTION: Box = (72, 478, 270, 489)


def _damaged(data: bytes, rounds: int, seed: int) -> Iterator[bytes]:
    """`data` in which random bytes are changed, or which is truncated at a random length."""
    chance = random.Random(seed)
    for number in range(rounds):
        if number % 3 == 0:
            yield data[: chance.randrange(1, len(data))]
            continue
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 5, 50))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        yield bytes(damaged)


def _image_files() -> list[bytes]:
    image = pytest.importorskip("PIL.Image")
    files: list[bytes] = []
    for format in ("PNG", "JPEG", "GIF", "WEBP"):
        file = io.BytesIO()
        image.effect_noise((64, 64), 90).convert("RGB").save(file, format)
        files.append(file.getvalue())
    return files


def _hostile_pdfs() -> Iterator[bytes]:
    """PDFs that take long, are very large, or contain themselves."""
    yield pdf_of_pages([[]], graphics={0: "0 0 m 600 700 l S " * 200_000})
    yield pdf_of_pages([[]], graphics={0: "q " * 100_000})
    yield pdf_of_pages([[]]).replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]")
    yield pdf_of_pages([[]]).replace(b"[0 0 612 792]", b"[0 0 0 0]")
    yield pdf_of_pages([[]]).replace(b"[0 0 612 792]", b"[-1 9 nan]")


def _cases() -> Iterator[tuple[TextFormat, bytes, bytes]]:
    """For each picture: the format, the document and the file of the picture.

    The file is empty if the document itself is to be drawn.
    """
    for document in (with_figure(), scan()):
        for data in _damaged(document, _DAMAGED // 2, len(document)):
            yield "pdf", data, b""
    yield from (("pdf", data, b"") for data in _hostile_pdfs())
    files = _image_files()
    for file in files:
        for data in _damaged(file, 60, len(file)):
            yield "html", b"<html></html>", data
    for declared in ((60_000, 60_000), (2**31 - 1, 1), (0, 5), (11_000, 11_000)):
        yield "html", b"<html></html>", png(1, 1, declared=declared)
    yield "html", b"<html></html>", b"<svg xmlns='http://www.w3.org/2000/svg' width='9e9'/>"
    for link in (
        "data:image/png;base64,!!!!",
        "data:,",
        "data:image/png;base64," + "A" * 1_000_000,
        "file:///etc/passwd",
    ):
        yield "html", f'<img src="{link}">'.encode(), b""


def test_each_hostile_picture_is_one_refused_picture(report: Report, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    tried = drawn = 0
    slowest = 0.0
    path = tmp_path / "document"
    for format, document, file in _cases():
        path.write_bytes(document)
        renderer = Renderer(lambda: path.open("rb"), format)
        source = Source(1, "figure", _CAPTION) if format == "pdf" else Source(link="data:0")
        tried += 1
        began = time.monotonic()
        for part in (source, Source(1)) if format == "pdf" else (source,):
            try:
                located, _ = renderer.locate(part, file)
                pixels = renderer.draw(located, 100, 100, file)
            except ListingError as error:
                assert str(error).isprintable()
            else:
                drawn += 1
                assert len(pixels.data) == 3 * pixels.width * pixels.height and max(pixels.width, pixels.height) <= 100
        slowest = max(slowest, time.monotonic() - began)
        renderer.close()
    path.write_bytes(scan())
    healthy = Renderer(lambda: path.open("rb"), "pdf")
    is_healthy = pixel(healthy.draw(Source(1), 100, 100), 0.5, 0.4) == RED
    healthy.close()
    holds = tried >= 480 and drawn > 0 and slowest < 3 * SECONDS and is_healthy
    report(75, tried, f"{tried} files, {drawn} pictures drawn, slowest {slowest:.1f} s", holds)
