"""Converts dates to the text that is shown: "today", "Tue" or "2 Mar", and with the year only if it is not the present
year.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.model.partial_date import Precision

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# A day is shown as the name of its weekday if it is at most this many days ago. A day seven days ago has the same
# weekday as today, so its name would be ambiguous.
_WEEKDAY_DAYS = 6


def shifted(day: date, days: int) -> date:
    """The day `days` days after `day`, or before it if `days` is negative.

    A day outside the years 1 to 9999 becomes the first day of year 1 or the last day of year 9999.

    Listings may contain days near these limits, for which `day + timedelta(days)` would raise OverflowError.
    """
    return date.fromordinal(min(max(date.min.toordinal(), day.toordinal() + days), date.max.toordinal()))


def day_name(day: date, to: Precision = "day") -> str:
    """A date in English, whatever the locale, for example "2 Jul 2026".

    If `to` is "month" or "year", the date is known only to the month or year, and the result is "Jul 2026" or "2026".
    """
    if to == "year":
        return f"{day.year}"
    month = f"{_MONTHS[day.month - 1]} {day.year}"
    return month if to == "month" else f"{day.day} {month}"


def short_name(day: date) -> str:
    """The text for a day without its year, for example "2 Jul"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def recent_name(day: date, today: date) -> str:
    """The text for a day: "today"; "Tue" for the six days before; "2 Mar" for other days in the year of `today`; else
    "2 Mar 2023".
    """
    if day == today:
        return "today"
    if timedelta(0) < today - day <= timedelta(days=_WEEKDAY_DAYS):
        return _WEEKDAYS[day.weekday()]
    return short_name(day) if day.year == today.year else day_name(day)


# The results are cached, because a screen shows about 50 dates and many of them are equal.
@lru_cache(maxsize=1024)
def stored_name(stored: str, today: date) -> str:
    """The text to show for a date that is stored as "2026-06-30", "2026-06" or "2026". Other text stays unchanged."""
    try:
        year, month, day = (*map(int, stored.split("-")), None, None)[:3]
        if year is None or month is None:
            return stored
        if day is None:
            return f"{_MONTHS[month - 1]} {year}" if 1 <= month <= len(_MONTHS) else stored
        return recent_name(date(year, month, day), today)
    except ValueError:
        return stored


def month_name(day: date) -> str:
    """The short name of the month of a day, for example "Jul"."""
    return _MONTHS[day.month - 1]
