"""Measures the time from a key that is sent to a program to the changes on the program's screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bench.terminal import Terminal

# The pause between the keys of somebody who types very fast (s).
PACE = 0.08
Region = tuple[range, range]


@dataclass(frozen=True)
class Reaction:
    """The times from a key to the first and to the last change on the screen that it causes (ms).

    None when nothing changes.
    """

    first: float | None
    last: float | None


@dataclass(frozen=True)
class Typist:
    """Types on a terminal, one key in `pace` seconds or more, and watches parts of its screen.

    The reaction to a key ends after `quiet` seconds without output, unless `pending` returns that the screen still
    shows an incomplete answer. Then the typist waits for the complete answer, up to `limit` seconds.
    """

    terminal: Terminal
    watched: tuple[Region, ...]
    quiet: float
    limit: float = 10.0
    pace: float = PACE
    pending: Callable[[Terminal], bool] = lambda terminal: False

    def press(self, key: str, *, expected: bool = True, answered_in: Region | None = None) -> Reaction:
        """Press `key` and return its reaction. If a change is `expected`, wait for it, up to the limit.

        If `answered_in` (a part of the screen) is given, only a change in that part counts as the first change.
        """
        # Draw the pending output first: the previous key caused it, not this one.
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
        """The reactions to several keys that are pressed one after another."""
        return [self.press(key) for key in keys]

    def _pictures(self, regions: Iterable[Region]) -> tuple[object, ...]:
        return tuple(self.terminal.picture(*region) for region in regions)


def milliseconds(reactions: Iterable[Reaction], *, last: bool = False) -> list[float]:
    """The times to the first or to the last change (ms). Reactions without a change are left out."""
    durations = [reaction.last if last else reaction.first for reaction in reactions]
    return [duration for duration in durations if duration is not None]
