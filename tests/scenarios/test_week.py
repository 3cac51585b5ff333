"""A week of use: triage on Monday, an ordered queue, papers read with notes, and marks undone later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import collections, saved_filters, stored_marks, tags
from store.papers import list_rows
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.papers import Printed
from tests.scenarios.reader import Reader

PAPERS = 200
MONDAY = date(2025, 10, 6)


def listing() -> list[Printed]:
    """A listing of two hundred papers. Every tenth of them is about bees."""
    subjects = ("bees", "maps", "tides", "graphs", "speech", "looms", "kites", "roots", "clocks", "ferries")
    return [
        Printed(f"Paper {number:03} about {subjects[number % len(subjects)]}", MONDAY, abstract=f"We study {number}.")
        for number in range(PAPERS)
    ]


def monday(folder: Path) -> Path:
    """A library into which the listing of Monday was imported."""
    path = folder / "week" / "library.db"
    path.parent.mkdir(mode=0o700)
    with Library.open(path) as library:
        (report,) = take_in(library, [papers.write(folder, listing(), MONDAY)], Options(today=date(2026, 1, 1)))
        assert report.added == PAPERS
    return path


def queue(path: Path) -> list[str]:
    """The titles in the queue, each with the reason why it is there."""
    with Library.open(path) as library:
        connection = library.reader()
        ids = [paper for (paper,) in connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")]
        return [f"{row.title} ({row.queued_because})" for row in list_rows.read(connection, ids)]


async def triage(screen: Reader) -> None:
    """Decide on all papers: keep those about bees, postpone a few, bookmark one, and hide or skip the others."""
    await screen.press("w")
    for number in range(PAPERS):
        # Five of the twenty papers about bees are kept.
        is_kept = number % 40 == 0
        key = "a" if is_kept else "l" if number % 50 == 7 else "b" if number == 3 else "x" if number % 2 else "s"
        await screen.press_without_waiting(key)
    await screen.settle()
    await screen.press("escape")


async def test_a_week_of_reading_with_one_library(reader: OpenReader, tmp_path: Path) -> None:
    path = monday(tmp_path)
    async with reader(library=path) as screen:
        await screen.counts("New", PAPERS)
        await triage(screen)
        await screen.sees("Queue")
        await screen.counts("New", 0)
        await screen.counts("Later", 4)
        await screen.counts("Bookmarks", 1)
        # Reorder the queue: move the last paper to the top and the first one to the end.
        await screen.press("3", "G")
        await screen.press("{")
        await screen.press("j", "}")
        assert [title[6:9] for title in screen.titles] == ["160", "040", "080", "120", "000"]
    # Tuesday: the library contains the queue in the order that the screen showed, and the reason of each paper.
    assert [line.removeprefix("Paper ") for line in queue(path)] == [
        f"{number:03} about bees (view new)" for number in (160, 40, 80, 120, 0)
    ]
    async with reader(library=path) as screen:
        assert "next up" not in screen.status
        await screen.press("2", "/", *"bees", "enter", "S", *"Bees", "enter", "ctrl+u", "enter", "escape")
        # Read three papers, write a note about each, and add each to a collection. After each paper, recto offers the
        # next one.
        for number, note in enumerate(("**first** bees", "second", "third")):
            await screen.press("N", "g", "r", "n")
            await screen.type(note)
            await screen.press("ctrl+s", "t", *"beez", "enter", "B", *"Thesis chapter 2", "enter", "d")
            await screen.counts("Queue", 4 - number)
        await screen.counts("#beez", 3)
        await screen.counts("Thesis chapter 2", 3)
    # Thursday, after a restart: the user undoes that the last paper was marked as done, and renames a tag.
    async with reader(library=path) as screen:
        await screen.press("u")
        assert "undone: marked “Paper 080 about bees” as done" in screen.status
        await screen.counts("Queue", 3)
        await screen.press("W", *"beez", "enter", "ctrl+u", *"bees", "enter")
        await screen.counts("#bees", 3)
        await screen.counts("#beez", None)
    assert [line[6:9] for line in queue(path)] == ["080", "120", "000"]
    with Library.open(path) as library:
        connection = library.reader()
        assert [(each.name, each.count) for each in tags.counted(connection)] == [("bees", 3)]
        collected = collections.papers(connection, "Thesis chapter 2")
        assert [row.title[6:9] for row in list_rows.read(connection, collected)] == ["160", "040", "080"]
        kept = [stored_marks.read(connection, paper) for paper in collected]
        assert [marks.status for marks in kept] == ["done", "done", "reading"]
        assert [marks.note for marks in kept] == ["**first** bees", "second", "third"]
        assert [saved.name for saved in saved_filters.read_all(connection)] == ["Bees"]
