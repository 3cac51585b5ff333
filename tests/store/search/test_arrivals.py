"""A paper that is postponed until a similar one arrives returns when one is imported, and shows the title of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.marks import journal, marking, stored_marks
from store.model.paper import Paper
from store.papers import list_rows
from store.search import arrivals, index_sync
from store.search.arrivals import Returned
from tests.store.search.sample_library import SampleLibrary
from tests.store.search.test_similar import SUBJECTS, TIDE

TODAY = date(2026, 7, 2)
NEW_TIDE = "Sediment transport in tidal estuaries revisited"


class Sample(SampleLibrary):
    """A library with the papers of SUBJECTS and many other papers. The function `arrive` imports one paper."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.count = 0
        self.ids = {title: self.arrive(title) for subject in SUBJECTS for title in subject}
        for number in range(30):
            self.arrive(f"Unrelated{number} matter{number} about{number} something{number}")

    def arrive(self, title: str) -> int:
        self.count += 1
        return self.put(Paper(title=title, arxiv_id=f"2601.{self.count:05}"))

    def bring_back(self, before: int | None = None, most_seconds: float = 60) -> list[Returned]:
        index_sync.catch_up(self.library)
        return arrivals.bring_back(self.library, before, TODAY, most_seconds)

    def later(self, title: str) -> tuple[str | None, str | None]:
        marks = stored_marks.read(self.library.reader(), self.ids[title])
        return marks.later, marks.later_because


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    sample = Sample(tmp_path / "library.db")
    yield sample
    sample.library.close()


def newest(sample: Sample) -> int:
    return arrivals.newest_paper(sample.library.reader())


def test_a_paper_comes_back_when_a_similar_one_arrives_and_says_why(sample: Sample) -> None:
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    # Similar papers that were in the library before, and papers about other subjects, do not make a paper return.
    assert sample.bring_back(newest(sample)) == []
    sample.arrive("A glacier that forgets its replay buffer")
    assert sample.bring_back() == []
    assert sample.later(TIDE) == ("similar", None)
    assert stored_marks.read(sample.library.reader(), sample.ids[TIDE]).waits(TODAY)
    sample.arrive(NEW_TIDE)
    assert sample.bring_back() == [Returned(sample.ids[TIDE], TIDE, NEW_TIDE)]
    assert sample.later(TIDE) == ("2026-07-02", NEW_TIDE)
    assert not stored_marks.read(sample.library.reader(), sample.ids[TIDE]).waits(TODAY)
    (row,) = list_rows.read(sample.library.reader(), [sample.ids[TIDE]])
    assert row.later_because == NEW_TIDE
    # The paper returns once. When it is postponed again, the same similar paper does not make it return again.
    assert sample.bring_back() == []
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    assert sample.later(TIDE) == ("similar", None)
    assert sample.bring_back(newest(sample)) == []


def test_the_first_import_after_the_mark_counts(sample: Sample) -> None:
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    before = newest(sample)
    sample.arrive(NEW_TIDE)
    assert len(sample.bring_back(before)) == 1


def test_a_decision_on_the_paper_ends_the_waiting(sample: Sample) -> None:
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    before = newest(sample)
    marking.status(sample.library, [sample.ids[TIDE]], "seen")
    sample.arrive(NEW_TIDE)
    assert sample.bring_back(before) == []
    journal.undo(sample.library)
    assert sample.later(TIDE) == ("similar", None)
    assert len(sample.bring_back(before)) == 1
    marking.postpone(sample.library, [sample.ids[TIDE]], date(2026, 8, 1))
    assert sample.later(TIDE) == ("2026-08-01", None)


def test_a_hidden_paper_brings_nothing_back(sample: Sample) -> None:
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    before = newest(sample)
    marking.status(sample.library, [sample.arrive(NEW_TIDE)], "hidden")
    assert sample.bring_back(before) == []


def test_the_work_is_limited_and_goes_on_at_the_next_call(sample: Sample) -> None:
    waiting = [titles[0] for titles in SUBJECTS]
    marking.postpone(sample.library, [sample.ids[title] for title in waiting], "similar")
    before = newest(sample)
    for title in waiting:
        sample.arrive(f"{title} once more")
    returned = sample.bring_back(before, most_seconds=-1)
    assert [each.title for each in returned] == waiting[:1]
    # A paper that is imported while papers are compared is compared with all postponed papers afterwards.
    sample.arrive("Another unrelated text")
    for title in waiting[1:]:
        (each,) = sample.bring_back(most_seconds=-1)
        assert each.title == title
    assert sample.bring_back(most_seconds=-1) == []


def test_papers_that_are_not_indexed_yet_are_compared_at_the_next_call(sample: Sample) -> None:
    marking.postpone(sample.library, [sample.ids[TIDE]], "similar")
    index_sync.catch_up(sample.library)
    before = newest(sample)
    sample.arrive(NEW_TIDE)
    assert arrivals.bring_back(sample.library, before, TODAY) == []
    assert len(sample.bring_back()) == 1
