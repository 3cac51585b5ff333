"""Figures beside their goals and yardsticks, and the table that they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Units of which more is better; of the others less is.
_MORE_IS_BETTER = ("papers/s", "%")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured, at which number of papers, and what it should be.

    `figure`, `goal` and `yardstick_figure` are in `unit`. The `goal_ratio` is the goal over the yardstick of the
    machine that the goal was set on; where both are there it decides, for it holds on any machine.
    """

    name: str
    at: int
    figure: float
    unit: str
    goal: float | None = None
    goal_ratio: float | None = None
    yardstick: str = ""
    yardstick_figure: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How often the yardstick's figure this one is; None without a yardstick."""
        return self.figure / self.yardstick_figure if self.yardstick_figure else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal_ratio is not None and self.ratio is not None:
            return _as_good(self.ratio, self.goal_ratio, self.unit)
        return None if self.goal is None else _as_good(self.figure, self.goal, self.unit)

    def as_json(self) -> dict[str, Any]:
        """Every field, and what follows from them."""
        return {**self.__dict__, "ratio": self.ratio, "reached": self.reached}


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values`, at least one, do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The value in the middle."""
    return percentile(values, 0.5)


def table(figures: Iterable[Figure]) -> str:
    """Figures as lines of text in columns."""
    rows = [["what", "at", "figure", "goal", "yardstick", "ratio", "reached", "note"]]
    for each in figures:
        rows.append(
            [
                each.name,
                f"{each.at:,}",
                f"{_number(each.figure)} {each.unit}",
                _goal(each),
                _yardstick(each),
                f"{each.ratio:.2f}x" if each.ratio is not None else "",
                {True: "reached", False: "NOT reached", None: ""}[each.reached],
                each.note,
            ]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = (1, 2, 3, 5)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _as_good(value: float, goal: float, unit: str) -> bool:
    return value >= goal if unit in _MORE_IS_BETTER else value <= goal


def _goal(figure: Figure) -> str:
    parts = [_number(figure.goal)] if figure.goal is not None else []
    if figure.goal_ratio is not None:
        parts.append(f"{figure.goal_ratio:.2g}x")
    return " or ".join(parts)


def _yardstick(figure: Figure) -> str:
    if not figure.yardstick:
        return ""
    found = figure.yardstick_figure
    return f"{figure.yardstick}: {'missing' if found is None else _number(found)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
