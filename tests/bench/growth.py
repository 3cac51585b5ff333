"""Finds which figures grow with the number of papers, and by which factor for ten times as many papers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.figures import MORE_IS_BETTER, Figure, columns, number

# A cost counts as growing only if it is multiplied by more than this when there are ten times as many papers. Smaller
# factors may be noise.
_GROWS = 1.15
# Figures in this unit are percentages and not costs, so they are left out.
_NO_COST = "%"


@dataclass(frozen=True)
class Growth:
    """How the cost in one row of the table grew from the smallest to the largest measured number of papers."""

    name: str
    first: Figure
    last: Figure

    @property
    def tenfold(self) -> float:
        """The factor by which the cost grows for ten times as many papers."""
        factor = _cost(self.last) / _cost(self.first)
        return float(factor ** (1 / math.log10(self.last.at / self.first.at)))

    @property
    def grows(self) -> bool:
        """Whether the cost grows by more than the noise between two runs."""
        return self.tenfold > _GROWS


def growths(figures: Iterable[Figure]) -> list[Growth]:
    """The growth of every row that is a cost and was measured at two sizes or more. The largest growth comes first."""
    rows: dict[str, list[Figure]] = {}
    for each in figures:
        if each.unit != _NO_COST and each.figure > 0:
            rows.setdefault(each.name, []).append(each)
    found = []
    for name, measured in rows.items():
        measured.sort(key=lambda each: each.at)
        if measured[0].at < measured[-1].at:
            found.append(Growth(name, measured[0], measured[-1]))
    return sorted(found, key=lambda each: -each.tenfold)


def report(found: Sequence[Growth]) -> str:
    """The rows that grow, one on each line, and the number of rows that do not grow.

    Empty if only one size was measured.
    """
    if not found:
        return ""
    growing = [each for each in found if each.grows]
    rows = [["what grows with the library", "per tenfold", "from", "to"]]
    rows += [[each.name, f"{each.tenfold:.2f}x", _at(each.first), _at(each.last)] for each in growing]
    rest = f"{len(found) - len(growing)} of {len(found)} rows cost the same at every size (under {_GROWS}x per tenfold)"
    return f"{columns(rows, (1,))}\n{rest}" if growing else rest


def _at(figure: Figure) -> str:
    return f"{number(figure.figure)} {figure.unit} at {figure.at:,}"


def _cost(figure: Figure) -> float:
    """The cost: the figure itself, or the reciprocal (a time) if the figure is a rate."""
    return 1 / figure.figure if figure.unit in MORE_IS_BETTER else figure.figure
