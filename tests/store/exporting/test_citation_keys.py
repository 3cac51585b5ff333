"""Citation keys have the right form, are different for all papers, and do not change later."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from store.exporting import citation_keys, selected_papers
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.model.paper import Author, Organization, Paper
from store.papers import stored_keys, stored_papers
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.store.exporting.samples import add

DAY = date(2024, 1, 2)


def give(library: Library, numbers: Sequence[int], pattern: str = citation_keys.PATTERN) -> dict[int, str]:
    """The citation key of each paper, by the id of the paper. For papers without a key, one is made and stored."""
    exported = selected_papers.read(library, array("q", numbers), pattern=pattern)
    return {paper.details.id: paper.key for paper in exported}


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
    keys = give(library, numbers)
    assert [keys[number] for number in numbers] == ["alphasize", "alphasizea", "alphasizeb"]
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title = 'Another title' WHERE id = ?", (numbers[1],))
    assert give(library, list(reversed(numbers))) == keys
    assert stored_keys.find(library.reader(), "ALPHASIZEA") == numbers[1]
    assert stored_keys.find(library.reader(), "nobody") is None


def test_a_paper_that_does_not_exist_gets_no_key(library: Library) -> None:
    (number,) = add(library, Paper(title="One"))
    assert set(give(library, [number, 999])) == {number}


def test_the_key_of_a_bibliography_is_kept_and_searched(library: Library, tmp_path: Path) -> None:
    def take(name: str, text: str) -> None:
        (tmp_path / name).write_text(text)
        reports = list(take_in(library, [tmp_path / name], Options(today=DAY)))
        assert [report.error for report in reports] == [None]

    def matching(text: str) -> list[int]:
        return list(Search(library).answer(View("all"), parse(text, DAY)).ids)

    take("a.bib", "@misc{Mueller_06:x, title={On Cranes}, doi={10.1000/a}}\n@misc{10, title={On Rain}}\n")
    take("b.bib", "@misc{other, title={On Cranes}, doi={10.1000/a}}\n@misc{mueller_06:X, title={On Letters}}\n")
    # The first imported key of a paper is used. These are not used as keys: "10", which is a number, and
    # "mueller_06:X", which differs only in case from the key of another paper.
    assert stored_keys.read(library.reader(), [1, 2, 3]) == {1: "Mueller_06:x"}
    assert give(library, [1, 2, 3]) == {1: "Mueller_06:x", 2: "rain", 3: "letters"}
    assert matching("key:mueller_") == [1] and matching("key:@RAIN") == [2] and matching("-key:%") == [3, 2, 1]
    assert matching("key:ueller") == []


@pytest.mark.parametrize(
    "key", [None, "", "a b", "a,b", "{a}", "a%b", "a#b", "a\\input", "@a", "ключ", "12", "a" * 151]
)
def test_a_key_that_latex_would_not_accept_is_not_taken(library: Library, key: str | None) -> None:
    (number,) = add(library, Paper(title="One"))
    with library.writing() as connection:
        stored_keys.offer(connection, number, key)
    assert stored_keys.read(library.reader(), [number]) == {}


def test_a_citation_key_is_free_again_when_its_paper_is_removed(library: Library) -> None:
    first, second = add(library, Paper(title="One"), Paper(title="Two"))
    with library.writing() as connection:
        stored_keys.offer(connection, first, "ada")
        stored_papers.delete(connection, first)
        stored_keys.offer(connection, second, "ADA")
    assert stored_keys.read(library.reader(), [first, second]) == {second: "ADA"}


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("{Author}{yy}", "Muller24"),
        ("{author}:{year}-{Word}", "muller:2024-Size"),
        ("my_{word}", "my_size"),
    ],
)
def test_the_form_of_keys_can_be_chosen(library: Library, pattern: str, key: str) -> None:
    paper = Paper(title="On the Size of Things", authors=(Author("Jörg Müller"),), published=DAY)
    citation_keys.check(pattern)
    numbers = add(library, paper, Paper(title="On the Size of Others", authors=paper.authors, published=DAY))
    assert list(give(library, numbers, pattern).values()) == [key, f"{key}a"]


@pytest.mark.parametrize(
    "pattern", ["", "{year}", "{nobody}{word}", "{author", "a b{word}", "{word},", "{word}%", "@{word}"]
)
def test_a_pattern_that_gives_no_keys_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"with|letters"):
        citation_keys.check(pattern)
