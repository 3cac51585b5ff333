"""Measured figures, their goals and yardsticks, and the table in which they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# For figures in these units, more is better. For all other units, less is better.
MORE_IS_BETTER = ("papers/s", "entries/s", "%")
_RIGHT = (1, 2, 3, 5)


@dataclass(frozen=True)
class Yardstick:
    """A value with which a figure is compared, in the unit of the figure.

    `figure` is None if the yardstick cannot be measured on this machine, for example because a program is missing.
    """

    name: str
    figure: float | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured value, with the number of papers (`at`) for which it was measured, and with its goal.

    `figure`, `goal` and the yardsticks are in `unit`. `goal_ratio` is the goal for the figure divided by the first
    yardstick. It was computed on one machine (the machine where the goals were set) and for one number of papers. If a
    figure has both goals, it is enough to reach one of them, because the machine of this run may be slower, or run the
    yardstick much faster.
    """

    name: str
    at: int
    figure: float
    unit: str
    goal: float | None = None
    goal_ratio: float | None = None
    yardsticks: tuple[Yardstick, ...] = ()
    note: str = ""

    @property
    def ratios(self) -> tuple[float | None, ...]:
        """The figure divided by each yardstick; None for a yardstick that is missing."""
        return tuple(self.figure / each.figure if each.figure else None for each in self.yardsticks)

    @property
    def reached(self) -> bool | None:
        """Whether one of the goals is reached. None if there is no goal, or only a ratio to a missing yardstick."""
        return bool(self.reached_by) if self._judged() else None

    @property
    def reached_by(self) -> tuple[str, ...]:
        """The names of the goals that are reached: "ratio", "figure", both or none."""
        return tuple(said for said, good in self._judged() if good)

    def _judged(self) -> list[tuple[str, bool]]:
        judged = []
        ratio = next(iter(self.ratios), None)
        if self.goal_ratio is not None and ratio is not None:
            judged.append(("ratio", _as_good(ratio, self.goal_ratio, self.unit)))
        if self.goal is not None:
            judged.append(("figure", _as_good(self.figure, self.goal, self.unit)))
        return judged

    def as_json(self) -> dict[str, Any]:
        """The figure for a JSON file: all fields, and also the ratios and whether the goal is reached."""
        yardsticks = [
            {"name": each.name, "figure": each.figure, "ratio": ratio}
            for each, ratio in zip(self.yardsticks, self.ratios, strict=True)
        ]
        return {**self.__dict__, "yardsticks": yardsticks, "reached": self.reached}


def figure_of(fields: dict[str, Any]) -> Figure:
    """The figure from whose `as_json` these fields come."""
    own = {name: value for name, value in fields.items() if name not in ("yardsticks", "reached")}
    return Figure(**own, yardsticks=tuple(Yardstick(each["name"], each["figure"]) for each in fields["yardsticks"]))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that the share `share` (0 to 1) of them does not exceed.

    Raises ValueError when there are none.
    """
    if not values:
        raise ValueError("nothing was seen to measure")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The median of `values`. Raises ValueError when there are none."""
    return percentile(values, 0.5)


def table(figures: Iterable[Figure]) -> str:
    """Figures as lines of text in columns. If a figure has several yardsticks, each of them has a line."""
    rows = [["what", "at", "figure", "goal", "yardstick", "ratio", "reached", "note"]]
    for each in figures:
        beside = [
            [f"{yard.name}: {'missing' if yard.figure is None else number(yard.figure)}", _times(ratio)]
            for yard, ratio in zip(each.yardsticks, each.ratios, strict=True)
        ] or [["", ""]]
        verdict = {True: "reached", False: "NOT reached", None: ""}[each.reached]
        size, figure = f"{each.at:,}", f"{number(each.figure)} {each.unit}"
        rows.append([each.name, size, figure, _goal(each), *beside[0], verdict, _note(each)])
        rows += [["", "", "", "", *further, "", ""] for further in beside[1:]]
    return columns(rows, _RIGHT)


def columns(rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    """Rows of cells as lines of text with aligned columns.

    The columns whose indexes are in `numbers` are aligned to the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def number(value: float) -> str:
    """A number as text, with two decimals below 1, one decimal below 100, and no decimals from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def _as_good(value: float, goal: float, unit: str) -> bool:
    return value >= goal if unit in MORE_IS_BETTER else value <= goal


def _goal(figure: Figure) -> str:
    parts = [number(figure.goal)] if figure.goal is not None else []
    if figure.goal_ratio is not None:
        parts.append(_times(figure.goal_ratio))
    return " or ".join(parts)


def _note(figure: Figure) -> str:
    """The note of a figure. If the figure has both kinds of goal, the note begins with the goals that are reached."""
    two = figure.goal is not None and figure.goal_ratio is not None
    by = f"by its {' and its '.join(figure.reached_by)}" if two and figure.reached_by else ""
    return "; ".join(part for part in (by, figure.note) if part)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}x" if ratio >= 0.1 else f"{ratio:.2g}x"
