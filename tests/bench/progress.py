"""The progress line of a long preparation: how much of it is done, and how long the rest will take."""

from __future__ import annotations

import sys
import time
from typing import TextIO

# The time between two updates of the progress line on a terminal (s). If the output is a file, the line is written only
# once.
_EVERY = 0.5


class Progress:
    """Writes to standard error that `what` is being done, how much of `total` is done, and how much time is left."""

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
        """Update the line: `done` items of the total are done."""
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
    """The seconds that the rest will take at the speed so far. `done` must be more than 0."""
    return elapsed * (total - done) / done


def spoken(seconds: float) -> str:
    """A duration in seconds as a text: "12 s", "3 min 05 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
