"""Any sequence of changes of marks can be undone and redone, also after a restart."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.library.library import Library
from store.marks import journal, marking, reading_queue
from store.marks.stored_marks import STATUSES, Marks, Status
from tests.store.marks.test_marking import ALL, PAPERS, all_marks, filled, queued

numbers = st.integers(1, PAPERS)
several = st.lists(numbers, min_size=1, max_size=4)
on_or_toggle = st.none() | st.booleans()
tag_names = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=2)


class Marking(RuleBasedStateMachine):
    """Random changes of marks, undos and redos.

    `past` contains the marks before each change that can be undone; `future` contains the marks after each change that
    can be redone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.library = filled(Path(self.folder.name) / "library.db")
        self.past: list[dict[int, Marks]] = []
        self.future: list[dict[int, Marks]] = []

    def act(self, action: Any, *arguments: Any, **more: Any) -> None:
        before = all_marks(self.library)
        step = action(self.library, *arguments, **more)
        after = all_marks(self.library)
        assert all(after[number] == marks_now for number, marks_now in step.papers.items())
        if after != before:
            self.past.append(before)
            self.future.clear()

    @initialize()
    def start(self) -> None:
        assert all_marks(self.library) == {number: Marks() for number in ALL}

    @rule(papers=several, on=on_or_toggle)
    def bookmark(self, papers: list[int], on: bool | None) -> None:
        self.act(marking.bookmark, papers, on)

    @rule(papers=several, on=on_or_toggle, at=st.none() | st.integers(-1, PAPERS + 2))
    def queue(self, papers: list[int], on: bool | None, at: int | None) -> None:
        self.act(marking.queue, papers, on, at)

    @precondition(lambda self: queued(self.library))
    @rule(data=st.data(), to=st.integers(-1, PAPERS + 2))
    def move(self, data: st.DataObject, to: int) -> None:
        self.act(marking.move, data.draw(st.sampled_from(queued(self.library))), to)

    @precondition(lambda self: queued(self.library))
    @rule(data=st.data(), by=st.integers(-3, 3))
    def shift(self, data: st.DataObject, by: int) -> None:
        self.act(reading_queue.shift, [data.draw(st.sampled_from(queued(self.library)))], by)

    @rule(papers=several, status=st.sampled_from(STATUSES), toggle=st.booleans())
    def status(self, papers: list[int], status: Status, toggle: bool) -> None:
        self.act(marking.status, papers, status, toggle=toggle)

    @rule(paper=numbers)
    def seen(self, paper: int) -> None:
        self.act(marking.seen, paper)

    @rule(papers=several, until=st.sampled_from([None, date(2024, 2, 29), date.today(), date(2999, 1, 1)]))
    def postpone(self, papers: list[int], until: date | None) -> None:
        self.act(marking.postpone, papers, until)

    @rule(papers=several, add=tag_names, drop=tag_names)
    def tag(self, papers: list[int], add: list[str], drop: list[str]) -> None:
        self.act(marking.tag, papers, add, drop)

    @rule(papers=several, tags=tag_names)
    def retag(self, papers: list[int], tags: list[str]) -> None:
        self.act(marking.retag, papers, tags)

    @rule(paper=numbers, text=st.sampled_from(["", "one", "two"]))
    def note(self, paper: int, text: str) -> None:
        self.act(marking.note, paper, text)

    @rule()
    def undo(self) -> None:
        before = all_marks(self.library)
        undone = journal.undo(self.library)
        assert (undone is not None) == bool(self.past)
        if self.past:
            assert all_marks(self.library) == self.past.pop()
            self.future.append(before)

    @rule()
    def redo(self) -> None:
        before = all_marks(self.library)
        redone = journal.redo(self.library)
        assert (redone is not None) == bool(self.future)
        if self.future:
            assert all_marks(self.library) == self.future.pop()
            self.past.append(before)

    @rule()
    def quit_and_start_again(self) -> None:
        before = all_marks(self.library)
        self.library.close()
        self.library = Library.open(self.library.path)
        assert all_marks(self.library) == before

    @invariant()
    def the_queue_counts_from_one(self) -> None:
        queued(self.library)

    def teardown(self) -> None:
        end = all_marks(self.library)
        walked = 0
        while journal.undo(self.library):
            walked += 1
        assert walked == len(self.past)
        assert all_marks(self.library) == {number: Marks() for number in ALL}
        for _ in range(walked):
            assert journal.redo(self.library)
        assert all_marks(self.library) == end
        self.library.close()
        self.folder.cleanup()


TestMarking = Marking.TestCase
TestMarking.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
