"""Figures beside their goals and yardsticks, and the table that they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Units of which more is better; of the others less is.
MORE_IS_BETTER = ("papers/s", "entries/s", "%")
_RIGHT = (1, 2, 3, 5)


@dataclass(frozen=True)
class Yardstick:
    """What a figure is held against, in the figure's unit; None when it is not on this machine."""

    name: str
    figure: float | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured, at which number of papers, and what it should be.

    `figure`, `goal` and the yardsticks are in `unit`. The `goal_ratio` is the goal over the first yardstick of the
    machine that the goal was set on, for the size that it was set at. Where both are there either will do: a machine
    may be slower than that one, and a yardstick much faster.
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
        """How often each yardstick's figure this one is; None where the yardstick is missing."""
        return tuple(self.figure / each.figure if each.figure else None for each in self.yardsticks)

    @property
    def reached(self) -> bool | None:
        """Whether the goal or its ratio is reached; None without either, or with a ratio to what is missing alone."""
        return bool(self.reached_by) if self._judged() else None

    @property
    def reached_by(self) -> tuple[str, ...]:
        """Which of the two is reached: "ratio", "figure"."""
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
        """Every field, and what follows from them."""
        yardsticks = [
            {"name": each.name, "figure": each.figure, "ratio": ratio}
            for each, ratio in zip(self.yardsticks, self.ratios, strict=True)
        ]
        return {**self.__dict__, "yardsticks": yardsticks, "reached": self.reached}


def figure_of(fields: dict[str, Any]) -> Figure:
    """A figure again from what `as_json` gave."""
    own = {name: value for name, value in fields.items() if name not in ("yardsticks", "reached")}
    return Figure(**own, yardsticks=tuple(Yardstick(each["name"], each["figure"]) for each in fields["yardsticks"]))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed. Raises ValueError when there are none."""
    if not values:
        raise ValueError("nothing was seen to measure")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle one of `values`, at least one."""
    return percentile(values, 0.5)


def table(figures: Iterable[Figure]) -> str:
    """Figures as lines of text in columns; further yardsticks of a figure on lines of their own."""
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
    """Rows of cells as lines of text, cells one under the other; those at `right` end at the same place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def number(value: float) -> str:
    """A figure with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def _as_good(value: float, goal: float, unit: str) -> bool:
    return value >= goal if unit in MORE_IS_BETTER else value <= goal


def _goal(figure: Figure) -> str:
    parts = [number(figure.goal)] if figure.goal is not None else []
    if figure.goal_ratio is not None:
        parts.append(_times(figure.goal_ratio))
    return " or ".join(parts)


def _note(figure: Figure) -> str:
    """The note; where there were two goals and one of them is reached, which it was."""
    two = figure.goal is not None and figure.goal_ratio is not None
    by = f"by its {' and its '.join(figure.reached_by)}" if two and figure.reached_by else ""
    return "; ".join(part for part in (by, figure.note) if part)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}x" if ratio >= 0.1 else f"{ratio:.2g}x"
