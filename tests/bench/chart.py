"""Draws the README's chart of cost against number of papers as SVG.

Both axes are logarithmic. The chart is readable on light and on dark pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.bench.figures import Figure

_WIDTH = 860
_LEFT, _RIGHT = 60, 300
# The font size (px). A README on GitHub is about _WIDTH wide, so the letters are as large as GitHub's small text.
_LETTERS = 12.5
# The minimum distance between the labels of two lines (px).
_APART = 16
# Colours that stand out on white and on GitHub's dark background alike (at least 3:1 on both).
_COLOURS = ("#2f81f7", "#d9730d", "#1a9c4b", "#a371f7", "#e5484d", "#0f9d9d", "#b08800", "#d6409f", "#6e7fa0")
_DASHES = ("", "7 3")
_THOUSANDS = {"ms": "s", "MB": "GB"}
# If a row of the table has several percentiles, only its median is drawn.
_MEDIAN, _NOT_DRAWN = ", p50", (", p99", ", worst")


@dataclass(frozen=True)
class Line:
    """One row of the table: its points (papers, cost), the smallest number of papers first, and its goal or None."""

    name: str
    points: tuple[tuple[int, float], ...]
    goal: float | None


@dataclass(frozen=True)
class _Panel:
    """A diagram of all costs in one unit. `top` is its y and `height` its height (px); `title` is printed above it."""

    unit: str
    title: str
    top: float
    height: float


_PANELS = (
    _Panel("ms", "Time by papers in the library: medians", 52, 420),
    _Panel("MB", "Memory by papers in the library", 560, 130),
)


def lines(figures: Iterable[Figure], unit: str) -> list[Line]:
    """The rows of the table in `unit` that were measured at two sizes or more.

    Of a row with percentiles, only the median.
    """
    rows: dict[str, list[Figure]] = {}
    for each in figures:
        if each.unit == unit and each.figure > 0 and not each.name.endswith(_NOT_DRAWN):
            rows.setdefault(each.name.removesuffix(_MEDIAN), []).append(each)
    found = []
    for name, measured in rows.items():
        measured.sort(key=lambda each: each.at)
        if measured[0].at < measured[-1].at:
            found.append(Line(name, tuple((each.at, each.figure) for each in measured), measured[-1].goal))
    return sorted(found, key=lambda line: -line.points[-1][1])


def svg(figures: Sequence[Figure]) -> str:
    """The chart. Raises ValueError when no row was measured at two sizes."""
    drawn = [(panel, found) for panel in _PANELS if (found := lines(figures, panel.unit))]
    if not drawn:
        raise ValueError("a chart needs figures at two sizes")
    sizes = [size for _, found in drawn for line in found for size, _ in line.points]
    across = _Axis(math.log10(min(sizes)), math.log10(max(sizes)), _LEFT, _WIDTH - _RIGHT)
    last, _ = drawn[-1]
    parts = [_head(last.top + last.height + 50)]
    for panel, found in drawn:
        parts += _drawn(panel, found, across)
    return "\n".join([*parts, "</svg>"]) + "\n"


def spread(places: Sequence[float], apart: float, first: float, last: float) -> list[float]:
    """The positions `places` (in rising order), moved apart.

    They are then at least `apart` from each other, and between `first` and `last`.
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + apart if moved else first))
    limit = last
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], limit)
        limit = moved[at] - apart
    return moved


@dataclass(frozen=True)
class _Axis:
    """A logarithmic axis for values from 10^`low` to 10^`high`, drawn from `start` to `end` (coordinates in px)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The coordinate of a value (px)."""
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def powers(self) -> list[float]:
        """The powers of ten on the axis, at which a grid line and a label are drawn."""
        return [10.0**power for power in range(math.ceil(self.low), math.floor(self.high) + 1)]


def _head(height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}"'
        f' height="{height:g}" role="img" font-family="system-ui, sans-serif" font-size="{_LETTERS}">\n'
        "<title>What recto costs, by the number of papers in the library</title>\n"
        "<style>text { fill: #57606a } .grid { stroke: #8c959f; stroke-opacity: .3 } .goal { stroke-opacity: .6 }\n"
        "@media (prefers-color-scheme: dark) { text { fill: #adbac7 } }</style>"
    )


def _drawn(panel: _Panel, found: Sequence[Line], across: _Axis) -> Iterator[str]:
    """The SVG elements of a panel: its title, its grid lines, the curves and their names."""
    costs = [cost for line in found for _, cost in line.points] + [line.goal for line in found if line.goal]
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))
    up = _Axis(low, max(high, low + 1), panel.top + panel.height, panel.top)
    goals = "; dotted: the goals" if any(line.goal for line in found) else ""
    yield f'<text x="{_LEFT}" y="{panel.top - 16:g}" font-size="14" font-weight="600">{panel.title}{goals}</text>'
    yield from _grid(panel, across, up)
    labels = spread([up.at(line.points[-1][1]) for line in found], _APART, panel.top, panel.top + panel.height)
    for number, (line, label) in enumerate(zip(found, labels, strict=True)):
        dashes = _DASHES[number // len(_COLOURS) % len(_DASHES)]
        yield from _line(line, across, up, _COLOURS[number % len(_COLOURS)], dashes, label)


def _grid(panel: _Panel, across: _Axis, up: _Axis) -> Iterator[str]:
    for value in across.powers():
        x = across.at(value)
        yield f'<path class="grid" d="M{x:.1f} {up.start:.1f}V{up.end:.1f}"/>'
        yield f'<text x="{x:.1f}" y="{up.start + 18:.1f}" text-anchor="middle">{_short(value)}</text>'
    for value in up.powers():
        y = up.at(value)
        said = f"{value / 1000:g} {_THOUSANDS[panel.unit]}" if value >= 1000 else f"{value:g} {panel.unit}"
        yield f'<path class="grid" d="M{across.start:.1f} {y:.1f}H{across.end:.1f}"/>'
        yield f'<text x="{across.start - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{said}</text>'
    middle = (across.start + across.end) / 2
    yield f'<text x="{middle:.1f}" y="{up.start + 36:.1f}" text-anchor="middle">papers</text>'


def _line(line: Line, across: _Axis, up: _Axis, colour: str, dashes: str, label: float) -> Iterator[str]:
    stroke = f'fill="none" stroke="{colour}"'
    if line.goal:
        y = up.at(line.goal)
        yield f'<path class="goal" {stroke} stroke-dasharray="1 4" d="M{across.start:.1f} {y:.1f}H{across.end:.1f}"/>'
    points = [(across.at(size), up.at(cost)) for size, cost in line.points]
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    yield f'<path {stroke} stroke-width="2"{dashed} d="M{way}"/>'
    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
    x, y = points[-1]
    yield f'<path {stroke} stroke-width="1.5"{dashed} d="M{x + 4:.1f} {y:.1f}L{across.end + 24:.1f} {label:.1f}h10"/>'
    yield f'<text x="{across.end + 38:.1f}" y="{label + 4:.1f}">{escape(line.name)}</text>'


def _short(value: float) -> str:
    """A number of papers as the label of an axis: 10000 becomes "10k"."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
