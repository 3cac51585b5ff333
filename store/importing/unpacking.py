"""Unpacking gzip, bzip2, zstd, zip and web archives while they are read, with limits on the number of unpacked bytes.

A file is recognized as packed by its first bytes, not by its name. Nothing is extracted to disk.
"""

from __future__ import annotations

import bz2
import gzip
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from store.importing.web_archive import WebArchive, is_web_archive
from store.model import limits
from store.model.errors import ListingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
# Bytes 4 to 7 of a bzip2 file: the start of a block, or the end of an empty file. They are compared because the first
# bytes alone, for example "BZh9", could be the beginning of a text.
_BZIP2_BLOCKS = (b"1AY&", b"\x17rE8")
# The compression methods of zip archives that are accepted. The module zipfile unpacks these a little at a time. With
# the other methods, a few packed bytes can become more unpacked bytes at once than fit into memory.
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The flag of an encrypted member of a zip archive (APPNOTE.TXT 4.4.4).
ZIP_ENCRYPTED = 0x1
# The exceptions that the unpacking modules raise for damaged data and for unknown compression methods.
DAMAGE_ERRORS = (EOFError, OSError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile, struct.error)


# The first bytes of the files of Microsoft Office before 2007, and of later Office files with a password.
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_OFFICE = "an Office file of the old kind (.xls, .doc) or with a password; save it as .xlsx, or the sheet as CSV"
# A zip archive with this member is an Excel workbook. It is not unpacked: the format "xlsx" reads the archive itself.
WORKBOOK = "xl/workbook.xml"
# A zip archive with one of these members is a document that cannot be imported. The value is the error message, with
# advice about what the user can do instead.
OFFICE_ERRORS = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb); save it as .xlsx, or the sheet as CSV",
    "word/document.xml": "a Word document, not a listing; copy its list of papers into a text file, and import that",
    "ppt/presentation.xml": "a PowerPoint file, not a listing",
    "META-INF/manifest.xml": "an OpenDocument file; save the sheet as .xlsx or CSV",
}


def packing_of(head: bytes) -> str | None:
    """How a file that begins with `head` is packed, or None when the file is not packed.

    The result is "gzip", "bzip2", "zstd", "zip", or "web archive" for a web page that a browser saved as a single file.
    """
    for magic, packing in _MAGIC:
        if head.startswith(magic) and (packing != "bzip2" or head[4:8] in _BZIP2_BLOCKS):
            return packing
    return "web archive" if is_web_archive(head) else None


class Unpacker(Protocol):
    """A source of unpacked bytes. `read1` returns at most `size` bytes; it returns b"" at the end."""

    def read1(self, size: int, /) -> bytes: ...
    def __enter__(self) -> Unpacker: ...
    def __exit__(self, *error: Any) -> Any: ...


class ArchiveBudget:
    """Counts how many bytes may still be unpacked from an archive, for all its members together."""

    def __init__(self) -> None:
        self.left = limits.ARCHIVE


class UnpackedStream(io.RawIOBase):
    """A stream of unpacked bytes. Reading more than `limit` bytes raises ListingError. None means no limit.

    The stream ends where the data is damaged, and `damage` is then the message about the damage. The caller that
    reports the damage must set `checked`, so that it is reported only once.
    """

    def __init__(
        self,
        owner: object,
        read: Callable[[int], bytes],
        limit: int | None,
        packing: str = "file",
        budget: ArchiveBudget | None = None,
    ) -> None:
        # `read` reads from `owner`. Keep a reference to `owner`: if it were garbage-collected, its file would be
        # closed.
        self._owner = owner
        self._read = read
        self.packing = packing
        self._budget = budget
        self._count = 0
        self.limit = limit
        self.damage: str | None = None
        self.checked = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (chunk := self._chunk(len(view) - filled)):
            view[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        return filled

    def _chunk(self, size: int) -> bytes:
        if self.damage:
            return b""
        try:
            chunk = self._read(size)
        except ListingError:
            raise
        except DAMAGE_ERRORS as error:
            self.damage = damage_text(self.packing, error)
            return b""
        self._count += len(chunk)
        if self.limit is not None:
            if self._count > self.limit:
                raise ListingError(_too_much("this file", self.limit))
            if self._budget:
                self._budget.left -= len(chunk)
                if self._budget.left < 0:
                    raise ListingError(_too_much("the files in this archive together", limits.ARCHIVE))
        return chunk


class BoundedFile:
    """A file for the module zipfile. It limits the size of each read.

    zipfile reads the table of contents of an archive in one call, so without the limit, an archive with a very large
    table of contents could fill the memory.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > limits.ARCHIVE_CONTENTS:
            raise ListingError(
                f"a zip archive whose table of contents is larger than {_size(limits.ARCHIVE_CONTENTS)}, the limit; "
                "unpack it and import the folder"
            )
        return self._file.read(size)

    def close(self) -> None:
        """Do nothing: the caller that opened the file closes it."""


def _open_gzip(file: io.FileIO) -> Unpacker:
    return gzip.GzipFile(fileobj=file)


def _open_bzip2(file: io.FileIO) -> Unpacker:
    return bz2.BZ2File(file)


def _open_zstd(file: io.FileIO) -> Unpacker:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            raise ListingError("packed with zstd; unpack it, or install backports.zstd beside recto") from None
    return _Zstd(zstd.ZstdFile(file), zstd.ZstdError)


class _Zstd:
    """A zstd file that raises OSError instead of ZstdError, so that other modules need not import the zstd module."""

    def __init__(self, file: Any, error: type[Exception]) -> None:
        self._file = file
        self._error = error

    def read1(self, size: int, /) -> bytes:
        try:
            data: bytes = self._file.read1(size)
        except self._error as error:
            raise OSError(str(error)) from None
        return data

    def __enter__(self) -> _Zstd:
        return self

    def __exit__(self, *error: Any) -> None:
        self._file.close()


OPENERS: dict[str, Callable[[io.FileIO], Unpacker]] = {
    "gzip": _open_gzip,
    "bzip2": _open_bzip2,
    "zstd": _open_zstd,
    "web archive": WebArchive,
}
UNKNOWN_PACKING = "it is packed in a way that recto does not know; unpack it and import what is inside"
PACKED_TWICE = "it holds another packed file; unpack it once and import what is inside"


def damage_text(packing: str, error: Exception) -> str:
    """The message for `error`, which occurred in a file packed as `packing`, with advice about what the user can do."""
    if packing == "file":
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return f"the file cannot be read further ({reason}); check the disk it is on"
    if isinstance(error, OSError) and error.errno:
        return f"the file cannot be read further ({os.strerror(error.errno)}); check the disk it is on"
    if isinstance(error, EOFError):
        return f"the {packing} file ends early; download it again"
    if isinstance(error, NotImplementedError):
        return UNKNOWN_PACKING
    return f"the {packing} file is damaged or cut short; download it again"


def _too_much(what: str, limit: int) -> str:
    return f"{what} unpacks to more than {_size(limit)}, the limit; unpack it and import smaller files"


def _size(count: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit:,} {name}"
    return f"{count:,} bytes"
