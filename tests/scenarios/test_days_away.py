"""The reader was away for nine days: what came, without repeats, the week, what is trending, and the statistics."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.papers import periods, visits
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.papers import Printed
from tests.scenarios.terminal import run

REPEATED = "Persimmon Orchards Seen from Orbit"
TODAY = date.today()


def title(ago: int, number: int) -> str:
    """The title of a paper of the listing of that many days ago."""
    things = ("Kites", "Lamps", "Geese", "Moths", "Tides", "Bells", "Ferns", "Clocks", "Plums")
    return f"{things[ago]} {('at Dawn', 'by Night')[number]}"


@pytest.fixture
def after_nine_days(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library whose reader used it nine days ago, and that has got a listing for each day since."""
    last_use = type("LastUse", (date,), {"today": classmethod(lambda cls: TODAY - timedelta(days=9))})
    with Library.open(library) as opened:
        with monkeypatch.context() as then, opened.writing(durable=False) as connection:
            then.setattr(visits, "date", last_use)
            visits.note(connection)
        for ago in reversed(range(9)):
            day = TODAY - timedelta(days=ago)
            printed = [Printed(title(ago, number), day, comments=9 - ago) for number in range(2)]
            # The reader knew this paper before, and every listing has it again.
            printed.append(Printed(REPEATED, papers.day(28), comments=20 - ago))
            listing = papers.write(tmp_path / "away", printed, day)
            list(take_in(opened, [listing], Options(today=TODAY)))
    return library


async def test_nine_days_away(reader: OpenReader, after_nine_days: Path) -> None:
    in_order = [title(ago, number) for ago in range(9) for number in range(2)]
    async with reader((160, 50)) as screen:
        # What is new since the last time, the newest day first, each paper once and in the order of its listing.
        await screen.counts("Since last time", 18)
        row = next(y for y, line in enumerate(screen.lines) if "Since last time" in line)
        await screen.click(6, row)
        assert (screen.where, screen.listed) == ("Since last time", in_order)
        # The nine days as one list have the paper that was known before too, once.
        nine_days = run("--library", after_nine_days, "list", "--view", "since:9d").stdout
        assert nine_days.count(REPEATED) == 1
        assert [line.split("  ")[-1] for line in nine_days.splitlines() if REPEATED not in line] == in_order
        # The week of today, and the week before it.
        await screen.press("D", "w")
        this_week = TODAY.weekday() + 1
        assert screen.main.list.count == 2 * this_week + 1
        assert screen.where == periods.name("week", periods.containing("week", TODAY), TODAY)
        await screen.press("[")
        assert screen.main.list.count == 2 * min(7, 9 - this_week) + 1
        # What is trending: the paper that rose most in these days, and the page says by what.
        await screen.press("8")
        assert set(screen.listed[:2]) == {title(0, 0), title(0, 1)}
        assert "by rise of upvotes and comments in 7 days" in screen.status
        await screen.press("]")
        assert screen.where.startswith("Trending, month")
        # Some of it is read, and the statistics show that.
        await screen.press("d", "percent_sign")
        await screen.sees("1 paper read", "─ From listing to reading ─")
    # Until the end of today, the view keeps what came.
    async with reader((160, 50)) as screen:
        await screen.counts("Since last time", 18)
