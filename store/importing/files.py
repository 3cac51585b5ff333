"""Opening a listing file safely: only regular files are opened, each only once, and they are unpacked in memory.

The name of an archive member is never used as a path, so an archive cannot write outside its folder.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from store.importing.unpacking import (
    DAMAGE_ERRORS,
    OFFICE_ERRORS,
    OLD_OFFICE,
    OLD_OFFICE_MAGIC,
    OPENERS,
    PACKED_TWICE,
    UNKNOWN_PACKING,
    WORKBOOK,
    ZIP_ENCRYPTED,
    ZIP_METHODS,
    ArchiveBudget,
    BoundedFile,
    UnpackedStream,
    damage_text,
    packing_of,
)
from store.library.side_files import NotAFileError, open_regular
from store.model import limits
from store.model.errors import ListingError
from store.text import clean

_BUFFER = 64 * 1024
# How many bytes at the beginning of a file are read to find out whether and how the file is packed.
_HEAD = 2_048
# A file is refused as mostly holes (sparse) if its size is greater than this many bytes plus `_HOLE_FACTOR` times the
# space that it takes on the disk.
_MOST_HOLES = 64 * 2**20
_HOLE_FACTOR = 100
# The unit of `st_blocks` (POSIX leaves it open; it is 512 bytes on Linux and macOS).
_BLOCK_BYTES = 512


class CutListing(ListingError):
    """A listing that can be read only in part: the file ends early or is damaged."""


class Member(msgspec.Struct, frozen=True):
    """One listing: the file itself, or a file in an archive.

    `name` is the name of the file or of the archive member. It is shown and hints at the format, but is never used as
    a path. `size` is the number of bytes in `stream`, or None when it is unknown. `descriptor` is the descriptor of
    the open file. A damaged stream ends where the damage is; `check` raises an error in this case.
    """

    name: str
    stream: BinaryIO
    size: int | None
    descriptor: int
    _source: UnpackedStream

    def check(self) -> None:
        """Raise CutListing when `stream` ended because the file is truncated or damaged."""
        self._source.checked = True
        if self._source.damage:
            raise CutListing(self._source.damage)

    def read_elsewhere(self) -> None:
        """Call this when a worker process reads this listing with `open_again` and will report any damage of the file.

        After this call, `open_listing` in this process does not report the same damage a second time.
        """
        self._source.checked = True

    def unlimited(self) -> None:
        """Remove the size limit of `stream`. Call this only for a format that never has the whole file in memory."""
        self._source.limit = None


def open_listing(path: Path, follow_links: bool, limit: int = limits.UNPACKED) -> Iterator[Member]:
    """The listings in the file at `path`: several for an archive, else one.

    The stream of each listing is closed when the next listing is requested. Raises ListingError when `path` is not
    a regular file, when the file cannot be read, is empty or has no readable content, and when more than `limit` bytes
    come out of a packed file. Raises CutListing after the last listing when some members of an archive could not be
    read, or when a stream was damaged and the caller did not call `Member.check`.
    """
    with ExitStack() as open_files:
        yield from _listings(open_files.enter_context(_regular(path, follow_links)), path.name, limit, open_files)


def open_again(descriptor: int, name: str) -> Iterator[Member]:
    """The listings of a file that another process opened with `open_listing`.

    `descriptor` is the value of `Member.descriptor` in that process, which is open in this process too because it was
    inherited. `name` is the name of the file. No other process may read from the descriptor meanwhile. This function
    does not close the descriptor. Raises the errors of `open_listing`.
    """
    with ExitStack() as open_files:
        file = open_files.enter_context(io.FileIO(descriptor, "rb", closefd=False))
        file.seek(0)
        yield from _listings(file, name, limits.UNPACKED, open_files)


def _listings(file: io.FileIO, name: str, limit: int, open_files: ExitStack) -> Iterator[Member]:
    head = _head(file)
    if not head:
        raise ListingError("an empty file; save or download it again")
    packing = packing_of(head)
    descriptor = file.fileno()
    if head.startswith(OLD_OFFICE_MAGIC):
        raise ListingError(OLD_OFFICE)
    if packing is None:
        yield from _one(name, UnpackedStream(file, file.read, None), os.fstat(descriptor).st_size, descriptor)
    elif packing == "zip":
        yield from _archive(file, name, limit, open_files)
    else:
        unpacked = open_files.enter_context(OPENERS[packing](file))
        yield from _one(name, UnpackedStream(unpacked, unpacked.read1, limit, packing), None, descriptor)


def _one(name: str, source: UnpackedStream, size: int | None, descriptor: int) -> Iterator[Member]:
    stream = io.BufferedReader(source, _BUFFER)
    head = stream.peek(_BUFFER)
    if not head:
        raise ListingError(source.damage or "an empty file, packed; save or download it again")
    if source.packing != "file" and packing_of(head):
        raise ListingError(PACKED_TWICE)
    yield Member(name, stream, size, descriptor, source)
    if source.damage and not source.checked:
        raise CutListing(source.damage)


def _archive(file: io.FileIO, name: str, limit: int, open_files: ExitStack) -> Iterator[Member]:
    """The files in a zip archive, or the archive itself if it is an Excel workbook (.xlsx)."""
    try:
        archive = open_files.enter_context(zipfile.ZipFile(BoundedFile(file)))
    except ListingError:
        raise
    except (*DAMAGE_ERRORS, IndexError, OverflowError) as error:
        raise ListingError(damage_text("zip", error)) from None
    names = archive.namelist()
    if document := next((OFFICE_ERRORS[each] for each in names if each in OFFICE_ERRORS), None):
        raise ListingError(document)
    if WORKBOOK in names:
        file.seek(0)
        yield from _one(name, UnpackedStream(file, file.read, None), os.fstat(file.fileno()).st_size, file.fileno())
    else:
        yield from _members(archive, limit, file.fileno(), open_files)


def _members(archive: zipfile.ZipFile, limit: int, descriptor: int, open_files: ExitStack) -> Iterator[Member]:
    """The files in a zip archive, without those that cannot be read. Their errors are raised after the last member."""
    infos = [info for info in archive.infolist() if _is_file(info.filename)]
    if not infos:
        raise ListingError("a zip archive with no files in it")
    if len(infos) > limits.ARCHIVE_MEMBERS:
        raise ListingError(
            f"a zip archive of {len(infos):,} files, where {limits.ARCHIVE_MEMBERS:,} is the limit; "
            "unpack it and import the folder"
        )
    budget = ArchiveBudget()
    has_readable = False
    errors: list[str] = []
    for info in infos:
        name = clean.line(info.filename)
        try:
            if info.flag_bits & ZIP_ENCRYPTED:
                raise ListingError("it is encrypted; unpack it with its password and import what is inside")
            if info.compress_type not in ZIP_METHODS:
                raise ListingError(UNKNOWN_PACKING)
            unpacked = cast(zipfile.ZipExtFile, open_files.enter_context(archive.open(info)))
            source = UnpackedStream(unpacked, unpacked.read1, limit, "zip", budget)
            for member in _one(name, source, info.file_size, descriptor):
                has_readable = True
                yield member
            unpacked.close()
        except ListingError as error:
            errors.append(f"{name}: {error}")
        except (*DAMAGE_ERRORS, IndexError, OverflowError) as error:
            errors.append(f"{name}: {damage_text('zip', error)}")
    if errors:
        message = "; ".join(errors[:3]) + (f"; and {len(errors) - 3} more" if len(errors) > 3 else "")
        raise (CutListing if has_readable else ListingError)(message)


def _regular(path: Path, follow_links: bool) -> io.FileIO:
    """The regular file at `path`, open for reading. Raises ListingError for anything else."""
    try:
        file = io.FileIO(open_regular(path, follow_links=follow_links), "rb")
    except NotAFileError as error:
        raise ListingError(_no_file(error.mode)) from None
    except OSError as error:
        raise ListingError(_cannot_open(error)) from None
    except ValueError:
        raise ListingError("no file can have this name") from None
    if _is_mostly_hole(os.fstat(file.fileno())):
        file.close()
        raise ListingError("most of it was never written to the disk; copy or download it again")
    return file


def _is_mostly_hole(status: os.stat_result) -> bool:
    """Whether a file is so sparse that reading its holes would take hours.

    A hole is a range without data on the disk, which is read as zeros. Compressing file systems store text in fewer
    blocks too, but never in less than a hundredth of its size.
    """
    return status.st_size > _MOST_HOLES + _HOLE_FACTOR * status.st_blocks * _BLOCK_BYTES


def _cannot_open(error: OSError) -> str:
    """The message for an error raised when a file was opened: the problem, and what the user can do about it."""
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
    """The message for something that is not a regular file: the problem, and what the user can do about it."""
    if stat.S_ISDIR(mode):
        return "a folder, not a file; import the folder, or name a file in it"
    if stat.S_ISFIFO(mode):
        return "a named pipe, not a file; save what it gives to a file and import that"
    if stat.S_ISLNK(mode):
        return "a symbolic link, which is not followed here; name the file it leads to"
    return "a socket or a device, not a file; save what it gives to a file and import that"


def _head(file: io.FileIO) -> bytes:
    try:
        head = file.read(_HEAD)
        file.seek(0)
    except OSError as error:
        raise ListingError(f"it cannot be read ({os.strerror(error.errno or 0)}); check the disk it is on") from None
    return head or b""


def _is_file(name: str) -> bool:
    """Whether an archive member with this name may be a listing. False for folders and for files that macOS adds."""
    return bool(name) and not name.endswith("/") and not name.startswith("__MACOSX/")
