"""A month as text: a grid of its days, in which each day shows its number of papers as a bar and as digits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from textual.content import Content

from store.papers.periods import containing, period

# The widths of the column for one day and of the column for the week numbers (cells).
_DAY_WIDTH = 7
_WEEK_WIDTH = 4
# The bars of days: the number of papers on a day in eighths (1 to 8) of the largest number. A day without papers has no
# bar.
BARS = "▁▂▃▄▅▆▇█"


def grid(month: str, counts: Mapping[date, int], cursor: date, today: date) -> Content:
    """The days of a month ("2026-10") as a grid. A week has two lines: its days, and below them the numbers of papers.

    `counts` maps each day on which papers were listed to their number. The day under the cursor is in brackets, so that
    it can be recognized on a terminal without colours.
    """
    days = period("month", month)
    most = max(counts.values(), default=0)
    heading = " " * _WEEK_WIDTH + "".join(
        f"{name:>{_DAY_WIDTH - 1}} " for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    )
    lines = [Content.styled(heading.rstrip(), "$muted")]
    monday = days.first - timedelta(days=days.first.weekday())
    while monday <= days.last:
        week = [monday + timedelta(days=number) for number in range(7)]
        numbers = [Content.styled(f"{containing('week', monday)[-3:]:<{_WEEK_WIDTH}}", "$muted")]
        bars = [Content(" " * _WEEK_WIDTH)]
        for day in week:
            if not days.first <= day <= days.last:
                numbers.append(Content(" " * _DAY_WIDTH))
                bars.append(Content(" " * _DAY_WIDTH))
                continue
            count = counts.get(day, 0)
            text = f"[{day.day}]" if day == cursor else f"{day.day} "
            style = "bold reverse" if day == cursor else "bold $key" if day == today else "" if count else "$muted"
            padding = " " * (_DAY_WIDTH - len(text))
            numbers += [Content(padding), Content.styled(text, style)]
            bars.append(Content(_bar(count, most)))
        lines += [Content("").join(numbers), Content("").join(bars)]
        monday += timedelta(days=7)
    return Content("\n").join(lines)


def bar_of(count: int, most: int) -> str:
    """A block character whose height shows a count between 0 and `most`; a blank for 0."""
    return BARS[max(0, -(-count * len(BARS) // most) - 1)] if count else " "


def _bar(count: int, most: int) -> str:
    text = f"{bar_of(count, most)}{_short(count):>4} " if count else ""
    return f"{text:>{_DAY_WIDTH}}"


def _short(count: int) -> str:
    """A count as text in at most four cells, for example "12", "1234" or "12k"."""
    return str(count) if count < 10_000 else f"{count // 1000}k"


def day_at(month: str, x: int, y: int) -> date | None:
    """The day at the column `x` and the line `y` of the grid of a month; None if no day is there."""
    days = period("month", month)
    if x < _WEEK_WIDTH or y < 1:
        return None
    monday = days.first - timedelta(days=days.first.weekday())
    day = monday + timedelta(days=(y - 1) // 2 * 7 + min(6, (x - _WEEK_WIDTH) // _DAY_WIDTH))
    return day if days.first <= day <= days.last else None
