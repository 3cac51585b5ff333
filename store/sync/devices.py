"""The devices that use a shared folder: the name of each, when it last wrote something, and whether its clock is ahead.

A device is a library on one machine. `note` must be called inside a write transaction; `set_name` begins one itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from store.library.library import Library
from store.marks import sharing, stored_registers
from store.marks.clock import Clock
from store.marks.registers import Register
from store.text import clean

# If the clock of a device is further ahead than this (ms), recto reports it. Clocks that are set over the network
# differ by less than a second.
AHEAD_MILLISECONDS = 120_000
# The name of a device is stored as a register (a synchronized value) that belongs to no paper. The field of the
# register is this text followed by the id of the device.
_NAME_FIELD = "device:"
_LONGEST_NAME = 60


class Device(msgspec.Struct, frozen=True):
    """A device that has written changes into the folder: another device, or this one.

    `newest` is the time of its newest change according to its own clock. `read` is the time, according to the clock of
    this machine, at which a change of the device was last read or written. Both are in milliseconds since 1970. `ahead`
    is by how many milliseconds `newest` is in the future, which shows that the clock of the device is ahead. It is 0 if
    this is less than AHEAD_MILLISECONDS.
    """

    id: str
    newest: int
    read: int
    ahead: int


def note(connection: sqlite3.Connection, registers: Iterable[Register], now: int) -> None:
    """Store that the devices which made `registers` were read or written at the time `now` (ms since 1970)."""
    newest: dict[str, Clock] = {}
    # A change of one of these fields may come from another person with whom a collection is shared. The devices of that
    # person are not the user's, so they are not stored.
    shared = {"about", *(f"collection:{each.collection}" for each in sharing.shares(connection))}
    for each in registers:
        clock = each.clock
        before = newest.get(clock.device)
        if (before is None or before < clock) and not (each.field in shared and each.paper):
            newest[clock.device] = clock
    connection.executemany(
        "INSERT INTO sync_device (device, newest, read_at) VALUES (?, ?, ?) ON CONFLICT (device) DO UPDATE SET"
        " newest = max(newest, excluded.newest), read_at = excluded.read_at",
        [(device, clock.milliseconds, now) for device, clock in newest.items()],
    )


def seen(connection: sqlite3.Connection, now: int) -> list[Device]:
    """All known devices; the one with the newest change comes first. `now` is the present time (ms since 1970)."""
    rows = connection.execute("SELECT device, newest, read_at FROM sync_device ORDER BY newest DESC, device")
    return [Device(device, newest, read, _ahead(newest - now)) for device, newest, read in rows]


def name(connection: sqlite3.Connection, device: str) -> str | None:
    """The name that the user has given a device; None when it has no name."""
    register = stored_registers.read(connection, "", f"{_NAME_FIELD}{device}")
    return register.value if register and isinstance(register.value, str) else None


def set_name(library: Library, text: str, *, replace: bool) -> None:
    """Give this device a name, which other machines show.

    If it has a name already, change it only if `replace` is true.

    Raises LibraryError when the library cannot be written.
    """
    text = clean.line(text)[:_LONGEST_NAME]
    device = stored_registers.device(library.reader())
    present = name(library.reader(), device) if device else None
    if not text or present == text or (present and not replace):
        return
    with library.writing() as connection:
        field = f"{_NAME_FIELD}{stored_registers.device(connection) or stored_registers.renew_device(connection)}"
        writer = stored_registers.Writer(connection)
        writer.write("", field, text, (), stored_registers.read(connection, "", field))
        writer.finish()


def _ahead(milliseconds: int) -> int:
    return milliseconds if milliseconds > AHEAD_MILLISECONDS else 0
