"""Moving in the list: one line, one page, to the end, in a library of this size and in one of a hundred papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.keystrokes import Typist, milliseconds
from tests.bench.stand import LIST, Stand

NAME = "moves"

# The yardstick: the same reader with so few papers.
FEW = Stand(100)
_DOWN = "j"
# A hundred papers are a few pages: back and forth, so that the list moves every time.
_PAGES = ("\x1b[6~", "\x1b[6~", "\x1b[5~", "\x1b[5~")
_ENDS = ("G", "g")
# A key that is held comes again so soon (s).
_PACE = 0.06
# What is measured, and the goals for the median and the 99th percentile (ms).
_KINDS: Sequence[tuple[str, tuple[float, float] | None]] = (
    ("one line down", (8, 16)),
    ("one page", (16, 30)),
    ("to the end of the list and back", None),
)


def measure(stand: Stand) -> Iterator[Figure]:
    """Key to the repainted list, beside the same reader with a hundred papers."""
    for (name, goals), found, few in zip(_KINDS, _moved(stand), _moved(replace(FEW, effort=stand.effort)), strict=True):
        for at, (share, said) in enumerate(((0.5, "p50"), (0.99, "p99"))):
            yield Figure(
                name=f"{name}, {said}",
                at=stand.size,
                figure=percentile(found, share),
                unit="ms",
                goal=goals[at] if goals else None,
                yardsticks=(Yardstick(f"the reader with {FEW.size} papers", percentile(few, share)),),
                note=f"{len(found)} keys, worst {max(found):.0f} ms",
            )


@cache
def _moved(stand: Stand) -> tuple[list[float], ...]:
    """Milliseconds of each line, each page and each way to an end, until the list stands still."""
    with stand.opened_reader() as terminal:
        typist = Typist(terminal, (LIST,), quiet=0.05, limit=2.0, pace=_PACE)
        # Past the end of the screen, so that the list scrolls too.
        lines = typist.press_all(_DOWN * stand.rounds(40))
        typist.press("g")
        pages = typist.press_all(_PAGES * stand.rounds(6))
        typist.press("g", expected=False)
        ends = typist.press_all(_ENDS * stand.rounds(3))
    return tuple(milliseconds(each, last=True) for each in (lines, pages, ends))
