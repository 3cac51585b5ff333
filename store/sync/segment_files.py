"""Lists the files of a shared folder, reads the new lines in them, and appends lines to the files of this machine.

The files are in `FOLDER/recto-sync`, or in `FOLDER/recto-shared` if several people share a collection through FOLDER.
They are called segments. Each machine appends only to its own segments, which are named `<device>.<number>.rj`. When a
segment has reached SEGMENT_SIZE, the machine begins a new one, and never changes the full one again. So the program
that synchronizes the folder, such as Syncthing, need not send the full segment again. That program may truncate,
rename, duplicate or delay the files of other machines. Therefore every regular file in the folder is read, whatever its
name is.
"""

from __future__ import annotations

import errno
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from store.library import whole_file
from store.library.file_states import FileState, state_of
from store.library.side_files import make_private, open_regular
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.sync import register_lines

NAME = "recto-sync"
SUFFIX = ".rj"
# The largest size of a segment (bytes). Only a segment that consists of a single long line is larger.
SEGMENT_SIZE = 128 * 2**10
# Limits for reading the folder. A file with more than LARGEST_FILE bytes cannot be a segment, and a folder with more
# than MOST_FILES files contains files that recto did not create.
LARGEST_FILE = 16 * 2**20
MOST_FILES = 20_000
# To find out whether the part of a file that was read before has changed, this many bytes at its end are compared.
_CHECKED_BYTES = 64
# The endings of the names of temporary files that Syncthing, Dropbox, rsync, Git and editors create. Such files are not
# read.
_TEMPORARY = (".tmp", ".part", ".partial", "~")


class Position(msgspec.Struct, frozen=True):
    """How far a file was read.

    `offset` is where the next reading begins: the end of the last complete line, or the start of the first damaged
    line. `checksum` is the CRC-32 of the last bytes before `offset`. `damaged` is the number of damaged lines.
    """

    state: FileState
    offset: int
    checksum: int
    damaged: int = 0


class Piece(msgspec.Struct, frozen=True):
    """The registers (synchronized values) in the new lines of a file, and the position where the next reading
    begins.
    """

    registers: list[Register]
    position: Position


class Segment(msgspec.Struct, frozen=True, order=True):
    """The number of a segment of this machine, and its size in bytes."""

    number: int
    size: int


class PlaceToWrite(msgspec.Struct, frozen=True):
    """Where this machine continues to write: the number of the first segment that must exist, and the last segment.

    `is_lost` is true if one of this machine's segments was lost or damaged. The machine must then write all its
    registers again.
    """

    first: int
    last: Segment
    is_lost: bool = False


def prepare(folder: Path, name: str = NAME) -> Path:
    """The path of the folder `name` in `folder`. The folder `name` is created if it is missing.

    Raises LibraryError when `folder` is missing, or when `name` is not a folder. A missing `folder` is not created,
    because it may be on a disk that is not mounted now.
    """
    inside = folder / name
    try:
        if not folder.is_dir():
            raise LibraryError(f"{folder} is not a folder; make it, or connect its disk")
        make_private(inside)
        if not stat.S_ISDIR(inside.lstat().st_mode):
            raise LibraryError(f"{inside} is not a folder, but a link or a file; move it away")
    except (OSError, ValueError) as error:
        raise LibraryError(f"cannot use {inside}: {_reason(error)}") from error
    return inside


def states(folder: Path) -> dict[str, FileState]:
    """Maps the names of the files in a folder of segments to their states (size, modification time and so on), sorted
    by name.

    Hidden and temporary files are left out, and so is everything that is not a regular file, such as links. Files whose
    names are not UTF-8 are left out too, because the library cannot store such names. Raises LibraryError when the
    folder cannot be read.
    """
    found: dict[str, FileState] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.endswith(_TEMPORARY) or not _is_text(entry.name):
                    continue
                status = _status(entry)
                if status is not None and stat.S_ISREG(status.st_mode):
                    found[entry.name] = state_of(status)
                if len(found) > MOST_FILES:
                    raise LibraryError(f"{folder} has more than {MOST_FILES:,} files; recto made only some of them")
    except OSError as error:
        raise LibraryError(f"cannot read {folder}: {_reason(error)}") from error
    return dict(sorted(found.items()))


def read(path: Path, position: Position | None) -> Piece:
    """Read the lines of a file after `position`.

    The whole file is read if `position` is None or the part before it has changed.

    An incomplete last line is left for the next reading. Raises OSError when the file cannot be read or is larger than
    LARGEST_FILE.
    """
    with os.fdopen(open_regular(path), "rb", buffering=0) as file:
        state = state_of(os.fstat(file.fileno()))
        if state.size > LARGEST_FILE:
            raise OSError(errno.EFBIG, f"it is larger than {LARGEST_FILE // 2**20} MiB", str(path))
        start = position.offset if position and _is_unchanged(file.fileno(), position) else 0
        data = os.pread(file.fileno(), LARGEST_FILE, start)
        end = data.rfind(b"\n") + 1
        registers: list[Register] = []
        damaged, at, offset = 0, start, start + end
        for text in data[:end].split(b"\n")[:-1]:
            register = register_lines.decode(text) if text else None
            if register:
                registers.append(register)
            elif text:
                # Let later readings begin at the damaged line, because the program that synchronizes the folder may
                # deliver the rest of the line later.
                offset = min(offset, at)
                damaged += 1
            at += len(text) + 1
        return Piece(registers, Position(state, offset, zlib.crc32(_before(file.fileno(), offset)), damaged))


def changed(folder: Path, found: Mapping[str, FileState], known: Mapping[str, Position]) -> Iterator[tuple[str, Path]]:
    """Yield the name and path of each file whose state has changed since it was last read."""
    for name, state in found.items():
        if name not in known or known[name].state != state:
            yield name, folder / name


def place_to_write(
    device: str, found: Mapping[str, FileState], remembered: tuple[int, Segment] | None, known: Mapping[str, Position]
) -> PlaceToWrite:
    """Where this machine continues to write into a folder with the files `found`.

    `remembered` is what the library has stored: the number of the first segment that this machine wrote, and its last
    segment; or None. `known` is how far each file was read.
    """
    segments = _own_segments(device, found)
    last = segments[-1] if segments else Segment(0, 0)
    if remembered and _are_lost(device, segments, *remembered, known):
        # Begin a segment with a new number, because the missing segments may still appear again.
        number = max(remembered[1].number, last.number) + 1
        return PlaceToWrite(number, Segment(number, 0), is_lost=True)
    return PlaceToWrite(remembered[0] if remembered else last.number or 1, last)


def _own_segments(device: str, found: Mapping[str, FileState]) -> list[Segment]:
    """The segments of this machine in the folder, in ascending order."""
    prefix = f"{device}."
    numbers = (
        (name.removeprefix(prefix).removesuffix(SUFFIX), state)
        for name, state in found.items()
        if name.startswith(prefix) and name.endswith(SUFFIX)
    )
    return sorted(Segment(int(text), state.size) for text, state in numbers if text.isascii() and text.isdecimal())


def _are_lost(
    device: str, segments: Sequence[Segment], first: int, last: Segment, known: Mapping[str, Position]
) -> bool:
    """Whether this machine must write its registers again, because a segment from the number `first` to `last` is lost.

    A segment is lost if it is missing or was damaged by another program. The last segment is also lost if it has become
    shorter. `segments` are the segments in the folder, and `known` is how far each file was read.
    """
    sizes = {segment.number: segment.size for segment in segments}
    if sizes.get(last.number, -1) < last.size or any(number not in sizes for number in range(first, last.number)):
        return True
    read = (known.get(_segment_name(device, number)) for number in range(first, last.number + 1))
    # A segment counts as damaged not only if lines are damaged, but also if its last line has no line feed.
    return any(each is not None and (each.damaged or each.offset < each.state.size) for each in read)


class Appended(msgspec.Struct, frozen=True):
    """The result of `append`: the last segment now, and the position at the new end of each segment to which lines were
    appended.

    A segment is missing in `positions` if it contained lines that this library has not read yet.
    """

    last: Segment
    positions: dict[str, Position]


def append(
    folder: Path, device: str, last: Segment, registers: Iterable[Register], known: Mapping[str, Position]
) -> Appended:
    """Append the lines of `registers` to the segments of this machine.

    `last` is the last segment of this machine before the call; its number is 0 when there is none. `known` is how far
    each file was read. When this function returns, the lines are on the disk, so a power failure cannot lose them.
    Raises LibraryError when a segment cannot be written; some of the lines may then be in the folder.
    """
    try:
        return _append_lines(folder, device, last, [register_lines.encode(each) for each in registers], known)
    except OSError as error:
        raise LibraryError(
            f"cannot write into {folder}: {error.strerror}; your marks are safe in the library"
        ) from error


def _append_lines(
    folder: Path, device: str, last: Segment, lines: Sequence[bytes], known: Mapping[str, Position]
) -> Appended:
    positions: dict[str, Position] = {}
    done = 0
    while done < len(lines):
        if not last.number or (last.size and last.size + len(lines[done]) > SEGMENT_SIZE):
            last = Segment(last.number + 1, 0)
        size, end = last.size, done
        while end < len(lines) and (not size or size + len(lines[end]) <= SEGMENT_SIZE):
            size += len(lines[end])
            end += 1
        name = _segment_name(device, last.number)
        before, after = _append(folder / name, b"".join(lines[done:end]))
        if before == (known[name].offset if name in known else 0):
            positions[name] = after
        last = Segment(last.number, after.offset)
        done = end
    return Appended(last, positions)


def _segment_name(device: str, number: int) -> str:
    return f"{device}.{number:04}{SUFFIX}"


def _append(path: Path, data: bytes) -> tuple[int, Position]:
    """Append `data` to the file at `path`, which is created if it is missing.

    Returns the size that the file had before, and the position at its new end.
    """
    descriptor = open_regular(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            # The last line has no line feed, because a crash or a full disk has truncated it. Begin a new line.
            data = b"\n" + data
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
        if not size:
            # Wait until the directory entry of the new file is on the disk.
            whole_file.sync(path.parent)
        state = state_of(os.fstat(descriptor))
        return size, Position(state, state.size, zlib.crc32(_before(descriptor, state.size)))
    finally:
        os.close(descriptor)


def _is_unchanged(descriptor: int, position: Position) -> bool:
    """Whether the file has the same last bytes before the offset of `position` as when `position` was stored."""
    before = _before(descriptor, position.offset)
    return len(before) == min(position.offset, _CHECKED_BYTES) and zlib.crc32(before) == position.checksum


def _before(descriptor: int, offset: int) -> bytes:
    """The last bytes before `offset`, at most _CHECKED_BYTES."""
    start = max(0, offset - _CHECKED_BYTES)
    return os.pread(descriptor, offset - start, start)


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    """The status of an entry, without following links; None when it was removed meanwhile."""
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
