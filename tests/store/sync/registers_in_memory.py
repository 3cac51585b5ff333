"""The registers of a library as a plain dictionary, for tests of what store/sync does with any store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from store.marks.clock import HybridClock, wall_milliseconds
from store.marks.registers import Register
from store.sync.exchange import Unwritten


class MemoryStore:
    """A store whose content outlives neither the process nor a rolled back transaction."""

    def __init__(self, device: str, now: Callable[[], int] = wall_milliseconds) -> None:
        self._devices = [f"{device}{number}" for number in range(50, -1, -1)]
        self.clock = HybridClock(self._devices.pop(), now=now)
        self.registers: dict[tuple[str, str], Register] = {}
        self.flagged: dict[tuple[str, str], int] = {}
        self.changes = 0

    def device(self, connection: sqlite3.Connection) -> str:
        return self.clock.device

    def renew_device(self, connection: sqlite3.Connection) -> str:
        self.clock.device = self._devices.pop()
        return self.clock.device

    def unwritten(self, connection: sqlite3.Connection) -> Unwritten:
        return Unwritten([self.registers[key] for key in self.flagged], self.changes)

    def set_written(self, connection: sqlite3.Connection, mark: int) -> None:
        self.flagged = {key: change for key, change in self.flagged.items() if change > mark}

    def write_all_again(self, connection: sqlite3.Connection) -> None:
        self.flagged = dict.fromkeys(self.registers, self.changes)

    def current(self, connection: sqlite3.Connection, paper: str, field: str) -> Register | None:
        return self.registers.get((paper, field))

    def set(self, connection: sqlite3.Connection | None, paper: str, field: str, value: object) -> None:
        key = (paper, field)
        before = self.registers.get(key)
        self.registers[key] = Register(paper, field, value, self.clock.tick(), before.clock if before else None)
        self.changes += 1
        self.flagged.pop(key, None)
        self.flagged[key] = self.changes

    def apply(self, connection: sqlite3.Connection, registers: Sequence[Register]) -> int:
        applied = 0
        for each in registers:
            self.clock.observe(each.clock)
            key = (each.paper, each.field)
            present = self.registers.get(key)
            if present is None or each.clock > present.clock:
                self.registers[key] = each
                self.flagged.pop(key, None)
                applied += 1
        return applied
