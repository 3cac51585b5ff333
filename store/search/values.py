"""What a filter is made of: words; and behind a field's colon dates, counts, identifiers and beginnings of names.

Dates and counts may be a bound (">5", "<=2026-06"), a range ("5..10", "..2025") or one value; both ends of what
is returned are inclusive, and None is an open end. One that breaks off where typing may go on is None as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

# The days a name covers, as days before today: first, last.
_NAMED_DAYS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0)}
# SQLite's integers are 64 bits wide, and no count comes near this.
_MOST = 2**53

_SIGNS = "<>=≥≤"
_COMPARED = re.compile(rf">=|<=|[{_SIGNS}]|")
# Month and day may still be missing or half typed: "2026-", "2026-0", "2026-06-".
_DAY = re.compile(r"([0-9]{4})(?:-(?:0|([0-9]{1,2})(?:-(?:0|([0-9]{1,2}))?)?)?)?")
_HALF_YEAR = re.compile(rf"(?:^|(?<=\.\.)|(?<=[{_SIGNS}]))[0-9]{{1,3}}$")

# An arXiv id or a DOI as they are typed or copied: alone, or at the end of an address of whatever site.
_IDENTIFIED = re.compile(
    r"(?:(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/(?:[^\s?#]*?/)?)?"
    r"(10\.\d{4,9}/\S+|(?:\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[a-z]{2})?/\d{7})(?:v\d{1,4})?)(?:\.pdf)?[.,;]*",
    re.I | re.A,
)

# Letters, numbers and private use make words, marks continue them.
_KIND = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Co"), "w") | dict.fromkeys(
    ("Mn", "Mc", "Me"), "m"
)
_RUN = re.compile("w[wm]*")

_Name = TypeVar("_Name", bound=str)


def dates(raw: str, today: date, *, typing: bool) -> tuple[date | None, date | None] | None:
    """First and last day of "2026-06", ">=2026", "week" and the like.

    With `typing`, more may follow `raw`: a year of less than four digits does not count yet. Raises ValueError when
    `raw` is no date, or reaches past the calendar.
    """
    if typing:
        raw = _HALF_YEAR.sub("", raw)
        if _only_signs(raw):
            return None
    first, last = _bounds(raw, lambda one: _days(one, today))
    return _day(first), _day(last)


def counts(raw: str, *, typing: bool) -> tuple[int | None, int | None] | None:
    """Lowest and highest of "20", ">20", "5..10" and the like. Raises ValueError when `raw` is no count."""
    return None if typing and _only_signs(raw) else _bounds(raw, _count)


def identifier(raw: str) -> str:
    """The arXiv id or DOI that `raw` gives, as papers are stored under it; `raw` itself when it gives none.

    "https://arxiv.org/abs/2510.01234v2" and "10.48550/arXiv.2510.01234" are both "2510.01234".
    """
    # Imported here: few filters ask for one.
    from store.matching import identity
    from store.model.paper import Paper

    named = identity.normal(Paper(title="", arxiv_id=raw, doi=raw))
    return named.arxiv_id or named.doi or raw


def identified(raw: str) -> str | None:
    """The arXiv id or DOI that `raw` is, or that an address ends in, as papers are stored under it; else None."""
    found = _IDENTIFIED.fullmatch(raw)
    return identifier(found[1]) if found else None


def one_of(raw: str, known: tuple[_Name, ...]) -> _Name | None:
    """The only name that `raw` is or begins, in any case."""
    begun = [name for name in known if name.startswith(raw.casefold())]
    return begun[0] if len(begun) == 1 else None


def words(text: str) -> list[str]:
    """The words of `text` as FTS5's unicode61 cuts them: a mark continues a word and begins none."""
    kinds = "".join(_KIND.get(unicodedata.category(character), " ") for character in text)
    return [text[word.start() : word.end()] for word in _RUN.finditer(kinds)]


def _only_signs(raw: str) -> bool:
    """Whether `raw` is the ">" or ".." that stands before a value, and no value."""
    return not raw.strip(f"{_SIGNS}.")


def _bounds(raw: str, span: Callable[[str], tuple[int, int]]) -> tuple[int | None, int | None]:
    """Lowest and highest of ">5", "5..10", "5" and the like, where `span` reads one value.

    Raises ValueError when `raw` is none of them.
    """
    left, dots, right = raw.partition("..")
    if dots and (left or right):
        return span(left)[0] if left else None, span(right)[1] if right else None
    compared = _COMPARED.match(raw)
    assert compared
    # A single point at the end is on the way to "5..".
    low, high = span(raw[compared.end() :].removesuffix("."))
    match compared[0]:
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
    """The first and last day, as ordinals, of a day, month, year or name. Raises ValueError for any other."""
    if name := one_of(raw, tuple(_NAMED_DAYS)):
        ago, until = _NAMED_DAYS[name]
        return max(today.toordinal() - ago, 1), max(today.toordinal() - until, 1)
    found = _DAY.fullmatch(raw)
    if found is None:
        raise ValueError(raw)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    first = date(year, 1 if month is None else month, 1 if day is None else day)  # month 0 is a ValueError
    if day is not None:
        return first.toordinal(), first.toordinal()
    if month is None or month == 12:
        return first.toordinal(), date(year, 12, 31).toordinal()
    return first.toordinal(), date(year, month + 1, 1).toordinal() - 1


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _count(raw: str) -> tuple[int, int]:
    if not (raw.isascii() and raw.isdigit()):
        raise ValueError(raw)
    count = min(int(raw), _MOST)
    return count, count
