"""Undoing an import does not remove papers that have marks. Undo and redo of marks still work afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.importing import undo
from store.importing.undo import withdraw
from store.library.library import Library
from store.marks import journal, marking, stored_marks
from store.papers import listing_days, paper_details
from tests.store.importing.withdrawals import TODAY, assert_sound, import_listing, last_id, number, page, titles

MARKS: dict[str, Callable[[Library, int], object]] = {
    "a bookmark": lambda library, paper: marking.bookmark(library, [paper]),
    "a place in the queue": lambda library, paper: marking.queue(library, [paper]),
    "a status": lambda library, paper: marking.status(library, [paper], "done"),
    "having been seen": lambda library, paper: marking.seen(library, paper),
    "a tag": lambda library, paper: marking.tag(library, [paper], ["bees"]),
    "a note": lambda library, paper: marking.note(library, paper, "Ask Bo about figure 3."),
}


@pytest.mark.parametrize("mark", MARKS)
def test_a_paper_that_was_marked_stays_with_all_that_is_known_of_it(
    mark: str, library: Library, tmp_path: Path
) -> None:
    path = page(tmp_path / "wrong.txt", ["On Bees", "On Rivers", "On Taxes"])
    import_listing(library, path)
    marked = number(library, "On Rivers")
    MARKS[mark](library, marked)
    before = paper_details.details(library.reader(), marked)
    done = withdraw(library, last_id(library), today=TODAY)
    assert (done.entries, done.removed, done.kept) == (3, 2, 1)
    after = paper_details.details(library.reader(), marked)
    assert (after.id, after.marks, after.paper) == (before.id, before.marks, before.paper)
    # No listing contains the paper any more, so it belongs to no day.
    assert (after.listings, after.first_listed, after.last_listed) == ((), None, None)
    assert listing_days.latest(library.reader()) is None
    assert_sound(library)
    # When the file is imported again, its entry is added to the marked paper.
    assert import_listing(library, path).added == 2
    assert paper_details.details(library.reader(), marked) == before


@pytest.mark.parametrize("mark", MARKS)
def test_undo_and_redo_work_on_as_if_nothing_had_been_taken_back(mark: str, library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "wrong.txt", ["On Bees", "On Rivers"]))
    marked = number(library, "On Rivers")
    MARKS[mark](library, marked)
    marks = stored_marks.read(library.reader(), marked)
    journal.undo(library)
    # The paper has no mark now, but a redo would add one, so the paper must stay.
    assert stored_marks.read(library.reader(), marked) == stored_marks.Marks()
    assert withdraw(library, last_id(library), today=TODAY).kept == 1
    redone = journal.redo(library)
    assert redone
    assert redone.papers == {marked: marks}
    undone = journal.undo(library)
    assert undone
    assert undone.papers == {marked: stored_marks.Marks()}
    assert_sound(library)


def test_an_action_on_many_papers_can_be_undone_when_some_of_them_were_in_the_file(
    library: Library, tmp_path: Path
) -> None:
    import_listing(library, page(tmp_path / "right.txt", ["On Bees", "On Towns"]))
    import_listing(library, page(tmp_path / "wrong.txt", ["On Rivers", "On Taxes"]))
    ids = [number(library, title) for title in ("On Rivers", "On Bees", "On Towns")]
    marking.queue(library, ids)
    marking.queue(library, [ids[1]], at=1)
    withdraw(library, last_id(library), today=TODAY)
    assert titles(library) == ["On Bees", "On Rivers", "On Towns"]
    assert journal.undo(library)
    queued = library.reader().execute("SELECT paper_id FROM queue ORDER BY key, identity").fetchall()
    assert queued == [(each,) for each in ids]
    assert journal.undo(library)
    assert library.reader().execute("SELECT * FROM queue").fetchall() == []
    assert_sound(library)


def test_a_paper_that_is_marked_while_its_import_is_undone_is_kept(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    import_listing(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(9)]))
    first = number(library, "Paper 0 of the lot")
    done = withdraw(
        library,
        last_id(library),
        today=TODAY,
        on_step=lambda done, whole: marking.bookmark(library, [first], True) and None if done == 4 else None,
    )
    assert (done.entries, done.removed, done.kept) == (9, 8, 1)
    assert titles(library) == ["Paper 0 of the lot"]
