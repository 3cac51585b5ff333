"""Converts the statistics to CSV, one number on each line, and to an SVG picture without scripts or embedded fonts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape

from store.exporting.csv_table import inert
from store.statistics.reading import Named, Statistics, Wait

_WIDTH = 760
_MARGIN = 24
# A bar for a number above 0 has at least this height or width (SVG units), so that it is never invisible.
_LEAST = 2.0
_LEVELS = ("#ebedf0", "#b6d4f2", "#6ba7e0", "#2f78c4", "#12467f")
# In the picture, names are shortened to this length (characters).
_LONGEST_NAME = 48


def to_csv(statistics: Statistics) -> str:
    """The statistics as CSV with the columns "statistic", "of" and "value"."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("statistic", "of", "value"))
    for name, of, value in _rows(statistics):
        table.writerow((name, inert(of), value))
    return text.getvalue()


def _rows(statistics: Statistics) -> Iterator[tuple[str, str, str]]:
    yield "papers", "", str(statistics.papers)
    yield "papers read", "", str(statistics.read)
    yield "papers in the queue", "", str(statistics.queued)
    if statistics.typical_wait is not None:
        yield "median days from listing to reading", "", f"{statistics.typical_wait:g}"
    for week in statistics.weeks:
        monday = week.monday.isoformat()
        yield "papers read in the week", monday, str(week.read)
        yield "papers in the queue at the end of the week", monday, str(week.queued)
        if week.queue_age is not None:
            yield "mean days in the queue at the end of the week", monday, f"{week.queue_age:.1f}"
    for wait in statistics.waits:
        yield "papers read within days of their listing", wait_name(wait), str(wait.count)
    for name, counts in (("topic", statistics.topics), ("organization", statistics.organizations)):
        for each in counts:
            yield f"papers read by {name}", each.name, str(each.count)
    for day, count in statistics.decisions.items():
        yield "decisions on the day", day.isoformat(), str(count)
    for direction, terms in (("rising", statistics.rising), ("falling", statistics.falling)):
        for term in terms:
            yield f"titles of 1,000 with the {direction} term, before", term.text, f"{term.before:.2f}"
            yield f"titles of 1,000 with the {direction} term, now", term.text, f"{term.now:.2f}"


def wait_name(wait: Wait) -> str:
    """The name of a group of papers by the time from listing to reading, for example "up to 7 days"."""
    if wait.days is None:
        return "longer"
    return "the same day" if wait.days == 0 else f"up to {wait.days} day{'s' if wait.days > 1 else ''}"


def to_svg(statistics: Statistics) -> str:
    """The statistics as an SVG picture."""
    picture = _Picture()
    typical = (
        "" if statistics.typical_wait is None else f", typically {statistics.typical_wait:g} days after their listing"
    )
    picture.text(
        f"{statistics.read:,} papers read{typical}; {statistics.queued:,} in the queue; {statistics.until}", 16
    )
    starts = [week.monday for week in statistics.weeks]
    picture.heading("Papers read per week")
    picture.columns([week.read for week in statistics.weeks], starts)
    picture.heading("Papers in the queue")
    picture.columns([week.queued for week in statistics.weeks], starts)
    picture.heading("Mean days in the queue")
    picture.columns([week.queue_age or 0 for week in statistics.weeks], starts)
    picture.heading("From listing to reading")
    picture.bars([(wait_name(wait), wait.count) for wait in statistics.waits])
    for title, counts in (("Topics", statistics.topics), ("Organizations", statistics.organizations)):
        if counts:
            picture.heading(f"{title} of the papers read")
            picture.bars(_pairs(counts))
    picture.heading("Decisions on each day")
    picture.heat_map(statistics)
    for title, terms in (("Rising terms", statistics.rising), ("Falling terms", statistics.falling)):
        if terms:
            picture.heading(f"{title}: titles of 1,000, now and in the twelve months before")
            for term in terms:
                picture.text(f"{term.text}: {term.now:.1f}, before {term.before:.1f}")
    return picture.svg()


def _pairs(counts: Sequence[Named]) -> list[tuple[str, float]]:
    return [(each.name, each.count) for each in counts]


class _Picture:
    """An SVG picture. Each method adds a part below the parts that were added before."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._y = float(_MARGIN)

    def text(self, text: str, size: int = 12) -> None:
        self._y += size + 6
        self._write(text, _MARGIN, self._y, size)

    def heading(self, text: str) -> None:
        self._y += 14
        self.text(text, 14)

    def columns(self, values: Sequence[float], weeks: Sequence[date]) -> None:
        """Draw a bar chart with a column for each week. Every 13th column is labelled with the first day of its week.

        The largest value is written to the left of the chart.
        """
        height, most = 60.0, max(values, default=0)
        left = _MARGIN + 40
        step = (_WIDTH - _MARGIN - left) / max(1, len(values))
        top = self._y + 8
        self._write(f"{most:,.3g}", _MARGIN, top + 10)
        for number, value in enumerate(values):
            if value:
                tall = max(_LEAST, height * value / most)
                self._rect(left + number * step, top + height - tall, step - 2, tall)
        self._y = top + height
        self._rect(left, self._y, _WIDTH - _MARGIN - left, 1, "#888888")
        self._y += 14
        for number in range(0, len(weeks), 13):
            self._write(weeks[number].isoformat(), left + number * step, self._y, 10)

    def bars(self, counts: Sequence[tuple[str, float]]) -> None:
        """Draw a line for each name: the name, a horizontal bar, and the number."""
        most = max((value for _, value in counts), default=0)
        left, room = 300.0, _WIDTH - 300.0 - 80
        self._y += 4
        for name, value in counts:
            self._y += 16
            self._write(name, _MARGIN, self._y)
            wide = max(_LEAST, room * value / most) if value else 0.0
            if value:
                self._rect(left, self._y - 10, wide, 11)
            self._write(f"{value:,g}", left + wide + 6, self._y)

    def heat_map(self, statistics: Statistics) -> None:
        """Draw a calendar: a square for each day and a column for each week. More decisions make a square darker."""
        size = (_WIDTH - 2 * _MARGIN) / max(1, len(statistics.weeks))
        top = self._y + 8
        most = max(statistics.decisions.values(), default=0)
        for column, week in enumerate(statistics.weeks):
            for row in range(7):
                day = week.monday + timedelta(days=row)
                if day <= statistics.until:
                    count = statistics.decisions.get(day, 0)
                    color = _LEVELS[level(count, most, len(_LEVELS) - 1)]
                    self._rect(_MARGIN + column * size, top + row * size, size - 2, size - 2, color)
        self._y = top + 7 * size

    def svg(self) -> str:
        height = self._y + _MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:.0f}"'
            f' viewBox="0 0 {_WIDTH} {height:.0f}" font-family="sans-serif">\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(self._parts) + "\n</svg>\n"
        )

    def _write(self, text: str, x: float, y: float, size: int = 12) -> None:
        shortened = text if len(text) <= _LONGEST_NAME * 2 else f"{text[: _LONGEST_NAME * 2 - 1]}…"
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="#222222">{escape(shortened)}</text>'
        )

    def _rect(self, x: float, y: float, width: float, height: float, color: str = "#2f78c4") -> None:
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color}"/>')


def level(count: float, most: float, levels: int) -> int:
    """Convert `count` to a level from 0 to `levels`.

    The level is 0 for the count 0, at least 1 for any other count, and `levels` for the count `most`.
    """
    return min(levels, max(1, -int(-count * levels // most))) if count and most else 0
