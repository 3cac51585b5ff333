"""A sitting (one pass through new papers): each decision can be undone, and an interrupted sitting can be continued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import journal, marking, sittings, stored_marks
from store.marks.sittings import DECISIONS, Decided, Decision, Sitting
from store.marks.stored_marks import Marks
from store.model.errors import LibraryError
from tests.store.marks.test_marking import all_marks, filled, marks_of, queued

TOMORROW = date.today() + timedelta(days=1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def decide(library: Library, sitting: Sitting, *decisions: Decision) -> None:
    """Make these decisions on the papers 1, 2, 3, …"""
    for paper, decision in enumerate(decisions, 1):
        sittings.decide(library, sitting, paper, decision, TOMORROW)


def test_each_decision_leaves_its_marks(library: Library) -> None:
    sitting = sittings.begin(library.reader(), "new", "")
    decide(library, sitting, *DECISIONS)
    bookmarked = marks_of(library, 3).bookmarked
    assert bookmarked
    assert all_marks(library) == {
        1: Marks(queue_position=1, status="seen", queued_because="view new"),
        2: Marks(later=TOMORROW.isoformat()),
        3: Marks(bookmarked=bookmarked, status="seen"),
        4: Marks(status="hidden"),
        5: Marks(status="seen"),
        6: Marks(),
    }
    expected = [Decided(paper, decision) for paper, decision in enumerate(DECISIONS, 1)]
    assert sittings.decisions(library.reader(), sitting.id) == expected


def test_a_hundred_decisions_are_a_hundred_steps_and_one_step_back(library: Library) -> None:
    sitting = sittings.begin(library.reader(), "new", "")
    for number in range(100):
        sittings.decide(library, sitting, number % 6 + 1, DECISIONS[number % 5], TOMORROW)
    assert library.reader().execute("SELECT count(*) FROM journal").fetchone() == (100,)
    after = all_marks(library)
    assert len(sittings.take_back(library, sitting.id)) == 100
    assert all_marks(library) == {number: Marks() for number in range(1, 7)}
    assert sittings.decisions(library.reader(), sitting.id) == []
    # The decisions that were undone can be redone and undone one by one.
    for _ in range(100):
        assert journal.redo(library)
    again = all_marks(library)
    assert again == after
    for _ in range(100):
        assert journal.undo(library)
    assert all_marks(library) == {number: Marks() for number in range(1, 7)}


def test_a_decision_is_taken_back_from_the_middle_and_what_came_later_stays(library: Library) -> None:
    sitting = sittings.begin(library.reader(), "new", "")
    decide(library, sitting, "keep", "hide", "keep")
    marking.tag(library, [2], ["later"])
    (taken,) = sittings.take_back(library, sitting.id, [2])
    assert (taken.label, taken.papers) == ("hidden", {2: Marks(tags=("later",))})
    assert queued(library) == [1, 3]
    assert [each.paper for each in sittings.decisions(library.reader(), sitting.id)] == [1, 3]
    assert sittings.take_back(library, sitting.id, [2]) == []
    # Undo reverses the latest change that is in effect. Redo repeats the change that was undone last.
    undone, redone = journal.undo(library), journal.redo(library)
    assert undone and redone and (undone.label, redone.label) == ("tagged with “later”", "tagged with “later”")
    redone = journal.redo(library)
    assert redone and redone.label == "hidden"
    assert marks_of(library, 2) == Marks(status="hidden", tags=("later",))


def test_a_sitting_that_was_left_continues_and_one_that_is_over_does_not(library: Library) -> None:
    sitting = sittings.begin(library.reader(), "new", "")
    # A sitting without decisions is not stored, so the next call begins a new one.
    assert sittings.begin(library.reader(), "new", "") != sitting
    decide(library, sitting, "keep")
    assert sittings.begin(library.reader(), "new", "") == sitting
    assert sittings.begin(library.reader(), "queue", "").id != sitting.id
    assert sittings.begin(library.reader(), "new", "graphs").id != sitting.id
    sittings.end(library, sitting)
    assert sittings.begin(library.reader(), "new", "").id != sitting.id
    # After a decision was undone, its paper must be decided on again, so the sitting continues.
    sittings.take_back(library, sitting.id, [1])
    assert sittings.begin(library.reader(), "new", "") == sitting


def test_the_latest_sitting_is_the_one_of_the_last_decision(library: Library) -> None:
    assert sittings.latest(library.reader()) is None
    first, second = sittings.begin(library.reader(), "new", ""), sittings.begin(library.reader(), "all", "")
    decide(library, first, "keep")
    decide(library, second, "skip")
    assert sittings.latest(library.reader()) == second.id
    sittings.take_back(library, second.id)
    assert sittings.latest(library.reader()) == first.id


def test_a_paper_that_was_read_or_marked_before_keeps_what_it_had(library: Library) -> None:
    marking.bookmark(library, [1])
    marking.status(library, [2], "reading")
    marking.queue(library, [3])
    before = all_marks(library)
    sitting = sittings.begin(library.reader(), "all", "")
    decide(library, sitting, "bookmark", "keep", "keep")
    assert marks_of(library, 1).bookmarked == before[1].bookmarked
    assert marks_of(library, 2) == Marks(status="reading", queue_position=2, queued_because="view all")
    assert queued(library) == [3, 2]
    sittings.take_back(library, sitting.id)
    assert all_marks(library) == before


def test_a_decision_on_a_paper_that_is_gone_is_refused(library: Library) -> None:
    sitting = sittings.begin(library.reader(), "new", "")
    with pytest.raises(LibraryError, match="no paper 99"):
        sittings.decide(library, sitting, 99, "skip")
    with pytest.raises(LibraryError, match="day"):
        sittings.decide(library, sitting, 1, "later")
    assert stored_marks.read(library.reader(), 1) == Marks()
