"""The messages between the importer and its worker process: msgpack values, each behind its length.

The importer checks the type of every message, because a hostile listing may have taken over the worker.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date

import msgspec

from store.importing.prepare import ListingKey, ReadyEntry, Untitled
from store.model.entry import CutShort, ListingDay, Refused, Warned

# No message is as long as this (bytes): the longest line of a listing has 16 MiB.
_LONGEST_MESSAGE = 2**28
_LENGTH = struct.Struct(">I")
# Most frames are shorter than this (bytes).
_USUAL_LENGTH = 2**20


class Job(msgspec.Struct, frozen=True):
    """The listing to read: the member number `member` (from 0) of the file `name`, open as `descriptor`.

    `format` is the module of the format; `listing` and `today` are needed to prepare entries. `entry_seconds` is
    `limits.ENTRY_SECONDS` of the importer.
    """

    descriptor: int
    name: str
    member: int
    format: str
    listing: ListingKey
    today: date
    entry_seconds: float


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """The next entries of a listing, then at most one other item, or the end, or the reason of a failure.

    `done` is how many bytes of the listing were read up to here.
    """

    done: int
    ready: list[ReadyEntry] = []
    untitled: Untitled | None = None
    refused: Refused | None = None
    warned: Warned | None = None
    cut: CutShort | None = None
    day: ListingDay | None = None
    failed: str | None = None
    ended: bool = False

    @property
    def other(self) -> Untitled | Refused | Warned | CutShort | ListingDay | None:
        """The item that is not an entry to store; None when there is none."""
        return self.untitled or self.refused or self.warned or self.cut or self.day


_encoder = msgspec.msgpack.Encoder()
_job = msgspec.msgpack.Decoder(Job)
_frame = msgspec.msgpack.Decoder(Frame)


def packed(value: Job | Frame) -> bytes:
    """A message with its length in front."""
    body = _encoder.encode(value)
    return _LENGTH.pack(len(body)) + body


def read_job(read: Callable[[int], bytes]) -> Job:
    """The job that `read` gives, a function as that of a stream. Raises ValueError when it is invalid."""
    (length,) = _LENGTH.unpack(read(_LENGTH.size))
    return _job.decode(read(length))


class FrameReader:
    """Assembles frames from a pipe: the caller reads into `room`, and `filled` returns each complete frame."""

    def __init__(self) -> None:
        # One buffer for all frames: allocating it for each frame costs more than reading into it.
        self._buffer = bytearray(_USUAL_LENGTH)
        self._filled = 0
        # The length of the frame; None while its length is read.
        self._length: int | None = None

    @property
    def room(self) -> memoryview:
        """The part of the buffer that is still to be filled."""
        return memoryview(self._buffer)[self._filled : self._length or _LENGTH.size]

    def filled(self, count: int) -> Frame | None:
        """Note that `count` bytes of `room` were filled; the frame if it is complete, else None. Raises ValueError."""
        self._filled += count
        if self._filled < (self._length or _LENGTH.size):
            return None
        self._filled = 0
        if self._length is not None:
            with memoryview(self._buffer) as view:
                frame = _frame.decode(view[: self._length])
            self._length = None
            return frame
        (length,) = _LENGTH.unpack_from(self._buffer)
        if not 0 < length <= _LONGEST_MESSAGE:
            raise ValueError(f"a frame of {length} bytes")
        self._length = length
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        return None
