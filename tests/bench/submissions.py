"""The days on which generated papers were submitted, from 1991 to 2026, and their arXiv ids.

The numbers of papers per year are in proportion to those of arXiv. The order is that of arXiv's snapshot: first the ids
such as "0704.0001", then the older ids, which contain the name of an archive, sorted by archive.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, chain
from typing import NamedTuple

# The approximate number of submissions in each year (arxiv.org/stats/monthly_submissions). arXiv began in August 1991;
# of 2026, only the months up to June are counted.
_BY_YEAR = {
    1991: 300, 1992: 3_200, 1993: 6_700, 1994: 10_100, 1995: 13_000, 1996: 15_900, 1997: 19_600, 1998: 24_200,
    1999: 27_700, 2000: 30_700, 2001: 33_100, 2002: 36_100, 2003: 39_400, 2004: 43_700, 2005: 46_900, 2006: 50_300,
    2007: 55_700, 2008: 59_000, 2009: 64_000, 2010: 70_100, 2011: 76_600, 2012: 84_600, 2013: 92_600, 2014: 97_500,
    2015: 105_300, 2016: 113_400, 2017: 123_500, 2018: 140_600, 2019: 155_900, 2020: 178_300, 2021: 181_600,
    2022: 185_700, 2023: 243_000, 2024: 280_000, 2025: 290_000, 2026: 150_000,
}  # fmt: skip
LAST_DAY = date(2026, 6, 30)
# The first month in which ids do not contain an archive, and the first month in which they end in five digits instead
# of four.
_NEW_IDS = (2007, 4)
_FIVE_DIGITS = (2015, 1)
# The archives that older ids contain, each with its share of the papers and the year in which it began.
_ARCHIVES = {
    "astro-ph": (0.20, 1992), "cond-mat": (0.19, 1992), "cs": (0.03, 1993), "gr-qc": (0.06, 1992),
    "hep-ex": (0.03, 1994), "hep-lat": (0.03, 1992), "hep-ph": (0.17, 1992), "hep-th": (0.13, 1991),
    "math": (0.12, 1992), "math-ph": (0.02, 1996), "nlin": (0.015, 1993), "nucl-ex": (0.01, 1994),
    "nucl-th": (0.03, 1992), "physics": (0.04, 1996), "q-bio": (0.005, 2003), "quant-ph": (0.07, 1994),
}  # fmt: skip


class Submission(NamedTuple):
    """A submitted paper: its id and day. `archive` is the archive in the id, or None if the id contains none."""

    arxiv_id: str
    day: date
    archive: str | None


class Month(NamedTuple):
    """The number of papers of a month.

    For the months in which ids contained an archive, there is one object for each archive.
    """

    archive: str | None
    year: int
    month: int
    papers: int


def submissions(size: int) -> Iterator[Submission]:
    """Yield `size` submissions, in the order of their ids."""
    return chain.from_iterable(map(of_month, months(size)))


def of_month(month: Month) -> Iterator[Submission]:
    """Yield the submissions of a month."""
    archive, year, number, count = month
    prefix = f"{year % 100:02}{number:02}"
    digits = 3 if archive else 5 if (year, number) >= _FIVE_DIGITS else 4
    start = f"{archive}/{prefix}" if archive else f"{prefix}."
    for place, day in enumerate(_days(year, number, count), 1):
        yield Submission(f"{start}{place:0{digits}}", day, archive)


def months(size: int) -> list[Month]:
    """Distribute `size` submissions over all months. The months are in the order of the ids."""
    all_months = _months()
    old = [month for month in all_months if month[:2] < _NEW_IDS]
    streams: list[tuple[str | None, int, int, float]] = [
        (None, year, month, weight) for year, month, weight in all_months if (year, month) >= _NEW_IDS
    ]
    streams += [
        (archive, year, month, _old_weight(archive, year, weight))
        for archive in sorted(_ARCHIVES)
        for year, month, weight in old
    ]
    counts = _shared_out(size, [weight for *_, weight in streams])
    return [Month(*stream[:3], count) for stream, count in zip(streams, counts, strict=True)]


def _months() -> list[tuple[int, int, float]]:
    """The year, the month and the approximate number of submissions of each month."""
    found = []
    for year, papers in _BY_YEAR.items():
        first = 8 if year == 1991 else 1
        last = LAST_DAY.month if year == LAST_DAY.year else 12
        found += [(year, month, papers / (last - first + 1)) for month in range(first, last + 1)]
    return found


def _old_weight(archive: str, year: int, weight: float) -> float:
    share, began = _ARCHIVES[archive]
    alive = sum(share for share, start in _ARCHIVES.values() if start <= year)
    return weight * share / alive if began <= year else 0.0


def _shared_out(size: int, weights: list[float]) -> list[int]:
    """Divide `size` into integers in proportion to `weights`. Their sum is `size`."""
    total = sum(weights)
    ends = [round(size * weight / total) for weight in accumulate(weights)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _days(year: int, month: int, count: int) -> Iterator[date]:
    """Yield the days of `count` papers in order, evenly distributed over the month."""
    first = date(year, month, 1)
    length = monthrange(year, month)[1]
    for number in range(count):
        yield first + timedelta(days=number * length // count)
