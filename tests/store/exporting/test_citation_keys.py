"""Citation keys: their form, that no two papers share one, and that they stay."""

from __future__ import annotations

from datetime import date

import pytest

from store.exporting import citation_keys
from store.library.library import Library
from store.model.paper import Author, Organization, Paper
from store.papers import stored_keys
from tests.store.exporting.samples import add

DAY = date(2024, 1, 2)


@pytest.mark.parametrize(
    ("paper", "key"),
    [
        (Paper(title="On the Size of Things", authors=(Author("Jörg Müller"),), published=DAY), "muller2024size"),
        (Paper(title="A Theory", authors=(Author("Ludwig van Beethoven"),)), "beethoventheory"),
        (Paper(title="Untitled", organization=Organization("KAIST AI"), published=DAY), "kaistai2024untitled"),
        (Paper(title="The Cat", published=DAY), "cat2024"),
        (Paper(title="深層学習", arxiv_id="2406.00001"), "240600001"),
        (Paper(title="深層学習"), "paper"),
    ],
)
def test_a_key_has_family_name_year_and_word(paper: Paper, key: str) -> None:
    assert citation_keys.base(paper) == key


def test_no_two_papers_share_a_key_and_a_key_never_changes(library: Library) -> None:
    papers = [Paper(title=f"Size {name}", authors=(Author("Ada Alpha"),)) for name in ("One", "Two", "Three")]
    numbers = add(library, *papers)
    keys = citation_keys.give(library, numbers)
    assert [keys[number] for number in numbers] == ["alphasize", "alphasizea", "alphasizeb"]
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title = 'Another title' WHERE id = ?", (numbers[1],))
    assert citation_keys.give(library, list(reversed(numbers))) == keys
    assert stored_keys.find(library.reader(), "ALPHASIZEA") == numbers[1]
    assert stored_keys.find(library.reader(), "nobody") is None


def test_a_paper_that_does_not_exist_gets_no_key(library: Library) -> None:
    (number,) = add(library, Paper(title="One"))
    assert set(citation_keys.give(library, [number, 999])) == {number}
