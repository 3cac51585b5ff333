"""A file as an import reads it: known by its bytes, counted while it is read, ended where it is damaged."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from store.formats.registry import Format
from store.importing import resource_limits
from store.importing.files import CutListing, Member
from store.model import limits
from store.model.entry import CutShort, Entry, Item
from store.model.errors import ListingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 2**20


class Interrupted(Exception):
    """Asked to stop before the listing was known."""


class Fingerprint:
    """What is known of a file beside its content: its length, the day it was last changed, and its SHA-256."""

    def __init__(self, path: Path, should_stop: Callable[[], bool]) -> None:
        self._path = path
        self._should_stop = should_stop
        self._digest: str | None = None
        self.size = 0
        # A time that is no date leaves the day of the import: no day is later than that.
        self.modified = date.max
        try:
            # Anything but a file is refused by `open_listing`.
            if path.is_file():
                found = path.stat()
                self.size = found.st_size
                self.modified = date.fromtimestamp(found.st_mtime)
        except (OSError, OverflowError, ValueError):
            pass

    def digest(self) -> str:
        """Raises ListingError when the file cannot be read any more, Interrupted when asked to stop."""
        if self._digest is None:
            known = sha256()
            try:
                with self._path.open("rb", buffering=0) as file:
                    while piece := file.read(_PIECE):
                        known.update(piece)
                        if self._should_stop():
                            raise Interrupted
            except OSError as error:
                raise ListingError(f"it cannot be read ({error.strerror}); check the disk it is on") from None
            self._digest = known.hexdigest()
        return self._digest


class Counted(io.RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        found = self._stream.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(found)] = found
        self.count += len(found)
        return len(found)


def items(reader: Format, member: Member, stream: io.BufferedReader[Any]) -> Generator[Item, None, None]:
    """The items of a listing; what goes wrong after the first entry ends it and costs none of those before."""
    given = False
    trouble: ListingError | None = None
    try:
        for item in resource_limits.in_time(reader.read(stream)):
            given = given or isinstance(item, Entry)
            yield item
    except ListingError as error:
        trouble = error
    except MemoryError:
        trouble = ListingError(
            f"needs more memory than the {limits.MEMORY // 2**30} GiB that an import may have; split it"
        )
    except Exception as mistake:
        # One file that a reader was not made for must not stop those after it.
        trouble = ListingError(
            f"recto's reader of {reader.NAME} failed ({type(mistake).__name__}: {mistake}); please report it"
        )
    try:
        member.check()
    except CutListing as damage:
        # The cause of whatever the reader met.
        trouble = damage
    if trouble and not given:
        raise trouble
    if trouble:
        yield CutShort(str(trouble))
