"""Keys and what they do to the screen: from the byte that goes in to the repaint that comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bench.terminal import Terminal

# Somebody who types very fast takes so long for a key (s).
PACE = 0.08
Region = tuple[range, range]


@dataclass(frozen=True)
class Reaction:
    """When the screen showed something of a key, and when the last of it (ms). None when nothing changed."""

    first: float | None
    last: float | None


@dataclass(frozen=True)
class Typist:
    """Types on a terminal, a key in `pace` seconds or more, and watches parts of its screen.

    `quiet` seconds without output mean that the program is through with a key, unless the screen says that it is
    `pending`: then it is waited for up to the limit.
    """

    terminal: Terminal
    watched: tuple[Region, ...]
    quiet: float
    limit: float = 10.0
    pace: float = PACE
    pending: Callable[[Terminal], bool] = lambda terminal: False

    def press(self, key: str, *, expected: bool = True, answered_in: Region | None = None) -> Reaction:
        """Press `key` and see what becomes of it; where a change is `expected`, wait for it up to the limit.

        The first of it is the first change in `answered_in`, where that is given: what else changes there is no
        answer.
        """
        # What still came of the key before is not this one's.
        for chunk in self.terminal.read(quiet=0.0, limit=0.1):
            self.terminal.draw(chunk)
        answers = (answered_in,) if answered_in else self.watched
        before, unanswered = self._pictures(self.watched), self._pictures(answers)
        at = self.terminal.send(key)
        first = last = None
        while True:
            chunks = self.terminal.read(quiet=self.quiet, limit=self.limit)
            for chunk in chunks:
                self.terminal.draw(chunk)
                now = self._pictures(self.watched)
                if now != before:
                    last = (chunk.at - at) * 1000
                    before = now
                    if first is None and self._pictures(answers) != unanswered:
                        first = last
            waiting = (first is None and expected) or self.pending(self.terminal)
            if not waiting or time.perf_counter() - at > self.limit:
                break
        time.sleep(max(0.0, at + self.pace - time.perf_counter()))
        return Reaction(first, last if first is not None else None)

    def press_all(self, keys: Iterable[str]) -> list[Reaction]:
        """Press one key after another."""
        return [self.press(key) for key in keys]

    def _pictures(self, regions: Iterable[Region]) -> tuple[object, ...]:
        return tuple(self.terminal.picture(*region) for region in regions)


def milliseconds(reactions: Iterable[Reaction], *, last: bool = False) -> list[float]:
    """The moments of those reactions that could be seen."""
    found = [reaction.last if last else reaction.first for reaction in reactions]
    return [each for each in found if each is not None]
