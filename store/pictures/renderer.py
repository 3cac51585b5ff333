"""Draws pictures of a document in a child process, which has limits of time, memory and size.

The child process returns only numbers: the width, the height, and three bytes for each pixel. No byte of the file
reaches the terminal.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable
from typing import IO

import msgspec

from store.formats.documents import child_process
from store.model.errors import ListingError
from store.pictures.picture import CHANNELS, MOST_PIXELS, Pixels, Size, Source
from store.texts.worker import TextFormat

# recto waits at most this time for one picture (s). A page takes 0.05 s; the first page takes 0.3 s longer.
SECONDS = 10.0
# The largest accepted file of a picture that was fetched from the web (bytes).
MOST_BYTES = 32 * 2**20
_MODULE = "store.pictures.renderer_process"
_LONGEST_HEAD = 10_000
_PIECE = 2**20


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture that the child process is to draw, fitted into `width` by `height` pixels.

    If `width` is 0, only the place and the size of the picture are requested. If `length` is not 0, a file of this many
    bytes follows the request, and the picture is in that file.
    """

    source: Source
    width: int = 0
    height: int = 0
    length: int = 0


class Drawn(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer of the child process: the place and size of a picture, the width and height in pixels, or an error."""

    source: Source | None = None
    size: Size | None = None
    width: int = 0
    height: int = 0
    error: str = ""


_decoder = msgspec.json.Decoder(Drawn)


class Renderer:
    """Draws pictures of one document in a child process, which is started when the first picture is requested.

    `open_document` opens the document. Only one thread may use a renderer, except for `abort`. The methods raise
    ListingError, with the reason, when a picture cannot be drawn.
    """

    def __init__(self, open_document: Callable[[], IO[bytes]], format: TextFormat, *, seconds: float = SECONDS) -> None:
        self._open = open_document
        self._format = format
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def locate(self, source: Source, file: bytes = b"") -> tuple[Source, Size]:
        """The source to pass to `draw`, and the size of the picture.

        `file` is the content of the picture's file if the picture was fetched from the web.
        """
        drawn = self._answer(Request(source, length=len(file)), file)[0]
        if drawn.source is None or drawn.size is None or drawn.size.width <= 0 or drawn.size.height <= 0:
            raise ListingError("it has no size")
        return drawn.source, drawn.size

    def draw(self, source: Source, width: int, height: int, file: bytes = b"") -> Pixels:
        """The pixels of a source that `locate` has returned, scaled to the largest size within `width` by `height`."""
        drawn, data = self._answer(Request(source, max(1, width), max(1, height), len(file)), file)
        if not data:
            raise ListingError("it has no pixels")
        return Pixels(drawn.width, drawn.height, data)

    def abort(self) -> None:
        """End the child process, even while another thread waits for its answer. That thread gets a ListingError."""
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the child process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with process:
                pass

    def _answer(self, request: Request, file: bytes) -> tuple[Drawn, bytes]:
        if len(file) > MOST_BYTES:
            raise ListingError(f"it is larger than {MOST_BYTES // 2**20} MiB")
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        answer = _Answer(process.stdout, time.monotonic() + self._seconds)
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n" + file)
            process.stdin.flush()
            drawn = _decoder.decode(answer.line())
            count = drawn.width * drawn.height * CHANNELS
            if not (0 <= drawn.width <= max(1, request.width) and 0 <= drawn.height <= max(1, request.height)):
                raise ValueError
            if count > MOST_PIXELS * CHANNELS:
                raise ValueError
            data = answer.take(count)
        except (OSError, ValueError, msgspec.MsgspecError):
            # The child process has ended, or its answer is invalid or late. End it: a new process is started for the
            # next picture.
            self.close()
            raise ListingError("it is damaged, or drawing it takes too much time or memory") from None
        if drawn.error:
            raise ListingError(" ".join(drawn.error.split())[:300])
        return drawn, data

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        try:
            with self._open() as document:
                number = document.fileno()
                self._process = subprocess.Popen(
                    child_process.command_of(_MODULE, self._format, str(number)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    process_group=0,
                    pass_fds=(number,),
                )
        except OSError as error:
            raise ListingError(f"the file cannot be opened ({error.strerror})") from None
        return self._process


class _Answer:
    """Reads the answer of the child process from a pipe.

    Raises OSError when the deadline has passed or the pipe ends before the answer is complete.
    """

    def __init__(self, pipe: IO[bytes], deadline: float) -> None:
        self._pipe = pipe.fileno()
        self._deadline = deadline
        self._rest = bytearray()

    def line(self) -> bytes:
        while (end := self._rest.find(b"\n")) < 0:
            if len(self._rest) > _LONGEST_HEAD:
                raise OSError("too long")
            self._more()
        line = bytes(self._rest[:end])
        del self._rest[: end + 1]
        return line

    def take(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        return bytes(self._rest[:count])

    def _more(self) -> None:
        left = max(0.0, self._deadline - time.monotonic())
        if not select.select([self._pipe], [], [], left)[0]:
            raise OSError("too late")
        piece = os.read(self._pipe, _PIECE)
        if not piece:
            raise OSError("ended")
        self._rest += piece
