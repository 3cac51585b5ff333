"""A week of reading on a desktop and a laptop that share a folder: in the end, both have the same marks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import journal, marking, saved_filters, sittings, stored_marks, tags
from store.marks.saved_filters import SavedFilter
from store.sync import positions, rounds
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.papers import Printed

_MONDAY = date(2026, 11, 23)
_PAPERS = 200
# The decisions of the triage, repeated in this order: most papers are skipped or hidden.
_DECISIONS: tuple[sittings.Decision, ...] = (*["skip"] * 2, "keep", "skip", "hide", "skip", "bookmark", *["skip"] * 3)


def _import(path: Path, folder: Path) -> None:
    """Import Monday's listing into the library."""
    printed = [Printed(f"Paper {number:03} of the Week", _MONDAY - timedelta(3)) for number in range(_PAPERS)]
    with Library.open(path) as library:
        listing = papers.write(folder, printed, _MONDAY)
        (report,) = take_in(library, [listing], Options(today=_MONDAY))
        assert report.added == _PAPERS


def _marks(library: Library) -> dict[str, stored_marks.Marks]:
    """The marks of each paper by its title."""
    rows = library.reader().execute("SELECT id, title FROM paper").fetchall()
    marks = stored_marks.read_all(library.reader(), [number for number, _ in rows])
    return {title: marks[number] for number, title in rows if marks[number] != stored_marks.Marks()}


def _queue(library: Library) -> list[str]:
    rows = library.reader().execute(
        "SELECT title FROM queue q JOIN paper ON paper.id = q.paper_id ORDER BY q.key, q.identity"
    )
    return [title for (title,) in rows]


async def test_everything_is_present_on_both_machines_at_the_end_of_the_week(
    tmp_path: Path, reader: OpenReader
) -> None:
    desktop, laptop, shared = tmp_path / "desktop.db", tmp_path / "laptop" / "library.db", tmp_path / "shared"
    shared.mkdir()
    laptop.parent.mkdir()
    _import(desktop, tmp_path / "listings")
    # Monday: 200 papers are triaged on the desktop.
    with Library.open(desktop) as library:
        sitting = sittings.begin(library.reader(), "all", "")
        for number, decision in zip(range(1, _PAPERS + 1), cycle(_DECISIONS), strict=False):
            sittings.decide(library, sitting, number, decision)
        # Tuesday: the user changes the order of the queue.
        assert len(_queue(library)) == _PAPERS // len(_DECISIONS)
        for number in (43, 93, 143):
            marking.move(library, number, 1)
        ordered = _queue(library)
        saved_filters.save(library, SavedFilter("Thesis", "tag:thesis is:done"))
        rounds.run(library, shared)
    # Wednesday: three papers are read on the laptop, with notes and a tag, although nothing was ever imported on it.
    with Library.open(laptop) as library:
        rounds.run(library, shared)
        assert _queue(library) == ordered
        first = [number for (number,) in library.reader().execute("SELECT paper_id FROM queue ORDER BY key LIMIT 3")]
        for number in first:
            marking.note(library, number, f"read on the train: {number}")
            marking.tag(library, [number], ["thesis"])
            marking.status(library, [number], "done")
    # One of these marks is undone after recto was restarted on the laptop.
    with Library.open(laptop) as library:
        undone = journal.undo(library)
        assert undone is not None
        assert [*undone.papers] == [first[2]]
        rounds.run(library, shared)
        # Thursday: the user renames the tag on the laptop.
        tags.rename(library, ["thesis"], "chapter-2")
        rounds.run(library, shared)
        on_laptop = _marks(library)
        with Library.open(desktop) as other:
            rounds.run(other, shared)
            on_desktop = _marks(other)
            # The laptop has not imported papers that were only skimmed or hidden on the desktop, so it does not
            # list them. It stores their marks until it imports the papers.
            shown = {title: marks for title, marks in on_desktop.items() if title in on_laptop}
            assert shown == on_laptop
            assert {marks.status for title, marks in on_desktop.items() if title not in on_laptop} <= {"seen", "hidden"}
            assert _queue(other) == _queue(library)
            # The saved filter of the desktop contains the new name of the tag.
            assert saved_filters.find(other.reader(), "Thesis").filter == "tag:chapter-2 is:done"
            assert sorted(marks.status for marks in on_desktop.values() if marks.note) == ["done", "done", "seen"]
            assert all(marks.tags == ("chapter-2",) for marks in on_desktop.values() if marks.note)
    # Friday: the laptop imports Monday's listing too, and the marks that it stored are applied to the papers.
    _import_known(laptop, tmp_path / "listings")
    with Library.open(laptop) as library:
        assert _marks(library) == on_desktop
        with library.writing() as connection:
            positions.set_folder(connection, shared)
    async with reader(library=laptop) as screen:
        await screen.counts("#chapter-2", 3)
        await screen.counts("Queue", len(ordered) - 2)
        await screen.press("3")
        assert screen.titles[0] == ordered[2]
        await screen.sees("read on the train", "chapter-2")


def _import_known(path: Path, folder: Path) -> None:
    with Library.open(path) as library:
        (report,) = take_in(library, [folder], Options(today=_MONDAY))
        assert report.added + report.merged == _PAPERS
