"""Reading one listing file: its fingerprint, a stream that counts the bytes read, and the items up to an error."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Generator
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO

from store.formats.registry import HEAD_SIZE, Format
from store.formats.shared import text_lines
from store.importing import resource_limits
from store.importing.files import CutListing, Member
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Warned
from store.model.errors import ListingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 2**20


class Interrupted(Exception):
    """Raised when the import is asked to stop while it computes the digest of a file or waits for a worker process."""


class Fingerprint:
    """The size of an open file, the day of its last modification, and its SHA-256.

    `descriptor` is the descriptor of the file. The position in the file is not changed, so other code may read the file
    meanwhile. The SHA-256 is computed only when `digest` is called, because `digest` must read the whole file.
    """

    def __init__(self, descriptor: int, should_stop: Callable[[], bool]) -> None:
        self._descriptor = descriptor
        self._should_stop = should_stop
        self._digest: str | None = None
        status = os.fstat(descriptor)
        self.size = status.st_size
        try:
            self.modified = date.fromtimestamp(status.st_mtime)
        except (OSError, OverflowError, ValueError):
            # The modification time is out of range. It counts as today, because `years.settle` replaces a modification
            # time after today by today.
            self.modified = date.max

    def digest(self) -> str:
        """The SHA-256 of the file in hexadecimal.

        Raises ListingError when the file cannot be read, and Interrupted when the import is asked to stop meanwhile.
        """
        if self._digest is None:
            digest = sha256()
            position = 0
            try:
                while piece := os.pread(self._descriptor, _PIECE, position):
                    digest.update(piece)
                    position += len(piece)
                    if self._should_stop():
                        raise Interrupted
            except OSError as error:
                raise ListingError(f"it cannot be read ({error.strerror}); check the disk it is on") from None
            self._digest = digest.hexdigest()
        return self._digest


class CountingStream(io.RawIOBase):
    """A stream that counts the bytes read from it. `name` is the name of the file, which hints at what a listing is."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.name = name
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        data = self._stream.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(data)] = data
        self.count += len(data)
        return len(data)


def items(reader: Format, member: Member, stream: io.BufferedReader[Any]) -> Generator[Item, None, None]:
    """The items of a listing, read by the format `reader`.

    The first item is a Warned when the encoding of the listing was guessed. If an error occurs after the first entry,
    the last item is a CutShort with the message of the error, so that the entries before the error are kept. If an
    error occurs before the first entry, raises ListingError.
    """
    if guessed := text_lines.guessed_encoding(stream.peek(HEAD_SIZE)[:HEAD_SIZE]):
        yield Warned(f"the file does not name its encoding and is not Unicode; it was read as {guessed}")
    has_entries = False
    error_met: ListingError | None = None
    try:
        for item in resource_limits.in_time(reader.read(stream)):
            has_entries = has_entries or isinstance(item, Entry)
            yield item
    except ListingError as error:
        error_met = error
    except MemoryError:
        error_met = ListingError(
            f"needs more memory than the {limits.MEMORY // 2**30} GiB that an import may have; split it"
        )
    except Exception as mistake:
        # Catch every exception: a bug in the code of one format must not prevent the import of other files.
        error_met = ListingError(
            f"recto's reader of {reader.NAME} failed ({type(mistake).__name__}: {mistake}); please report it"
        )
    try:
        member.check()
    except CutListing as damage:
        # If the file is damaged, report the damage instead of the format's error, since the damage is probably the
        # cause.
        error_met = damage
    if error_met and not has_entries:
        raise error_met
    if error_met:
        yield CutShort(str(error_met))
