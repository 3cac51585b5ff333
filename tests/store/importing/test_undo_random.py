"""Random listings are imported and undone in any order: the library is as if they had never been read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing.undo import withdraw
from store.library.library import Library
from store.marks import journal, marking
from store.model.entry import Entry
from store.model.paper import Author, Link, Paper
from store.model.partial_date import MonthDay
from tests.store.importing.withdrawals import (
    ABSTRACTS,
    TODAY,
    Listing,
    assert_sound,
    contents,
    everything,
    store_listing,
)
from tests.thorough import examples


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a library without papers. Tests copy it, which is faster than creating a new library."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library.open(path).close()
    return path


def opened(folder: Path, empty: Path) -> Library:
    shutil.copy(empty, folder / "library.db")
    return Library.open(folder / "library.db")


_words = st.sampled_from(ABSTRACTS)

_papers = st.builds(
    Paper,
    title=st.sampled_from(["On Bees", "On Bees", "ON BEES", "On Taxes", "Editorial"]),
    abstract=st.none() | _words | _words.map(lambda text: text.replace("two hundred", "200")),
    authors=st.lists(st.sampled_from(["Ada Lovelace", "A. Lovelace", "Bo Li"]), max_size=2, unique=True).map(
        lambda names: tuple(map(Author, names))
    ),
    arxiv_id=st.none() | st.sampled_from(["2510.00001", "2510.00002v1", "2510.00002v3"]),
    doi=st.none() | st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
    upvotes=st.none() | st.integers(0, 3),
    links=st.sampled_from([(), (Link("code", "https://github.com/a/b", 3),), (Link("page", "https://a.org"),)]),
)

_entries = st.builds(
    Entry,
    paper=_papers,
    published_on=st.none() | st.builds(MonthDay, st.just(8), st.sampled_from([1, 2])),
    announce_type=st.sampled_from([None, "new", "replaced"]),
)


def _printed(entries: list[Entry], year: int | None) -> list[Entry]:
    """The entries as on a page whose dates contain this year, or no year if `year` is None."""
    return [
        msgspec.structs.replace(
            each, published_on=each.published_on and msgspec.structs.replace(each.published_on, year=year)
        )
        for each in entries
    ]


_listings = st.tuples(
    st.sampled_from(["hf", "hf", "arxiv", "bibliography"]),
    st.none() | st.dates(date(2025, 7, 1), date(2025, 7, 3)),
    st.builds(_printed, st.lists(_entries, min_size=1, max_size=4), st.sampled_from([None, None, 2023, 2024])),
)

_ACTIONS: list[Callable[[Library, int], object]] = [
    lambda library, paper: marking.bookmark(library, [paper]),
    lambda library, paper: marking.queue(library, [paper], True),
    lambda library, paper: marking.status(library, [paper], "done", toggle=True),
    lambda library, paper: marking.tag(library, [paper], ["sun"]),
    lambda library, paper: marking.note(library, paper, f"A note on {paper}."),
    lambda library, paper: journal.undo(library),
    lambda library, paper: journal.redo(library),
]

_actions = st.lists(st.tuples(st.sampled_from(_ACTIONS), st.integers(0, 9)), max_size=4)
Actions = list[tuple[Callable[[Library, int], object], int]]


def act(library: Library, actions: Actions) -> None:
    """Do each action on one of the existing papers. The number beside the action chooses the paper."""
    numbers = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    for action, at in actions:
        action(library, numbers[at % len(numbers)])


@examples(15, 200)
@given(st.lists(_listings, min_size=1, max_size=3), _actions, _listings)
def test_after_any_import_taken_back_the_library_is_what_it_was(
    empty: Path, listings_before: list[Listing], actions: Actions, wrong: Listing
) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder), empty) as library:
        for at, listing in enumerate(listings_before):
            store_listing(library, listing, f"right{at}")
        act(library, actions)
        before = everything(library)
        log_id = store_listing(library, wrong, "wrong")
        done = withdraw(library, log_id, today=TODAY)
        assert (done.entries, done.kept) == (len(wrong[2]), 0)
        assert everything(library) == before
        assert_sound(library)


@examples(12, 120)
@given(_listings, _actions, _listings, _actions)
def test_marks_made_after_an_import_survive_undoing_it_and_undo_and_redo(
    empty: Path, right: Listing, before: Actions, wrong: Listing, after: Actions
) -> None:
    def told(library: Library) -> set[str]:
        connection = library.reader()
        notes = connection.execute("SELECT note FROM mark WHERE note IS NOT NULL").fetchall()
        return {line for (note,) in notes for line in note.split("\n\n")} | {
            name for (name,) in connection.execute("SELECT name FROM tag")
        }

    with TemporaryDirectory() as folder, opened(Path(folder), empty) as library:
        store_listing(library, right, "right")
        act(library, before)
        log_id = store_listing(library, wrong, "wrong")
        act(library, after)
        marks = told(library)
        withdraw(library, log_id, today=TODAY)
        assert told(library) >= marks
        assert_sound(library)
        while journal.undo(library):
            assert_sound(library)
        while journal.redo(library):
            assert_sound(library)
        assert told(library) >= marks


@examples(10, 80)
@given(_listings, st.lists(_listings, min_size=1, max_size=2))
def test_the_result_does_not_depend_on_whether_the_undone_import_came_first(
    empty: Path, wrong: Listing, listings_after: list[Listing]
) -> None:
    """All entries have ids.

    Without them, the order of imports could decide which paper an entry with only a title joins.
    """

    def named(listing: Listing) -> Listing:
        family, day, entries = listing
        papers_of = [
            msgspec.structs.replace(each.paper, arxiv_id=each.paper.arxiv_id or f"2510.{at:05}", doi=None)
            for at, each in enumerate(entries, 10)
        ]
        return (
            family,
            day,
            [
                msgspec.structs.replace(each, paper=paper, published_on=None)
                for each, paper in zip(entries, papers_of, strict=True)
            ],
        )

    with TemporaryDirectory() as one, opened(Path(one), empty) as library:
        for at, listing in enumerate(listings_after):
            store_listing(library, named(listing), f"right{at}")
        expected = contents(library)
    with TemporaryDirectory() as other, opened(Path(other), empty) as library:
        log_id = store_listing(library, named(wrong), "wrong")
        for at, listing in enumerate(listings_after):
            store_listing(library, named(listing), f"right{at}")
        withdraw(library, log_id, today=TODAY)
        assert contents(library) == expected
        assert_sound(library)
