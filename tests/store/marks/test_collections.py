"""Collections: their order, their names, and that each change is undone by one undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import collections, journal
from store.marks.collections import CountedCollection
from store.model.errors import LibraryError
from tests.store.marks.test_marking import filled


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def papers(library: Library, name: str = "Thesis") -> list[int]:
    return collections.papers(library.reader(), name)


def test_papers_are_added_at_the_end_or_at_a_position(library: Library) -> None:
    collections.add(library, [3, 1], "Thesis")
    collections.add(library, [2, 3], "Thesis")
    assert papers(library) == [3, 1, 2]
    collections.add(library, [5, 2], "Thesis", at=1)
    assert papers(library) == [5, 2, 3, 1]
    collections.add(library, [4], "Thesis", at=99)
    assert papers(library) == [5, 2, 3, 1, 4]


def test_a_paper_can_be_in_many_collections_and_knows_its_places(library: Library) -> None:
    collections.add(library, [1, 2], "Thesis")
    collections.add(library, [2], "Slides")
    places = collections.places(library.reader(), [2, 3])
    assert {paper: [(each.name, each.position) for each in found] for paper, found in places.items()} == {
        2: [("Slides", 1), ("Thesis", 2)]
    }
    assert collections.counted(library.reader()) == [CountedCollection("Slides", 1), CountedCollection("Thesis", 2)]


def test_capital_letters_and_spaces_do_not_make_another_collection(library: Library) -> None:
    collections.add(library, [1], "Thesis  chapter 2 ")
    collections.add(library, [2], "thesis chapter 2")
    assert collections.counted(library.reader()) == [CountedCollection("Thesis chapter 2", 2)]
    with pytest.raises(LibraryError, match="not a name"):
        collections.add(library, [1], " \u200b ")


def test_several_papers_move_in_their_order(library: Library) -> None:
    collections.add(library, [1, 2, 3, 4, 5], "Thesis")
    collections.move(library, [5, 4], "thesis", 1)
    assert papers(library) == [4, 5, 1, 2, 3]
    collections.move(library, [4], "thesis", 3)
    assert papers(library) == [5, 1, 4, 2, 3]
    with pytest.raises(LibraryError, match="only a paper of “Thesis”"):
        collections.move(library, [6], "Thesis", 1)


def test_each_change_is_one_step(library: Library) -> None:
    collections.add(library, [1, 2, 3], "Thesis")
    collections.remove(library, [2], "Thesis")
    collections.rename(library, "Thesis", "Book")
    assert papers(library, "Book") == [1, 3]
    collections.delete(library, "Book")
    assert collections.counted(library.reader()) == []
    assert [step.label for _ in range(3) if (step := journal.undo(library))] == [
        "removed the collection “Book”",
        "renamed “Thesis” to “Book”",
        "taken out of “Thesis”",
    ]
    assert papers(library) == [1, 2, 3]
    journal.redo(library)
    assert papers(library) == [1, 3]


def test_renaming_to_an_existing_name_puts_the_papers_at_its_end(library: Library) -> None:
    collections.add(library, [1, 2], "Thesis")
    collections.add(library, [2, 3], "Book")
    collections.rename(library, "Thesis", "book")
    assert papers(library, "Book") == [2, 3, 1]
    collections.rename(library, "Book", "BOOK")
    assert papers(library, "BOOK") == [2, 3, 1]
    assert papers(library, "Book") == []


def test_an_empty_collection_is_kept_and_can_be_renamed(library: Library) -> None:
    collections.add(library, [], "Ideas")
    collections.rename(library, "ideas", "Plans")
    assert collections.counted(library.reader()) == [CountedCollection("Plans", 0)]
    collections.add(library, [1], "Plans")
    collections.remove(library, [1], "Plans")
    assert collections.counted(library.reader()) == [CountedCollection("Plans", 0)]
    collections.delete(library, "Plans")
    with pytest.raises(LibraryError, match="recto collection list shows them"):
        collections.find(library.reader(), "Plans")


def test_a_paper_keeps_its_reason_and_its_time_when_it_is_moved_or_its_collection_renamed(library: Library) -> None:
    collections.add(library, [1, 2], "Thesis", because="the  proof\n")
    collections.add(library, [2], "Thesis", because="the figure")
    before = collections.additions(library.reader(), "Thesis", [1, 2])
    assert [before[paper].because for paper in (1, 2)] == ["the proof", "the figure"]
    collections.move(library, [2], "Thesis", 1)
    collections.rename(library, "Thesis", "Book")
    assert papers(library, "Book") == [2, 1]
    assert collections.additions(library.reader(), "Book", [1, 2]) == before
