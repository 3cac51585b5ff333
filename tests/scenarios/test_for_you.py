"""The view "For you": its order, the reasons that it shows, and what the user teaches it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
from tests.scenarios.conftest import OpenReader
from tests.scenarios.taste import chosen, explained, ranked, teach

TERNS, ICE = "Terns migrate in autumn over shore", "Drilling an ice sheet under cloud"


@pytest.fixture
def birds(tmp_path: Path) -> Iterator[Path]:
    """A library with papers about terns, of which six are bookmarked, and papers about ice."""
    lines = ["title,authors,abstract"]
    for number in range(9):
        lines.append(f"{TERNS} {number}a,Ada Alpha,Arctic terns and their long way.")
        lines.append(f"{ICE} {number}b,Bo Berg,The firn of a glacier has layers.")
    table = tmp_path / "papers.csv"
    table.write_text("\n".join(lines), "utf-8")
    path = tmp_path / "birds" / "library.db"
    path.parent.mkdir(mode=0o700)
    with Library.open(path) as library:
        list(take_in(library, [table], Options(today=date(2026, 7, 2), listed_on=date(2026, 7, 2))))
        terns = library.reader().execute("SELECT id FROM paper WHERE title LIKE 'Terns%' ORDER BY id").fetchall()
        marking.bookmark(library, [paper_id for (paper_id,) in terns[:6]], True)
    yield path


async def test_liked_papers_come_first_and_the_page_says_why(reader: OpenReader, birds: Path) -> None:
    async with reader(library=birds) as screen:
        await ranked(screen, "0")
        assert all(title.startswith("Terns") for title in screen.titles[:3])
        assert len(screen.titles) == 12
        page = await explained(screen)
        assert "Why it is here" in page
        assert "which you kept" in page
        assert "by Ada Alpha, of whom you kept 6 papers" in page
        assert "Similar papers" in page


async def test_two_reasons_that_are_taught_change_the_list(reader: OpenReader, birds: Path) -> None:
    async with reader(library=birds) as screen:
        await ranked(screen, "0")
        await screen.press("g")
        await teach(screen, "-", "Ada Alpha")
        assert "less of “Ada Alpha”" in screen.status
        assert screen.titles[0].startswith("Drilling")
        await screen.press("g")
        await teach(screen, "-", "Bo Berg")
        assert screen.titles[0].startswith("Terns")


async def test_giving_the_same_opinion_again_takes_it_back(reader: OpenReader, birds: Path) -> None:
    async with reader(library=birds) as screen:
        await ranked(screen, "0")
        before = screen.titles
        for _ in range(2):
            await teach(screen, "+", "papers like")
        assert "forgot more of" in screen.status
        assert screen.titles == before


async def test_a_reason_can_be_taught_without_a_page_beside_the_list(reader: OpenReader, birds: Path) -> None:
    async with reader((60, 20), library=birds) as screen:
        await ranked(screen, "0")
        await screen.press("-")
        await screen.until(lambda: screen.app.screen is not screen.main, "the dialog is open")
        assert "word" in chosen(screen)
        await screen.press("enter")
        assert "less of" in screen.status


async def test_triage_goes_through_the_papers_in_this_order_with_their_reasons(reader: OpenReader, birds: Path) -> None:
    async with reader(library=birds) as screen:
        await ranked(screen, "0")
        first = screen.titles[0]
        await screen.press("w")
        await screen.until(lambda: "For you  " in screen.text, "the reasons have come")
        assert first[:20] in screen.text
        assert "similar to “Terns" in " ".join(screen.text.split())


async def test_the_key_goes_on_to_the_week_and_to_all_new_papers(reader: OpenReader, birds: Path) -> None:
    async with reader(library=birds) as screen:
        seen = []
        for _ in range(4):
            await screen.press("0")
            seen.append(str(screen.main.search.view))
        assert seen == ["for-you", "for-you:week", "for-you:unseen", "for-you"]


async def test_with_too_few_marks_the_status_line_says_that_there_is_no_ranking(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("0")
        assert "there is no ranking yet" in screen.status
        assert screen.count == "24 papers"
