"""Measures the time from exec to a page of papers, and from exec to the reaction to a key."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.bench.bare import SHOWN
from tests.bench.figures import Figure, Yardstick, median
from tests.bench.limits import explained, of_a_start
from tests.bench.stand import PATIENCE, Stand, fzf, has_fzf, one_line, shows, visible
from tests.bench.terminal import Terminal

NAME = "start"

# A letter that has no action and is in no title. It is typed repeatedly until the program shows it in the filter.
_LETTER = "§"
_EVERY = 0.004
_YARDSTICK = "one-line Textual app"
_FZF_LINES = 100


def measure(stand: Stand) -> Iterator[Figure]:
    """The times from exec to the first output with a paper's title, and to the first letter typed into the filter."""
    rounds = stand.rounds(5)
    shown = shows(stand.first_titles())
    with stand.opened_reader() as first:
        # Start and leave recto once, because a start prints the page that the previous run stored.
        first.leave("q")
    readers = [_round(stand.reader_as_left, shown, "/", leave=True) for _ in range(rounds)]
    lines = _one_line(rounds)
    yield Figure(
        name="exec to a painted page",
        at=stand.size,
        figure=median([painted for painted, _ in readers]),
        unit="ms",
        # The goal is only in milliseconds, without a ratio to fzf: the 30 ms of fzf were not measured from its exec on.
        goal=40,
        yardsticks=(
            Yardstick(f"fzf's first paint of {_FZF_LINES} lines", _first_paint_of_fzf(rounds)),
            Yardstick(_YARDSTICK, median([painted for painted, _ in lines])),
        ),
        note=f"slowest of {rounds} {max(painted for painted, _ in readers):.0f} ms",
    )
    answered = median([answered for _, answered in readers])
    figure = Figure(
        name="exec to interactive",
        at=stand.size,
        figure=answered,
        unit="ms",
        goal_ratio=1.25,
        yardsticks=(Yardstick(_YARDSTICK, median([answered for _, answered in lines])),),
        note="to the echo of a letter typed into the filter",
    )
    yield explained(figure, lambda: of_a_start(answered))


@cache
def _one_line(rounds: int) -> list[tuple[float, float]]:
    return [_round(one_line, shows([SHOWN]), "") for _ in range(rounds)]


def _round(
    start: Callable[[], Terminal], shown: Callable[[bytes], bool], before: str, *, leave: bool = False
) -> tuple[float, float]:
    """The times to the first output, and to the echo of the letters that are typed from then on (ms).

    The keys `before` are sent first. With `leave`, keys end the program, so that the next round starts as after normal
    use.
    """
    with start() as terminal:
        painted = terminal.read_until(shown, limit=PATIENCE)[-1].at
        terminal.send(before)
        written = b""
        ends = painted + PATIENCE
        while time.perf_counter() < ends:
            terminal.send(_LETTER)
            for chunk in terminal.read(quiet=_EVERY, limit=_EVERY):
                written += chunk.data
                if _echoed(written):
                    if leave:
                        terminal.leave("\x1b", "q")
                    return (painted - terminal.started) * 1000, (chunk.at - terminal.started) * 1000
    raise TimeoutError("no key was answered")


def _echoed(written: bytes) -> bool:
    """Whether the program shows the letter.

    If a slash is next to the letter, the terminal echoed both, not the program.
    """
    plain = visible(written).decode("utf-8", "replace")
    return _LETTER in plain and f"/{_LETTER}" not in plain


@cache
def _first_paint_of_fzf(rounds: int) -> float | None:
    if not has_fzf():
        return None
    with tempfile.TemporaryDirectory() as folder:
        titles = Path(folder) / "titles"
        titles.write_text("".join(f"title {number}\n" for number in range(_FZF_LINES)))
        found = []
        for _ in range(rounds):
            with fzf(titles) as terminal:
                chunks = terminal.read_until(shows(["title 0"]), limit=PATIENCE)
                found.append((chunks[-1].at - terminal.started) * 1000)
    return median(found)
