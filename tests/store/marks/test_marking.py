"""Marks that the user sets: each change is saved when the function returns, can be undone, and affects nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal, marking, reading_queue, sittings, stored_marks, stored_registers
from store.marks.stored_marks import STATUSES, Marks, Status
from store.model.errors import LibraryError
from tests.store.listings import add_listing

ROOT = Path(__file__).parents[3]
PAPERS = 6
TOMORROW = date.today() + timedelta(days=1)
ALL = list(range(1, PAPERS + 1))


def filled(path: Path) -> Library:
    """A library with a few papers, whose ids are 1, 2, 3, …"""
    library = Library.open(path)
    add_listing(library, None, *(f"Paper {number}" for number in ALL))
    return library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def marks_of(library: Library, number: int = 1) -> Marks:
    return stored_marks.read(library.reader(), number)


def all_marks(library: Library) -> dict[int, Marks]:
    return {number: marks_of(library, number) for number in ALL}


def queued(library: Library) -> list[int]:
    """The papers of the queue in their order. Also checks that their positions are 1, 2, 3, …"""
    rows = (
        library.reader()
        .execute("SELECT paper_id, row_number() OVER (ORDER BY key, identity) FROM queue ORDER BY key, identity")
        .fetchall()
    )
    assert [position for _, position in rows] == list(range(1, len(rows) + 1))
    return [number for number, _ in rows]


# -- single changes


def test_a_bookmark_is_set_and_removed(library: Library) -> None:
    step = marking.bookmark(library, [1])
    assert step.label == "bookmarked"
    assert marks_of(library).bookmarked
    assert step.papers == {1: marks_of(library)}
    assert marking.bookmark(library, [1]).label == "bookmark removed"
    assert marks_of(library) == Marks()


def test_toggling_several_papers_sets_the_mark_on_all_when_one_lacks_it(library: Library) -> None:
    marking.bookmark(library, [1])
    first = marks_of(library).bookmarked
    marking.bookmark(library, [1, 2])
    assert marks_of(library, 2).bookmarked
    # The first paper already had a bookmark, so the time of its bookmark does not change.
    assert marks_of(library).bookmarked == first
    marking.bookmark(library, [1, 2])
    assert all_marks(library) == {number: Marks() for number in ALL}
    marking.queue(library, [3])
    marking.queue(library, [2, 3])
    assert queued(library) == [3, 2]
    marking.queue(library, [2, 3])
    assert queued(library) == []


def test_papers_are_queued_at_the_end_or_at_a_position(library: Library) -> None:
    marking.queue(library, [1, 2])
    marking.queue(library, [3])
    assert queued(library) == [1, 2, 3]
    marking.queue(library, [5, 4], at=2)
    assert queued(library) == [1, 5, 4, 2, 3]
    marking.queue(library, [3, 1], True, at=1)
    assert queued(library) == [3, 1, 5, 4, 2]
    marking.queue(library, [6], at=10**30)
    marking.queue(library, [2], True, at=-5)
    assert queued(library) == [2, 3, 1, 5, 4, 6]
    marking.queue(library, [3, 4], False)
    assert queued(library) == [2, 1, 5, 6]


def test_a_queued_paper_moves_and_stops_at_either_end(library: Library) -> None:
    marking.queue(library, [1, 2, 3])
    marking.move(library, 3, 1)
    assert queued(library) == [3, 1, 2]
    marking.move(library, 3, 99)
    assert queued(library) == [1, 2, 3]
    reading_queue.shift(library, [3], -1)
    assert queued(library) == [1, 3, 2]
    reading_queue.shift(library, [1], -1)
    reading_queue.shift(library, [2], 1)
    assert queued(library) == [1, 3, 2]
    reading_queue.shift(library, [1], 10**40)
    assert queued(library) == [3, 2, 1]


def test_a_paper_that_is_not_queued_cannot_be_moved(library: Library) -> None:
    for act in (marking.move, lambda library, paper, by: reading_queue.shift(library, [paper], by)):
        with pytest.raises(LibraryError, match="queue"):
            act(library, 1, 1)
    assert journal.undo(library) is None


def test_a_status_toggles_back_to_seen(library: Library) -> None:
    marking.status(library, [1], "reading", toggle=True)
    assert marks_of(library).status == "reading"
    marking.status(library, [1, 2], "reading", toggle=True)
    assert (marks_of(library, 1).status, marks_of(library, 2).status) == ("reading", "reading")
    marking.status(library, [1, 2], "reading", toggle=True)
    assert (marks_of(library, 1).status, marks_of(library, 2).status) == ("seen", "seen")
    marking.status(library, [1], "seen", toggle=True)
    assert marks_of(library).status == "new"


def test_done_papers_leave_the_queue_in_the_same_step(library: Library) -> None:
    marking.queue(library, [2, 1])
    assert marking.status(library, [2, 1], "done").label == "done, taken out of the queue"
    assert [marks_of(library, paper).queue_position for paper in (1, 2)] == [None, None]
    assert marking.status(library, [3], "done").label == "done"
    journal.undo(library)
    journal.undo(library)
    assert [marks_of(library, paper).queue_position for paper in (1, 2)] == [2, 1]
    assert marks_of(library, 1).status == "new"


def test_a_paper_is_never_both_hidden_and_in_the_queue(library: Library) -> None:
    """A function that hides a paper removes it from the queue.

    A function that queues a paper makes it visible again.
    """
    sitting = sittings.begin(library.reader(), "all", "")
    hiding = [
        lambda: marking.status(library, [1], "hidden"),
        lambda: marking.status(library, [1], "hidden", toggle=True),
        lambda: sittings.decide(library, sitting, 1, "hide"),
    ]
    queueing = [
        lambda: marking.queue(library, [1]),
        lambda: marking.queue(library, [1], True, at=1),
        lambda: marking.keep(library, [1]),
        lambda: sittings.decide(library, sitting, 1, "keep"),
    ]
    for hide in hiding:
        for put_into_queue in queueing:
            hide()
            assert (marks_of(library).status, marks_of(library).queue_position) == ("hidden", None)
            put_into_queue()
            assert (marks_of(library).status, marks_of(library).queue_position) == ("seen", 1)


def test_a_paper_that_another_version_left_hidden_in_the_queue_is_shown_by_keeping_it(library: Library) -> None:
    def left_behind(marks: Marks) -> Marks:
        return replace(marks, status="hidden", queue_position=1)

    journal.change(library, [1], lambda before: ("hidden", left_behind))
    marking.keep(library, [1])
    assert (marks_of(library).status, marks_of(library).queue_position) == ("seen", 1)


def test_opening_a_paper_changes_only_the_status_new(library: Library) -> None:
    assert marking.seen(library, 1).papers[1].status == "seen"
    marking.status(library, [2], "done")
    marking.seen(library, 2)
    assert marks_of(library, 2).status == "done"


def test_tags_are_stored_in_one_spelling(library: Library) -> None:
    marking.tag(library, [1, 2], ["#Large Models", "nlp", " ", "\x1b[31m"])
    assert marks_of(library).tags == ("large-models", "nlp", "␛[31m")
    marking.tag(library, [1], ["new"], drop=["NLP"])
    assert marks_of(library).tags == ("large-models", "new", "␛[31m")
    marking.retag(library, [1, 2], ["b", "a", "B"])
    assert marks_of(library, 1).tags == marks_of(library, 2).tags == ("a", "b")


def test_a_note_is_cleaned_and_an_empty_one_is_removed(library: Library) -> None:
    marking.note(library, 1, "One\x07line\r\n- and  another\n\n\tand a third \n")
    assert marks_of(library).note == "One␇line\n- and  another\n\n    and a third"
    assert marking.note(library, 1, "  ").label == "note removed"
    assert marks_of(library) == Marks()


def test_an_action_without_effect_makes_no_step(library: Library) -> None:
    marking.bookmark(library, [1])
    for nothing in (
        lambda: marking.bookmark(library, [1], True),
        lambda: marking.bookmark(library, []),
        lambda: marking.queue(library, [1], False),
        lambda: marking.status(library, [1], "new"),
        lambda: marking.tag(library, [1], drop=["x"]),
        lambda: marking.note(library, 1, None),
    ):
        nothing()
    undone = journal.undo(library)
    assert undone
    assert undone.label == "bookmarked"
    assert journal.undo(library) is None


@pytest.mark.parametrize("number", [0, -1, PAPERS + 1, 2**63, 10**30])
def test_an_unknown_paper_is_an_error_and_changes_nothing(number: int, library: Library) -> None:
    with pytest.raises(LibraryError, match="no paper"):
        marking.bookmark(library, [1, number])
    assert marks_of(library) == Marks()


def test_a_new_step_after_an_undo_deletes_the_undone_one(library: Library) -> None:
    marking.bookmark(library, [1])
    marking.tag(library, [1], ["a"])
    journal.undo(library)
    marking.note(library, 1, "x")
    assert journal.redo(library) is None
    journal.undo(library)
    journal.undo(library)
    assert marks_of(library) == Marks()


def test_marking_queued_papers_changes_no_place_in_the_queue(library: Library) -> None:
    marking.queue(library, ALL)
    before = library.reader().execute("SELECT paper_id, key FROM queue").fetchall()
    marking.tag(library, ALL, ["x"])
    assert library.reader().execute("SELECT paper_id, key FROM queue").fetchall() == before


def test_moving_a_paper_changes_one_register(library: Library) -> None:
    marking.queue(library, ALL)
    before = stored_registers.last_change(library.reader())
    marking.move(library, ALL[-1], 2)
    changed = stored_registers.changed_since(library.reader(), before)
    assert [register.field for _, register in changed] == ["queue"]


def test_moving_papers_beyond_the_end_where_they_are_already_makes_no_step(library: Library) -> None:
    marking.queue(library, [1, 2, 3])
    marking.move(library, 3, 9)
    marking.move(library, 3, 4)
    reading_queue.move(library, [2, 3], 9)
    assert queued(library) == [1, 2, 3]
    undone = journal.undo(library)
    assert undone is not None and queued(library) == []


# -- postponed papers


def test_a_postponed_paper_counts_as_new_again_and_leaves_the_queue(library: Library) -> None:
    marking.queue(library, [1, 2])
    marking.status(library, [1], "seen")
    assert marking.postpone(library, [1], TOMORROW).label == "postponed"
    assert marks_of(library) == Marks(later=TOMORROW.isoformat())
    assert queued(library) == [2]
    journal.undo(library)
    assert marks_of(library) == Marks(queue_position=1, status="seen")


def test_looking_at_a_postponed_paper_does_not_end_its_wait(library: Library) -> None:
    marking.postpone(library, [1], TOMORROW)
    marking.seen(library, 1)
    assert marks_of(library) == Marks(later=TOMORROW.isoformat())
    # On the day until which it was postponed, the paper becomes new again, and can be marked as seen like any other.
    marking.seen(library, 1, today=TOMORROW)
    assert marks_of(library) == Marks(status="seen")


@pytest.mark.parametrize("status", STATUSES)
def test_any_later_decision_ends_the_wait_of_a_paper(library: Library, status: Status) -> None:
    marking.postpone(library, [1, 2, 3], TOMORROW)
    marking.status(library, [1], status)
    marking.queue(library, [2])
    assert marking.postpone(library, [3], None).label == "not postponed any more"
    assert [marks_of(library, number).later for number in (1, 2, 3)] == [None, None, None]


# -- two processes

_MARKER = """
import sys
from pathlib import Path
from store.marks import marking
from store.library.library import Library
library = Library.open(Path(sys.argv[1]))
print("ready", flush=True)
input()
for number in range(30):
    marking.tag(library, [1], [f"{sys.argv[2]}{number}"])
    marking.queue(library, [1 + number % 6])
    marking.note(library, 1 + number % 6, f"{sys.argv[2]}{number}")
"""


def test_two_processes_that_mark_at_once_lose_nothing(library: Library) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _MARKER, str(library.path), name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for process in both:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    assert set(marks_of(library).tags) == {f"{name}{number}" for name in "ab" for number in range(30)}
    queued(library)
    # The changes of both processes can be undone one after the other.
    while journal.undo(library):
        queued(library)
    assert all_marks(library) == {number: Marks() for number in ALL}
