"""Synchronizes a collection that several people share through one folder: reads their changes and writes the user's.

The folder `FOLDER/recto-shared` contains segments, which are files that one machine of one person writes
(store/sync/segment_files.py). Each line states that a paper is in the collection: its place in the order, who put it
there and why, and the description of the paper (title, authors) for people who do not have it. A line without a value
states that the paper was taken out. Nothing else is ever written into this folder: no status, bookmark, rating, note or
tag, and not the name that the collection has in this library.

The lines were written by other people, so they are trusted less than those of the user's own machines. They can change
only the collection. A change whose clock is far in the future is refused, because this library's clock would have to
follow it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from store.library.file_states import FileState
from store.library.library import Library
from store.marks import collections, copied_library, exchange, identities, sharing, stored_registers
from store.marks.clock import wall_milliseconds
from store.marks.collections import LONGEST_REASON
from store.marks.journal import Marked
from store.marks.registers import Register
from store.marks.sharing import LONGEST_PERSON, Share
from store.model.errors import LibraryError
from store.sync import descriptions, positions, reading, segment_files
from store.sync.segment_files import Position
from store.text.clean import line

# The name of the folder inside the shared folder, and the field of every register (line) in it.
NAME = "recto-shared"
FIELD = "collection:shared"
# A change is refused if the clock of its author is further ahead than this (ms).
MOST_AHEAD = 24 * 3_600_000
# A shared collection has at most this many papers, including those that were taken out. Changes to further papers are
# refused.
MOST_PAPERS = 20_000
_ABOUT = "about"

ShouldStop = Callable[[], bool]


class SharedResult(msgspec.Struct):
    """The result of a sync round. `collection` is the name of the collection in this library.

    `written` counts the changes that were written into the folder, and `applied` those that were read from it and
    stored. `added` counts the papers that other people have put into the collection, by the name of the person.
    `papers` counts the papers that this library did not have and that were added to it. `refused` counts changes whose
    clock is more than a day ahead, and changes to papers beyond the first MOST_PAPERS. `damaged` counts lines that
    could not be read. `unreadable` has, for each file that could not be read, its path and the reason.
    """

    collection: str
    written: int = 0
    applied: int = 0
    papers: int = 0
    added: dict[str, int] = msgspec.field(default_factory=dict)
    refused: int = 0
    damaged: int = 0
    unreadable: tuple[str, ...] = ()


def begin(library: Library, name: str, folder: Path, person: str, *, again: bool = False) -> SharedResult:
    """Share the collection `name` through `folder`, in which this user is called `person`, and run the first sync
    round.

    The collection is created if it does not exist. If it is already shared through this folder, only the name of the
    person is changed. With `again`, everything in the folder is read again too. Raises LibraryError as `run` and
    `sharing.share` do.
    """
    path = checked_folder(folder)
    segment_files.prepare(path, NAME)
    before = {each.id: each.folder for each in sharing.shares(library.reader())}
    sharing.share(library, name, path, person)
    shared = next(each for each in sharing.shares(library.reader()) if each.folder == path)
    if again or before.get(shared.id) != path:
        forget(library, shared)
    return run(library, shared)


def end(library: Library, name: str) -> Marked:
    """Stop sharing the collection `name`, after a last round that gives the user's changes to the other people.

    Its papers stay in it. If the folder cannot be used, for example because its disk is not there, the round is left
    out. Returns the step. Raises LibraryError as `sharing.leave` does.
    """
    title = collections.find(library.reader(), name)
    for share in sharing.shares(library.reader()):
        if share.collection == title and share.folder is not None:
            with contextlib.suppress(LibraryError):
                run(library, share)
    return sharing.leave(library, name)


def checked_folder(folder: Path) -> Path:
    """The absolute path of `folder`. Raises LibraryError if it cannot be shared with other people."""
    path = positions.full_path(folder)
    check_folder(path)
    return path


def check_folder(folder: Path) -> None:
    """Raise LibraryError if `folder` cannot be shared with other people, because it has the user's own marks."""
    if (folder / segment_files.NAME).exists():
        raise LibraryError(
            f"{folder} has the marks of your own machines, in {segment_files.NAME}; share another folder, because"
            " everyone who sees this one sees your marks"
        )


def run_all(library: Library, should_stop: ShouldStop = lambda: False) -> Iterator[SharedResult]:
    """Run a sync round for each shared collection that this machine synchronizes, and yield the results.

    Raises LibraryError as `run` does.
    """
    for share in sharing.shares(library.reader()):
        if share.folder is not None and not should_stop():
            yield run(library, share, should_stop)


def run(library: Library, share: Share, should_stop: ShouldStop = lambda: False) -> SharedResult:
    """Read the changes of the other people from the folder of `share`, and write the changes of this library into it.

    Raises LibraryError when the folder or the library cannot be used, or when the folder is full.
    """
    assert share.folder is not None
    check_folder(share.folder)
    inside = segment_files.prepare(share.folder, NAME)
    if stored_registers.device(library.reader()) is None or copied_library.has_moved(library.reader()):
        with library.writing() as connection:
            if not stored_registers.renew_copied_device(connection) and stored_registers.device(connection) is None:
                stored_registers.renew_device(connection)
    return _Round(library, share, inside, should_stop).run()


def forget(library: Library, share: Share) -> None:
    """Remove the record of which changes of `share` are in its folder, so that the next round reads and writes all of
    them again.
    """
    with library.writing() as connection:
        connection.execute("DELETE FROM shared_file WHERE share = ?", (share.id,))
        _forget_written(connection, share.id)


class _Round:
    def __init__(self, library: Library, share: Share, folder: Path, should_stop: ShouldStop) -> None:
        self._library = library
        self._share = share
        self._field = f"collection:{share.collection}"
        self._folder = folder
        self._should_stop = should_stop
        self._result = SharedResult(share.collection)

    def run(self) -> SharedResult:
        result, share = self._result, self._share.id
        found = segment_files.states(self._folder)
        known = positions.read(self._library.reader(), share)
        # Read before writing, because changes that are already in the folder need not be written.
        result.unreadable = reading.read_files(
            self._library,
            self._folder,
            found,
            known,
            self._store,
            lambda connection, read: positions.put(connection, read, share),
            self._should_stop,
        )
        result.damaged = sum(position.damaged for name, position in known.items() if name in found)
        if not self._should_stop():
            self._write(found, known)
        return result

    def _store(self, connection: sqlite3.Connection, batch: Sequence[Register]) -> None:
        """Store in the library what `batch` contains: changes that other people made, and papers that are new here."""
        latest = wall_milliseconds() + MOST_AHEAD
        (count,) = connection.execute(
            "SELECT count(*) FROM shared_register WHERE share = ?", (self._share.id,)
        ).fetchone()
        present = self._in_folder(connection, batch)
        members: dict[str, Register] = {}
        described: list[Register] = []
        for each in batch:
            if each.field != FIELD or not each.paper:
                continue
            is_beyond = each.paper not in present and each.paper not in members and count + len(members) >= MOST_PAPERS
            if each.clock.milliseconds > latest or is_beyond:
                self._result.refused += 1
                continue
            if each.paper not in members or members[each.paper].clock < each.clock:
                value = None if each.value is None else _membership(each.value)
                members[each.paper] = replace(each, field=self._field, value=value)
                if value is not None and isinstance(each.value.get(_ABOUT), dict):
                    described.append(replace(each, field=descriptions.FIELD, value=each.value[_ABOUT]))
        before = {name for name in members if self._is_member(connection, name)}
        applied = exchange.apply(connection, members.values(), are_checked=True, passes_on=True)
        self._add_papers(connection, described)
        self._count_added(connection, members, before)
        self._result.applied += applied.accepted
        self._set_in_folder(connection, members.values())

    def _add_papers(self, connection: sqlite3.Connection, described: Sequence[Register]) -> None:
        """Store the papers that `batch` describes and that this library does not have. An existing description is not
        replaced.
        """
        new = {
            each.paper: each
            for each in described
            if identities.paper_of(connection, each.paper) is None
            and stored_registers.read(connection, each.paper, descriptions.FIELD) is None
        }
        if new:
            exchange.apply(connection, new.values(), are_checked=True, passes_on=True)
            self._result.papers += descriptions.store_all(connection, new.values())

    def _is_member(self, connection: sqlite3.Connection, identity: str) -> bool:
        register = stored_registers.read(connection, identity, self._field)
        return register is not None and register.value is not None

    def _count_added(self, connection: sqlite3.Connection, members: Mapping[str, Register], before: set[str]) -> None:
        own = stored_registers.device(connection)
        for identity, register in members.items():
            if identity not in before and register.clock.device != own and self._is_member(connection, identity):
                name = register.value["by"] if register.value and "by" in register.value else ""
                self._result.added[name] = self._result.added.get(name, 0) + 1

    def _write(self, found: Mapping[str, FileState], known: Mapping[str, Position]) -> None:
        """Append the changes of the collection that are not yet in the folder to the segments of this machine."""
        reader, share = self._library.reader(), self._share.id
        device = stored_registers.device(reader)
        assert device is not None
        place = segment_files.place_to_write(device, found, positions.segments(reader, share), known)
        if place.is_lost:
            with self._library.writing(durable=False) as connection:
                _forget_written(connection, share)
        missing = self._missing(reader)
        if not missing:
            return
        described = [self._described(reader, each) for each in missing]
        appended = segment_files.append(self._folder, device, place.last, described, known)
        with self._library.writing(durable=False) as connection:
            self._set_in_folder(connection, missing)
            positions.put_segments(connection, place.first, appended.last, share)
            positions.put(connection, appended.positions, share)
        self._result.written += len(missing)

    def _missing(self, connection: sqlite3.Connection) -> list[Register]:
        """The registers of the collection whose newest version is not yet in the folder."""
        # The third condition must be the same as in the partial index idx_register_collection, so that SQLite uses it.
        rows = connection.execute(
            "SELECT r.paper FROM register r LEFT JOIN shared_register s ON s.share = ? AND s.paper = r.paper"
            " WHERE r.field = ? AND r.paper <> '' AND r.field >= 'collection:' AND r.field < 'collection;'"
            " AND CASE WHEN s.paper IS NULL THEN r.value IS NOT NULL"
            " ELSE (s.clock, s.device) < (r.clock, r.device) END ORDER BY r.clock",
            (self._share.id, self._field),
        ).fetchall()
        registers = (stored_registers.read(connection, identity, self._field) for (identity,) in rows)
        return [register for register in registers if register is not None]

    def _described(self, connection: sqlite3.Connection, register: Register) -> Register:
        """A register of the collection in the form in which it is written into the folder: with the description of its
        paper.
        """
        if not isinstance(register.value, dict):
            return replace(register, field=FIELD, value=None)
        value = _membership(register.value)
        number = identities.paper_of(connection, register.paper)
        about = descriptions.describe(connection, number) if number is not None else None
        if about is None and (stored := stored_registers.read(connection, register.paper, descriptions.FIELD)):
            about = stored.value
        if about is not None:
            value[_ABOUT] = about
        return replace(register, field=FIELD, value=value)

    def _in_folder(self, connection: sqlite3.Connection, batch: Sequence[Register]) -> set[str]:
        """The papers of the registers in `batch` of which the folder already contains a register."""
        wanted = msgspec.json.encode([each.paper for each in batch]).decode()
        rows = connection.execute(
            "SELECT s.paper FROM json_each(?) n CROSS JOIN shared_register s ON s.share = ? AND s.paper = n.value",
            (wanted, self._share.id),
        )
        return {paper for (paper,) in rows}

    def _set_in_folder(self, connection: sqlite3.Connection, registers: Iterable[Register]) -> None:
        connection.executemany(
            "INSERT INTO shared_register (share, paper, clock, device) VALUES (?, ?, ?, ?) ON CONFLICT (share, paper)"
            " DO UPDATE SET clock = excluded.clock, device = excluded.device"
            " WHERE (clock, device) < (excluded.clock, excluded.device)",
            [(self._share.id, each.paper, each.clock.number, each.clock.device) for each in registers],
        )


def _forget_written(connection: sqlite3.Connection, share: str) -> None:
    """Remove the record of what was written, so that the next round writes every change of a shared
    collection again.
    """
    # Do not delete the rows: they show which papers were ever in the folder. Only for these papers is a line written
    # when they are taken out of the collection.
    connection.execute("UPDATE shared_register SET clock = -1 WHERE share = ?", (share,))
    positions.forget_segments(connection, share)


def _membership(value: dict[str, Any]) -> dict[str, Any]:
    """The part of a register's value that other people get: the paper's place in the collection, the time, the person
    and the reason.
    """
    kept: dict[str, Any] = {key: value[key] for key in ("key", "at") if key in value}
    for key, longest in (("by", LONGEST_PERSON), ("because", LONGEST_REASON)):
        text = value.get(key)
        if isinstance(text, str) and (shown := line(text)[:longest]):
            kept[key] = shown
    return kept
