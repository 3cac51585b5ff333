"""A hybrid logical clock, which orders the changes of marks on all machines, even if their wall clocks are wrong.

A clock reading consists of the wall clock's milliseconds and a counter. The counter grows when several changes are made
within one millisecond, or while the wall clock is behind the last reading. A machine that receives a later reading from
another machine continues after that reading. So a new change always gets a later reading than all changes that its
author had received.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import msgspec

_COUNTER_BITS = 16
_LARGEST_COUNTER = 2**_COUNTER_BITS - 1
# The largest number that fits into an INTEGER of SQLite. As a clock reading, it is in the year 6429.
LARGEST_NUMBER = 2**63 - 1
DEVICE = re.compile(r"[0-9a-z]{1,32}")


class Clock(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """One reading of a clock. Readings are totally ordered: by milliseconds, then counter, then device.

    `milliseconds` counts from 1970 in UTC. `counter` is at most 65,535. `device` is the random id of the library that
    made the change, 1 to 32 lower-case letters and digits (`DEVICE`).
    """

    milliseconds: int
    counter: int
    device: str

    @property
    def number(self) -> int:
        """Milliseconds and counter as one integer of at most 63 bits. A later reading of a device has a larger one."""
        return (self.milliseconds << _COUNTER_BITS) + self.counter

    @classmethod
    def of(cls, number: int, device: str) -> Clock:
        """The reading of `device` with this `number`. Raises ValueError if `number` is negative or too large."""
        if not 0 <= number <= LARGEST_NUMBER:
            raise ValueError(f"{number} is no reading of a clock")
        return cls(number >> _COUNTER_BITS, number & _LARGEST_COUNTER, device)


def wall_milliseconds() -> int:
    """The wall clock of this machine, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class HybridClock:
    """The clock of one library. `last` is the `number` of the latest reading that it made or observed."""

    def __init__(self, device: str, last: int = 0, now: Callable[[], int] = wall_milliseconds) -> None:
        self.device = device
        self.last = last
        self._now = now

    def tick(self) -> Clock:
        """A new reading, later than every reading that this clock has made or observed.

        If the latest reading has the number LARGEST_NUMBER, no later one exists, and `tick` returns that number again.
        """
        self.last = min(max(self.last + 1, max(0, self._now()) << _COUNTER_BITS), LARGEST_NUMBER)
        return Clock.of(self.last, self.device)

    def observe(self, clock: Clock) -> int:
        """Let later calls of `tick` return readings after `clock`, which is a reading of another machine.

        Returns by how many milliseconds `clock` is ahead of the wall clock of this machine, or 0. A reading that is
        ahead is accepted, because otherwise the change with this reading would be lost.
        """
        self.last = max(self.last, clock.number)
        return max(0, clock.milliseconds - self._now())
