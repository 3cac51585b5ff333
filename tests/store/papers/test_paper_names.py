"""The paper that a text (id, DOI, title) refers to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers import paper_names
from tests.store.listings import add_listing


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("2510.01234", 1),
        ("https://arxiv.org/abs/2510.01234v2", 1),
        ("doi:10.1000/ABC", 2),
        ("attention is all", 1),
        ("Attention is all you need?", 1),
        ('"Why?" asked', 3),
        ("100% of", 4),
        ("100", None),
        ("1_0", None),
        ("Att", None),
        ("need", None),
        ("", None),
        ("99999999999999999999999", None),
        ("9" * 5000, None),
        ("\udcff", None),
        ("???", None),
        ("*", None),
    ],
)
def test_a_paper_is_found_by_number_id_doi_or_start_of_its_title(
    text: str, number: int | None, library: Library
) -> None:
    add_listing(
        library,
        None,
        Paper(title="Attention Is All You Need", arxiv_id="2510.01234"),
        Paper(title="Attractors", doi="10.1000/abc"),
        Paper(title='"Why?" asked the bee'),
        Paper(title="100% of the bees"),
        Paper(title="Attuned"),
    )
    if number:
        assert paper_names.find_paper(library.reader(), text) == number
    else:
        with pytest.raises(LibraryError) as raised:
            paper_names.find_paper(library.reader(), text)
        assert "\n" not in str(raised.value)


def test_a_beginning_of_several_titles_is_an_error_that_names_the_papers(library: Library) -> None:
    add_listing(library, None, Paper(title="Attention one"), Paper(title=f"Attention {'two ' * 40}"))
    with pytest.raises(LibraryError) as raised:
        paper_names.find_paper(library.reader(), "attention")
    named = f"1 “Attention one”, 2 “Attention {'two ' * 12}…”"
    assert str(raised.value) == f"2 papers fit 'attention': {named}; name one by its number"
    add_listing(library, None, *(Paper(title=f"Attention {number}") for number in range(20)))
    with pytest.raises(LibraryError, match=r"^22 papers fit .* “Attention 2”, …; name one by its number$"):
        paper_names.find_paper(library.reader(), "attention")
