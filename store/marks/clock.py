"""A hybrid logical clock, which orders the changes of marks of all machines, whatever their wall clocks show.

A clock reading has the wall clock's milliseconds, and a counter for changes that are made within one millisecond or
while the wall clock is behind. A machine that sees a later reading of another machine continues after that reading, so
that a change always gets a later reading than every change that its author could see.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import msgspec

_COUNTER_BITS = 16
_LARGEST_COUNTER = 2**_COUNTER_BITS - 1
# The largest number that fits into an INTEGER of SQLite, which is in the year 6429.
LARGEST_NUMBER = 2**63 - 1
DEVICE = re.compile(r"[0-9a-z]{1,32}")


class Clock(msgspec.Struct, frozen=True, order=True, array_like=True):
    """One reading of a clock. Readings are totally ordered: by milliseconds, then counter, then device.

    `milliseconds` counts from 1970 in UTC. `counter` is at most 65,535. `device` is the random id of the library that
    made the change, 1 to 32 lower-case letters and digits (`DEVICE`).
    """

    milliseconds: int
    counter: int
    device: str

    @property
    def number(self) -> int:
        """Milliseconds and counter as one integer, which orders the readings of one device. At most 63 bits."""
        return (self.milliseconds << _COUNTER_BITS) + self.counter

    @classmethod
    def of(cls, number: int, device: str) -> Clock:
        """The reading of `device` whose `number` is this. Raises ValueError for a number that no reading has."""
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

        After an observed reading at the end of the range of numbers, the last number is used again.
        """
        self.last = min(max(self.last + 1, max(0, self._now()) << _COUNTER_BITS), LARGEST_NUMBER)
        return Clock.of(self.last, self.device)

    def observe(self, clock: Clock) -> int:
        """Continue after a reading of another machine.

        Returns by how many milliseconds it is ahead of the wall clock of this machine, or 0. A reading that is ahead
        must be accepted, because its register would otherwise be lost.
        """
        self.last = max(self.last, clock.number)
        return max(0, clock.milliseconds - self._now())
