"""Taking back an import leaves the library as if the file had never been read, except for papers that have marks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries as stacks
from store.importing import log, undo, year_propagation
from store.importing.entries import ListingKey
from store.importing.folders import Watch
from store.importing.importer import Options
from store.importing.log import ImportReport
from store.importing.sources import take_in
from store.importing.undo import Withdrawn, withdraw
from store.library.library import Library
from store.marks import journal, marking, stored_marks
from store.model.entry import Entry
from store.model.errors import LibraryError
from store.model.paper import Author, Link, Paper
from store.model.partial_date import MonthDay
from store.papers import listing_days, paper_details, paper_names, stored_papers
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.thorough import examples

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)

PAGE = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\n{day}\n"
PAPER = "\n{title}\n\n{abstract}\n\n  • {authors} authors\n·\n{date}\n"

ABSTRACTS = [
    "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went.",
    "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last.",
    "Rivers move. From nine centuries of maps we measured how far, and which villages had to follow them twice.",
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a library without papers. Tests copy it, which is faster than creating a new library."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library.open(path).close()
    return path


def everything(library: Library) -> dict[str, Any]:
    """All rows and some search results, without the log, files, settings, the state of the index, and times of day."""
    connection = library.reader()
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    found: dict[str, Any] = {}
    for (table,) in tables.fetchall():
        if table not in ("log", "file", "setting", "indexed", "unindexed"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            columns = [column for column in columns if column not in ("at", "first_read", "status_at")]
            found[table] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
    for words in ("bees", "taxes or rivers", "sun", "land", "lovelace", "listed:2026"):
        found[words] = list(Search(library).answer(View("all"), parse(words, TODAY)).ids)
    return found


def contents(library: Library) -> list[Any]:
    """The details of every paper, without the ids."""
    connection = library.reader()
    found = [paper_details.details(connection, number) for (number,) in connection.execute("SELECT id FROM paper")]
    return sorted((msgspec.structs.replace(each, id=0) for each in found), key=lambda each: repr(each.listings))


def assert_sound(library: Library) -> None:
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # No row refers to a paper that does not exist.
        for table, column in (
            ("entry", "paper_id"),
            ("body", "paper_id"),
            ("alias", "paper_id"),
            ("mark", "paper_id"),
            ("queue", "paper_id"),
            ("tag", "paper_id"),
            ("collection", "paper_id"),
            ("joined", "kept"),
        ):
            lost = connection.execute(f"SELECT {column} FROM {table} EXCEPT SELECT id FROM paper").fetchall()
            assert lost == [], table


def page(path: Path, titles: dict[str, str] | Sequence[str], day: str = "Jul 2", authors: int = 4) -> Path:
    """Write a page of Daily Papers. `titles` can have the date to print for each title."""
    dated = titles if isinstance(titles, dict) else dict.fromkeys(titles, "Jun 24, 2026")
    text = PAGE.format(day=day)
    for title, printed in dated.items():
        words = f"{title} is a paper about something that nobody had looked at before, and this is what it found. "
        text += PAPER.format(title=title, abstract=words * 4, authors=authors, date=printed)
    path.write_text(text)
    noon = datetime(2026, 7, 14, 12).timestamp()
    os.utime(path, (noon, noon))
    return path


def take(library: Library, path: Path) -> ImportReport:
    (found,) = take_in(library, [path], OPTIONS)
    assert found.error is None
    return found


def last_id(library: Library) -> int:
    return log.read(library.reader(), 1)[0].id


def number(library: Library, title: str) -> int:
    return paper_names.find_paper(library.reader(), title)


def titles(library: Library) -> list[str]:
    return [title for (title,) in library.reader().execute("SELECT title FROM paper ORDER BY title")]


# -- the library is as if the file had never been read


def test_papers_that_only_the_file_knew_go_and_the_others_are_as_they_were(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "right.txt", ["On Bees", "On Taxes"]))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", ["On Taxes", "On Rivers", "On Towns"], "Jul 9", authors=9))
    assert paper_details.details(library.reader(), number(library, "On Taxes")).paper.author_count == 9
    assert everything(library) != before
    done = withdraw(library, last_id(library), today=TODAY)
    assert done == Withdrawn(str(tmp_path / "wrong.txt"), entries=3, removed=2, kept=0)
    assert titles(library) == ["On Bees", "On Taxes"]
    assert everything(library) == before
    assert_sound(library)


def test_what_went_is_found_no_more_and_what_stayed_is(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "right.txt", ["On Bees"]))
    take(library, page(tmp_path / "wrong.txt", ["On Bees", "On Rivers"]))
    search = Search(library)

    def found(words: str) -> int:
        return len(search.answer(View("all"), parse(words, TODAY)).ids)

    assert [found(words) for words in ("rivers", "abstract:rivers", "rivrs", "bees", "abstract:bees")] == [1] * 5
    withdraw(library, last_id(library), today=TODAY)
    assert [found(words) for words in ("rivers", "abstract:rivers", "rivrs", "bees", "abstract:bees")] == [
        0,
        0,
        0,
        1,
        1,
    ]
    assert_sound(library)


def test_the_file_imported_again_brings_everything_back(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "right.txt", ["On Bees", "On Taxes"]))
    path = page(tmp_path / "wrong.txt", ["On Taxes", "On Rivers", "On Towns"], "Jul 9", authors=9)
    first = take(library, path)
    before = contents(library)
    withdraw(library, last_id(library), today=TODAY)
    again = take(library, path)
    assert (again.entries, again.added, again.merged) == (first.entries, first.added, first.merged)
    assert contents(library) == before


def test_the_only_listing_taken_back_leaves_an_empty_library(library: Library, tmp_path: Path) -> None:
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(50)]))
    assert withdraw(library, last_id(library), today=TODAY).removed == 50
    assert everything(library) == before
    assert_sound(library)


def test_of_an_archive_one_listing_is_taken_back_and_the_others_stay(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, titles_in in (("a.txt", ["On Bees", "On Taxes"]), ("b.txt", ["On Taxes", "On Rivers"])):
            archive.write(page(tmp_path / name, titles_in), name)
    list(take_in(library, [path], OPTIONS))
    done = withdraw(library, last_id(library), today=TODAY)
    assert (Path(done.path).name, done.entries, done.removed) == ("week.zip!b.txt", 2, 1)
    assert titles(library) == ["On Bees", "On Taxes"]


# -- random listings

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
    """The entries as on a page whose dates have this year, or no year if `year` is None."""
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
Listing = tuple[str, date | None, list[Entry]]


def bring(library: Library, listing: Listing, name: str) -> int:
    """Store a listing as an import does. Dates without a year get the year 2025. Returns the id of its log entry."""
    family, day, entries = listing
    with library.writing(durable=False) as connection:
        key = connection.execute(
            "INSERT INTO listing (content, path, size, format, family, month_day, listed_on, listed_on_rule, year,"
            " own_rule, own_year, state, stored, entries, first_read) VALUES (?1, ?1, 0, ?2, ?2, ?3, ?4, 'modified',"
            " 2025, 'modified', 2025, 'read', ?5, ?5, '')",
            (name, family, day and f"{day.month:02}-{day.day:02}", stored_papers.day_text(day), len(entries)),
        ).lastrowid
        assert key
        for position, entry in enumerate(entries, 1):
            stacks.place(connection, ListingKey(key, name, family, day, 2025), position, entry, TODAY)
        year_propagation.settle_years(connection, key, TODAY)
        return log.write(connection, None, key, ImportReport(path=name, entries=len(entries)), "read")


def opened(folder: Path, empty: Path) -> Library:
    shutil.copy(empty, folder / "library.db")
    return Library.open(folder / "library.db")


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
    """Do each action on one of the existing papers. The number with the action chooses the paper."""
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
            bring(library, listing, f"right{at}")
        act(library, actions)
        before = everything(library)
        log_id = bring(library, wrong, "wrong")
        done = withdraw(library, log_id, today=TODAY)
        assert (done.entries, done.kept) == (len(wrong[2]), 0)
        assert everything(library) == before
        assert_sound(library)


@examples(12, 120)
@given(_listings, _actions, _listings, _actions)
def test_whatever_was_marked_meanwhile_is_kept_also_through_undo_and_redo(
    empty: Path, right: Listing, before: Actions, wrong: Listing, after: Actions
) -> None:
    def told(library: Library) -> set[str]:
        connection = library.reader()
        notes = connection.execute("SELECT note FROM mark WHERE note IS NOT NULL").fetchall()
        return {line for (note,) in notes for line in note.split("\n\n")} | {
            name for (name,) in connection.execute("SELECT name FROM tag")
        }

    with TemporaryDirectory() as folder, opened(Path(folder), empty) as library:
        bring(library, right, "right")
        act(library, before)
        log_id = bring(library, wrong, "wrong")
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
def test_it_does_not_matter_that_the_wrong_import_came_first(
    empty: Path, wrong: Listing, listings_after: list[Listing]
) -> None:
    """All entries get ids, because the order of imports can decide which paper an entry with only a title joins."""

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
            bring(library, named(listing), f"right{at}")
        expected = contents(library)
    with TemporaryDirectory() as other, opened(Path(other), empty) as library:
        log_id = bring(library, named(wrong), "wrong")
        for at, listing in enumerate(listings_after):
            bring(library, named(listing), f"right{at}")
        withdraw(library, log_id, today=TODAY)
        assert contents(library) == expected
        assert_sound(library)


# -- what the reader marked

MARKS: dict[str, Callable[[Library, int], object]] = {
    "a bookmark": lambda library, paper: marking.bookmark(library, [paper]),
    "a place in the queue": lambda library, paper: marking.queue(library, [paper]),
    "a status": lambda library, paper: marking.status(library, [paper], "done"),
    "having been seen": lambda library, paper: marking.seen(library, paper),
    "a tag": lambda library, paper: marking.tag(library, [paper], ["bees"]),
    "a note": lambda library, paper: marking.note(library, paper, "Ask Bo about figure 3."),
}


@pytest.mark.parametrize("mark", MARKS)
def test_a_paper_that_was_marked_stays_with_all_that_is_known_of_it(
    mark: str, library: Library, tmp_path: Path
) -> None:
    path = page(tmp_path / "wrong.txt", ["On Bees", "On Rivers", "On Taxes"])
    take(library, path)
    marked = number(library, "On Rivers")
    MARKS[mark](library, marked)
    before = paper_details.details(library.reader(), marked)
    done = withdraw(library, last_id(library), today=TODAY)
    assert (done.entries, done.removed, done.kept) == (3, 2, 1)
    after = paper_details.details(library.reader(), marked)
    assert (after.id, after.marks, after.paper) == (before.id, before.marks, before.paper)
    # The paper is in no listing any more, and so on no day.
    assert (after.listings, after.first_listed, after.last_listed) == ((), None, None)
    assert listing_days.latest(library.reader()) is None
    assert_sound(library)
    # When the file is imported again, its entry joins the marked paper.
    assert take(library, path).added == 2
    assert paper_details.details(library.reader(), marked) == before


@pytest.mark.parametrize("mark", MARKS)
def test_undo_and_redo_work_on_as_if_nothing_had_been_taken_back(mark: str, library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "wrong.txt", ["On Bees", "On Rivers"]))
    marked = number(library, "On Rivers")
    MARKS[mark](library, marked)
    marks = stored_marks.read(library.reader(), marked)
    journal.undo(library)
    # The paper has no mark now, but a redo would give it one, so the paper must stay.
    assert stored_marks.read(library.reader(), marked) == stored_marks.Marks()
    assert withdraw(library, last_id(library), today=TODAY).kept == 1
    redone = journal.redo(library)
    assert redone
    assert redone.papers == {marked: marks}
    undone = journal.undo(library)
    assert undone
    assert undone.papers == {marked: stored_marks.Marks()}
    assert_sound(library)


def test_an_action_on_many_papers_can_be_undone_when_some_of_them_were_in_the_file(
    library: Library, tmp_path: Path
) -> None:
    take(library, page(tmp_path / "right.txt", ["On Bees", "On Towns"]))
    take(library, page(tmp_path / "wrong.txt", ["On Rivers", "On Taxes"]))
    ids = [number(library, title) for title in ("On Rivers", "On Bees", "On Towns")]
    marking.queue(library, ids)
    marking.queue(library, [ids[1]], at=1)
    withdraw(library, last_id(library), today=TODAY)
    assert titles(library) == ["On Bees", "On Rivers", "On Towns"]
    assert journal.undo(library)
    queued = library.reader().execute("SELECT paper_id FROM queue ORDER BY key, identity").fetchall()
    assert queued == [(each,) for each in ids]
    assert journal.undo(library)
    assert library.reader().execute("SELECT * FROM queue").fetchall() == []
    assert_sound(library)


def test_a_mark_that_is_made_meanwhile_holds_its_paper(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    take(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(9)]))
    first = number(library, "Paper 0 of the lot")
    done = withdraw(
        library,
        last_id(library),
        today=TODAY,
        on_step=lambda done, whole: marking.bookmark(library, [first], True) and None if done == 4 else None,
    )
    assert (done.entries, done.removed, done.kept) == (9, 8, 1)
    assert titles(library) == ["Paper 0 of the lot"]


# -- papers that only the withdrawn file joined


def two_papers(library: Library) -> tuple[int, int]:
    """Store a listing with two papers. Returns their ids."""
    bees = Paper(title="Bees", arxiv_id="2510.00001", abstract=ABSTRACTS[0])
    sussex = Paper(title="The Bees of Sussex", doi="10.1000/bees", authors=(Author("Ada Lovelace"),))
    bring(library, ("hf", None, [Entry(paper=bees), Entry(paper=sussex)]), "right")
    return number(library, "2510.00001"), number(library, "10.1000/bees")


BOTH = Paper(title="Bees, again", arxiv_id="2510.00001", doi="10.1000/bees")


def test_papers_that_only_the_file_held_to_be_one_are_two_again(library: Library) -> None:
    one, two = two_papers(library)
    before = everything(library)
    log_id = bring(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    assert len(titles(library)) == 1
    assert number(library, str(two)) == one
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    assert (number(library, "2510.00001"), number(library, "10.1000/bees")) == (one, two)
    assert_sound(library)


def test_each_of_them_has_the_marks_it_had(library: Library) -> None:
    one, two = two_papers(library)
    marking.note(library, one, "Read by the pond.")
    marking.status(library, [one], "done")
    marking.note(library, two, "Ask Bo about figure 3.")
    marking.tag(library, [two], ["sun"])
    marking.bookmark(library, [two])
    marking.queue(library, [two])
    before = everything(library)
    log_id = bring(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    both = stored_marks.read(library.reader(), one)
    assert (both.tags, both.status, both.queue_position) == (("sun",), "done", 1)
    assert both.note == "Read by the pond.\n\nAsk Bo about figure 3."
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    while journal.undo(library):
        assert_sound(library)
    assert stored_marks.read(library.reader(), one) == stored_marks.read(library.reader(), two) == stored_marks.Marks()


def test_marks_given_to_both_as_one_paper_stay_with_the_first(library: Library) -> None:
    one, two = two_papers(library)
    marking.tag(library, [two], ["sun"])
    log_id = bring(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    marking.bookmark(library, [two], True)
    both = stored_marks.read(library.reader(), one)
    assert both.bookmarked
    withdraw(library, log_id, today=TODAY)
    # The tag was given to the second paper before the two were joined, so the first paper does not keep it.
    assert stored_marks.read(library.reader(), one) == stored_marks.Marks(bookmarked=both.bookmarked)
    assert stored_marks.read(library.reader(), two) == stored_marks.Marks(tags=("sun",))


def test_papers_that_another_listing_too_holds_to_be_one_stay_one(library: Library) -> None:
    one, two = two_papers(library)
    wrong = bring(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    bring(library, ("semantic-scholar", None, [Entry(paper=BOTH)]), "right as well")
    withdraw(library, wrong, today=TODAY)
    assert len(titles(library)) == 1
    assert number(library, str(two)) == one
    assert library.reader().execute("SELECT gone, kept FROM joined").fetchall() == [(two, one)]
    assert_sound(library)


def test_an_action_on_a_paper_that_the_file_had_joined_to_another_can_still_be_undone(library: Library) -> None:
    """The bookmarked paper came from the withdrawn file, and a later entry of that file joined it to another paper."""
    bring(library, ("arxiv", None, [Entry(paper=Paper(title="Bees", arxiv_id="2510.00001"))]), "right")
    doi_alone = Entry(paper=Paper(title="Of Bees", doi="10.1000/bees"))
    log_id = bring(library, ("openalex", None, [doi_alone]), "wrong")
    marking.bookmark(library, [2], True)
    # The same file gets another entry, which joins both papers.
    with library.writing(durable=False) as connection:
        (listing_id,) = connection.execute("SELECT listing_id FROM log WHERE id = ?", (log_id,)).fetchone()
        stacks.place(connection, ListingKey(listing_id, "wrong", "openalex", None, None), 2, Entry(paper=BOTH), TODAY)
    assert stored_marks.read(library.reader(), 1).bookmarked
    done = withdraw(library, log_id, today=TODAY)
    # The bookmark was on paper 2, so paper 2 exists again under its id and is kept.
    assert (done.removed, done.kept) == (0, 1)
    assert [number(library, title) for title in ("Bees", "Of Bees")] == [1, 2]
    assert stored_marks.read(library.reader(), 2).bookmarked
    assert stored_marks.read(library.reader(), 1) == stored_marks.Marks()
    undone = journal.undo(library)
    assert undone
    assert undone.papers == {2: stored_marks.Marks()}
    assert_sound(library)


def test_a_redo_finds_the_paper_that_it_is_about_though_the_file_had_joined_it_to_another(library: Library) -> None:
    log_id = bring(
        library,
        (
            "openalex",
            None,
            [
                Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")),
                Entry(paper=Paper(title="Of Bees", doi="10.1000/bees")),
            ],
        ),
        "wrong",
    )
    marking.bookmark(library, [2], True)
    journal.undo(library)
    with library.writing(durable=False) as connection:
        stacks.place(connection, ListingKey(1, "wrong", "openalex", None, None), 3, Entry(paper=BOTH), TODAY)
    assert withdraw(library, log_id, today=TODAY).kept == 1
    redone = journal.redo(library)
    assert redone
    assert [(each, marks.bookmarked is not None) for each, marks in redone.papers.items()] == [(2, True)]
    assert titles(library) == ["Of Bees"]
    assert_sound(library)


# -- years of other listings that depended on the withdrawn file


def days(library: Library) -> dict[str, tuple[str, str, int]]:
    rows = library.reader().execute("SELECT path, listed_on, listed_on_rule, year FROM listing")
    return {Path(path).name: tuple(rest) for path, *rest in rows}


def test_a_year_that_only_the_file_printed_is_found_again_as_before(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "old.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    before = everything(library)
    assert days(library)["old.txt"] == ("2025-10-30", "modified", 2025)
    take(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2023"}))
    assert days(library)["old.txt"] == ("2023-10-30", "other-listing", 2023)
    done = withdraw(library, last_id(library), today=TODAY)
    assert done.changed == (f"the year of {tmp_path / 'old.txt'} is 2025, from the file's modification time",)
    assert everything(library) == before
    assert log.read(library.reader(), 1)[0].report.warnings[1:] == done.changed


def test_years_that_hung_on_one_another_hang_on_nothing_when_what_printed_one_is_gone(
    library: Library, tmp_path: Path
) -> None:
    """The first two pages share a paper. After the third is withdrawn, neither may take its year from the other."""
    take(library, page(tmp_path / "one.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    take(library, page(tmp_path / "two.txt", {"On Taxes": "Oct 1", "On Rivers": "Nov 1"}, "Nov 2"))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2022"}))
    assert {year for *_, year in days(library).values()} == {2022, 2023}
    withdraw(library, last_id(library), today=TODAY)
    assert everything(library) == before


def test_a_year_that_another_listing_prints_as_well_stays(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "old.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    take(library, page(tmp_path / "right.txt", {"On Taxes": "Oct 1, 2023"}))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2021"}, "Jul 9"))
    done = withdraw(library, last_id(library), today=TODAY)
    assert done.changed == ()
    assert everything(library) == before


def test_a_day_that_was_given_is_not_touched_by_a_withdrawal(library: Library, tmp_path: Path) -> None:
    path = page(tmp_path / "old.txt", {"On Bees": "Aug 24"}, "Oct 30")
    for day in (date(2021, 10, 30), date(2022, 10, 30)):
        list(take_in(library, [path], Options(today=TODAY, listed_on=day)))
    take(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2023"}))
    withdraw(library, last_id(library), today=TODAY)
    assert days(library) == {"old.txt": ("2022-10-30", "given", 2022)}


# -- withdrawals that are interrupted


class Cut(Exception):
    pass


@pytest.mark.parametrize("after", [1, 2, 7, 11])
def test_one_that_was_cut_short_goes_on_when_asked_again(
    after: int, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    take(library, page(tmp_path / "right.txt", ["Paper 3 of the lot", "On Bees"]))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(12)], authors=9))
    log_id = last_id(library)

    def cut(done: int, whole: int) -> None:
        assert whole == 12
        if done == after:
            raise Cut

    with pytest.raises(Cut):
        withdraw(library, log_id, today=TODAY, on_step=cut)
    assert_sound(library)
    left = library.reader().execute("SELECT stored, state, (SELECT count(*) - 2 FROM entry) FROM listing WHERE id = 2")
    assert left.fetchone() == (12 - after, "interrupted", 12 - after)
    assert withdraw(library, log_id, today=TODAY).entries == 12 - after
    assert everything(library) == before
    assert_sound(library)


def test_one_that_was_cut_short_is_made_whole_by_importing_the_file_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    path = page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(12)])
    take(library, path)
    before = contents(library)
    asked = iter([False, False, True])
    done = withdraw(library, last_id(library), today=TODAY, should_stop=lambda: next(asked))
    assert (done.entries, done.removed, done.complete) == (3, 3, False)
    again = take(library, path)
    assert (again.added, again.unchanged, again.complete) == (3, 9, True)
    assert contents(library) == before
    assert_sound(library)


_WITHDRAWAL = """
import sys
from datetime import date
from pathlib import Path
from store.importing import undo as withdrawal
from store.library.library import Library
withdrawal.BATCH_SECONDS = 0
on_step = lambda done, whole: print(done, flush=True)
library = Library.open(Path(sys.argv[1]))
withdrawal.withdraw(library, int(sys.argv[2]), today=date(2026, 7, 15), on_step=on_step)
"""


def test_one_that_was_killed_loses_nothing_else_and_ends_as_one_that_was_not(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "right.txt", ["Paper 3 of the lot", "On Bees"]))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(60)], authors=9))
    log_id = last_id(library)
    for batches in (5, 20):
        command = [sys.executable, "-c", _WITHDRAWAL, str(library.path), str(log_id)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            while int(process.stdout.readline()) < batches:
                pass
            process.kill()
        assert_sound(library)
    left = (
        library.reader().execute("SELECT stored, (SELECT count(*) - 2 FROM entry) FROM listing WHERE id = 2").fetchone()
    )
    assert left[0] == left[1]
    assert left[0] <= 60 - 25
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before


# -- followed folders


def test_a_followed_file_that_was_taken_back_is_read_again_only_when_it_is_named(
    library: Library, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = page(inbox / "wrong.txt", ["On Bees"])
    watch = Watch(library, inbox)

    def scanned() -> list[Path]:
        watch.scan(0.0)
        return watch.scan(5.0)

    assert scanned() == [path]
    take(library, path)
    assert scanned() == []
    withdraw(library, last_id(library), today=TODAY)
    assert scanned() == []
    assert titles(library) == []
    assert take(library, path).added == 1
    withdraw(library, last_id(library), today=TODAY)
    # After a change it counts as another file and is imported again.
    page(path, ["On Bees", "On Taxes"])
    assert scanned() == [path]


# -- what cannot be taken back


def test_an_id_that_the_log_does_not_have_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="the log has no entry 7"):
        withdraw(library, 7, today=TODAY)


def test_a_refused_file_leaves_nothing_to_take_back(library: Library, tmp_path: Path) -> None:
    for name, text in (("none.txt", "no listing"), ("untitled.ris", "TY  - JOUR\nAU  - Lovelace, Ada\nER  - \n")):
        (tmp_path / name).write_text(text)
        (found,) = take_in(library, [tmp_path / name], OPTIONS)
        assert found.error
        with pytest.raises(LibraryError, match=f"nothing to undo.*{name} read no papers"):
            withdraw(library, last_id(library), today=TODAY)
    assert [each.state for each in log.read(library.reader())] == ["refused", "refused"]


def test_what_was_taken_back_cannot_be_taken_back_again_by_either_of_its_entries(
    library: Library, tmp_path: Path
) -> None:
    take(library, page(tmp_path / "wrong.txt", ["On Bees"]))
    log_id = last_id(library)
    withdraw(library, log_id, today=TODAY)
    for entry in (log_id, last_id(library)):
        with pytest.raises(LibraryError, match=r"wrong\.txt was undone already; import it again with: recto import"):
            withdraw(library, entry, today=TODAY)


def test_the_entry_of_a_copy_that_was_known_takes_the_listing_back(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "wrong.txt", ["On Bees"]))
    take(library, page(tmp_path / "copy.txt", ["On Bees"]))
    assert log.read(library.reader())[0].state == "known"
    assert withdraw(library, last_id(library), today=TODAY).removed == 1
    assert titles(library) == []


def test_the_log_says_what_was_taken_back_and_what_stayed(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "wrong.txt", ["On Bees", "On Taxes", "On Rivers"]))
    marking.bookmark(library, [1])
    withdraw(library, last_id(library), today=TODAY)
    newest, imported = log.read(library.reader())
    assert (newest.state, imported.state) == ("withdrawn", "read")
    assert newest.report == ImportReport(
        path=imported.report.path,
        format="hf-text",
        entries=3,
        warnings=("2 papers removed with it, 1 stays for your marks",),
    )


def test_papers_that_part_one_after_another_take_their_notes_with_them(library: Library) -> None:
    def about(title: str, **known: Any) -> Entry:
        return Entry(paper=Paper(title=title, **known))

    ada = (Author("Ada Lovelace"),)
    first = [about("On Bees"), about("On Bees", authors=ada), about("Editorial", abstract=ABSTRACTS[0])]
    second = [about("Editorial", arxiv_id="2510.00002"), about("Editorial", abstract=ABSTRACTS[1])]
    wrong = [about("On Bees", arxiv_id="2510.00002"), about("On Bees", abstract=ABSTRACTS[1], authors=ada)]
    for name, entries in (("first", first), ("second", second)):
        bring(library, ("hf", None, entries), name)
    numbers = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    for number in numbers[1:]:
        marking.note(library, number, f"A note on {number}.")
    before = everything(library)
    taken = bring(library, ("hf", None, wrong), "wrong")
    assert len(everything(library)["paper"]) < len(numbers)
    withdraw(library, taken, today=TODAY)
    assert everything(library) == before
