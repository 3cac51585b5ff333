"""Measures moving in the list: by one line, by one page, and to the end.

The times in a library of this size are compared with those in a library of a hundred papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from store.papers import list_rows
from store.search.search import Search
from tests.bench.answers import answer, milliseconds_of
from tests.bench.figures import Figure, Yardstick, number, percentile
from tests.bench.keystrokes import Typist, milliseconds
from tests.bench.limits import explained
from tests.bench.stand import LIST, Stand
from tests.bench.terminal import ROWS, Terminal

NAME = "moves"

# The yardstick is recto with a library of this many papers.
FEW = Stand(100)
_DOWN = "j"
# Go back and forth, because a hundred papers are only a few pages, and every key must move the cursor.
_PAGES = ("\x1b[6~", "\x1b[6~", "\x1b[5~", "\x1b[5~")
_ENDS = ("G", "g")
# The time between two repetitions of a key that is held down (s).
_PACE = 0.06
# A move is finished after this time without output (s). If a key causes no output within _LIMIT (s), give up.
_QUIET, _LIMIT = 0.03, 1.0
# What is measured, and the goals for the median and the 99th percentile (ms).
_KINDS: Sequence[tuple[str, tuple[float, float] | None]] = (
    ("one line down", (8, 16)),
    ("one page", (16, 30)),
    ("to the end of the list and back", None),
)


def measure(stand: Stand) -> Iterator[Figure]:
    """The time from a key to the redrawn list, compared with that in a library of a hundred papers."""
    for (name, goals), found, few in zip(_KINDS, _moved(stand), _moved(replace(FEW, effort=stand.effort)), strict=True):
        for at, (share, said) in enumerate(((0.5, "p50"), (0.99, "p99"))):
            figure = Figure(
                name=f"{name}, {said}",
                at=stand.size,
                figure=percentile(found, share),
                unit="ms",
                goal=goals[at] if goals else None,
                yardsticks=(Yardstick(f"the reader with {FEW.size} papers", percentile(few, share)),),
                note=f"{len(found)} keys, worst {max(found):.0f} ms",
            )
            yield explained(figure, lambda: what_limits(stand))


def line_by_line(terminal: Terminal, count: int) -> list[float]:
    """Move the cursor down by `count` lines. Returns how long each move took until the list was redrawn (ms)."""
    typist = Typist(terminal, (LIST,), quiet=_QUIET, limit=_LIMIT, pace=_PACE)
    return milliseconds(typist.press_all(_DOWN * count), last=True)


@cache
def what_limits(stand: Stand) -> str:
    """A text about how much of a move's time is for loading papers.

    The rest of the time is the same in every library.
    """
    with stand.built.open() as library:
        ids = list(answer(Search(library), "").ids[:ROWS])
        took = milliseconds_of(lambda: list_rows.read(library.reader(), ids))
    return f"reading a page of papers takes {number(took)} ms of it, the rest is painting list and detail"


@cache
def _moved(stand: Stand) -> tuple[list[float], ...]:
    """How long moves took until the list was redrawn (ms): by a line, by a page, and to an end of the list."""
    with stand.opened_reader() as terminal:
        lines = line_by_line(terminal, stand.rounds(24))
        typist = Typist(terminal, (LIST,), quiet=_QUIET, limit=_LIMIT, pace=_PACE)
        typist.press("g")
        pages = typist.press_all(_PAGES * stand.rounds(3))
        typist.press("g", expected=False)
        ends = typist.press_all(_ENDS * stand.rounds(2))
    return lines, milliseconds(pages, last=True), milliseconds(ends, last=True)
