"""Reads and writes the table `register`, which stores the latest value of each field of each paper.

Registers, and the identities that name their papers, are explained in store/marks/registers.py. The columns `clock` and
`replaced` are clock readings as integers (`Clock.number`). `value` and `over` are JSON text; NULL means that the value
is None, or that `over` contains no identity. `change` is NULL for a register that came from another machine. For a
change that was made in this library, it is a number that is higher than those of all earlier transactions. So sync
finds the changes that it has not yet written into the shared folder: those with a number higher than the last one that
it wrote.

Functions that write take a connection inside a write transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from store.library import settings
from store.marks import copied_library
from store.marks.clock import Clock, HybridClock
from store.marks.registers import Register

_DEVICE = "device"
_CLOCK = "clock"
_CHANGE = "change"
# The number of random bytes in a device id. Each line of the shared files contains an id, so it is short. Equal ids are
# unlikely even so, because few machines share a folder.
_DEVICE_BYTES = 4
_COLUMNS = "paper, field, value, clock, device, replaced, replaced_device, over, made"
_SELECT = f"SELECT {_COLUMNS} FROM register"
_SHORT_COLUMNS = "paper, field, value, clock, device"
_ON_CONFLICT = (
    " ON CONFLICT (paper, field) DO UPDATE SET value = excluded.value, clock = excluded.clock,"
    " device = excluded.device, replaced = excluded.replaced, replaced_device = excluded.replaced_device,"
    " over = excluded.over, made = excluded.made, change = excluded.change"
)
_UPSERT = f"INSERT INTO register ({_COLUMNS}, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?){_ON_CONFLICT}"
# This statement stores a register for which all other columns are NULL. It takes half the time of the full statement,
# because Python's sqlite3 needs longer to pass a None than to pass a text.
_UPSERT_SHORT = f"INSERT INTO register ({_SHORT_COLUMNS}) VALUES (?, ?, ?, ?, ?){_ON_CONFLICT}"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()
_identities = msgspec.json.Decoder(tuple[str, ...])


def read(connection: sqlite3.Connection, identity: str, field: str) -> Register | None:
    """The register (stored value) of a field of the paper with this identity, or None."""
    row = connection.execute(f"{_SELECT} WHERE paper = ? AND field = ?", (identity, field)).fetchone()
    return _register(row) if row else None


def of_identity(connection: sqlite3.Connection, identity: str) -> list[Register]:
    """The registers (stored values) of all fields of one identity.

    An identity stands for a paper. The identity "" stands for no paper: saved filters and device names have it.
    """
    return [_register(row) for row in connection.execute(f"{_SELECT} WHERE paper = ? ORDER BY field", (identity,))]


def of_kind(connection: sqlite3.Connection, identity: str, kind: str) -> list[Register]:
    """The registers (stored values) of one identity whose fields begin with `kind`, for example "filter:"."""
    # In sorted order, exactly these fields are from "filter:" up to, but not including, "filter;".
    fields = (kind, f"{kind[:-1]};")
    rows = connection.execute(f"{_SELECT} WHERE paper = ? AND field >= ? AND field < ?", (identity, *fields))
    return [_register(row) for row in rows]


def all_of(connection: sqlite3.Connection, *, is_backwards: bool = False) -> Iterator[Register]:
    """Yield every register (stored value) in the order of the rows of the table, or in the opposite order."""
    for row in connection.execute(f"{_SELECT} ORDER BY rowid {'DESC' if is_backwards else 'ASC'}"):
        yield _register(row)


def of_papers(connection: sqlite3.Connection, papers: Sequence[int]) -> list[tuple[int, Register]]:
    """The registers (stored values) of the papers with the ids `papers`. Each is returned with the id of its paper.

    Registers under all identities of a paper are returned. If a paper was joined to another paper, its registers are
    returned only for the id of the other paper.
    """
    columns = ", ".join(f"r.{name}" for name in _COLUMNS.split(", "))
    rows = connection.execute(
        f"SELECT n.value, {columns} FROM json_each(?1) n JOIN identity i ON i.paper_id = n.value"
        " JOIN register r ON r.paper = i.identity WHERE n.value NOT IN (SELECT gone FROM joined)"
        f" UNION ALL SELECT n.value, {columns} FROM json_each(?1) n JOIN joined j ON j.kept = n.value"
        " JOIN identity i ON i.paper_id = j.gone JOIN register r ON r.paper = i.identity",
        (_encoder.encode(papers).decode(),),
    )
    return [(paper, _register(row)) for paper, *row in rows]


def changed_since(connection: sqlite3.Connection, change: int) -> list[tuple[int, Register]]:
    """The registers that this library changed after the change number `change`, oldest first, each with its number.

    A register that was changed several times is returned once, with its latest value. A register that another machine
    has changed after this library is left out.
    """
    rows = connection.execute(f"SELECT change, {_COLUMNS} FROM register WHERE change > ? ORDER BY change", (change,))
    return [(number, _register(row)) for number, *row in rows]


def last_change(connection: sqlite3.Connection) -> int:
    """The number of the last change that this library made; 0 when it has made none."""
    (highest,) = connection.execute("SELECT coalesce(max(change), 0) FROM register WHERE change IS NOT NULL").fetchone()
    # The highest number may be missing in the table, if another machine has replaced the register that had it.
    # Therefore the highest number is also stored as a setting.
    return max(int(highest), settings.get_number(connection, _CHANGE))


def put_all(connection: sqlite3.Connection, registers: Iterable[Register], *, passes_on: bool = False) -> None:
    """Store registers (values of fields) from other machines. They replace the stored values of the same fields.

    If `passes_on` is set, they get a change number like the changes of this library, so that sync sends them on.
    """
    if passes_on:
        change = last_change(connection) + 1
        connection.executemany(_UPSERT, [(*_row(register), change) for register in registers])
        settings.put(connection, _CHANGE, str(change))
        return
    short, others = [], []
    for each in registers:
        if each.replaced is None and each.made is None and not each.over:
            short.append(_short_row(each))
        else:
            others.append((*_row(each), None))
    connection.executemany(_UPSERT_SHORT, short)
    connection.executemany(_UPSERT, others)


def device(connection: sqlite3.Connection) -> str | None:
    """The device id of this library; None before its first change."""
    return settings.get(connection, _DEVICE)


def renew_device(connection: sqlite3.Connection) -> str:
    """Give the library a new random device id, and return it.

    A restored backup needs a new id, because the library from which it was copied may continue to write with the old
    one.
    """
    name = os.urandom(_DEVICE_BYTES).hex()
    settings.put(connection, _DEVICE, name)
    return name


def renew_copied_device(connection: sqlite3.Connection) -> bool:
    """Give the library a new device id if its file is a copy of another library. Returns whether that was done."""
    if not copied_library.is_copy(connection):
        return False
    renew_device(connection)
    return True


def clock(connection: sqlite3.Connection) -> HybridClock:
    """The clock of this library. After the last use of it in a transaction, store its state with `save_clock`."""
    return HybridClock(device(connection) or renew_device(connection), settings.get_number(connection, _CLOCK))


def save_clock(connection: sqlite3.Connection, clock: HybridClock) -> None:
    """Store the latest reading of the clock, so that the next transaction continues after it."""
    settings.put(connection, _CLOCK, str(clock.last))


class Writer:
    """Writes changes that are made in this library, in one transaction. Call `finish` after the last one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        renew_copied_device(connection)
        self._clock = clock(connection)
        self._change = last_change(connection) + 1

    def write(
        self,
        identity: str,
        field: str,
        value: Any,
        over: tuple[str, ...],
        current: Register | None,
        made: int | None = None,
        after: int = 0,
    ) -> Register:
        """Write a new register of this identity and field, and return it. It replaces the stored register `current`.

        Its clock reading is later than that of `current` and later than the reading with the number `after`. Raises
        LibraryError if there is no later reading.
        """
        replaced = current.clock if current else None
        if current and current.clock.device == self._clock.device:
            replaced = current.replaced
        reading = self._clock.tick(max(after, current.clock.number if current else 0))
        register = Register(identity, field, value, reading, replaced, over, made)
        self._connection.execute(_UPSERT, (*_row(register), self._change))
        return register

    def finish(self) -> None:
        """Store the state of the clock and the change number, which all registers of this transaction have."""
        save_clock(self._connection, self._clock)
        settings.put(self._connection, _CHANGE, str(self._change))


def _short_row(register: Register) -> tuple[str, str, str | None, int, str]:
    """The values of the register for the columns in _SHORT_COLUMNS, in that order."""
    value = None if register.value is None else _encoder.encode(register.value).decode()
    return register.paper, register.field, value, register.clock.number, register.clock.device


def _row(register: Register) -> tuple[str | int | None, ...]:
    """The values of the register for the columns in _COLUMNS, in that order."""
    over = _encoder.encode(register.over).decode() if register.over else None
    replaced = register.replaced
    return (
        *_short_row(register),
        replaced.number if replaced else None,
        replaced.device if replaced else None,
        over,
        register.made,
    )


def _value(text: str | None) -> Any:
    """The value of a register, decoded from JSON. None if `text` is None, or if another program has damaged it."""
    try:
        return None if text is None else _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _register(row: Sequence[Any]) -> Register:
    paper, field, value, number, device, replaced, replaced_device, over, made = row
    return Register(
        paper,
        field,
        _value(value),
        Clock.of(number, device),
        None if replaced is None else Clock.of(replaced, replaced_device),
        _identities.decode(over) if over else (),
        made,
    )
