"""Years that a page did not print.

Hugging Face prints a year only when it is not the current one. Which year a listing means is settled by, in this
order: the reader's word, a date in the file's name, another listing that prints the year of a date this one shows
without, the year after the newest one printed in the file, the file's modification time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from store.paper import Entry, MonthDay

Rule = Literal["given", "printed", "name", "other-listing", "newest-printed", "modified"]
# A rule further down gives way to one above it when a later import brings better evidence.
STRENGTH: tuple[Rule, ...] = ("given", "printed", "name", "other-listing", "newest-printed", "modified")
RULE_TEXT: dict[str, str] = {
    "given": "as given with --listed-on",
    "printed": "printed in the file",
    "name": "from the date in the file's name",
    "other-listing": "from another listing that prints the year",
    "newest-printed": "the year after the newest one printed in the file",
    "modified": "from the file's modification time",
}

_IN_NAME = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9A-Za-z])")


class Settled(msgspec.Struct, frozen=True):
    """The year that dates without one belong to, the listing day, and the rule that settled them."""

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
    """The year of a listing. `elsewhere` is what other listings say of it; `modified` is the file's own day."""
    dates = [entry.published_on for entry in entries if entry.published_on]
    yearless = [each for each in dates if each.year is None]
    asks = [each for each in (printed, *yearless) if each and each.year is None]
    named = date_in_name(name)
    if given:
        return Settled(given.year, given, "given")
    if printed and printed.year:
        return Settled(printed.year, on(printed.year, printed, today), "printed")
    if not asks:
        return Settled(None, named, "name" if named else None)
    anchor = printed or asks[0]
    if named:
        # "Dec 30" in a file saved on 2 January belongs to the year before.
        year = min((named.year - 1, named.year, named.year + 1), key=lambda y: abs((on(y, anchor) - named).days))
        return Settled(year, on(year, printed, today) if printed else named, "name")
    if elsewhere:
        return Settled(elsewhere, _listed(elsewhere, printed, today), "other-listing")
    newest = max((each.year for each in dates if each.year), default=None)
    if newest and newest + 1 <= today.year:
        return Settled(newest + 1, _listed(newest + 1, printed, today), "newest-printed")
    latest = min(modified, today)
    year = latest.year if on(latest.year, anchor) <= latest else latest.year - 1
    return Settled(year, _listed(year, printed, today), "modified")


def on(year: int, day: MonthDay, today: date | None = None) -> date:
    """`day` in `year`, or in the latest year before it that has such a day and is not in the future."""
    while True:
        try:
            found = date(year, day.month, day.day)
        except ValueError:
            year -= 1
            continue
        if today is None or found <= today:
            return found
        year -= 1


def agreed(years: Iterable[int]) -> int | None:
    """The year that most witnesses name; of equals the latest. None without a witness."""
    votes = Counter(years)
    return max(votes, key=lambda year: (votes[year], year)) if votes else None


def date_in_name(name: str) -> date | None:
    """A whole date in a file's name: 2026-07-02, 2026_07_02 or 20260702."""
    for match in _IN_NAME.finditer(name):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None


def _listed(year: int, printed: MonthDay | None, today: date) -> date | None:
    return on(year, printed, today) if printed else None
