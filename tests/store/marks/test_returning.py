"""Only a few postponed papers return on one day: those that waited longest, and of these the best-ranked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking, returning, stored_marks
from store.marks.stored_marks import BACK, DECIDED, WAITING
from tests.store.marks.test_marking import filled

DAY = date(2026, 7, 15)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def postpone(library: Library, paper: int, until: date) -> None:
    marking.postpone(library, [paper], until)


def papers(library: Library, select: str, today: date = DAY) -> set[int]:
    return {number for (number,) in library.reader().execute(select, (today.isoformat(),))}


def back(library: Library, today: date = DAY) -> set[int]:
    """The postponed papers that have returned. Also checks that all other papers are still postponed."""
    returned = papers(library, BACK, today)
    waiting = papers(library, f"SELECT paper_id FROM mark WHERE {WAITING}", today)
    assert not returned & waiting
    assert waiting <= papers(library, DECIDED, today)
    assert returned | waiting == papers(library, "SELECT paper_id FROM mark WHERE later IS NOT NULL OR ?1 IS NULL")
    return returned


def test_the_papers_that_have_waited_longest_and_the_best_of_a_day_come_back_first(library: Library) -> None:
    for paper in (1, 2, 3, 4):
        postpone(library, paper, DAY)
    postpone(library, 5, DAY - timedelta(days=9))
    postpone(library, 6, NEXT)
    marking.rate(library, [3], 5)
    with library.writing() as connection:
        connection.execute("UPDATE paper SET upvotes = 7 WHERE id = 4")
    assert returning.begin_day(library, DAY, 3)
    assert back(library) == {5, 3, 4}


def test_papers_beyond_the_daily_limit_return_the_next_day_before_others(library: Library) -> None:
    for paper in (1, 2, 3):
        postpone(library, paper, DAY)
    postpone(library, 4, NEXT)
    returning.begin_day(library, DAY, 1)
    assert back(library) == {1}
    returning.begin_day(library, NEXT, 1)
    assert back(library, NEXT) == {1, 2}
    returning.begin_day(library, NEXT + timedelta(days=3), 5)
    assert back(library, NEXT + timedelta(days=3)) == {1, 2, 3, 4}


def test_a_day_begins_once_so_that_no_further_paper_returns_after_a_decision(library: Library) -> None:
    for paper in (1, 2, 3):
        postpone(library, paper, DAY)
    assert returning.begin_day(library, DAY, 2)
    marking.keep(library, [1])
    assert not returning.begin_day(library, DAY, 2)
    assert back(library) == {2}


def test_before_the_first_day_all_due_papers_come_back(library: Library) -> None:
    for paper in (1, 2, 3, 4, 5):
        postpone(library, paper, DAY)
    assert back(library) == {1, 2, 3, 4, 5}


def test_a_paper_that_is_postponed_again_waits_for_its_new_day(library: Library) -> None:
    for paper in (1, 2):
        postpone(library, paper, DAY)
    returning.begin_day(library, DAY, 1)
    postpone(library, 2, NEXT + timedelta(days=1))
    returning.begin_day(library, NEXT, 9)
    assert back(library, NEXT) == {1}
    assert stored_marks.read(library.reader(), 2).later == "2026-07-17"
