"""The view of marked papers that have changed, and the new versions and venues of a paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from store.library.library import Library
from store.marks import collections, marking
from store.model.paper import Paper
from store.papers import changed, paper_details, views
from store.papers.revisions import FactChange
from store.papers.views import View
from tests.store.listings import add_listing

FIRST, LATER = date(2999, 7, 1), date(2999, 7, 9)
PAPER = Paper(title="Bees and the sun", abstract="Bees find their way.", arxiv_id="2510.04321", arxiv_version=1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def listed(library: Library, paper: Paper, day: date | None, family: str = "arxiv") -> int:
    """Store a listing with this paper. Returns the id of the paper."""
    (number,) = add_listing(library, day, paper, family=family, first_read="2999-08-01")
    return number


def changed_papers(library: Library) -> list[int]:
    return changed.papers(library.reader())


@pytest.mark.parametrize(
    ("later", "facts"),
    [
        (replace(PAPER, arxiv_version=2), [FactChange("version", "v1", "v2", LATER)]),
        (replace(PAPER, venue="Journal of Bees 3, 1–9"), [FactChange("venue", "", "Journal of Bees 3, 1–9", LATER)]),
        (replace(PAPER, arxiv_version=None, title="Bees, the sun and the moon"), []),
        (replace(PAPER, arxiv_version=None, abstract="Bees lose their way."), []),
    ],
)
def test_a_marked_paper_with_something_new_is_in_the_view(
    library: Library, later: Paper, facts: list[FactChange]
) -> None:
    number = listed(library, replace(PAPER, arxiv_version=later.arxiv_version and 1), FIRST)
    marking.bookmark(library, [number])
    assert changed_papers(library) == []
    assert listed(library, later, LATER) == number
    assert changed_papers(library) == [number]
    assert [*paper_details.details(library.reader(), number).fact_changes] == facts
    assert views.count(library.reader(), View("changed")) == 1


def test_a_journal_that_another_source_names_is_new_also_without_a_listing_day(library: Library) -> None:
    number = listed(library, PAPER, FIRST)
    listed(library, replace(PAPER, venue="Journal of Bees"), None, "bibliography")
    (change,) = paper_details.details(library.reader(), number).fact_changes
    assert change == FactChange("venue", "", "Journal of Bees", date(2999, 8, 1))


def test_counts_and_another_spelling_are_no_changes(library: Library) -> None:
    number = listed(library, replace(PAPER, venue="Journal of bees", upvotes=1), FIRST)
    marking.bookmark(library, [number])
    listed(library, replace(PAPER, title="Bees and the Sun", venue="Journal of Bees", upvotes=9), LATER)
    assert changed_papers(library) == []


def test_only_marked_papers_and_changes_after_the_mark_count(library: Library) -> None:
    past = date(2020, 1, 1)
    number = listed(library, PAPER, date(2019, 1, 1))
    listed(library, replace(PAPER, arxiv_version=2), past)
    marking.status(library, [number], "seen")
    assert changed_papers(library) == []
    marking.queue(library, [number], True)
    assert changed_papers(library) == []
    listed(library, replace(PAPER, arxiv_version=3), LATER)
    assert changed_papers(library) == [number]


@pytest.mark.parametrize("kind", ["queue", "collection", "tag", "note", "reading"])
def test_every_mark_of_interest_counts(library: Library, kind: str) -> None:
    number = listed(library, PAPER, FIRST)
    listed(library, replace(PAPER, arxiv_version=2), LATER)
    match kind:
        case "queue":
            marking.queue(library, [number], True)
        case "collection":
            collections.add(library, [number], "Thesis")
        case "tag":
            marking.tag(library, [number], ["bees"])
        case "note":
            marking.note(library, number, "Look again.")
        case _:
            marking.status(library, [number], "reading")
    assert changed_papers(library) == [number]


def test_the_latest_change_comes_first(library: Library) -> None:
    papers = [replace(PAPER, title=f"Paper {number} of three", arxiv_id=f"2510.0000{number}") for number in (1, 2, 3)]
    numbers = [listed(library, paper, FIRST) for paper in papers]
    marking.bookmark(library, numbers)
    for day, index in ((5, 1), (7, 2), (6, 0)):
        listed(library, replace(papers[index], arxiv_version=2), date(2999, 7, day))
    assert changed_papers(library) == [numbers[2], numbers[0], numbers[1]]
