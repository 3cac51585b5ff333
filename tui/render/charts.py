"""Charts of block characters, which need no colours. Every value except 0 is drawn as at least a small bar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from store.text.dates import month_name

# The block characters that fill 0 to 8 eighths of a cell: upwards from its bottom, and rightwards from its left side.
_RISING = " ▁▂▃▄▅▆▇█"
_GROWING = (" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█")
# The characters for the days in a heat map, from the lightest (count 0) to the darkest (largest count).
SHADES = " ░▒▓█"


def column_chart(values: Sequence[float], height: int, cells: int = 1) -> list[str]:
    """The lines of a chart with a column for each value, `height` lines high. Each column is `cells` cells wide."""
    most = max(values, default=0)
    eighths = [_scaled(value, most, height * 8) for value in values]
    return [
        "".join(_RISING[min(8, max(0, filled - 8 * line))] * cells for filled in eighths)
        for line in reversed(range(height))
    ]


def bar(value: float, most: float, cells: int) -> str:
    """A bar of at most `cells` cells for a value from 0 to `most`, without trailing blanks."""
    whole, rest = divmod(_scaled(value, most, cells * 8), 8)
    return "█" * whole + (_GROWING[rest] if rest else "")


def heat_map(counts: dict[date, int], mondays: Sequence[date], until: date, cells: int = 1) -> list[str]:
    """A heat map in seven lines, one for each weekday.

    Each week is a column of `cells` cells. The shade of a day shows its count. Days after `until` are blank.
    """
    most = max(counts.values(), default=0)
    lines = []
    for weekday in range(7):
        days = [monday + timedelta(days=weekday) for monday in mondays]
        shades = [SHADES[_scaled(counts.get(day, 0), most, len(SHADES) - 1)] if day <= until else " " for day in days]
        lines.append("".join(shade * cells for shade in shades))
    return lines


def month_axis(mondays: Sequence[date], cells: int = 1) -> str:
    """A line with the names of the months, each below its first week. A name that does not fit is left out."""
    line = ""
    for number, monday in enumerate(mondays):
        is_first = number == 0 or monday.month != mondays[number - 1].month
        if is_first and len(line) <= number * cells:
            line = f"{line:<{number * cells}}{month_name(monday)} "
    return line[: len(mondays) * cells].rstrip()


def _scaled(value: float, most: float, steps: int) -> int:
    """`value` converted from the range 0 to `most` to the range 0 to `steps`. The result is 0 only for the value 0."""
    return min(steps, max(1, round(value * steps / most))) if value and most else 0
