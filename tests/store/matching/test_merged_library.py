"""Merging in the library: what is stored for several entries about one paper, and that no marks are lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries as importing_entries
from store.importing.entries import ListingKey, Placed
from store.library.library import Library
from store.marks import journal, marking
from store.matching.merge import merge_entries
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.model.partial_date import MonthDay
from store.papers import paper_details, stored_papers
from tests.store.matching.works import EntryValues, entry_lists, records
from tests.thorough import examples

TODAY = date(2026, 7, 15)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def put(library: Library, number: int, entry: Entry, family: str = "hf", day: date | None = None) -> Placed:
    """Store `entry` as the only entry of the listing with the id `number`."""
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, listed_on, state, stored, entries,"
            " first_read) VALUES (?1, ?1, ?1, 0, ?2, ?2, ?3, 'read', 1, 1, '')",
            (number, family, stored_papers.day_text(day)),
        )
        return importing_entries.place(connection, ListingKey(number, f"{number}", family, day, 2026), 1, entry, TODAY)


def details(library: Library, number: int) -> paper_details.PaperDetails:
    return paper_details.details(library.reader(), number)


@examples(10, 60)
@given(entry_lists, st.randoms(use_true_random=False))
def test_the_library_holds_the_same_paper_in_any_order_of_import(
    tmp_path_factory: pytest.TempPathFactory,
    entries: list[EntryValues],
    random: st.DataObject,
) -> None:
    """All entries get the same arXiv id, so the library contains one paper: the one that `merge_entries` returns."""
    same_id = [
        (msgspec.structs.replace(paper, arxiv_id="2510.00001"), family, day, True) for paper, family, day, _ in entries
    ]
    shuffled = list(same_id)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with Library.open(tmp_path_factory.mktemp("library") / "library.db") as library:
        for number, (paper, family, day, _) in enumerate(shuffled, 1):
            put(library, number, Entry(paper=paper), family, day)
        stored = stored_papers.read(library.reader(), 1)
        assert stored
        expected = merge_entries(records(same_id))
        assert msgspec.structs.replace(stored, sources={}) == msgspec.structs.replace(expected, sources={})
        families = library.reader().execute("SELECT families FROM paper").fetchall()
        assert families == [(" ".join(sorted({family for _, family, _, _ in same_id})),)]


def test_a_second_listing_with_the_same_values_changes_only_the_families(library: Library) -> None:
    paper = Paper(title="Bees", arxiv_id="2510.00001", abstract="About bees.")
    put(library, 1, Entry(paper=paper), "arxiv")
    before = details(library, 1).paper
    assert put(library, 2, Entry(paper=paper), "hf").outcome == "merged"
    assert details(library, 1).paper == before
    assert library.reader().execute("SELECT families FROM paper").fetchall() == [("arxiv hf",)]
    # Values that are equal in both entries are stored only once, in the row of the paper.
    assert library.reader().execute("SELECT count(said) FROM entry").fetchone() == (0,)


def test_an_entry_that_joins_two_papers_keeps_the_marks_of_both(library: Library) -> None:
    one = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "arxiv").paper_id
    between = put(library, 2, Entry(paper=Paper(title="Taxes")), "hf").paper_id
    two = put(library, 3, Entry(paper=Paper(title="Of bees", doi="10.1000/bees")), "crossref").paper_id
    marking.bookmark(library, [two])
    marking.queue(library, [two, between, one])
    marking.status(library, [one], "done")
    marking.status(library, [two], "reading")
    marking.tag(library, [one], ["biology", "sun"])
    marking.tag(library, [two], ["to cite", "sun"])
    marking.note(library, one, "Read by the pond.")
    marking.note(library, two, "Ask Bo about figure 3.")
    placed = put(library, 4, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees")), "openalex")
    assert (placed.paper_id, placed.joined) == (one, 1)
    joined_marks = details(library, one).marks
    assert joined_marks.bookmarked
    assert joined_marks.status == "reading"
    assert joined_marks.tags == ("biology", "sun", "to-cite")
    assert joined_marks.note == "Read by the pond.\n\nAsk Bo about figure 3."
    assert joined_marks.queue_position == 1
    queue = (
        library.reader()
        .execute("SELECT paper_id, row_number() OVER (ORDER BY key, identity) FROM queue ORDER BY key, identity")
        .fetchall()
    )
    assert queue == [(one, 1), (between, 2)]
    assert details(library, two) == details(library, one)
    assert len(details(library, one).listings) == 3
    for table in ("mark", "queue", "tag", "entry"):
        assert library.reader().execute(f"SELECT 1 FROM {table} WHERE paper_id = ?", (two,)).fetchone() is None


def test_undo_after_a_join_changes_only_the_marks_of_the_joined_paper(library: Library) -> None:
    one = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "arxiv").paper_id
    two = put(library, 2, Entry(paper=Paper(title="Of bees", doi="10.1000/bees")), "crossref").paper_id
    marking.note(library, one, "Read by the pond.")
    marking.bookmark(library, [one])
    marking.queue(library, [one])
    marking.tag(library, [two], ["sun"])
    marking.status(library, [two], "reading")
    put(library, 3, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees")), "openalex")
    before = details(library, one).marks
    # The last two changes marked the paper that was later joined to the other paper.
    journal.undo(library)
    journal.undo(library)
    after = details(library, one).marks
    assert (after.status, after.tags) == ("new", ())
    assert (after.note, after.bookmarked, after.queue_position) == (before.note, before.bookmarked, 1)
    journal.redo(library)
    journal.redo(library)
    assert details(library, one).marks == before


def test_merging_entries_does_not_change_the_marks(library: Library) -> None:
    number = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "hf").paper_id
    marking.bookmark(library, [number])
    marking.queue(library, [number])
    marking.status(library, [number], "done")
    marking.tag(library, [number], ["sun"])
    marking.note(library, number, "A note.")
    before = details(library, number).marks
    put(library, 2, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", upvotes=4)), "hf", date(2026, 7, 2))
    assert details(library, number).marks == before
    assert details(library, number).paper.upvotes == 4


def test_each_listing_keeps_its_own_values(library: Library) -> None:
    put(library, 1, Entry(paper=Paper(title="Bees", upvotes=3, arxiv_id="2510.00001")), "hf", date(2026, 7, 1))
    put(
        library,
        2,
        Entry(paper=Paper(title="Bees", upvotes=9, arxiv_id="2510.00001"), published_on=MonthDay(8, 24)),
        "hf",
        date(2026, 7, 2),
    )
    paper = details(library, 1)
    assert [(each.listed_on, each.upvotes) for each in paper.listings] == [
        (date(2026, 7, 2), 9),
        (date(2026, 7, 1), 3),
    ]
    assert paper.paper.published == date(2025, 8, 24)
    assert paper.sources["upvotes"] == "2"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_an_author_count_does_not_depend_on_the_order_of_import(library: Library, order: tuple[int, ...]) -> None:
    """A number of authors that recto counted in one entry must not replace the number that another entry states."""
    papers = [
        Paper(title="Bees", authors=(Author("Ada", ("Hive",)),), arxiv_id="2510.00001"),
        Paper(title="Bees", authors=(Author("Ada"),), arxiv_id="2510.00001"),
        Paper(title="Bees", arxiv_id="2510.00001"),
        Paper(title="Bees", author_count=2, arxiv_id="2510.00001"),
    ]
    for number, index in enumerate(order, 1):
        day = date(2024, 1, 1) if index == 1 else None
        put(library, number, Entry(paper=papers[index]), "bibliography", day)
    assert details(library, 1).paper.author_count == 2
