"""Parses until when the user postpones a paper: "2026-07-02", "friday", "tomorrow", "3 days" or "similar"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from store.model.errors import LibraryError
from store.text.clean import line

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# How long a paper is postponed: until a day, or until a similar paper arrives (store/search/arrivals.py).
Until = date | Literal["similar"]

# A weekday may be abbreviated to its first letters, for example "fri", but at least this many must be typed.
_SHORTEST_NAME = 2
_COUNTED = re.compile(r"(?:in )?(\d{1,4}|a|an|one) (day|week|month)s?")
_SIMILAR = re.compile(r"(?:until )?(?:an? )?similar(?: paper)?(?: arrives)?")
_DAYS = {"day": 1, "week": 7, "month": 30}
# The day until which the user postpones a paper, unless the user types another one.
DEFAULT = "next week"
# Error messages quote at most this many characters of the user's text.
_LONGEST_QUOTED = 60


def parse(text: str, today: date) -> Until:
    """The day that `text` means, for example the day after `today` for "tomorrow".

    The name of a weekday means the next day with this name after `today`. "next week" means the next Monday. For
    "similar" and "until a similar paper", the result is "similar". Raises LibraryError when `text` has no such meaning,
    or means a day that is not after `today`.
    """
    typed = " ".join(line(text).casefold().split())
    if _SIMILAR.fullmatch(typed):
        return "similar"
    day = _day(typed, today)
    if day is None:
        quoted = line(text)[:_LONGEST_QUOTED]
        raise LibraryError(f"{quoted!r} is not a day; write 2026-07-02, friday, tomorrow, next week, 3 days or similar")
    if day <= today:
        raise LibraryError(f"{day} is not after today, so nothing would be postponed")
    return day


def _day(text: str, today: date) -> date | None:
    match text:
        case "tomorrow":
            return today + timedelta(days=1)
        case "next week" | "week":
            return today + timedelta(days=7 - today.weekday())
        case "next month" | "month":
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    if counted := _COUNTED.fullmatch(text):
        number = int(counted[1]) if counted[1].isdigit() else 1
        return today + timedelta(days=number * _DAYS[counted[2]])
    weekday = text.removeprefix("next ").removeprefix("on ")
    for index, name in enumerate(_WEEKDAYS):
        if len(weekday) >= _SHORTEST_NAME and name.startswith(weekday):
            return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
