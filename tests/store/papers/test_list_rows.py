"""The values that the list shows in the rows of papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking
from store.model.paper import Paper
from store.papers import list_rows
from tests.store.listings import add_listing


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_rows_come_in_the_order_of_the_ids_without_missing_papers(library: Library) -> None:
    numbers = add_listing(library, None, *(Paper(title=title) for title in "ABC"))
    marking.tag(library, [numbers[0]], ["z", "a", "m"])
    rows = list_rows.read(library.reader(), [numbers[2], 99, numbers[0], numbers[2]])
    assert [row.title for row in rows] == ["C", "A", "C"]
    assert rows[1].tags == ("a", "m", "z")
    assert list_rows.read(library.reader(), []) == []
