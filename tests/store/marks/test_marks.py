"""The reader's own marks: each action is on the disk at once, can be taken back, and touches nothing else."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.marks import journal, paper_marks
from store.marks import marks as reading
from store.marks.paper_marks import STATUSES, Marks, Status
from store.model.paper import Entry, LibraryError, Paper

ROOT = Path(__file__).parents[3]
PAPERS = 6
ALL = list(range(1, PAPERS + 1))


def filled(path: Path) -> Library:
    """A library with a few papers, numbered from 1."""
    library = Library.open(path)
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (1, 'x', 'x', 0, 'hf-text', 'hf', 'read', 0, 0, '')"
        )
        for number in ALL:
            entry = Entry(paper=Paper(title=f"Paper {number}"))
            entries.place(connection, ListingKey(1, "x", "hf", None, None), number, entry, date(2026, 7, 15))
    return library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def marks(library: Library, number: int = 1) -> Marks:
    return paper_marks.read(library.reader(), number)


def state(library: Library) -> dict[int, Marks]:
    return {number: marks(library, number) for number in ALL}


def queued(library: Library) -> list[int]:
    """The papers of the queue in order; their positions are always 1, 2, 3, …"""
    rows = library.reader().execute("SELECT paper_id, position FROM queue ORDER BY position").fetchall()
    assert [position for _, position in rows] == list(range(1, len(rows) + 1))
    return [number for number, _ in rows]


# -- one action after the other


def test_a_bookmark_is_set_and_taken_away(library: Library) -> None:
    done = reading.bookmark(library, [1])
    assert done.label == "bookmarked"
    assert marks(library).bookmarked
    assert done.papers == {1: marks(library)}
    assert reading.bookmark(library, [1]).label == "bookmark removed"
    assert marks(library) == Marks()


def test_toggling_several_gives_all_of_them_what_one_lacks(library: Library) -> None:
    reading.bookmark(library, [1])
    first = marks(library).bookmarked
    reading.bookmark(library, [1, 2])
    assert marks(library, 2).bookmarked
    # It keeps the moment at which it was first set.
    assert marks(library).bookmarked == first
    reading.bookmark(library, [1, 2])
    assert state(library) == {number: Marks() for number in ALL}
    reading.queue(library, [3])
    reading.queue(library, [2, 3])
    assert queued(library) == [3, 2]
    reading.queue(library, [2, 3])
    assert queued(library) == []


def test_the_queue_takes_papers_at_its_end_or_where_it_is_told(library: Library) -> None:
    reading.queue(library, [1, 2])
    reading.queue(library, [3])
    assert queued(library) == [1, 2, 3]
    reading.queue(library, [5, 4], at=2)
    assert queued(library) == [1, 5, 4, 2, 3]
    reading.queue(library, [3, 1], True, at=1)
    assert queued(library) == [3, 1, 5, 4, 2]
    reading.queue(library, [6], at=10**30)
    reading.queue(library, [2], True, at=-5)
    assert queued(library) == [2, 3, 1, 5, 4, 6]
    reading.queue(library, [3, 4], False)
    assert queued(library) == [2, 1, 5, 6]


def test_a_queued_paper_moves_and_stops_at_either_end(library: Library) -> None:
    reading.queue(library, [1, 2, 3])
    reading.move(library, 3, 1)
    assert queued(library) == [3, 1, 2]
    reading.move(library, 3, 99)
    assert queued(library) == [1, 2, 3]
    reading.shift(library, 3, -1)
    assert queued(library) == [1, 3, 2]
    reading.shift(library, 1, -1)
    reading.shift(library, 2, 1)
    assert queued(library) == [1, 3, 2]
    reading.shift(library, 1, 10**40)
    assert queued(library) == [3, 2, 1]


def test_a_paper_that_is_not_queued_cannot_be_moved(library: Library) -> None:
    for act in (reading.move, reading.shift):
        with pytest.raises(LibraryError, match="queue"):
            act(library, 1, 1)
    assert journal.undo(library) is None


def test_a_status_toggles_back_to_seen(library: Library) -> None:
    reading.status(library, [1], "reading", toggle=True)
    assert marks(library).status == "reading"
    reading.status(library, [1, 2], "reading", toggle=True)
    assert (marks(library, 1).status, marks(library, 2).status) == ("reading", "reading")
    reading.status(library, [1, 2], "reading", toggle=True)
    assert (marks(library, 1).status, marks(library, 2).status) == ("seen", "seen")
    reading.status(library, [1], "seen", toggle=True)
    assert marks(library).status == "new"


def test_opening_a_paper_makes_a_new_one_seen_and_no_other(library: Library) -> None:
    assert reading.seen(library, 1).papers[1].status == "seen"
    reading.status(library, [2], "done")
    reading.seen(library, 2)
    assert marks(library, 2).status == "done"


def test_tags_are_kept_in_one_spelling(library: Library) -> None:
    reading.tag(library, [1, 2], ["#Large Models", "nlp", " ", "\x1b[31m"])
    assert marks(library).tags == ("large-models", "nlp", "␛[31m")
    reading.tag(library, [1], ["new"], drop=["NLP"])
    assert marks(library).tags == ("large-models", "new", "␛[31m")
    reading.retag(library, [1, 2], ["b", "a", "B"])
    assert marks(library, 1).tags == marks(library, 2).tags == ("a", "b")


def test_a_note_is_kept_clean_and_an_empty_one_is_none(library: Library) -> None:
    reading.note(library, 1, "One\x07line\r\n- and  another\n\n\tand a third \n")
    assert marks(library).note == "One␇line\n- and  another\n\n    and a third"
    assert reading.note(library, 1, "  ").label == "note removed"
    assert marks(library) == Marks()


def test_an_action_that_changes_nothing_leaves_nothing_to_undo(library: Library) -> None:
    reading.bookmark(library, [1])
    for nothing in (
        lambda: reading.bookmark(library, [1], True),
        lambda: reading.bookmark(library, []),
        lambda: reading.queue(library, [1], False),
        lambda: reading.status(library, [1], "new"),
        lambda: reading.tag(library, [1], drop=["x"]),
        lambda: reading.note(library, 1, None),
    ):
        nothing()
    undone = journal.undo(library)
    assert undone
    assert undone.label == "bookmarked"
    assert journal.undo(library) is None


@pytest.mark.parametrize("number", [0, -1, PAPERS + 1, 2**63, 10**30])
def test_a_number_that_is_no_papers_is_an_error_and_changes_nothing(number: int, library: Library) -> None:
    with pytest.raises(LibraryError, match="no paper"):
        reading.bookmark(library, [1, number])
    assert marks(library) == Marks()


def test_a_new_action_after_an_undo_leaves_nothing_to_redo(library: Library) -> None:
    reading.bookmark(library, [1])
    reading.tag(library, [1], ["a"])
    journal.undo(library)
    reading.note(library, 1, "x")
    assert journal.redo(library) is None
    journal.undo(library)
    journal.undo(library)
    assert marks(library) == Marks()


def test_marking_thousands_of_queued_papers_leaves_the_queue_alone(library: Library) -> None:
    reading.queue(library, ALL)
    before = library.reader().execute("SELECT rowid, position FROM queue").fetchall()
    with library.writing() as connection:
        changed = connection.total_changes
        paper_marks.write(connection, {number: marks(library, number) for number in ALL})
        # One row of `mark` at the most for each; no row of the queue is written again.
        assert connection.total_changes - changed <= len(ALL)
    assert library.reader().execute("SELECT rowid, position FROM queue").fetchall() == before


# -- any actions, taken back and done again

numbers = st.integers(1, PAPERS)
several = st.lists(numbers, min_size=1, max_size=4)
wishes = st.none() | st.booleans()
tag_names = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=2)


class Marking(RuleBasedStateMachine):
    """A reader at work. `past` holds what there was before each action that can be undone, `future` after a redo."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.library = filled(Path(self.folder.name) / "library.db")
        self.past: list[dict[int, Marks]] = []
        self.future: list[dict[int, Marks]] = []

    def act(self, action: Any, *arguments: Any, **more: Any) -> None:
        before = state(self.library)
        done = action(self.library, *arguments, **more)
        after = state(self.library)
        assert all(after[number] == marks for number, marks in done.papers.items())
        if after != before:
            self.past.append(before)
            self.future.clear()

    @initialize()
    def start(self) -> None:
        assert state(self.library) == {number: Marks() for number in ALL}

    @rule(papers=several, wanted=wishes)
    def bookmark(self, papers: list[int], wanted: bool | None) -> None:
        self.act(reading.bookmark, papers, wanted)

    @rule(papers=several, wanted=wishes, at=st.none() | st.integers(-1, PAPERS + 2))
    def queue(self, papers: list[int], wanted: bool | None, at: int | None) -> None:
        self.act(reading.queue, papers, wanted, at)

    @precondition(lambda self: queued(self.library))
    @rule(data=st.data(), to=st.integers(-1, PAPERS + 2))
    def move(self, data: st.DataObject, to: int) -> None:
        self.act(reading.move, data.draw(st.sampled_from(queued(self.library))), to)

    @precondition(lambda self: queued(self.library))
    @rule(data=st.data(), by=st.integers(-3, 3))
    def shift(self, data: st.DataObject, by: int) -> None:
        self.act(reading.shift, data.draw(st.sampled_from(queued(self.library))), by)

    @rule(papers=several, wanted=st.sampled_from(STATUSES), toggle=st.booleans())
    def status(self, papers: list[int], wanted: Status, toggle: bool) -> None:
        self.act(reading.status, papers, wanted, toggle=toggle)

    @rule(paper=numbers)
    def seen(self, paper: int) -> None:
        self.act(reading.seen, paper)

    @rule(papers=several, add=tag_names, drop=tag_names)
    def tag(self, papers: list[int], add: list[str], drop: list[str]) -> None:
        self.act(reading.tag, papers, add, drop)

    @rule(papers=several, tags=tag_names)
    def retag(self, papers: list[int], tags: list[str]) -> None:
        self.act(reading.retag, papers, tags)

    @rule(paper=numbers, text=st.sampled_from(["", "one", "two"]))
    def note(self, paper: int, text: str) -> None:
        self.act(reading.note, paper, text)

    @rule()
    def undo(self) -> None:
        before = state(self.library)
        undone = journal.undo(self.library)
        assert (undone is not None) == bool(self.past)
        if self.past:
            assert state(self.library) == self.past.pop()
            self.future.append(before)

    @rule()
    def redo(self) -> None:
        before = state(self.library)
        redone = journal.redo(self.library)
        assert (redone is not None) == bool(self.future)
        if self.future:
            assert state(self.library) == self.future.pop()
            self.past.append(before)

    @rule()
    def quit_and_start_again(self) -> None:
        before = state(self.library)
        self.library.close()
        self.library = Library.open(self.library.path)
        assert state(self.library) == before

    @invariant()
    def the_queue_counts_from_one(self) -> None:
        queued(self.library)

    def teardown(self) -> None:
        end = state(self.library)
        walked = 0
        while journal.undo(self.library):
            walked += 1
        assert walked == len(self.past)
        assert state(self.library) == {number: Marks() for number in ALL}
        for _ in range(walked):
            assert journal.redo(self.library)
        assert state(self.library) == end
        self.library.close()
        self.folder.cleanup()


TestMarking = Marking.TestCase
TestMarking.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


# -- two rectos at once

_MARKER = """
import sys
from pathlib import Path
from store.marks import marks as reading
from store.library.library import Library
library = Library.open(Path(sys.argv[1]))
print("ready", flush=True)
input()
for number in range(30):
    reading.tag(library, [1], [f"{sys.argv[2]}{number}"])
    reading.queue(library, [1 + number % 6])
    reading.note(library, 1 + number % 6, f"{sys.argv[2]}{number}")
"""


def test_two_rectos_that_mark_at_once_lose_nothing(library: Library) -> None:
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
    assert set(marks(library).tags) == {f"{name}{number}" for name in "ab" for number in range(30)}
    queued(library)
    # Each of their actions can be taken back, one after the other.
    while journal.undo(library):
        queued(library)
    assert state(library) == {number: Marks() for number in ALL}
