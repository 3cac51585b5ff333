"""The reader was away for nine days.

What came, ranked and unranked, without repeats; the week; what is trending; two reasons taught; similar papers; and the
statistics in three sizes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
from store.papers import periods, visits
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.papers import Printed
from tests.scenarios.reader import Reader
from tests.scenarios.taste import explained, ranked, teach
from tests.scenarios.terminal import run

REPEATED = "Persimmon Orchards Seen from Orbit"
TODAY = date.today()
# The abstracts of the two papers of each day. The reader bookmarked papers like the first one before.
ABSTRACTS = ("Arctic terns migrate along the shore.", "The firn of a glacier has layers of ice.")


def title(ago: int, number: int) -> str:
    """The title of a paper of the listing of that many days ago."""
    things = ("Kites", "Lamps", "Geese", "Moths", "Tides", "Bells", "Ferns", "Clocks", "Plums")
    return f"{things[ago]} {('at Dawn', 'by Night')[number]}"


@pytest.fixture
def after_nine_days(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library whose reader used it nine days ago, and that has got a listing for each day since."""
    last_use = type("LastUse", (date,), {"today": classmethod(lambda cls: TODAY - timedelta(days=9))})
    with Library.open(library) as opened:
        before = TODAY - timedelta(days=20)
        liked = [Printed(f"Terns {name}", before, ABSTRACTS[0]) for name in ("one", "two", "three", "four", "five")]
        list(take_in(opened, [papers.write(tmp_path / "away", liked, before)], Options(today=TODAY)))
        terns = opened.reader().execute("SELECT id FROM paper WHERE title LIKE 'Terns %'").fetchall()
        marking.bookmark(opened, [paper_id for (paper_id,) in terns], True)
        with monkeypatch.context() as then, opened.writing(durable=False) as connection:
            then.setattr(visits, "date", last_use)
            visits.note(connection)
        for ago in reversed(range(9)):
            day = TODAY - timedelta(days=ago)
            printed = [Printed(title(ago, at), day, ABSTRACTS[at], comments=9 - ago) for at in range(2)]
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
        await _ranked_taught_and_similar(screen)
        # Some of it is read, and the statistics show that, in three sizes.
        await screen.press("8", "d", "percent_sign")
        await screen.sees("1 paper read", "─ From listing to reading ─")
        for width, height in ((80, 24), (60, 20)):
            await screen.resize(width, height)
            await screen.sees("1 paper read")
            assert all(len(line) <= width for line in screen.lines)
    # Until the end of today, the view keeps what came.
    async with reader((160, 50)) as screen:
        await screen.counts("Since last time", 18)


async def _ranked_taught_and_similar(screen: Reader) -> None:
    """The same papers in the order of the taste, with reasons; two reasons are taught; similar papers are listed."""
    await ranked(screen, "0", "0", "0")
    assert str(screen.main.search.view) == "for-you:unseen"
    assert len(set(screen.listed)) == len(screen.listed)
    dawn = [title(ago, 0) for ago in range(9)]
    assert set(screen.listed[:6]) < set(dawn)
    assert "Why it is here" in await explained(screen)
    # Less of the terns: papers about ice are not below them any more. Then more of the ice: they come first.
    await screen.press("g")
    await teach(screen, "-", "terns")
    await teach(screen, "-", "arctic")
    assert "less of" in screen.status
    assert not set(screen.listed[:6]) < set(dawn)
    # Papers that are similar to one of them.
    await screen.press("/")
    await screen.type("clocks dawn")
    await screen.press("enter", "=")
    assert "similar to" in screen.status
    assert set(screen.listed) & set(dawn)
    assert title(7, 0) not in screen.listed
    await screen.press("escape", "escape")
