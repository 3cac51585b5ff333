"""The devices of a shared folder: when each was last seen, and whether its clock is ahead.

A device is a library on one machine. Each function takes a connection. Those that change something need a write
transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from store.marks.registers import Register

# A clock that is further ahead than this is reported (ms). Clocks that the network sets differ by less than a second.
AHEAD_MILLISECONDS = 120_000


class Device(msgspec.Struct, frozen=True):
    """A device of which lines were read.

    `newest` is the time of its newest change by its own clock, and `read` the time by the clock of this machine when
    something new of it was last read, both in milliseconds since 1970. `ahead` is how far its clock is ahead, in
    milliseconds, or 0. It is known only as long as the time of the newest change has not come yet.
    """

    id: str
    newest: int
    read: int
    ahead: int


def note(connection: sqlite3.Connection, registers: Iterable[Register], now: int) -> None:
    """Remember that registers of their devices were read at the time `now` (ms since 1970)."""
    newest: dict[str, int] = {}
    for each in registers:
        newest[each.clock.device] = max(newest.get(each.clock.device, 0), each.clock.milliseconds)
    connection.executemany(
        "INSERT INTO sync_device (device, newest, read_at) VALUES (?, ?, ?) ON CONFLICT (device) DO UPDATE SET"
        " newest = max(newest, excluded.newest), read_at = excluded.read_at",
        [(device, milliseconds, now) for device, milliseconds in newest.items()],
    )


def seen(connection: sqlite3.Connection, now: int) -> list[Device]:
    """The devices of which lines were read; the one whose change is newest comes first. `now` is the present time."""
    rows = connection.execute("SELECT device, newest, read_at FROM sync_device ORDER BY newest DESC, device")
    return [Device(device, newest, read, _ahead(newest - now)) for device, newest, read in rows]


def name_field(device: str) -> str:
    """The field of the register, without a paper, whose value is the name of a device."""
    return f"device:{device}"


def _ahead(milliseconds: int) -> int:
    return milliseconds if milliseconds > AHEAD_MILLISECONDS else 0
