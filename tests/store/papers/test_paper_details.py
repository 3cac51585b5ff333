"""All data about some papers, read together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking
from store.model.paper import Paper
from store.papers import paper_details
from tests.store.listings import add_listing


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_details_that_are_read_together_are_those_that_are_read_alone(library: Library) -> None:
    numbers = add_listing(library, None, *(Paper(title=title) for title in "ABC"))
    marking.tag(library, [numbers[0]], ["z", "a"])
    marking.queue(library, [numbers[2], numbers[0]])
    marking.note(library, numbers[1], "Read it.")
    order = [numbers[2], 99, numbers[0], numbers[1]]
    together = paper_details.details_of_all(library.reader(), order)
    assert together == [paper_details.details(library.reader(), number) for number in order if number != 99]
    assert together[1].marks.tags == ("a", "z") and together[0].marks.queue_position == 1
