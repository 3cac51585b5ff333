"""A paper that this library never imported is shown with the title and other data that another machine sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.library.library import Library
from store.marks import exchange
from store.marks.clock import Clock
from store.marks.registers import Register
from store.papers import paper_details
from store.sync import descriptions
from store.text.clean import UNSAFE


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def arrive(library: Library, paper: str, about: Any) -> list[paper_details.PaperDetails]:
    """Receive a description and a bookmark of a paper from another machine. Returns all papers of the library."""
    registers = [
        Register(paper, "about", about, Clock(1, 0, "other")),
        Register(paper, "bookmark", 1, Clock(2, 0, "other")),
    ]
    with library.writing() as connection:
        exchange.apply(connection, registers)
        descriptions.store_all(connection, registers)
    return _papers(library.reader())


def _papers(connection: sqlite3.Connection) -> list[paper_details.PaperDetails]:
    return [paper_details.details(connection, number) for (number,) in connection.execute("SELECT id FROM paper")]


def test_a_described_paper_has_its_fields_and_its_marks(library: Library) -> None:
    about = {"title": "A Title", "authors": ["Ada Lovelace"], "year": 2024, "link": "https://example.org/a"}
    (known,) = arrive(library, "title:0123456789abcdef", about)
    assert known.paper.title == "A Title"
    assert known.paper.authors[0].name == "Ada Lovelace"
    assert known.paper.publication_date is not None
    assert known.paper.publication_date.text == "2024"
    assert known.paper.links[0].url == "https://example.org/a"
    assert known.marks.bookmarked


@pytest.mark.parametrize(
    "paper",
    ["arxiv:2310.06770", "doi:10.1000/x", "title:0123456789abcdef", "title:0123456789abcdef#2", "arxiv:../../x"],
)
def test_each_identity_leads_to_its_paper_and_a_repetition_adds_nothing(library: Library, paper: str) -> None:
    about = {"title": "T" * 2_000}
    (known,) = arrive(library, paper, about)
    assert known.marks.bookmarked
    assert [each.listings for each in arrive(library, paper, about)] == [known.listings]


@pytest.mark.parametrize(
    "about",
    [None, 1, "text", [], {}, {"title": ""}, {"title": 5}, {"title": "\x1b\u202e"}, {"authors": ["Ada"]}],
)
def test_a_description_without_a_title_is_no_paper(library: Library, about: Any) -> None:
    assert all(known.paper.title for known in arrive(library, "arxiv:2310.06770", about))


@pytest.mark.parametrize(
    "about",
    [
        {"title": "\x1b]52;c;x\x07", "authors": ["\x9b31m", 5, None], "year": "2024", "link": "javascript:alert(1)"},
        {"title": "T", "authors": "Ada", "year": -1, "link": 7},
        {"title": "T", "authors": ["A" * 10_000] * 100, "year": 10**30, "link": "x" * 10_000},
    ],
)
def test_hostile_descriptions_are_cleaned_and_shortened(library: Library, about: Any) -> None:
    (known,) = arrive(library, "arxiv:2310.06770", about)
    paper = known.paper
    assert not UNSAFE.search(paper.title + "".join(author.name for author in paper.authors))
    assert len(paper.authors) <= 5
    assert all(len(author.name) <= 100 for author in paper.authors)
    assert paper.published is None
