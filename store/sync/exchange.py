"""One round of keeping a library equal to others through a shared folder: write what is new here, read the rest.

The order of the steps keeps every change, also if the process is killed between any two of them:

1. Registers are flagged in the library as not yet written, in the transactions that made them.
2. A round appends their lines to the segments of this machine, brings the segments to the disk, and clears the flags.
   If it is killed before the flags are cleared, the next round appends the lines again. Readers ignore repeated lines.
3. It reads the new lines of all other files. The lines of a file and the position up to which it was read commit
   together.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from store.library.library import Library
from store.marks.clock import wall_milliseconds
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.sync import devices, note_versions, positions, register_lines, segment_files
from store.sync.segment_files import FileState, Position, Segment

# How many registers are stored in one transaction. It takes about 40 ms, and marks of the reader wait for it.
BATCH = 1_000
# The pause between two batches (s), in which a mark of the reader that waits for the library can be stored.
_GAP_SECONDS = 0.002

ShouldStop = Callable[[], bool]


class Unwritten(msgspec.Struct, frozen=True):
    """Registers that are not yet in the folder. `mark` tells `RegisterStore.set_written` which ones these are."""

    registers: list[Register]
    mark: int


class RegisterStore(Protocol):
    """The registers of a library. Each method takes a connection, and those that change something a transaction."""

    def device(self, connection: sqlite3.Connection) -> str | None:
        """The device id of the library; None when it has none yet."""

    def renew_device(self, connection: sqlite3.Connection) -> str:
        """Give the library a new random device id, and return it."""

    def unwritten(self, connection: sqlite3.Connection) -> Unwritten:
        """The registers that are flagged as not yet written into the folder, in the order in which to write them."""

    def set_written(self, connection: sqlite3.Connection, mark: int) -> None:
        """Clear the flags of the registers that `unwritten` returned. Those that have changed since keep theirs."""

    def write_all_again(self, connection: sqlite3.Connection) -> None:
        """Flag all registers, whichever device made them, as not yet written."""

    def current(self, connection: sqlite3.Connection, paper: str, field: str) -> Register | None:
        """The present register of a field of a paper."""

    def apply(self, connection: sqlite3.Connection, registers: Sequence[Register]) -> int:
        """Store those of the registers that are later than the present ones. Returns how many these are."""


class Exchanged(msgspec.Struct):
    """The result of a round.

    `written` and `applied` count registers. `lost_notes` counts notes that lost to a later change in this round.
    `damaged` counts lines that could not be read, and `unreadable` has a reason for each file that could not be read.
    `renewed` says that the library got a new device id, because it was restored from a backup or copied.
    """

    written: int = 0
    applied: int = 0
    lost_notes: int = 0
    damaged: int = 0
    unreadable: tuple[str, ...] = ()
    renewed: bool = False
    interrupted: bool = False


def exchange(
    library: Library, store: RegisterStore, folder: Path, should_stop: ShouldStop = lambda: False
) -> Exchanged:
    """Run one round with `folder`, and remember the folder. Returns early when `should_stop` returns True.

    Raises LibraryError when the folder or the library cannot be used, or when the folder is full.
    """
    inside = segment_files.prepare(folder)
    if positions.folder(library.reader()) != folder:
        with library.writing() as connection:
            positions.set_folder(connection, folder)
            store.write_all_again(connection)
    if store.device(library.reader()) is None:
        with library.writing() as connection:
            store.renew_device(connection)
    return _Round(library, store, inside, should_stop).run()


class _Round:
    def __init__(self, library: Library, store: RegisterStore, folder: Path, should_stop: ShouldStop) -> None:
        self._library = library
        self._store = store
        self._folder = folder
        self._should_stop = should_stop
        self._result = Exchanged()

    def run(self) -> Exchanged:
        result = self._result
        found = segment_files.states(self._folder)
        known = positions.read(self._library.reader())
        device = self._device()
        # Read the segments of this machine first: they show whether it must write under another name.
        mine = {name: state for name, state in found.items() if name.startswith(f"{device}.")}
        self._read(mine, known)
        self._write(found)
        self._read({name: state for name, state in found.items() if name not in mine}, known)
        result.damaged += sum(position.damaged for name, position in known.items() if name in found)
        result.interrupted = self._should_stop()
        return result

    def _read(self, found: Mapping[str, FileState], known: dict[str, Position]) -> None:
        """Apply the new lines of the files in `found`, and put their new positions into `known`."""
        for name, path in segment_files.changed(self._folder, found, known):
            if self._should_stop():
                return
            try:
                piece = segment_files.read(path, known.get(name))
            except FileNotFoundError:
                continue
            except OSError as error:
                self._result.unreadable += (f"{path}: {error.strerror}",)
                continue
            known[name] = piece.position
            registers = piece.registers
            for start in range(0, len(registers) or 1, BATCH):
                batch = registers[start : start + BATCH]
                with self._library.writing(durable=False) as connection:
                    self._apply(connection, batch)
                    if start + BATCH >= len(registers):
                        positions.put(connection, {name: piece.position})
                time.sleep(_GAP_SECONDS if len(batch) == BATCH else 0)

    def _apply(self, connection: sqlite3.Connection, batch: Sequence[Register]) -> None:
        store = self._store
        device = store.device(connection)
        own = [each for each in batch if each.clock.device == device]
        if any(self._is_forgotten(connection, each) for each in own):
            store.renew_device(connection)
            positions.forget_segments(connection)
            self._result.renewed = True
        notes = [each for each in batch if each.field == note_versions.FIELD]
        if notes:
            before = len(note_versions.lost(connection, {each.paper for each in notes}))
            present = (store.current(connection, each.paper, each.field) for each in notes)
            note_versions.add(connection, [each for each in present if each], own=False)
            note_versions.add(connection, notes, own=False)
            self._result.lost_notes += len(note_versions.lost(connection, {each.paper for each in notes})) - before
        devices.note(connection, batch, wall_milliseconds())
        self._result.applied += store.apply(connection, batch)

    def _is_forgotten(self, connection: sqlite3.Connection, own: Register) -> bool:
        """Whether this library does not remember a change that it made itself.

        Its register of the field would be that change or a later one. So it was restored from an older backup, or two
        libraries are copies of one. In both cases it must not go on to write under the same device id.
        """
        present = self._store.current(connection, own.paper, own.field)
        return present is None or present.clock < own.clock

    def _write(self, found: Mapping[str, FileState]) -> None:
        """Append the registers that are not yet in the folder to the segments of this machine."""
        store, device = self._store, self._device()
        segments = segment_files.own_segments(device, found)
        remembered = positions.segments(self._library.reader())
        if remembered and _are_lost(segments, *remembered):
            with self._library.writing(durable=False) as connection:
                store.write_all_again(connection)
                positions.forget_segments(connection)
            # A new number, because the lost segments may come back.
            segments.append(Segment(max(remembered[1].number, segments[-1].number if segments else 0) + 1, 0))
            remembered = None
        last = segments[-1] if segments else Segment(0, 0)
        first = remembered[0] if remembered else last.number or 1
        waiting = store.unwritten(self._library.reader())
        if not waiting.registers:
            return
        try:
            lines = [register_lines.encode(each) for each in waiting.registers]
            last = segment_files.append(self._folder, device, last, lines)
        except OSError as error:
            raise LibraryError(
                f"cannot write into {self._folder}: {error.strerror}; your marks are safe in the library"
            ) from error
        with self._library.writing(durable=False) as connection:
            note_versions.add(connection, waiting.registers, own=True)
            store.set_written(connection, waiting.mark)
            positions.put_segments(connection, first, last)
        self._result.written += len(waiting.registers)

    def _device(self) -> str:
        device = self._store.device(self._library.reader())
        assert device is not None
        return device


def _are_lost(segments: Sequence[Segment], first: int, last: Segment) -> bool:
    """Whether a segment of this machine from `first` to `last` is missing, or the last one is shorter than it was."""
    sizes = {segment.number: segment.size for segment in segments}
    return sizes.get(last.number, -1) < last.size or any(number not in sizes for number in range(first, last.number))
