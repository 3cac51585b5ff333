"""Texts in author lists that are no names, such as "and 72 others", and the numbers of authors that they state."""

from __future__ import annotations

import pytest

from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.text import clean
from store.text.author_names import author_count, is_name, other_authors


@pytest.mark.parametrize(
    ("text", "number", "is_total"),
    [
        ("72 additional authors not shown", 72, False),
        ("1 additional author not shown", 1, False),
        ("one additional author", 1, False),
        ("84 additional authors", 84, False),
        ("(72 additional authors not shown)", 72, False),
        ("72 additional authors not shown, You must enable JavaScript to view entire author list.", 72, False),
        ("et al. (25 additional authors not shown)", 25, False),
        ("300+ additional authors not shown", 300, False),
        ("1,234 additional authors not shown", 1234, False),
        ("and 72 others", 72, False),
        ("72 other authors", 72, False),
        ("72 more", 72, False),
        ("+ 5 more authors", 5, False),
        ("and 3 further co-authors", 3, False),
        ("12 others", 12, False),
        ("2,900 authors", 2900, True),
        ("250 authors in total", 250, True),
    ],
)
def test_a_number_of_authors(text: str, number: int, is_total: bool) -> None:
    assert other_authors(text) == (number, is_total)
    assert not is_name(text)
    assert author_count(3, other_authors(text)) == (max(3, number) if is_total else 3 + number)


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "A",
        "张三",
        "d'Arc",
        "3M",
        "50 Cent",
        "Anna Otherson",
        "Other Authorsson",
        "Al Et",
        "Ötzi",
        "Al Andrews",
    ],
)
def test_texts_that_are_a_name_are_recognized(text: str) -> None:
    assert is_name(text)
    assert other_authors(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Et al.",
        "ET AL",
        "Others",
        "",
        ":",
        "-",
        "...",
        "…",
        "1",
        "()",
        "et al",
        "et al.",
        "Et. al.",
        "others",
        "and others",
        "and",
    ],
)
def test_texts_that_are_no_name_are_recognized(text: str) -> None:
    assert not is_name(text)
    assert other_authors(text) is None


@pytest.mark.parametrize(
    ("names", "count", "expected"),
    [
        (["The RIVER Collaboration", ":", "T. Ude"], None, None),
        (["The RIVER Collaboration", ":", "T. Ude"], 3, None),
        (["A. Alpha", "72 others"], None, 73),
        (["A. Alpha", "et al."], None, None),
        (["A. Alpha", "et al."], 9, 9),
        (["A. Alpha", "B. Beta"], 2, 2),
    ],
)
def test_the_importer_keeps_names_only(names: list[str], count: int | None, expected: int | None) -> None:
    paper = clean.entry(Entry(paper=Paper(title="T", authors=tuple(map(Author, names)), author_count=count))).paper
    assert [author.name for author in paper.authors] == list(filter(is_name, names))
    assert paper.author_count == expected
