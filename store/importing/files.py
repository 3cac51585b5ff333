"""A listing file is opened once, safely, and unpacked while it is read.

Nothing is ever extracted to disk, and the name of an archive's member is only ever shown. What is packed is told
by its first bytes, not by its name.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

import msgspec

from store.library.side_files import NotAFileError, open_regular
from store.model import limits
from store.model.errors import ListingError
from store.text import clean

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 64 * 1024

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
# "BZh9" alone could be text. The mark of a block, or of the end of an empty file, comes next.
_BZIP2_BLOCKS = (b"1AY&", b"\x17rE8")
# Of what a zip archive may hold, zipfile unpacks these in small pieces; of the others a few bytes can fill the memory.
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The bit of a member's flags that says it is encrypted (APPNOTE.TXT 4.4.4).
_ENCRYPTED = 0x1
# What unpackers raise on data that is damaged, or packed in a way they do not know.
_DAMAGE = (EOFError, OSError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile, struct.error)


class CutListing(ListingError):
    """A listing that can be read up to a point only: the file ends early, or is damaged there."""


class Member(msgspec.Struct, frozen=True):
    """One listing: the file itself, or a file in an archive.

    `name` is that of the file, or the member's in the archive: for showing and guessing, never a path. `size` is
    that of the bytes in `stream` in so far as it is known. `descriptor` is that of the open file. A stream that is
    damaged ends where the damage is; `check` tells that from its true end.
    """

    name: str
    stream: BinaryIO
    size: int | None
    descriptor: int
    _source: _Source

    def check(self) -> None:
        """Raises CutListing when `stream` ended because what it is read from is cut or damaged."""
        self._source.asked = True
        if self._source.damage:
            raise CutListing(self._source.damage)

    def read_elsewhere(self) -> None:
        """Leave it to who reads the listing by `open_again` to say what is wrong with it."""
        self._source.asked = True

    def unlimited(self) -> None:
        """Let any number of bytes come out of `stream`: for formats that are not held in memory."""
        self._source.limit = None


def open_listing(path: Path, follow_links: bool, limit: int = limits.UNPACKED) -> Iterator[Member]:
    """The listings in the file at `path`: one, or those of an archive. Each is open until the next is asked for.

    A packed file gives at most `limit` bytes; one more, and reading raises ListingError. Raises ListingError for
    what is no regular file, cannot be read, is empty, or holds nothing that can be read. After the last listing,
    CutListing is raised for members that could not be read, and for damage that nobody asked about (`Member.check`).
    """
    with ExitStack() as open_files:
        yield from _listings(open_files.enter_context(_regular(path, follow_links)), path.name, limit, open_files)


def open_again(descriptor: int, name: str) -> Iterator[Member]:
    """The same listings once more, of a file named `name` that is open: `Member.descriptor` in another process.

    Nobody else may be reading from it. It stays open. Raises as `open_listing`.
    """
    with ExitStack() as open_files:
        file = open_files.enter_context(io.FileIO(descriptor, "rb", closefd=False))
        file.seek(0)
        yield from _listings(file, name, limits.UNPACKED, open_files)


def _listings(file: io.FileIO, name: str, limit: int, open_files: ExitStack) -> Iterator[Member]:
    head = _head(file)
    if not head:
        raise ListingError("an empty file; save or download it again")
    packing = _packing(head)
    descriptor = file.fileno()
    if packing is None:
        yield from _one(name, _Source(file, file.read, None), os.fstat(descriptor).st_size, descriptor)
    elif packing == "zip":
        yield from _archive(file, limit, open_files)
    else:
        unpacked = open_files.enter_context(_OPENERS[packing](file))
        yield from _one(name, _Source(unpacked, unpacked.read1, limit, packing), None, descriptor)


class _Readable(Protocol):
    """What gives unpacked bytes: at most `size` of them, none only at the end."""

    def read1(self, size: int, /) -> bytes: ...
    def __enter__(self) -> _Readable: ...
    def __exit__(self, *error: Any) -> Any: ...


class _Budget:
    """How many bytes may still come out of an archive."""

    def __init__(self) -> None:
        self.left = limits.ARCHIVE


class _Source(io.RawIOBase):
    """Bytes as they are unpacked, bounded. It ends at damage, and remembers it."""

    def __init__(
        self,
        owner: object,
        read: Callable[[int], bytes],
        limit: int | None,
        packing: str = "file",
        budget: _Budget | None = None,
    ) -> None:
        # The owner closes what it reads from when nothing refers to it any more.
        self._owner = owner
        self._read = read
        self.packing = packing
        self._budget = budget
        self._given = 0
        self.limit = limit
        self.damage: str | None = None
        self.asked = False

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
        except _DAMAGE as error:
            self.damage = _damage(self.packing, error)
            return b""
        self._given += len(chunk)
        if self.limit is not None:
            if self._given > self.limit:
                raise ListingError(_too_much("this file", self.limit))
            if self._budget:
                self._budget.left -= len(chunk)
                if self._budget.left < 0:
                    raise ListingError(_too_much("the files in this archive together", limits.ARCHIVE))
        return chunk


def _one(name: str, source: _Source, size: int | None, descriptor: int) -> Iterator[Member]:
    stream = io.BufferedReader(source, _BUFFER)
    head = stream.peek(_BUFFER)
    if not head:
        raise ListingError(source.damage or "an empty file, packed; save or download it again")
    if source.packing != "file" and _packing(head):
        raise ListingError(_PACKED_TWICE)
    yield Member(name, stream, size, descriptor, source)
    if source.damage and not source.asked:
        raise CutListing(source.damage)


def _archive(file: io.FileIO, limit: int, open_files: ExitStack) -> Iterator[Member]:
    """The files in a zip archive. What is wrong with some of them is raised after the others."""
    try:
        archive = open_files.enter_context(zipfile.ZipFile(_Bounded(file)))
    except ListingError:
        raise
    except (*_DAMAGE, IndexError, OverflowError) as error:
        raise ListingError(_damage("zip", error)) from None
    infos = [info for info in archive.infolist() if _is_file(info.filename)]
    if not infos:
        raise ListingError("a zip archive with no files in it")
    if len(infos) > limits.ARCHIVE_MEMBERS:
        raise ListingError(
            f"a zip archive of {len(infos):,} files, where {limits.ARCHIVE_MEMBERS:,} is the limit; "
            "unpack it and import the folder"
        )
    budget = _Budget()
    read_some = False
    troubles: list[str] = []
    for info in infos:
        name = clean.line(info.filename)
        try:
            if info.flag_bits & _ENCRYPTED:
                raise ListingError("it is encrypted; unpack it with its password and import what is inside")
            if info.compress_type not in _ZIP_METHODS:
                raise NotImplementedError
            unpacked = cast(zipfile.ZipExtFile, open_files.enter_context(archive.open(info)))
            source = _Source(unpacked, unpacked.read1, limit, "zip", budget)
            for member in _one(name, source, info.file_size, file.fileno()):
                read_some = True
                yield member
            unpacked.close()
        except ListingError as error:
            troubles.append(f"{name}: {error}")
        except (*_DAMAGE, IndexError, OverflowError) as error:
            troubles.append(f"{name}: {_damage('zip', error)}")
    if troubles:
        shown = "; ".join(troubles[:3]) + (f"; and {len(troubles) - 3} more" if len(troubles) > 3 else "")
        raise (CutListing if read_some else ListingError)(shown)


class _Bounded:
    """A file whose zip table of contents cannot fill the memory: no single read of it may be large."""

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
        """The file is closed by who opened it."""


def _regular(path: Path, follow_links: bool) -> io.FileIO:
    """The regular file at `path`, open for reading. Raises ListingError for anything else."""
    try:
        return io.FileIO(open_regular(path, follow_links=follow_links), "rb")
    except NotAFileError as error:
        raise ListingError(_no_file(error.mode)) from None
    except OSError as error:
        raise ListingError(_cannot_open(error)) from None
    except ValueError:
        raise ListingError("no file can have this name") from None


def _cannot_open(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "no such file; check the name"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "no permission to read it; ask its owner, or change its mode"
    if error.errno == errno.ELOOP:
        return "a symbolic link that leads in a circle; name the file itself"
    if error.errno == errno.ENXIO:
        return "a socket or a device, not a file; save what it gives to a file and import that"
    if error.errno == errno.ENAMETOOLONG:
        return "no file can have a name this long"
    return f"it cannot be opened ({os.strerror(error.errno or 0)}); check the disk it is on"


def _no_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder, not a file; import the folder, or name a file in it"
    if stat.S_ISFIFO(mode):
        return "a named pipe, not a file; save what it gives to a file and import that"
    if stat.S_ISLNK(mode):
        return "a symbolic link, which is not followed here; name the file it leads to"
    return "a socket or a device, not a file; save what it gives to a file and import that"


def _head(file: io.FileIO) -> bytes:
    try:
        head = file.read(8)
        file.seek(0)
    except OSError as error:
        raise ListingError(f"it cannot be read ({os.strerror(error.errno or 0)}); check the disk it is on") from None
    return head or b""


def _packing(head: bytes) -> str | None:
    for magic, packing in _MAGIC:
        if head.startswith(magic) and (packing != "bzip2" or head[4:8] in _BZIP2_BLOCKS):
            return packing
    return None


def _is_file(name: str) -> bool:
    """Not a folder, nor what macOS puts beside the files of an archive."""
    return bool(name) and not name.endswith("/") and not name.startswith("__MACOSX/")


def _open_gzip(file: io.FileIO) -> _Readable:
    return gzip.GzipFile(fileobj=file)


def _open_bzip2(file: io.FileIO) -> _Readable:
    return bz2.BZ2File(file)


def _open_zstd(file: io.FileIO) -> _Readable:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            raise ListingError("packed with zstd; unpack it, or install backports.zstd beside recto") from None
    return _Zstd(zstd.ZstdFile(file), zstd.ZstdError)


class _Zstd:
    """A zstd file whose own error is one that all unpackers share."""

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


_OPENERS: dict[str, Callable[[io.FileIO], _Readable]] = {
    "gzip": _open_gzip,
    "bzip2": _open_bzip2,
    "zstd": _open_zstd,
}
_PACKED_TWICE = "it holds another packed file; unpack it once and import what is inside"


def _damage(packing: str, error: Exception) -> str:
    if packing == "file":
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return f"the file cannot be read further ({reason}); check the disk it is on"
    if isinstance(error, OSError) and error.errno:
        return f"the file cannot be read further ({os.strerror(error.errno)}); check the disk it is on"
    if isinstance(error, EOFError):
        return f"the {packing} file ends early; download it again"
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that recto does not know; unpack it and import what is inside"
    return f"the {packing} file is damaged or cut short; download it again"


def _too_much(what: str, limit: int) -> str:
    return f"{what} unpacks to more than {_size(limit)}, the limit; unpack it and import smaller files"


def _size(count: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit:,} {name}"
    return f"{count:,} bytes"
