"""Finding the year of dates that a page prints without a year.

Hugging Face prints the year of a date only when it is not the current year. The year is determined from the first of
these sources that exists: the listing day given by the user, the year that the file prints with its listing day, a date
in the file's name, another listing that prints the year of the same date, the year after the newest year printed in the
file, the file's modification time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from store.model.entry import Entry
from store.model.partial_date import MonthDay

Rule = Literal["given", "printed", "name", "other-listing", "newest-printed", "modified"]
# The rules by which the year of a listing is found, in order from the strongest evidence to the weakest. When a later
# import contains stronger evidence for the year of a listing, the year is determined again.
STRENGTH: tuple[Rule, ...] = ("given", "printed", "name", "other-listing", "newest-printed", "modified")
RULE_TEXT: dict[str, str] = {
    "given": "as given with --listed-on",
    "printed": "printed in the file",
    "name": "from the date in the file's name",
    "other-listing": "from another listing that prints the year",
    "newest-printed": "the year after the newest one printed in the file",
    "modified": "from the file's modification time",
    # Used only in reports, when the listing as a whole has no listing day, but each of its entries has one.
    "entries": "the newest day that its entries name",
}

# The function `on` tries the given year and up to this many years before it. Two successive 29 Februaries may be eight
# years apart (1896 and 1904), and one more year is needed if the day is still in the future this year.
_MOST_YEARS = 10
_LEAP = 2024
_IN_NAME = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9A-Za-z])")


class Settled(msgspec.Struct, frozen=True):
    """The year for dates that the listing prints without a year, the listing day, and the rule that determined both."""

    year: int | None
    listed_on: date | None
    rule: Rule | None


def settle(
    printed: MonthDay | None,
    entries: Iterable[Entry],
    *,
    given: date | None,
    name: str,
    elsewhere: int | None,
    modified: date,
    today: date,
) -> Settled:
    """Determine the year and the listing day of a listing.

    `printed` is the listing day that the listing prints, and `given` is the one that the user names. `name` is the
    name of the file, and `modified` is the day of its last modification. `elsewhere` is the year that other listings
    print for the same dates.
    """
    printed = printed if printed and exists(printed) else None
    dates = [entry.published_on for entry in entries if entry.published_on and exists(entry.published_on)]
    yearless = [each for each in dates if each.year is None]
    open_dates = [each for each in (printed, *yearless) if each and each.year is None]
    # A date in the name that is in the future, as in "conference-2027-05-01", is not a listing day.
    day_in_name = date_in_name(name)
    usable_day = day_in_name if day_in_name and day_in_name <= today else None
    if given:
        return Settled(given.year, given, "given")
    if printed and printed.year:
        return Settled(printed.year, on(printed.year, printed, today), "printed")
    if not open_dates:
        return Settled(None, usable_day, "name" if usable_day else None)
    anchor = printed or open_dates[0]
    if usable_day:
        if printed is None:
            return Settled(on(usable_day.year, anchor, usable_day).year, usable_day, "name")
        # "Dec 30" in a file whose name has the date 2 January is a day of the previous year.
        candidates = (on(year, printed, today) for year in (usable_day.year - 1, usable_day.year, usable_day.year + 1))
        nearest = min(candidates, key=lambda day: abs((day - usable_day).days))
        return Settled(nearest.year, nearest, "name")
    if elsewhere:
        return Settled(elsewhere, _listed(elsewhere, printed, today), "other-listing")
    newest = max((each.year for each in dates if each.year), default=None)
    if newest and newest + 1 <= today.year:
        return Settled(newest + 1, _listed(newest + 1, printed, today), "newest-printed")
    latest = min(modified, today)
    year = latest.year if on(latest.year, anchor) <= latest else latest.year - 1
    return Settled(year, _listed(year, printed, today), "modified")


def exists(day: MonthDay) -> bool:
    """Whether the day exists in its printed year. If no year is printed, whether it exists in any year."""
    try:
        date(_LEAP if day.year is None else day.year, day.month, day.day)
    except ValueError:
        return False
    return True


def on(year: int, day: MonthDay, today: date | None = None) -> date:
    """The date of `day` in `year`, or in the latest earlier year in which `day` exists and is not after `today`.

    Raises ValueError when no year up to `year` has such a day.
    """
    for before in range(year, max(0, year - _MOST_YEARS), -1):
        try:
            candidate = date(before, day.month, day.day)
        except ValueError:
            continue
        if today is None or candidate <= today:
            return candidate
        if before > today.year:
            # `year` is in the future, so continue with this year.
            return on(today.year, day, today)
    raise ValueError(f"there is no month {day.month}, day {day.day} up to the year {year}")


def agreed(years: Iterable[int]) -> int | None:
    """The most frequent of `years`; of several equally frequent ones, the latest. None if `years` is empty."""
    votes = Counter(years)
    return max(votes, key=lambda year: (votes[year], year)) if votes else None


def date_in_name(name: str) -> date | None:
    """The first date in the name of a file, or None. For example 2026-07-02, 2026.07.02, 2026_07_02 or 20260702."""
    for match in _IN_NAME.finditer(name):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None


def _listed(year: int, printed: MonthDay | None, today: date) -> date | None:
    return on(year, printed, today) if printed else None
