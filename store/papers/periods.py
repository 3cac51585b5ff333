"""Days, weeks, months and stretches of days up to now, as they are written ("2026-W44") and as they are named.

A period is the argument of a view (`week:2026-W44`). The functions have no side effects.
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
    """The days of a day, a week or a month. Raises ValueError when `text` is none."""
    if kind == "day":
        day = date.fromisoformat(text)
        return Period(day, day)
    match = (_WEEK if kind == "week" else _MONTH).fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, number = int(match[1]), int(match[2])
    if year == date.max.year:
        # The last week and month of this year end after the last day that `date` can represent.
        raise ValueError(text)
    if kind == "week":
        first = date.fromisocalendar(year, number, 1)
        return Period(first, first + timedelta(days=6))
    first = date(year, number, 1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def containing(kind: PeriodKind, day: date) -> str:
    """The day, week or month that `day` is in, for example "2026-W44"."""
    if kind == "day":
        return day.isoformat()
    if kind == "month":
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


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
    """The usual form of the argument of the view `since`, which names the beginning of a period that ends now.

    A day ("2026-10-19"), a number of days ("9d"), or "" for the last visit ("last"). Raises ValueError.
    """
    if text.casefold() == "last":
        return ""
    if match := _LAST_DAYS.fullmatch(text):
        return f"{match[1]}d"
    return date.fromisoformat(text).isoformat()


def since_name(text: str, today: date) -> str:
    """The argument of the view `since` in words: "Since last time", "Last 9 days" or "Since 19 Oct"."""
    if not text:
        return "Since last time"
    if text.endswith("d"):
        return "Last day" if text == "1d" else f"Last {text[:-1]} days"
    return f"Since {recent_name(date.fromisoformat(text), today)}"


def first_day(text: str, newest: date) -> date:
    """The first day of the period that the argument of the view `since` names, which must not be "".

    `newest` is the last day of a period that is given as a number of days.
    """
    if text.endswith("d"):
        return newest - timedelta(days=min(int(text[:-1]), newest.toordinal()) - 1)
    return date.fromisoformat(text)
