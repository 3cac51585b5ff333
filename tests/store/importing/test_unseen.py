"""New papers are stored many at a time. The library must be the same as if they were stored one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries as stacks
from store.importing import unseen
from store.importing.entries import ListingKey, Placed
from store.importing.prepare import prepare_entry
from store.importing.unseen import Keys
from store.library.library import Library
from store.matching import same_paper, title_merging
from store.model.entry import AnnounceType, Entry
from store.model.paper import Author, Link, Paper
from store.model.partial_date import MonthDay
from store.papers import stored_papers
from tests.thorough import examples

TODAY = date(2026, 7, 15)
LISTINGS = (
    ListingKey(1, "page.txt", "hf", date(2026, 7, 2), 2026),
    ListingKey(2, "snapshot.json", "arxiv", None, None),
    # The first listing again, with another listing day.
    ListingKey(3, "page.txt", "hf", date(2026, 7, 3), 2026),
)
ABSTRACTS = (
    "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went.",
    "Bees find their way by the sun. We followed 200 of them through a long summer and saw where they went.",
    "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last.",
)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a library that has the rows of LISTINGS, but no papers."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    with Library.open(path) as library, library.writing() as connection:
        connection.executemany(
            "INSERT INTO listing (id, content, path, size, format, family, listed_on, year, state, stored, entries,"
            " first_read) VALUES (?1, ?1, ?2, 0, ?3, ?3, ?4, ?5, 'read', 100, 100, '')",
            [(each.id, each.path, each.family, stored_papers.day_text(each.listed_on), each.year) for each in LISTINGS],
        )
    return path


def copy(empty: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with closing(sqlite3.connect(empty)) as source:
        source.backup(connection)
    return connection


def contents(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    rows_by_table: dict[str, list[Any]] = {}
    for table in ("paper", "body", "entry", "alias", "setting", "unindexed"):
        rows_by_table[table] = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    rows_by_table["joined"] = connection.execute("SELECT gone, kept FROM joined ORDER BY gone").fetchall()
    return rows_by_table


def one_by_one(connection: sqlite3.Connection, listing: ListingKey, entries: list[Entry]) -> list[Placed]:
    return [stacks.place(connection, listing, at, entry, TODAY) for at, entry in enumerate(entries, 1)]


def together(
    connection: sqlite3.Connection, listing: ListingKey, entries: list[Entry], at_once: int, in_time: Iterator[bool]
) -> list[Placed]:
    waiting = [prepare_entry(listing, entry, TODAY) for entry in entries]
    placed: list[Placed] = []
    while waiting:
        now = stacks.place_all(connection, listing, len(placed) + 1, waiting[:at_once], lambda: next(in_time, True))
        assert now
        placed += now
        del waiting[: len(now)]
    return placed


def few(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, *values))


papers = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "On bees", "BEES!", "Taxes", "Editorial", *(f"Title {n}" for n in range(20))]),
    abstract=few(*ABSTRACTS),
    authors=st.sampled_from([(), (Author("Ada Lovelace"),), (Author("A. Lovelace"), Author("Alan Turing"))]),
    arxiv_id=few("2510.00001", "2510.00002v2", *(f"2511.{n:05}" for n in range(20))),
    doi=few("10.1000/1", "10.1000/A", "10.48550/arXiv.2510.00001", *(f"10.1000/{n}" for n in range(2, 20))),
    published=few(date(2026, 7, 1)),
    upvotes=few(1, 2),
    links=st.sampled_from(
        [
            (),
            (Link("page", "https://arxiv.org/abs/2510.00001"), Link("pdf", "https://arxiv.org/pdf/2510.00001")),
            (Link("pdf", "http://example.org/x"), Link("page", "https://example.org/x")),
        ]
    ),
)
entries = st.lists(
    st.builds(
        Entry,
        paper=papers,
        published_on=few(MonthDay(7, 1), MonthDay(12, 30)),
        announce_type=st.sampled_from([None, *AnnounceType.__args__]),
        line=few(1),
    ),
    max_size=25,
)


@examples(60, 600)
@given(
    st.lists(st.tuples(st.sampled_from(LISTINGS), entries), min_size=1, max_size=3, unique_by=lambda each: each[0].id),
    st.integers(1, 30),
    st.lists(st.booleans()),
)
def test_storing_many_papers_at_once_gives_the_same_rows_as_one_at_a_time(
    empty: Path, files: list[tuple[ListingKey, list[Entry]]], at_once: int, in_time: list[bool]
) -> None:
    with closing(copy(empty)) as slow, closing(copy(empty)) as fast:
        ticks = iter(in_time)
        for listing, new_entries in files:
            expected = one_by_one(slow, listing, new_entries)
            assert together(fast, listing, new_entries, at_once, ticks) == expected
        assert contents(fast) == contents(slow)


def test_entries_that_share_nothing_are_new_and_those_that_share_a_title_or_an_id_are_looked_at(empty: Path) -> None:
    with closing(copy(empty)) as connection:
        stored_entries = [
            Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/1")),
            Entry(paper=Paper(title="Bees of the north", arxiv_id="2510.00001", doi="10.1000/2")),
        ]
        one_by_one(connection, LISTINGS[1], stored_entries)
        new_papers = [
            Paper(title="bees"),
            Paper(title="Bees, of the North"),
            Paper(title="Wasps", arxiv_id="arXiv:2510.00001v3"),
            Paper(title="Hornets", doi="10.1000/1"),
            Paper(title="Ants", doi="https://doi.org/10.1000/2"),
            Paper(title="Beetles"),
            Paper(title="Flies", doi="10.1000/3"),
            Paper(title="FLIES"),
            Paper(title="Moths", doi="10.1000/4"),
        ]
        normal = map(same_paper.normalized, new_papers)
        keys = [Keys(title_merging.title_key(paper.title), paper.arxiv_id, paper.doi) for paper in normal]
        are_new = unseen.are_unseen(connection, keys)
    assert [paper.title for paper, is_new in zip(new_papers, are_new, strict=True) if is_new] == ["Beetles", "Moths"]


def test_a_thousand_new_papers_take_a_few_statements(empty: Path) -> None:
    """If the papers were stored one by one, each would take about twelve SQL statements."""
    statements: list[str] = []
    entries = [Entry(paper=Paper(title=f"Title {n}", doi=f"10.1000/{n}", arxiv_id=f"2510.{n:05}")) for n in range(1000)]
    with closing(copy(empty)) as connection:
        for trigger in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger[0]}")
        connection.set_trace_callback(statements.append)
        placed = together(connection, LISTINGS[0], entries, 500, iter(()))
        connection.set_trace_callback(None)
    assert [each.paper_id for each in placed] == list(range(1, 1001))
    assert len(statements) < 200


def test_the_id_of_a_removed_paper_is_never_used_again(empty: Path) -> None:
    with closing(copy(empty)) as connection:
        one_by_one(connection, LISTINGS[0], [Entry(paper=Paper(title=title)) for title in ("Bees", "Wasps", "Ants")])
        for number in (3, 2):
            connection.execute("DELETE FROM entry WHERE paper_id = ?", (number,))
            stored_papers.delete(connection, number)
        placed = one_by_one(connection, LISTINGS[1], [Entry(paper=Paper(title="Flies"))])
        placed += together(connection, LISTINGS[2], [Entry(paper=Paper(title="Moths"))], 10, iter(()))
    assert [each.paper_id for each in placed] == [4, 5]
