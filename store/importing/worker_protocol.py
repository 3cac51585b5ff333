"""What the process that reads a listing and the one that stores it say to each other: values with a length before them.

Checked as they come in: a reader that met a hostile listing is not believed to have stayed sound.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date

import msgspec

from store.importing.prepare import ListingKey, Ready, Untitled
from store.model.entry import CutShort, ListingDay, Refused, Warned

# Nothing that is said is as long as this (bytes); the longest line of a listing is 16 MiB.
_LONGEST = 2**28
_LENGTH = struct.Struct(">I")
# Most frames are shorter (bytes).
_USUAL = 2**20


class Job(msgspec.Struct, frozen=True):
    """What to read: the listing `member` (from 0) of the file named `name`, open as `descriptor`.

    `format` is the module of the listing's format, `listing` and `today` are what entries are made ready with.
    `entry_seconds` are store/importing/limits.py's.
    """

    descriptor: int
    name: str
    member: int
    format: str
    listing: ListingKey
    today: date
    entry_seconds: float


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """The next entries of a listing, then perhaps one other item, or the end, or why it could not be read.

    `done` is how many bytes of the listing are behind all that.
    """

    done: int
    ready: list[Ready] = []
    untitled: Untitled | None = None
    refused: Refused | None = None
    warned: Warned | None = None
    cut: CutShort | None = None
    day: ListingDay | None = None
    failed: str | None = None
    ended: bool = False

    @property
    def other(self) -> Untitled | Refused | Warned | CutShort | ListingDay | None:
        """The item that is no entry to store."""
        return self.untitled or self.refused or self.warned or self.cut or self.day


_encoder = msgspec.msgpack.Encoder()
_job = msgspec.msgpack.Decoder(Job)
_frame = msgspec.msgpack.Decoder(Frame)


def packed(value: Job | Frame) -> bytes:
    """A value as it is sent."""
    body = _encoder.encode(value)
    return _LENGTH.pack(len(body)) + body


def read_job(read: Callable[[int], bytes]) -> Job:
    """The job from a stream. Raises ValueError when it is none."""
    (length,) = _LENGTH.unpack(read(_LENGTH.size))
    return _job.decode(read(length))


class Frames:
    """Frames out of a stream: `room` is filled from it, piece by piece, and `filled` gives a frame when it is whole."""

    def __init__(self) -> None:
        # One for all frames: memory that is taken and given back for each costs more than reading into it.
        self._buffer = bytearray(_USUAL)
        self._have = 0
        self._length: int | None = None

    @property
    def room(self) -> memoryview:
        """What is still missing."""
        return memoryview(self._buffer)[self._have : self._length or _LENGTH.size]

    def filled(self, count: int) -> Frame | None:
        """Take note that `count` bytes of `room` are there now. Raises ValueError for what is no frame."""
        self._have += count
        if self._have < (self._length or _LENGTH.size):
            return None
        self._have = 0
        if self._length is not None:
            with memoryview(self._buffer) as view:
                frame = _frame.decode(view[: self._length])
            self._length = None
            return frame
        (length,) = _LENGTH.unpack_from(self._buffer)
        if not 0 < length <= _LONGEST:
            raise ValueError(f"a frame of {length} bytes")
        self._length = length
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        return None
