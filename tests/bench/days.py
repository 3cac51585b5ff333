"""Measures the pages of days, weeks and months, of trending papers and the calendar, on a library of daily listings.

The papers in the library of the other measurements were listed on no day. So this module makes a library with listing
days: 600 papers of a mailing on each weekday, and 50 papers with upvotes on each day.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from store.library.library import Library
from store.papers import list_rows, listing_days, periods, trending, views
from store.papers.views import View
from tests.bench.figures import Figure, percentile
from tests.bench.libraries import scratch
from tests.bench.stand import Stand
from tests.bench.timing import duration

NAME = "days"

_NEWEST = date(2026, 10, 30)
_MAILED, _LIKED = 600, 50
_SECONDS = 0.6
# The number of papers at the top of a page whose list lines are loaded.
_PAGE = 50
_GOALS = {"day": 30.0, "week": 30.0, "month": 30.0, "trending": 100.0, "calendar": 50.0}


def measure(stand: Stand) -> Iterator[Figure]:
    """The time to select the papers of a page, to load the lines of the first ones, and to count those of a month."""
    with scratch() as folder:
        first = make(folder / "library.db", stand.size)
        with Library.open(folder / "library.db") as library:
            for name, run in _runs(library, first).items():
                durations = _timed(run, stand.effort)
                yield Figure(
                    name=f"{name} page, p99" if name != "calendar" else "calendar: a month, p99",
                    at=stand.size,
                    figure=percentile(durations, 0.99),
                    unit="ms",
                    goal=_GOALS[name],
                    note=f"p50 {percentile(durations, 0.5):.1f} ms, {len(durations)} times",
                )


def make(path: Path, size: int) -> date:
    """Make a library of about `size` papers that were listed on the days up to _NEWEST. Returns the first day."""
    with Library.open(path) as library, library.writing(durable=False) as connection:
        number, day = 0, _NEWEST
        while number < size:
            for liked in (True, False):
                count = min(_LIKED if liked else _MAILED * (day.weekday() < 5), size - number)
                if count:
                    _list(connection, day, number, count, liked=liked)
                    number += count
            first, day = day, day - timedelta(days=1)
        connection.execute("INSERT INTO body (paper_id, abstract) SELECT id, printf('%1000s', title) FROM paper")
    return first


def _list(connection: Any, day: date, before: int, count: int, *, liked: bool) -> None:
    """Insert a listing of `count` new papers, with or without upvotes. Their ids begin at `before` + 1."""
    (listing,) = connection.execute(
        "INSERT INTO listing (content, path, size, format, family, listed_on, state, stored, entries, first_read)"
        " VALUES (?1, ?1, 0, 'hf-json', 'hf', ?2, 'read', ?3, ?3, ?2) RETURNING id",
        (f"{day} {liked}", f"{day}", count),
    ).fetchone()
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?3)"
    values = (before, day.isoformat(), count, listing, 1 if liked else None)
    connection.execute(
        f"{numbers} INSERT INTO paper (id, title, title_key, byline, published, first_listed, last_listed, upvotes,"
        " families, has_abstract, has_code, has_pdf, stars) SELECT ?1 + i, 'Paper ' || (?1 + i), ?1 + i, 'Ada Quill',"
        " ?2, ?2, ?2, ?5 * (i * 37 % 200), 'hf', 1, 0, 1, ?5 * (i * 91 % 3000) FROM n",
        (*values,),
    )
    connection.execute(
        f"{numbers} INSERT INTO entry (listing_id, position, paper_id, listed_on, yearless, upvotes)"
        " SELECT ?4, i, ?1 + i, ?2, 0, ?5 * (i * 37 % 200) FROM n",
        values,
    )


def _runs(library: Library, first: date) -> dict[str, Callable[[], object]]:
    random = Random(3)
    days = (_NEWEST - first).days + 1
    arguments = ["", *trending.arguments()]

    def page(view: View) -> None:
        chosen = views.selection(library.reader(), view)
        rows = library.reader().execute(
            f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
        )
        list_rows.read(library.reader(), [paper_id for (paper_id,) in rows][:_PAGE])

    def period(kind: periods.PeriodKind) -> Callable[[], None]:
        return lambda: page(View(kind, periods.containing(kind, first + timedelta(days=random.randrange(days)))))

    def calendar() -> object:
        month = periods.period("month", f"{first + timedelta(days=random.randrange(days)):%Y-%m}")
        return listing_days.counts(library.reader(), month.first.isoformat(), month.last.isoformat())

    return {
        "day": period("day"),
        "week": period("week"),
        "month": period("month"),
        "trending": lambda: page(View("trending", random.choice(arguments))),
        "calendar": calendar,
    }


def _timed(run: Callable[[], object], effort: float) -> list[float]:
    """The durations of the calls (ms)."""
    durations = []
    ends = time.perf_counter() + _SECONDS * effort
    while time.perf_counter() < ends or len(durations) < 5:
        durations.append(duration(run))
    return durations
