"""Saved filters as views: which papers they select, and that each change of them can be undone by one undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import filter_renaming, journal, marking, saved_filters
from store.marks.saved_filters import SavedFilter
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.sample_library import SampleLibrary


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    sample = SampleLibrary(tmp_path / "library.db")
    for title in ("Graphs of bees", "Graphs of ants", "Maps of bees", "Speech of whales"):
        sample.put(Paper(title=title))
    yield sample.library
    sample.library.close()


def found(library: Library, name: str, filter: str = "") -> list[int]:
    answer = Search(library).answer(View.parse(f"filter:{name}"), parse(filter, date(2026, 7, 15)))
    return sorted(answer.ids)


def names(library: Library) -> list[str]:
    return [each.name for each in saved_filters.read_all(library.reader())]


def test_a_saved_filter_selects_its_papers_and_can_be_filtered_further(library: Library) -> None:
    saved_filters.save(library, SavedFilter("Insects", "bees or ants"))
    assert found(library, "insects") == [1, 2, 3]
    assert found(library, "Insects", "graphs") == [1, 2]
    assert found(library, "Insects", "whales") == []


def test_a_saved_filter_selects_from_the_view_for_which_it_was_saved(library: Library) -> None:
    marking.queue(library, [3, 1, 4])
    saved_filters.save(library, SavedFilter("Next", "bees", view="queue"))
    answer = Search(library).answer(View("filter", "Next"), parse("", date(2026, 7, 15)))
    assert [*answer.ids] == [3, 1]


def test_a_filter_that_was_saved_for_an_unknown_or_a_saved_view_selects_from_all_papers(library: Library) -> None:
    for view in ("unheard-of", "filter:A"):
        saved_filters.save(library, SavedFilter("A", "whales", view=view))
        assert found(library, "A") == [4]


def test_a_filter_that_does_not_exist_is_named(library: Library) -> None:
    with pytest.raises(LibraryError, match="no saved filter 'gone'; recto view list shows them"):
        found(library, "gone")


def test_saved_filters_have_an_order_and_can_be_replaced_renamed_and_removed(library: Library) -> None:
    for name in ("B", "A", "C"):
        saved_filters.save(library, SavedFilter(name, name))
    assert names(library) == ["B", "A", "C"]
    saved_filters.move(library, "c", 1)
    assert names(library) == ["C", "B", "A"]
    saved_filters.save(library, SavedFilter("B", "other"))
    filter_renaming.rename(library, "b", "D")
    assert names(library) == ["C", "D", "A"]
    saved_filters.remove(library, "D")
    assert names(library) == ["C", "A"]
    for _ in range(4):
        journal.undo(library)
    assert names(library) == ["B", "A", "C"]


def test_two_saved_filters_cannot_have_one_key(library: Library) -> None:
    saved_filters.save(library, SavedFilter("A", "a", key="f2"))
    with pytest.raises(LibraryError, match="“A” has the key f2 already"):
        saved_filters.save(library, SavedFilter("B", "b", key="f2"))
    filter_renaming.rename(library, "A", "B")
    assert [(each.name, each.key) for each in saved_filters.read_all(library.reader())] == [("B", "f2")]


def test_saved_filters_in_an_unknown_form_are_left_out(library: Library) -> None:
    from store.marks.stored_marks import FieldChange

    values = ([1], {"filter": 7}, {"filter": "bees", "colour": "red"})
    changes = [FieldChange(None, f"filter:{number}", value) for number, value in enumerate(values)]
    journal.change_fields(library, lambda connection: ("saved", changes))
    assert names(library) == ["2"]
    assert found(library, "2") == [1, 3]
