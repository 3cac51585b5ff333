"""Parses and names periods: days, weeks, months, and periods that end today.

A period is written as the argument of a view, for example "2026-W44" in `week:2026-W44`. The functions have no side
effects.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from store.text.dates import day_name, recent_name, short_name

PeriodKind = Literal["day", "week", "month"]

_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{1,2})", re.IGNORECASE)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_LAST_DAYS = re.compile(r"([1-9][0-9]{0,3})d?", re.IGNORECASE)


class Period(NamedTuple):
    """The days from `first` to `last`, both inclusive."""

    first: date
    last: date


def period(kind: PeriodKind, text: str) -> Period:
    """The first and last day of the day, week or month `text`. Raises ValueError when `text` is not such a period."""
    if kind == "day":
        day = date.fromisoformat(text)
        return Period(day, day)
    match = (_WEEK if kind == "week" else _MONTH).fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, number = int(match[1]), int(match[2])
    if year == date.max.year:
        # Refuse the year 9999, the last year of the class `date`: computing the end of its last week would overflow.
        raise ValueError(text)
    if kind == "week":
        first = date.fromisocalendar(year, number, 1)
        return Period(first, first + timedelta(days=6))
    first = date(year, number, 1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def containing(kind: PeriodKind, day: date) -> str:
    """The day, week or month that contains `day`, as text, for example "2026-W44"."""
    if kind == "day":
        return day.isoformat()
    if kind == "month":
        return f"{day.year:04}-{day.month:02}"
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def name(kind: PeriodKind, text: str, today: date) -> str:
    """A period in words: "today", "2 Jul", "Week 44, 26 Oct – 1 Nov" or "Oct 2026"."""
    first, last = period(kind, text)
    if kind == "day":
        return recent_name(first, today)
    if kind == "month":
        return day_name(first, "month")
    number = first.isocalendar().week
    end = short_name(last) if last.year == today.year else day_name(last)
    return f"Week {number}, {short_name(first)} – {end}"


def parse_since(text: str) -> str:
    """The usual form of the argument of the view `since`, which is the beginning of a period that ends now.

    The argument is a day ("2026-10-19"), a number of days ("9d"), or "" for the time since the last visit, which the
    user may write as "last". Raises ValueError for any other text.
    """
    if text.casefold() == "last":
        return ""
    if match := _LAST_DAYS.fullmatch(text):
        return f"{match[1]}d"
    return date.fromisoformat(text).isoformat()


def since_name(text: str, today: date) -> str:
    """The period of the view `since` in words: "Since last time", "Last 9 days" or "Since 19 Oct"."""
    if not text:
        return "Since last time"
    if text.endswith("d"):
        return "Last day" if text == "1d" else f"Last {text[:-1]} days"
    return f"Since {recent_name(date.fromisoformat(text), today)}"


def first_day(text: str, newest: date) -> date:
    """The first day of the period of the view `since` with the argument `text`, which must not be "".

    If `text` is a number of days, `newest` is the last of these days.
    """
    if text.endswith("d"):
        return newest - timedelta(days=min(int(text[:-1]), newest.toordinal()) - 1)
    return date.fromisoformat(text)
