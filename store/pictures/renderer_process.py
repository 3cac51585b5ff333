"""The child process that draws pictures of one document: `python -m store.pictures.renderer_process FORMAT FD`.

The process reads the document from the open file with the descriptor FD. Then it reads requests from standard input,
each a `Request` as JSON on one line. It answers each request with a `Drawn` as JSON on one line, followed by the
pixels.
"""

from __future__ import annotations

import os
import sys
from typing import IO, Protocol

import msgspec

from store.formats.documents import child_process
from store.model import limits
from store.model.errors import ListingError
from store.pictures.picture import Pixels, Size, Source
from store.pictures.renderer import MOST_BYTES, Drawn, Request

# The limits of this process: memory (bytes), and processor time for all its pictures (s). A page takes 0.05 s.
MEMORY = 2**30
SECONDS = 120


class Pictures(Protocol):
    """A document with pictures."""

    def located(self, source: Source) -> tuple[Source, Size]:
        """A copy of `source` with the box that `pixels` needs, and the size of the picture (points or pixels)."""

    def pixels(self, source: Source, width: int, height: int) -> Pixels:
        """The pixels of a source that `located` has returned, scaled to the largest size within `width` by `height`."""


def main() -> None:
    """Answer requests for pictures until standard input ends."""
    child_process.limit(MEMORY, SECONDS)
    with os.fdopen(int(sys.argv[2]), "rb") as file:
        data = file.read(limits.WHOLE_FILE + 1)
    decoder = msgspec.json.Decoder(Request)
    pictures: Pictures | str = ""
    for line in sys.stdin.buffer:
        request = decoder.decode(line)
        if not pictures:
            pictures = opened(data, sys.argv[1])
        drawn, pixels = answer(pictures, request, sys.stdin.buffer)
        child_process.print_bytes(msgspec.json.encode(drawn) + b"\n")
        child_process.print_bytes(pixels)


def opened(data: bytes, format: str) -> Pictures | str:
    """The pictures of a document, or the reason why it cannot be read."""
    try:
        if len(data) > limits.WHOLE_FILE:
            raise ListingError(f"it is larger than {limits.WHOLE_FILE // 2**20} MiB")
        # Import only what is needed, because importing PDFium takes longer than drawing a figure.
        if format == "pdf":
            from store.pictures.pdf_pictures import PdfPictures

            return PdfPictures(data)
        from store.pictures.page_pictures import PagePictures

        return PagePictures(data)
    except ListingError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__} while it was read"


def answer(pictures: Pictures | str, request: Request, more: IO[bytes]) -> tuple[Drawn, bytes]:
    """The answer to a request, and the bytes of the pixels.

    If the request is followed by the file of a picture, that file is read from `more`.
    """
    file = more.read(min(request.length, MOST_BYTES)) if request.length else b""
    try:
        if isinstance(pictures, str):
            raise ListingError(pictures)
        if file:
            return _of_file(file, request)
        if not request.width:
            located, size = pictures.located(request.source)
            return Drawn(source=located, size=size), b""
        pixels = pictures.pixels(request.source, request.width, request.height)
        return Drawn(width=pixels.width, height=pixels.height), pixels.data
    except ListingError as error:
        return Drawn(error=str(error)), b""
    except MemoryError:
        return Drawn(error="it needs too much memory"), b""
    except Exception as error:
        # Catch every exception: one picture that cannot be drawn must not keep recto from drawing others.
        return Drawn(error=f"{type(error).__name__} while it was drawn"), b""


def _of_file(file: bytes, request: Request) -> tuple[Drawn, bytes]:
    from store.pictures import images

    pixels, size = images.pixels(file, request.width, request.height)
    if pixels is None:
        return Drawn(source=request.source, size=size), b""
    return Drawn(width=pixels.width, height=pixels.height), pixels.data


if __name__ == "__main__":
    main()
