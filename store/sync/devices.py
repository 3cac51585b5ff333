"""The devices of a shared folder: when each was last seen, and whether its clock is ahead.

A device is a library on one machine. Each function takes a connection. Those that change something need a write
transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from store.library.library import Library
from store.marks import stored_registers
from store.marks.registers import Register
from store.text import clean

# A clock that is further ahead than this is reported (ms). Clocks that the network sets differ by less than a second.
AHEAD_MILLISECONDS = 120_000
# A register without a paper has the name of a device. Its field is this text and the id of the device.
_NAME_FIELD = "device:"
_LONGEST_NAME = 60


class Device(msgspec.Struct, frozen=True):
    """A device of which lines were read or written.

    `newest` is the time of its newest change by its own clock, and `read` the time by the clock of this machine when
    something new of it was last read, both in milliseconds since 1970. `ahead` is how far its clock is ahead, in
    milliseconds, or 0. It is known only as long as the time of the newest change has not come yet.
    """

    id: str
    newest: int
    read: int
    ahead: int


def note(connection: sqlite3.Connection, registers: Iterable[Register], now: int) -> None:
    """Remember that registers of their devices were read or written at the time `now` (ms since 1970)."""
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


def name(connection: sqlite3.Connection, device: str) -> str | None:
    """The name that a device gave itself; None when it has none."""
    register = stored_registers.read(connection, "", f"{_NAME_FIELD}{device}")
    return register.value if register and isinstance(register.value, str) else None


def set_name(library: Library, text: str, *, replace: bool) -> None:
    """Name this device, for other machines to show. Without `replace`, a name that it has stays.

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
