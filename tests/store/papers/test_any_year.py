"""No view, statistic or digest fails for a listing of any day from the year 1 to today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.digest import contents
from store.digest.contents import Wanted
from store.library.library import Library
from store.papers import neighbours, periods, trending, views
from store.papers.views import View
from store.statistics import reading
from store.text.dates import shifted
from tests.store.listings import add_listing

DAYS = (date(1, 1, 1), date(999, 12, 31), date(2026, 7, 2), date(9998, 12, 31), date(9999, 12, 31))


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    found: date = request.param
    return found


@pytest.fixture
def library(tmp_path: Path, day: date) -> Iterator[Library]:
    """A library with only one listing, which contains two papers and has the day `day`."""
    with Library.open(tmp_path / "library.db") as library:
        add_listing(library, day, "Slow Glass", "Fast Water")
        yield library


@pytest.mark.parametrize("argument", trending.arguments())
def test_trending_papers_of_any_year_are_found(library: Library, argument: str) -> None:
    assert trending.first_day(library.reader(), argument) <= date.max.isoformat()


@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_a_period_of_any_year_has_its_name_back(library: Library, kind: periods.PeriodKind, day: date) -> None:
    text = periods.containing(kind, day)
    if day.year == 9999 and kind != "day":
        return
    first, last = periods.period(kind, text)
    assert first <= day <= last
    view = View.parse(text if kind == "day" else f"{kind}:{text}")
    assert neighbours.last_listed(library.reader(), view) == day
    assert views.counted_views(library.reader(), view)


def test_statistics_and_digests_of_any_year_are_made(library: Library, day: date) -> None:
    assert reading.read(library.reader(), date(2026, 7, 15))
    assert contents.collect(library, "last", Wanted(""), date(2026, 7, 15))


def test_no_day_is_shifted_out_of_the_calendar(day: date) -> None:
    assert shifted(day, -10_000_000) == date.min
    assert shifted(day, 10_000_000) == date.max
    assert shifted(day, 0) == day
