"""A sync round: writes this library's new registers into the shared folder, and reads those of other machines.

A register is one value that is synchronized, such as the status of a paper (store/marks/registers.py). A segment is a
file of registers that only one machine writes (store/sync/segment_files.py). No change is lost if the process is killed
between any two of these steps:

1. A transaction that changes registers also records in the library that they are not yet written into the folder. 2. A
round appends the lines of these registers to the segments of this machine, waits until they are on the disk, and
records that they are written. If it is killed before it records this, the next round appends the lines again. That does
no harm, because a machine that reads a line a second time ignores it. 3. The round reads the new lines of all other
files. The registers in the lines of a file, and the position up to which the file was read, are committed in one
transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from store.library.file_states import FileState
from store.library.library import Library
from store.marks import copied_library, exchange, stored_registers
from store.marks.clock import wall_milliseconds
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.sync import (
    descriptions,
    devices,
    positions,
    reading,
    segment_files,
    shared_collections,
    unwritten,
)
from store.sync.segment_files import Position

ShouldStop = Callable[[], bool]


class RoundResult(msgspec.Struct):
    """The result of a round.

    `written` counts the registers that were written into the folder, and `applied` those that were read from it and
    stored. `lost_notes` counts the notes that were replaced by another machine's note and kept separately
    (`exchange.LostNote`). `damaged` counts lines that could not be read. `unreadable` has, for each file that could not
    be read, its path and the reason. `papers` counts papers that were added to this library because another machine
    sent their titles and authors. `renewed` is true if the library got a new device id, because it was restored from a
    backup or copied. `interrupted` is true if `should_stop` ended the round early.
    """

    written: int = 0
    applied: int = 0
    papers: int = 0
    lost_notes: int = 0
    damaged: int = 0
    unreadable: tuple[str, ...] = ()
    renewed: bool = False
    interrupted: bool = False


def run(
    library: Library, folder: Path, should_stop: ShouldStop = lambda: False, *, only_write: bool = False
) -> RoundResult:
    """Run one sync round with the shared folder `folder`, and store its path in the library. Stops early when
    `should_stop` returns True.

    If `only_write` is true, the files of other machines are not read.

    Raises LibraryError when the folder or the library cannot be used, or when the folder is full.
    """
    reader = library.reader()
    if positions.folder(reader) != folder and (folder / shared_collections.NAME).exists():
        raise LibraryError(
            f"other people put papers into {folder}, so they would see your marks there; name another folder"
        )
    inside = segment_files.prepare(folder)
    if positions.folder(reader) != folder or stored_registers.device(reader) is None:
        with library.writing() as connection:
            if positions.set_folder(connection, folder):
                unwritten.write_all_again(connection)
            if stored_registers.device(connection) is None:
                stored_registers.renew_device(connection)
    current = _Round(library, inside, should_stop)
    current.renew_copied()
    return current.run(only_write)


class _Round:
    def __init__(self, library: Library, folder: Path, should_stop: ShouldStop) -> None:
        self._library = library
        self._folder = folder
        self._should_stop = should_stop
        self._result = RoundResult()

    def renew_copied(self) -> None:
        """Give the library a new device id if its file is a copy of another library's, whose segments it would
        otherwise write.
        """
        if copied_library.has_moved(self._library.reader()):
            with self._library.writing() as connection:
                self._result.renewed = stored_registers.renew_copied_device(connection)

    def run(self, only_write: bool) -> RoundResult:
        result = self._result
        found = segment_files.states(self._folder)
        known = positions.read(self._library.reader())
        device = self._device()
        # Read the segments of this machine first. If they contain registers that this library does not have, the
        # library was restored from a backup, and needs a new device id.
        mine = {name: state for name, state in found.items() if name.startswith(f"{device}.")}
        self._read(mine, known)
        if self._result.renewed:
            # Perhaps no machine writes segments with the old device id any more. If these segments were lost, nobody
            # would write them again. So write their registers once more with the new id.
            with self._library.writing(durable=False) as connection:
                unwritten.write_all_again(connection)
        self._write(found, known)
        if not only_write:
            self._read({name: state for name, state in found.items() if name not in mine}, known)
        result.damaged += sum(position.damaged for name, position in known.items() if name in found)
        result.interrupted = self._should_stop()
        return result

    def _read(self, found: Mapping[str, FileState], known: dict[str, Position]) -> None:
        """Store the registers in the new lines of the files in `found`, and put the new positions into `known`."""
        self._result.unreadable += reading.read_files(
            self._library, self._folder, found, known, self._apply, positions.put, self._should_stop
        )

    def _apply(self, connection: sqlite3.Connection, batch: Sequence[Register]) -> None:
        forgotten = _forgotten(connection, batch)
        if forgotten:
            stored_registers.renew_device(connection)
            positions.forget_segments(connection)
            self._result.renewed = True
            for each in forgotten:
                self._result.lost_notes += exchange.keep_forgotten_note(connection, each)
        applied = exchange.apply(connection, batch, are_checked=True)
        # Call this after the registers were stored, because they determine which collections are shared.
        devices.note(connection, batch, wall_milliseconds())
        self._result.applied += applied.accepted
        self._result.lost_notes += len(applied.lost_notes)
        if applied.waiting:
            self._result.papers += descriptions.store_all(connection, batch)

    def _write(self, found: Mapping[str, FileState], known: Mapping[str, Position]) -> None:
        """Append the registers that are not yet in the folder to the segments of this machine."""
        if unwritten.lacks_descriptions(self._library.reader()):
            with self._library.writing() as connection:
                unwritten.describe(connection)
        device = self._device()
        place = segment_files.place_to_write(device, found, positions.segments(self._library.reader()), known)
        if place.is_lost:
            with self._library.writing(durable=False) as connection:
                unwritten.write_all_again(connection)
                positions.forget_segments(connection)
        waiting = unwritten.read(self._library.reader())
        if not waiting.registers:
            return
        with self._library.writing(durable=False) as connection:
            unwritten.begin_writing(connection, waiting.registers, device)
        appended = segment_files.append(self._folder, device, place.last, waiting.registers, known)
        with self._library.writing(durable=False) as connection:
            unwritten.set_written(connection, waiting.last)
            devices.note(
                connection, [each for each in waiting.registers if each.clock.device == device], wall_milliseconds()
            )
            positions.put_segments(connection, place.first, appended.last)
            positions.put(connection, appended.positions)
        self._result.written += len(waiting.registers)

    def _device(self) -> str:
        device = stored_registers.device(self._library.reader())
        assert device is not None
        return device


def _forgotten(connection: sqlite3.Connection, batch: Sequence[Register]) -> list[Register]:
    """The registers in `batch` that have the device id of this library, but that this library does not know.

    If there are any, the library was restored from an older backup, or another library is a copy of this one and writes
    with the same id. In both cases this library must get a new device id.
    """
    device = stored_registers.device(connection)
    newest = unwritten.newest_written(connection)
    own = [each for each in batch if each.clock.device == device]
    return [each for each in own if each.clock.number > newest or _is_later(connection, each)]


def _is_later(connection: sqlite3.Connection, register: Register) -> bool:
    present = stored_registers.read(connection, register.paper, register.field)
    return present is None or present.clock < register.clock
