"""A wrong import is taken back: the library is as if the file had never been read, but for what the reader marked."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import dating, papers, query, report, shelf, stacks
from store.importer import Options
from store.intake import take_in
from store.library import Library
from store.paper import Author, Entry, Link, MonthDay, Paper
from store.report import ImportReport
from store.search import Search
from store.stacks import ListingKey
from store.views import View
from store.withdrawal import Withdrawn, withdraw

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
    """A library without papers; a copy of it is there sooner than a new one."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library.open(path).close()
    return path


def everything(library: Library, *, numbered: bool = True) -> dict[str, Any]:
    """All rows of all tables but the log, files and what the indexes are made of; times of day left out."""
    connection = library.reader()
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'")
    found: dict[str, Any] = {}
    for (table,) in tables.fetchall():
        if table not in ("log", "file", "head_words"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            columns = [column for column in columns if column not in ("at", "first_read", "status_at")]
            found[table] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
    for words in ("bees", "taxes OR rivers", "sun", "land", "lovelace"):
        for index in ("head_fts", "abstract_fts"):
            rows = connection.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid", (words,))
            found[f"{index}: {words}"] = rows.fetchall()
    return found


def contents(library: Library) -> list[Any]:
    """What is known of every paper, without the numbers."""
    connection = library.reader()
    found = [papers.whole(connection, number) for (number,) in connection.execute("SELECT id FROM paper")]
    return sorted((msgspec.structs.replace(each, id=0) for each in found), key=lambda each: repr(each.listings))


def assert_sound(library: Library) -> None:
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for index in ("head_fts", "abstract_fts"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        # Nothing names a paper that is not there.
        for table, column in (
            ("entry", "paper_id"),
            ("body", "paper_id"),
            ("alias", "paper_id"),
            ("mark", "paper_id"),
            ("queue", "paper_id"),
            ("tag", "paper_id"),
            ("joined", "kept"),
        ):
            lost = connection.execute(f"SELECT {column} FROM {table} EXCEPT SELECT id FROM paper").fetchall()
            assert lost == [], table


def page(path: Path, titles: dict[str, str] | Sequence[str], day: str = "Jul 2", authors: int = 4) -> Path:
    """A page of Daily Papers; titles with the dates that are printed beside them."""
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
    return report.read(library.reader(), 1)[0].id


def number(library: Library, title: str) -> int:
    return papers.find(library.reader(), title)


def titles(library: Library) -> list[str]:
    return [title for (title,) in library.reader().execute("SELECT title FROM paper ORDER BY title")]


# -- as if it had never been read


def test_papers_that_only_the_file_knew_go_and_the_others_are_as_they_were(library: Library, tmp_path: Path) -> None:
    take(library, page(tmp_path / "right.txt", ["On Bees", "On Taxes"]))
    before = everything(library)
    take(library, page(tmp_path / "wrong.txt", ["On Taxes", "On Rivers", "On Towns"], "Jul 9", authors=9))
    assert papers.whole(library.reader(), number(library, "On Taxes")).paper.author_count == 9
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
        return len(search.answer(View("all"), query.parse(words, TODAY)).ids)

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
    before = everything(library)
    withdraw(library, last_id(library), today=TODAY)
    again = take(library, path)
    assert (again.entries, again.added, again.merged) == (first.entries, first.added, first.merged)
    assert everything(library) == before


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
    """`entries` on a page that prints this year beside its dates, or none."""
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
    """Store a listing as an import does; the id of its log entry. Its dates without a year are of 2025."""
    family, day, entries = listing
    with library.writing(durable=False) as connection:
        key = connection.execute(
            "INSERT INTO listing (content, path, size, format, family, month_day, listed_on, listed_on_rule, year,"
            " own_rule, own_year, state, stored, entries, first_read) VALUES (?1, ?1, 0, ?2, ?2, ?3, ?4, 'modified',"
            " 2025, 'modified', 2025, 'read', ?5, ?5, '')",
            (name, family, day and f"{day.month:02}-{day.day:02}", shelf.stored_day(day), len(entries)),
        ).lastrowid
        assert key
        for position, entry in enumerate(entries, 1):
            stacks.place(connection, ListingKey(key, name, family, day, 2025), position, entry, TODAY)
        dating.settle_years(connection, key, TODAY)
        return report.write(connection, None, key, ImportReport(path=name, entries=len(entries)), "read")


def opened(folder: Path, empty: Path) -> Library:
    shutil.copy(empty, folder / "library.db")
    return Library.open(folder / "library.db")


@settings(max_examples=120, deadline=None)
@given(st.lists(_listings, min_size=1, max_size=3), _listings)
def test_after_any_import_taken_back_the_library_is_what_it_was(
    empty: Path, listings_before: list[Listing], wrong: Listing
) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder), empty) as library:
        for at, listing in enumerate(listings_before):
            bring(library, listing, f"right{at}")
        before = everything(library)
        log_id = bring(library, wrong, "wrong")
        done = withdraw(library, log_id, today=TODAY)
        assert (done.entries, done.kept) == (len(wrong[2]), 0)
        assert everything(library) == before
        assert_sound(library)
