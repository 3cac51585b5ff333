"""A hybrid logical clock. It orders the changes of marks from all machines, even if their wall clocks are wrong.

A clock reading consists of the wall clock's milliseconds and a counter. The counter grows when several changes are made
within one millisecond, or while the wall clock is behind the last reading. A machine that receives a later reading from
another machine continues after that reading. So a new change gets a later reading than all changes that its author had
received.

A broken or hostile machine may write readings that are far in the future. If other machines always continued after such
readings, their clocks would reach the largest number, and later changes could not be ordered any more. Therefore:

- No reading is after LATEST. Machines write none, and refuse those that they receive.
- A clock continues after readings that are at most MOST_FOLLOWED ahead. If a reading is further ahead, only a change
  that replaces the change with this reading gets a later reading (see `tick`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import msgspec

from store.model.errors import LibraryError

_COUNTER_BITS = 16
_LARGEST_COUNTER = 2**_COUNTER_BITS - 1
# The largest number that fits into an INTEGER of SQLite. As a clock reading, it is in the year 6429.
LARGEST_NUMBER = 2**63 - 1
# LATEST is the number of the latest valid reading: the beginning of the year 2200, which no correct wall clock shows.
_LATEST_MILLISECONDS = 7_258_118_400_000
LATEST = _LATEST_MILLISECONDS << _COUNTER_BITS
# A clock continues after another machine's reading only if it is at most this far ahead of the wall clock (366 days, in
# milliseconds).
MOST_FOLLOWED = 366 * 24 * 3_600_000
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
        """The reading as one integer of at most 63 bits, made of the milliseconds and the counter.

        Of two readings of a device, the later one has the larger number.
        """
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
    """The clock of one library. `last` is the `number` of the latest reading that it made or follows."""

    def __init__(self, device: str, last: int = 0, now: Callable[[], int] = wall_milliseconds) -> None:
        self.device = device
        self.last = last if last <= LATEST else 0
        self._now = now

    def tick(self, after: int = 0) -> Clock:
        """A new reading, later than all readings that this clock has made or follows, and than the number `after`.

        `after` is the number of the reading of the change that is replaced. Raises LibraryError if `after` is LATEST,
        because there is no later reading.
        """
        wall = max(0, self._now())
        self.last = max(self.last + 1, wall << _COUNTER_BITS if wall <= _LATEST_MILLISECONDS else 0)
        number = max(self.last, after + 1)
        if number > LATEST:
            raise LibraryError(
                "this mark cannot be changed: another machine wrote it with the last time that a clock can have"
            )
        return Clock.of(number, self.device)

    def observe(self, clock: Clock) -> int:
        """Let later calls of `tick` return readings after `clock`, which is a reading of another machine.

        A reading that is more than MOST_FOLLOWED ahead is ignored. Returns by how many milliseconds `clock` is ahead of
        the wall clock of this machine, or 0. Even if it is ahead, the caller should accept the change with this
        reading, because the change would be lost otherwise.
        """
        ahead = max(0, clock.milliseconds - self._now())
        if ahead <= MOST_FOLLOWED:
            self.last = max(self.last, clock.number)
        return ahead
