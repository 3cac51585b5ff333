"""A user opens recto after nine days in which new papers were imported every day.

The user sees the new papers, with and without ranking and each only once, the page of the week and the trending papers,
teaches recto two reasons, lists similar papers, and opens the statistics in three sizes.
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
# The abstracts of the two papers of each day. The user bookmarked papers like the first one earlier.
ABSTRACTS = ("Arctic terns migrate along the shore.", "The firn of a glacier has layers of ice.")


def title(ago: int, number: int) -> str:
    """The title of paper `number` (0 or 1) in the listing from `ago` days ago."""
    things = ("Kites", "Lamps", "Geese", "Moths", "Tides", "Bells", "Ferns", "Clocks", "Plums")
    return f"{things[ago]} {('at Dawn', 'by Night')[number]}"


@pytest.fixture
def after_nine_days(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library that was last opened nine days ago, with one imported listing for each day since then."""
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
            # This paper was already in the library nine days ago, and each of the listings contains it again.
            printed.append(Printed(REPEATED, papers.day(28), comments=20 - ago))
            listing = papers.write(tmp_path / "away", printed, day)
            list(take_in(opened, [listing], Options(today=TODAY)))
    return library


async def test_nine_days_away(reader: OpenReader, after_nine_days: Path) -> None:
    in_order = [title(ago, number) for ago in range(9) for number in range(2)]
    async with reader((160, 50)) as screen:
        # "Since last time" contains each new paper once: the newest day first, and the papers of a day in the order of
        # the listing.
        await screen.counts("Since last time", 18)
        row = next(y for y, line in enumerate(screen.lines) if "Since last time" in line)
        await screen.click(6, row)
        assert (screen.where, screen.listed) == ("Since last time", in_order)
        # The view of the last nine days also contains the repeated paper, but only once.
        nine_days = run("--library", after_nine_days, "list", "--view", "since:9d").stdout
        assert nine_days.count(REPEATED) == 1
        assert [line.split("  ")[-1] for line in nine_days.splitlines() if REPEATED not in line] == in_order
        # The page of this week, and then that of the week before.
        await screen.press("D", "w")
        this_week = TODAY.weekday() + 1
        assert screen.main.list.count == 2 * this_week + 1
        assert screen.where == periods.name("week", periods.containing("week", TODAY), TODAY)
        await screen.press("[")
        assert screen.main.list.count == 2 * min(7, 9 - this_week) + 1
        # The view of trending papers begins with those that got most upvotes and comments in these days.
        await screen.press("8")
        assert set(screen.listed[:2]) == {title(0, 0), title(0, 1)}
        assert "by rise of upvotes and comments in 7 days" in screen.status
        await screen.press("]")
        assert screen.where.startswith("Trending, month")
        await _ranked_taught_and_similar(screen)
        # Mark a paper as read: the statistics count it, on terminals of three sizes.
        await screen.press("8", "d", "percent_sign")
        await screen.sees("1 paper read", "─ From listing to reading ─")
        for width, height in ((80, 24), (60, 20)):
            await screen.resize(width, height)
            await screen.sees("1 paper read")
            assert all(len(line) <= width for line in screen.lines)
    # When recto is opened again on the same day, "Since last time" still contains the same 18 papers.
    async with reader((160, 50)) as screen:
        await screen.counts("Since last time", 18)


async def _ranked_taught_and_similar(screen: Reader) -> None:
    """Check the order by taste (the user's interests) and its reasons, teach two reasons, and list similar papers."""
    await ranked(screen, "0", "0", "0")
    assert str(screen.main.search.view) == "for-you:unseen"
    assert len(set(screen.listed)) == len(screen.listed)
    dawn = [title(ago, 0) for ago in range(9)]
    assert set(screen.listed[:6]) < set(dawn)
    assert "Why it is here" in await explained(screen)
    # After "less like this" for a paper about terns, papers about ice are no longer below them. After "more like this"
    # for ice, they are first.
    await screen.press("g")
    await teach(screen, "-", "terns")
    await teach(screen, "-", "arctic")
    assert "less of" in screen.status
    assert not set(screen.listed[:6]) < set(dawn)
    # Show the list of papers that are similar to one of these papers.
    await screen.press("/")
    await screen.type("clocks dawn")
    await screen.press("enter", "=")
    assert "similar to" in screen.status
    assert set(screen.listed) & set(dawn)
    assert title(7, 0) not in screen.listed
    await screen.press("escape", "escape")
