"""The state of keeping a library equal to others: devices, what waits, clocks that are ahead, and lost notes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from store.marks import exchange, stored_registers
from store.marks.clock import wall_milliseconds
from store.marks.exchange import LostNote
from store.sync import devices, positions, unwritten
from store.sync.devices import Device


class NamedDevice(msgspec.Struct, frozen=True):
    """A device, its name if it has one, and whether it is this library."""

    device: Device
    name: str | None
    is_own: bool


class Status(msgspec.Struct, frozen=True):
    """`unwritten` counts registers that are not yet in the folder, and `damaged` lines that could not be read.

    `waiting` counts papers that have registers but are not in this library.
    """

    folder: Path | None
    devices: list[NamedDevice]
    unwritten: int
    waiting: int
    damaged: int
    lost_notes: list[LostNote]


def status(connection: sqlite3.Connection) -> Status:
    """The present state of a library."""
    own = stored_registers.device(connection)
    seen = devices.seen(connection, wall_milliseconds())
    (waiting,) = connection.execute("SELECT count(*) FROM identity WHERE paper_id IS NULL").fetchone()
    return Status(
        folder=positions.folder(connection),
        devices=[NamedDevice(each, devices.name(connection, each.id), each.id == own) for each in seen],
        unwritten=unwritten.count(connection),
        waiting=waiting,
        damaged=sum(position.damaged for position in positions.read(connection).values()),
        lost_notes=exchange.lost_notes(connection),
    )
