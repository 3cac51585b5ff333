"""The period of a digest: from which listing day, or since which earlier digest, papers count as new."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from store.digest import sent
from store.model.errors import LibraryError
from store.papers import listing_days
from store.text.clean import line

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A weekday may be abbreviated to its first letters ("mon"). This is the smallest number of letters.
_SHORTEST_NAME = 3
# An error message quotes at most this many characters of the text that the user typed.
_LONGEST_QUOTED = 60


class Period(NamedTuple):
    """The period whose papers a digest shows as new: those listed for the first time on `first_day` or later.

    If `after_entry` is not None, the digest continues an earlier one. `after_entry` is the highest id that an entry
    (one paper in one listing) had at the time of the earlier digest, and `first_day` is the day of that digest. A paper
    is then new if its first entry with a listing day has an id above `after_entry`, whatever the listing day is. `text`
    is the period in words, for example "since Monday 23 November 2026".
    """

    first_day: date
    text: str
    after_entry: int | None = None


def parse(connection: sqlite3.Connection, since: str, selection: str, today: date) -> Period:
    """The period that begins with `since`: a date, "today", "yesterday", "week", a weekday, or "last".

    A weekday means the last such day, which may be today. "last" means the time of the last digest of `selection` that
    was sent or, if none was sent, the newest listing day of the library. Raises LibraryError for any other text.
    """
    name = " ".join(line(since).casefold().split())
    if name == "last":
        return _since_last(connection, selection, today)
    day = _day(name, today)
    if day is None:
        raise LibraryError(
            f"{line(since)[:_LONGEST_QUOTED]!r} is not a day; write 2026-07-02, monday, yesterday, week or last"
        )
    return Period(day, f"since {day_name(day)}")


def last_entry(connection: sqlite3.Connection) -> int:
    """The highest id of an entry (one paper in one listing) in the library; 0 when there is none."""
    (number,) = connection.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
    return int(number)


def day_name(day: date) -> str:
    """A day in words: "Monday 23 November 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _since_last(connection: sqlite3.Connection, selection: str, today: date) -> Period:
    if last := sent.last(connection, selection):
        # If the library was created anew since the last digest, the ids of its entries started at 1 again. Then only
        # the day of the last digest can be used.
        after_entry = last.entry if last.entry <= last_entry(connection) else None
        return Period(last.day, f"since the digest of {day_name(last.day)}", after_entry)
    newest = listing_days.latest(connection)
    day = date.fromisoformat(newest) if newest else today
    return Period(day, f"since {day_name(day)}, the newest listing day")


def _day(name: str, today: date) -> date | None:
    match name:
        case "today":
            return today
        case "yesterday":
            return today - timedelta(days=1)
        case "week":
            return today - timedelta(days=7)
    for index, weekday in enumerate(_WEEKDAYS):
        if len(name) >= _SHORTEST_NAME and weekday.startswith(name):
            return today - timedelta(days=(today.weekday() - index) % 7)
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
