"""Reads and writes the table `register`, which has the latest register of each field of each identity.

Its columns `clock` and `replaced` are the numbers of clock readings. `value` and `over` are JSON; NULL means None or no
identity. `change` is NULL for a register that came from another machine. For a change that was made in this library, it
is a number that is higher than those of all earlier transactions, so that sync knows what it has not written yet.

Functions that write take a connection inside a write transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from store.library import settings
from store.marks.clock import Clock, HybridClock
from store.marks.registers import Register

_DEVICE = "device"
_CLOCK = "clock"
_CHANGE = "change"
# Few machines share a folder, and each line of their files has an id.
_DEVICE_BYTES = 4
_COLUMNS = "paper, field, value, clock, device, replaced, replaced_device, over, made"
_SELECT = f"SELECT {_COLUMNS} FROM register"
_UPSERT = (
    f"INSERT INTO register ({_COLUMNS}, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (paper, field)"
    " DO UPDATE SET value = excluded.value, clock = excluded.clock, device = excluded.device,"
    " replaced = excluded.replaced, replaced_device = excluded.replaced_device, over = excluded.over,"
    " made = excluded.made, change = excluded.change"
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()
_identities = msgspec.json.Decoder(tuple[str, ...])


def read(connection: sqlite3.Connection, identity: str, field: str) -> Register | None:
    """The latest register of a field of one identity."""
    row = connection.execute(f"{_SELECT} WHERE paper = ? AND field = ?", (identity, field)).fetchone()
    return _register(row) if row else None


def of_identity(connection: sqlite3.Connection, identity: str) -> list[Register]:
    """The latest registers of all fields of one identity. The empty identity has saved filters and device names."""
    return [_register(row) for row in connection.execute(f"{_SELECT} WHERE paper = ? ORDER BY field", (identity,))]


def of_fields(connection: sqlite3.Connection, identity: str, start: str, end: str) -> list[Register]:
    """The latest registers of one identity whose fields are from `start` to before `end`."""
    rows = connection.execute(f"{_SELECT} WHERE paper = ? AND field >= ? AND field < ?", (identity, start, end))
    return [_register(row) for row in rows]


def all_of(connection: sqlite3.Connection, *, is_backwards: bool = False) -> Iterator[Register]:
    """Every register, in the order in which the table has them, or in the opposite order."""
    for row in connection.execute(f"{_SELECT} ORDER BY rowid {'DESC' if is_backwards else 'ASC'}"):
        yield _register(row)


def of_papers(connection: sqlite3.Connection, papers: Sequence[int]) -> list[tuple[int, Register]]:
    """The latest registers of all identities of papers, each with the number of its paper.

    The number of a paper that was joined to another one has no registers.
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
    """The registers that this library changed after the change with this number, in order, with their numbers.

    A register that was changed several times is returned once, with its latest value. A register that another machine
    has changed since is left out.
    """
    rows = connection.execute(f"SELECT change, {_COLUMNS} FROM register WHERE change > ? ORDER BY change", (change,))
    return [(number, _register(row)) for number, *row in rows]


def last_change(connection: sqlite3.Connection) -> int:
    """The number of the last change that this library made; 0 when it has made none."""
    (highest,) = connection.execute("SELECT coalesce(max(change), 0) FROM register WHERE change IS NOT NULL").fetchone()
    # Another machine may have replaced the register with the highest number.
    return max(int(highest), settings.get_number(connection, _CHANGE))


def put_all(connection: sqlite3.Connection, registers: Iterable[Register]) -> None:
    """Store registers of other machines, which replace the stored ones."""
    connection.executemany(_UPSERT, [(*_row(register), None) for register in registers])


def device(connection: sqlite3.Connection) -> str | None:
    """The id of this library as a device; None before its first change."""
    return settings.get(connection, _DEVICE)


def renew_device(connection: sqlite3.Connection) -> str:
    """Give the library a new random id, and return it. A restored backup needs one, because the library that it was
    copied from may continue to write with the old id.
    """
    name = os.urandom(_DEVICE_BYTES).hex()
    settings.put(connection, _DEVICE, name)
    return name


def clock(connection: sqlite3.Connection) -> HybridClock:
    """The clock of this library. Store it with `save_clock` after its last reading in the transaction."""
    return HybridClock(device(connection) or renew_device(connection), settings.get_number(connection, _CLOCK))


def save_clock(connection: sqlite3.Connection, clock: HybridClock) -> None:
    """Store the latest reading of the clock, so that the next transaction continues after it."""
    settings.put(connection, _CLOCK, str(clock.last))


class Writer:
    """Writes changes that are made in this library, in one transaction. Call `finish` after the last one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
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
    ) -> Register:
        """Write a register that replaces `current`, the stored register of this identity and field, and return it."""
        replaced = current.clock if current else None
        if current and current.clock.device == self._clock.device:
            replaced = current.replaced
        register = Register(identity, field, value, self._clock.tick(), replaced, over, made)
        self._connection.execute(_UPSERT, (*_row(register), self._change))
        return register

    def finish(self) -> None:
        """Store the state of the clock, and the number of this change."""
        save_clock(self._connection, self._clock)
        settings.put(self._connection, _CHANGE, str(self._change))


def _row(register: Register) -> tuple[str | int | None, ...]:
    value = None if register.value is None else _encoder.encode(register.value).decode()
    over = _encoder.encode(register.over).decode() if register.over else None
    replaced = register.replaced
    return (
        register.paper,
        register.field,
        value,
        register.clock.number,
        register.clock.device,
        replaced.number if replaced else None,
        replaced.device if replaced else None,
        over,
        register.made,
    )


def _value(text: str | None) -> Any:
    """The value of a register; None when there is none, or when another program has damaged the text."""
    try:
        return None if text is None else _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError):
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
