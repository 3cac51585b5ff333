"""The messages between the importer and its worker process. Each is a msgpack value, preceded by its length.

The importer sends one Job to the worker, and the worker sends Frames to the importer. The importer checks the type of
every frame, because a malicious listing might exploit a bug in the worker and then send arbitrary data.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date

import msgspec

from store.importing.prepare import ListingKey, ReadyEntry, Untitled
from store.model.entry import CutShort, ListingDay, Refused, Warned

# A message longer than this (bytes) is rejected. Valid messages are shorter, because even one entry that fills the
# longest permitted line of a listing (16 MiB) fits into such a message.
_LONGEST_MESSAGE = 2**28
_LENGTH = struct.Struct(">I")
# The initial size of the buffer for frames (bytes). Most frames are shorter.
_USUAL_LENGTH = 2**20


class Job(msgspec.Struct, frozen=True):
    """The listing that the worker is to read. `member` is its number, from 0, among the listings in the file `name`.

    The worker inherits the file, open as `descriptor`. `format` is the name of the Python module that reads the format
    of the listing. `listing` and `today` are needed to prepare entries. `entry_seconds` is the value of
    `limits.ENTRY_SECONDS` in the importer, which the worker must use too.
    """

    descriptor: int
    name: str
    member: int
    format: str
    listing: ListingKey
    today: date
    entry_seconds: float


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """A message of the worker: the next entries of the listing (`ready`), and at most one other item that follows them.

    `untitled`, `refused`, `warned`, `cut` and `day` are the possible other items, which are not stored as entries.
    `failed` is the reason why the worker cannot continue. `ended` means that the listing has no more items. `done` is
    how many bytes of the listing have been read to get all items up to the end of this frame.
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
        """The item of this frame that is not stored as an entry, or None when the frame has no such item."""
        return self.untitled or self.refused or self.warned or self.cut or self.day


_encoder = msgspec.msgpack.Encoder()
_job = msgspec.msgpack.Decoder(Job)
_frame = msgspec.msgpack.Decoder(Frame)


def packed(value: Job | Frame) -> bytes:
    """`value` as the bytes of a message: its length, followed by the value in msgpack."""
    body = _encoder.encode(value)
    return _LENGTH.pack(len(body)) + body


def read_job(read: Callable[[int], bytes]) -> Job:
    """Read a job. `read` is the method `read` of a binary stream. Raises ValueError when the job is invalid."""
    (length,) = _LENGTH.unpack(read(_LENGTH.size))
    return _job.decode(read(length))


class FrameReader:
    """Assembles frames from a pipe: the caller reads into `room`, and `filled` returns each complete frame."""

    def __init__(self) -> None:
        # Use one buffer for all frames, because allocating a buffer for each frame takes longer than reading into it.
        self._buffer = bytearray(_USUAL_LENGTH)
        self._filled = 0
        # The length of the current frame (bytes), or None while the length itself has not been read completely.
        self._length: int | None = None

    @property
    def room(self) -> memoryview:
        """The part of the buffer into which the caller must read the next bytes from the pipe."""
        return memoryview(self._buffer)[self._filled : self._length or _LENGTH.size]

    def filled(self, count: int) -> Frame | None:
        """Call this after reading `count` bytes into `room`. Returns the frame if it is complete now, else None.

        Raises ValueError when the bytes are not a valid frame.
        """
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
