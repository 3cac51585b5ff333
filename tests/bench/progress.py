"""What a long preparation says while it goes on: how far it is, and how long it still takes."""

from __future__ import annotations

import sys
import time
from typing import TextIO

# A line on a terminal is written anew so often (s); elsewhere it is said once.
_EVERY = 0.5


class Progress:
    """Says on standard error that `what` goes on, how much of `total` is done and how much time is left."""

    def __init__(self, what: str, total: int | None = None, stream: TextIO | None = None) -> None:
        self._what = what
        self._total = total
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty()
        self._started = time.monotonic()
        self._said = 0.0

    def __enter__(self) -> Progress:
        print(f"  {self._what} …", file=self._stream, flush=True)
        return self

    def __exit__(self, *_: object) -> None:
        took = time.monotonic() - self._started
        print(f"{self._cleared}  {self._what}: {spoken(took)}", file=self._stream, flush=True)

    def step(self, done: int) -> None:
        """`done` of the total are done."""
        now = time.monotonic()
        if not self._live or self._total is None or now - self._said < _EVERY:
            return
        self._said = now
        left = left_over(now - self._started, done, self._total)
        print(f"{self._cleared}  {done:,} of {self._total:,}, {spoken(left)} left", end="", file=self._stream)
        self._stream.flush()

    @property
    def _cleared(self) -> str:
        return "\r\x1b[K" if self._live else ""


def left_over(elapsed: float, done: float, total: float) -> float:
    """Seconds that the rest takes when it goes on as it did; `done` is above 0."""
    return elapsed * (total - done) / done


def spoken(seconds: float) -> str:
    """Seconds as somebody says them: "12 s", "3 min 05 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
