"""Parses the values that are typed after the colon of a field: dates, counts, identifiers and the beginnings of names.

A date or a count may be a comparison (">5", "<=2026-06"), a range ("5..10", "..2025") or a single value. Both ends of a
returned range are inclusive, and None means that the range has no limit there. For a value that is not complete yet,
because the user is still typing it, None is returned instead of a range.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TypeVar

# The names of ranges of days, such as "week". The values are the first and the last day of the range, in days before
# today.
_NAMED_DAYS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0)}
# A typed count above this number is replaced by this number, which fits into SQLite's integers of 64 bits and is larger
# than any real count.
_MAX_COUNT = 2**53

_SIGNS = "<>=≥≤"
_COMPARISON = re.compile(rf">=|<=|[{_SIGNS}]|")
# Matches a date. Month and day may be missing or not complete, as in "2026-", "2026-0" and "2026-06-".
_DAY = re.compile(r"([0-9]{4})(?:-(?:0|([0-9]{1,2})(?:-(?:0|([0-9]{1,2}))?)?)?)?")
# Matches a week in the notation of ISO 8601, such as "2026-W47".
_WEEK = re.compile(r"([0-9]{4})-?[Ww]([0-9]{1,2})")
_UNFINISHED_WEEK = re.compile(r"(?<=[0-9]{4})-?[Ww]0?$")
_LAST_DAYS = re.compile(r"([1-9][0-9]{0,3})d")
_UNFINISHED_YEAR = re.compile(rf"(?:^|(?<=\.\.)|(?<=[{_SIGNS}]))[0-9]{{1,3}}$")

_Name = TypeVar("_Name", bound=str)


def dates(raw: str, today: date, *, typing: bool) -> tuple[date | None, date | None] | None:
    """The first and last day of a date or range, for example "2026-06", ">=2026" or "week".

    If `typing` is true, the user may still be typing `raw`, so a year of fewer than four digits is ignored. Raises
    ValueError when `raw` is not a date, or a date that Python's `date` cannot represent.
    """
    if typing:
        raw = _UNFINISHED_WEEK.sub("", _UNFINISHED_YEAR.sub("", raw))
        if _only_signs(raw):
            return None
    first, last = _range(raw, lambda value: _days(value, today))
    return _day(first), _day(last)


def since(raw: str, today: date, *, typing: bool) -> date | None:
    """The first day of a period that ends now, written as a day ("2026-06-30") or a number of days ("9d").

    None if `raw` is not complete yet. Raises ValueError when `raw` is neither a day nor a number of days.
    """
    if match := _LAST_DAYS.fullmatch(raw):
        return date.fromordinal(max(1, today.toordinal() - int(match[1]) + 1))
    if typing and raw.isdecimal() and len(raw) < 4:
        return None
    days = dates(raw, today, typing=typing)
    return days[0] if days else None


def counts(raw: str, decimals: int = 0, *, typing: bool) -> tuple[int | None, int | None] | None:
    """The lowest and highest count of a count or range, for example "20", ">20" or "5..10".

    A count may have up to `decimals` decimals, such as "6.5", and the result is multiplied by 10 to the power of
    `decimals`. For example, ">6" with two decimals returns 601 and None. Raises ValueError when `raw` is not a count.
    """
    return None if typing and _only_signs(raw) else _range(raw, lambda value: _count(value, decimals))


def identifier(raw: str) -> str:
    """The arXiv id or DOI in `raw`, in the form in which the library stores it, or `raw` itself if it contains none.

    For example, the result is "2510.01234" for both "https://arxiv.org/abs/2510.01234v2" and
    "10.48550/arXiv.2510.01234".
    """
    # Imported here, because few filters ask for an identifier.
    from store.matching import same_paper
    from store.model.paper import Paper

    normal = same_paper.normalized(Paper(title="", arxiv_id=raw, doi=raw))
    return normal.arxiv_id or normal.doi or raw


def identified(raw: str) -> str | None:
    """The arXiv id or DOI in `raw`: `raw` itself, or the end of `raw` if it is a web address. None for any
    other text.
    """
    # Each identifier contains a digit, and most words do not. For these, avoid importing and compiling the pattern,
    # which takes 5 ms.
    match = _identifier_pattern().fullmatch(raw) if any(map(str.isdigit, raw)) else None
    return identifier(match[1]) if match else None


@cache
def _identifier_pattern() -> re.Pattern[str]:
    """A pattern for an arXiv id or a DOI, alone or at the end of a web address of any site."""
    # Imported here, so that the start of the program need not wait for this import.
    from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID

    return re.compile(
        r"(?:(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/(?:[^\s?#]*?/)?)?"
        rf"({DOI_PREFIX}\S+|(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,4}})?)(?:\.pdf)?[.,;]*",
        re.I | re.A,
    )


def one_of(raw: str, names: tuple[_Name, ...]) -> _Name | None:
    """The first of `names` that begins with `raw`, ignoring case; None if there is none."""
    return next((name for name in names if raw and name.startswith(raw.casefold())), None)


def _only_signs(raw: str) -> bool:
    """Whether `raw` consists only of signs such as ">" or "..", because the user has not typed the value yet."""
    return not raw.strip(f"{_SIGNS}.")


def _range(raw: str, bounds_of: Callable[[str], tuple[int, int]]) -> tuple[int | None, int | None]:
    """The lowest and highest value of a comparison (">5"), a range ("5..10") or a single value ("5").

    `bounds_of` returns the first and the last number of the range that a single value means. Raises ValueError when
    `raw` is none of these.
    """
    left, dots, right = raw.partition("..")
    if dots and (left or right):
        return bounds_of(left)[0] if left else None, bounds_of(right)[1] if right else None
    comparison = _COMPARISON.match(raw)
    assert comparison
    # Ignore a single point at the end: the user may be typing "5..".
    low, high = bounds_of(raw[comparison.end() :].removesuffix("."))
    match comparison[0]:
        case ">":
            return high + 1, None
        case ">=" | "≥":
            return low, None
        case "<":
            return None, low - 1
        case "<=" | "≤":
            return None, high
        case _:
            return low, high


def _days(raw: str, today: date) -> tuple[int, int]:
    """The first and last day of a day, a month, a year or a named range, as ordinal numbers.

    Raises ValueError for any other text.
    """
    if name := one_of(raw, tuple(_NAMED_DAYS)):
        first_ago, last_ago = _NAMED_DAYS[name]
        return max(today.toordinal() - first_ago, 1), max(today.toordinal() - last_ago, 1)
    if week := _WEEK.fullmatch(raw):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1).toordinal()
        return monday, min(monday + 6, date.max.toordinal())
    match = _DAY.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    first = date(year, 1 if month is None else month, 1 if day is None else day)  # raises ValueError for the month 0
    if day is not None:
        return first.toordinal(), first.toordinal()
    if month is None or month == 12:
        return first.toordinal(), date(year, 12, 31).toordinal()
    return first.toordinal(), date(year, month + 1, 1).toordinal() - 1


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _count(raw: str, decimals: int) -> tuple[int, int]:
    whole, point, fraction = raw.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole) or len(fraction) > decimals or (point and not decimals):
        raise ValueError(raw)
    count = min(int(digits) * 10 ** (decimals - len(fraction)), _MAX_COUNT)
    return count, count
