"""The state of the synchronization with other machines: devices, values not yet written, and lost notes."""

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
    """The state of the synchronization. `folder` is the shared folder, or None if there is none.

    `unwritten` counts registers (values such as the status of a paper) that this library has not yet written into the
    folder. `waiting` counts papers that were marked on other machines but are not in this library. `damaged` counts
    lines in the folder that could not be read.
    """

    folder: Path | None
    devices: list[NamedDevice]
    unwritten: int
    waiting: int
    damaged: int
    lost_notes: list[LostNote]


def status(connection: sqlite3.Connection) -> Status:
    """The state of the synchronization of this library with other machines."""
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
