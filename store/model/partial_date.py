"""Dates whose day, month or year may be unknown."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

Precision = Literal["day", "month", "year"]

# The length of an ISO 8601 date of each precision, for example 7 for "2024-06".
_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}
_PRECISIONS: dict[int, Precision] = {length: precision for precision, length in _LENGTHS.items()}
# Maps the length of a date text to what must be appended to get its first day, for example "-01" to "2024-06".
_FIRST_DAY = {7: "-01", 4: "-01-01"}


class PartialDate(NamedTuple):
    """A date known to the day, the month or the year.

    `first_day` is the day itself, or the first day of the month or year.
    """

    first_day: date
    precision: Precision = "day"

    @property
    def text(self) -> str:
        """The date in ISO 8601, as exact as it is known: "2024-06-15", "2024-06" or "2024"."""
        return self.first_day.isoformat()[: _LENGTHS[self.precision]]

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date in `text`, written as by the property `text`. Raises ValueError for any other text."""
        first_day = date.fromisoformat(text + _FIRST_DAY.get(len(text), ""))
        return cls(first_day, _PRECISIONS.get(len(text), "day"))


# The values of `published` and `published_to` in a paper without a date.
UNDATED: Final[tuple[None, Precision]] = (None, "day")


class MonthDay(msgspec.Struct, frozen=True):
    """A date as Hugging Face prints it: "Oct 30". `year` is None if the year is not printed."""

    month: int
    day: int
    year: int | None = None
