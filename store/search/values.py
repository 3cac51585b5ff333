"""The values behind a field's colon: dates, counts, identifiers and the beginnings of names.

Dates and counts may be a comparison (">5", "<=2026-06"), a range ("5..10", "..2025") or a single value. Both ends of a
returned range are inclusive, and None is an open end. A value that is still being typed gives None instead of a range.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TypeVar

# The range of days that a name stands for: its first and its last day, in days before today.
_NAMED_DAYS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0)}
# Larger counts are cut down to this one, which fits SQLite's integers of 64 bits. No real count comes near it.
_MAX_COUNT = 2**53

_SIGNS = "<>=≥≤"
_COMPARISON = re.compile(rf">=|<=|[{_SIGNS}]|")
# Month and day may be missing or half typed: "2026-", "2026-0", "2026-06-".
_DAY = re.compile(r"([0-9]{4})(?:-(?:0|([0-9]{1,2})(?:-(?:0|([0-9]{1,2}))?)?)?)?")
_UNFINISHED_YEAR = re.compile(rf"(?:^|(?<=\.\.)|(?<=[{_SIGNS}]))[0-9]{{1,3}}$")

_Name = TypeVar("_Name", bound=str)


def dates(raw: str, today: date, *, typing: bool) -> tuple[date | None, date | None] | None:
    """The first and last day of "2026-06", ">=2026", "week" and the like.

    `typing` says that more may follow `raw`; a year of fewer than four digits is then ignored. Raises ValueError when
    `raw` is not a date, or beyond the calendar.
    """
    if typing:
        raw = _UNFINISHED_YEAR.sub("", raw)
        if _only_signs(raw):
            return None
    first, last = _range(raw, lambda value: _days(value, today))
    return _day(first), _day(last)


def counts(raw: str, decimals: int = 0, *, typing: bool) -> tuple[int | None, int | None] | None:
    """The lowest and highest count of "20", ">20", "5..10" and the like. Raises ValueError when `raw` is no count.

    With `decimals`, "6.5" is a count too, and counts are multiplied by that power of ten: ">6" with two decimals gives
    601 and None.
    """
    return None if typing and _only_signs(raw) else _range(raw, lambda value: _count(value, decimals))


def identifier(raw: str) -> str:
    """The arXiv id or DOI in `raw`, in the form in which papers are stored; `raw` itself when it holds none.

    "https://arxiv.org/abs/2510.01234v2" and "10.48550/arXiv.2510.01234" both give "2510.01234".
    """
    # Imported here, because few filters ask for an identifier.
    from store.matching import identity
    from store.model.paper import Paper

    normal = identity.normalized(Paper(title="", arxiv_id=raw, doi=raw))
    return normal.arxiv_id or normal.doi or raw


def identified(raw: str) -> str | None:
    """As `identifier`, but None unless all of `raw` is an arXiv id, a DOI, or a web address that ends in one."""
    match = _identifier_pattern().fullmatch(raw)
    return identifier(match[1]) if match else None


@cache
def _identifier_pattern() -> re.Pattern[str]:
    """An arXiv id or a DOI as people type or copy it: alone, or at the end of a web address of any site."""
    # Imported here, because a start needs no identifiers.
    from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID

    return re.compile(
        r"(?:(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/(?:[^\s?#]*?/)?)?"
        rf"({DOI_PREFIX}\S+|(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,4}})?)(?:\.pdf)?[.,;]*",
        re.I | re.A,
    )


def one_of(raw: str, names: tuple[_Name, ...]) -> _Name | None:
    """The one name that `raw` is or begins, in any case. None when there is none, or more than one."""
    matches = [name for name in names if name.startswith(raw.casefold())]
    return matches[0] if len(matches) == 1 else None


def _only_signs(raw: str) -> bool:
    """Whether `raw` is a sign such as ">" or ".." and has no value yet."""
    return not raw.strip(f"{_SIGNS}.")


def _range(raw: str, bounds_of: Callable[[str], tuple[int, int]]) -> tuple[int | None, int | None]:
    """The lowest and highest of ">5", "5..10", "5" and the like, where `bounds_of` reads a single value.

    Raises ValueError when `raw` is none of them.
    """
    left, dots, right = raw.partition("..")
    if dots and (left or right):
        return bounds_of(left)[0] if left else None, bounds_of(right)[1] if right else None
    comparison = _COMPARISON.match(raw)
    assert comparison
    # A single point at the end is the first half of "5..".
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
    """The first and last day, as ordinals, of a day, month, year or named range. Raises ValueError for other texts."""
    if name := one_of(raw, tuple(_NAMED_DAYS)):
        first_ago, last_ago = _NAMED_DAYS[name]
        return max(today.toordinal() - first_ago, 1), max(today.toordinal() - last_ago, 1)
    match = _DAY.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    first = date(year, 1 if month is None else month, 1 if day is None else day)  # raises ValueError for month 0
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
