"""Moving in the list: one line down, one page down, in a library of this size and in one of a hundred papers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tests.bench.figures import Figure, percentile
from tests.bench.keystrokes import Typist, milliseconds
from tests.bench.stand import LIST, Stand

NAME = "moves"

_YARDSTICK_SIZE = 100
_DOWN = "j"
# A hundred papers are a few pages: back and forth, so that the list moves every time.
_PAGES = ("\x1b[6~", "\x1b[6~", "\x1b[5~", "\x1b[5~")
# Goals for the median and the 99th percentile (ms).
_LINE_GOAL, _PAGE_GOAL = (8, 16), (16, 30)


def measure(stand: Stand) -> Iterator[Figure]:
    """Key to the repainted list, beside the same reader with a hundred papers."""
    lines, pages = _moved(stand)
    few_lines, few_pages = _moved(Stand(_YARDSTICK_SIZE, stand.effort))
    for name, found, few, goals in (
        ("one line down", lines, few_lines, _LINE_GOAL),
        ("one page", pages, few_pages, _PAGE_GOAL),
    ):
        for goal, (share, said) in zip(goals, ((0.5, "p50"), (0.99, "p99")), strict=True):
            yield Figure(
                name=f"{name}, {said}",
                at=stand.size,
                figure=percentile(found, share),
                unit="ms",
                goal=goal,
                yardstick=f"the reader with {_YARDSTICK_SIZE} papers",
                yardstick_figure=percentile(few, share),
                note=f"{len(found)} keys, worst {max(found):.0f} ms",
            )


@cache
def _moved(stand: Stand) -> tuple[list[float], list[float]]:
    """Milliseconds of each line and each page, until the list stands still."""
    with stand.opened_reader() as terminal:
        typist = Typist(terminal, (LIST,), quiet=0.05, limit=2.0)
        # Past the end of the screen, so that the list scrolls too.
        lines = typist.press_all(_DOWN * stand.rounds(30))
        typist.press("g")
        pages = typist.press_all(_PAGES * stand.rounds(4))
    return milliseconds(lines, last=True), milliseconds(pages, last=True)
