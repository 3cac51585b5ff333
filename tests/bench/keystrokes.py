"""Keys and what they do to the screen: from the byte that goes in to the repaint that comes out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.terminal import Terminal

# Somebody who types fast takes so long for a key (s).
PACE = 0.12
Region = tuple[range, range]


@dataclass(frozen=True)
class Reaction:
    """When the screen showed something of a key, and when the last of it (ms). None when nothing changed."""

    first: float | None
    last: float | None


@dataclass(frozen=True)
class Typist:
    """Types on a terminal, a key in `pace` seconds or more, and watches parts of its screen.

    `quiet` seconds without output mean that the program is through with a key.
    """

    terminal: Terminal
    watched: tuple[Region, ...]
    quiet: float
    limit: float = 10.0
    pace: float = PACE

    def press(self, key: str, *, expected: bool = True) -> Reaction:
        """Press `key` and see what becomes of it; where a change is `expected`, wait for it up to the limit."""
        # What still came of the key before is not this one's.
        for chunk in self.terminal.read(quiet=0.0, limit=0.1):
            self.terminal.draw(chunk)
        before = self._pictures()
        at = self.terminal.send(key)
        first = last = None
        while True:
            chunks = self.terminal.read(quiet=self.quiet, limit=self.limit)
            for chunk in chunks:
                self.terminal.draw(chunk)
                now = self._pictures()
                if now != before:
                    first = first or (chunk.at - at) * 1000
                    last = (chunk.at - at) * 1000
                    before = now
            if last is not None or not expected or time.perf_counter() - at > self.limit:
                break
        time.sleep(max(0.0, at + self.pace - time.perf_counter()))
        return Reaction(first, last)

    def press_all(self, keys: Iterable[str]) -> list[Reaction]:
        """Press one key after another."""
        return [self.press(key) for key in keys]

    def _pictures(self) -> tuple[object, ...]:
        return tuple(self.terminal.picture(*region) for region in self.watched)


def milliseconds(reactions: Iterable[Reaction], *, last: bool = False) -> list[float]:
    """The moments of those reactions that could be seen."""
    found = [reaction.last if last else reaction.first for reaction in reactions]
    return [each for each in found if each is not None]
