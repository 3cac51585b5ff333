"""Which entries become one paper in the library, and which stay two papers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries as importing_entries
from store.importing.entries import ListingKey, Placed
from store.library.library import Library
from store.matching import same_paper, title_merging
from store.model.entry import Entry
from store.model.paper import Paper
from store.papers import stored_papers
from tests.store.matching.works import ABOUT_BEES, ABOUT_BEES_AGAIN, ABOUT_TAXES, by, some_papers
from tests.thorough import examples

TODAY = date(2026, 7, 15)

Place = Callable[..., Placed]


def put(library: Library, number: int, paper: Paper, family: str) -> Placed:
    """Store `paper` as the only entry of the listing with the id `number`."""
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (?1, ?1, ?1, 0, ?2, ?2, 'read', 1, 1, '')",
            (number, family),
        )
        key = ListingKey(number, f"listing {number}", family, None, None)
        return importing_entries.place(connection, key, 1, Entry(paper=paper), TODAY)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def place(library: Library) -> Place:
    numbers = itertools.count(1)
    return lambda paper, family="hf": put(library, next(numbers), paper, family)


def stored(library: Library) -> list[Paper]:
    numbers = library.reader().execute("SELECT id FROM paper ORDER BY id").fetchall()
    papers = [stored_papers.read(library.reader(), number) for (number,) in numbers]
    return [each.paper for each in papers if each]


def test_entries_with_one_arxiv_id_are_one_paper_whatever_their_titles(library: Library, place: Place) -> None:
    first = place(Paper(title="Bees", arxiv_id="2510.01234v1"), "arxiv")
    second = place(Paper(title="Bees and the sun", arxiv_id="https://arxiv.org/abs/2510.01234"), "arxiv")
    assert (second.paper_id, second.outcome) == (first.paper_id, "merged")
    assert len(stored(library)) == 1


def test_entries_with_one_doi_are_one_paper_whatever_their_titles(library: Library, place: Place) -> None:
    first = place(Paper(title="Bees", doi="10.1000/ABC"), "crossref")
    second = place(Paper(title="Of bees", doi="https://doi.org/10.1000/abc"), "bibliography")
    assert second.paper_id == first.paper_id


def test_two_arxiv_papers_under_one_doi_stay_two(library: Library, place: Place) -> None:
    """Several arXiv papers can be parts of one journal article. All of them then have its DOI."""
    one = place(Paper(title="Bees I", arxiv_id="2510.00001", doi="10.1000/bees"), "arxiv")
    two = place(Paper(title="Bees II", arxiv_id="2510.00002", doi="10.1000/bees"), "arxiv")
    assert one.paper_id != two.paper_id
    again = place(Paper(title="Bees II", doi="10.1000/bees"), "crossref")
    assert again.paper_id == two.paper_id
    assert len(stored(library)) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_preprint_and_its_article_are_one_once_an_entry_names_both(
    order: tuple[int, ...], library: Library, place: Place
) -> None:
    entries = [
        (Paper(title="Bees", arxiv_id="2510.00001"), "arxiv"),
        (Paper(title="On the Bees of Sussex", doi="10.1000/bees"), "crossref"),
        (Paper(title="Bees (extended)", arxiv_id="2510.00001", doi="10.1000/bees"), "semantic-scholar"),
    ]
    placed = [place(*entries[index]) for index in order]
    (paper,) = stored(library)
    assert (paper.arxiv_id, paper.doi) == ("2510.00001", "10.1000/bees")
    joined = sum(each.joined for each in placed)
    assert joined == (1 if order[-1] == 2 else 0)


def test_two_different_papers_with_one_title_stay_two(library: Library, place: Place) -> None:
    place(Paper(title="Introduction", abstract=ABOUT_BEES), "hf")
    place(Paper(title="Introduction", abstract=ABOUT_TAXES), "hf")
    place(Paper(title="Introduction", authors=by("Ada Lovelace")), "bibliography")
    place(Paper(title="Introduction", authors=by("Alan Turing")), "bibliography")
    place(Paper(title="Introduction", doi="10.1000/1"), "crossref")
    place(Paper(title="Introduction", doi="10.1000/2"), "crossref")
    assert len(stored(library)) == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Paper(title="Bees", abstract=ABOUT_BEES), Paper(title="BEES", abstract=ABOUT_BEES_AGAIN)),
        (Paper(title="Bees", authors=by("Ada Lovelace")), Paper(title="Bees", authors=by("A. Lovelace", "B. Ee"))),
        (
            Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00001"),
            Paper(title="Bees", abstract=ABOUT_BEES, doi="10.1000/1"),
        ),
    ],
)
def test_a_title_and_a_second_field_confirm_one_paper_across_families(
    one: Paper, other: Paper, library: Library, place: Place
) -> None:
    place(one, "hf")
    assert place(other, "arxiv").outcome == "merged"
    assert len(stored(library)) == 1


def test_an_equal_title_alone_joins_entries_only_within_one_family(library: Library, place: Place) -> None:
    place(Paper(title="Bees"), "hf")
    place(Paper(title="Bees"), "arxiv")
    assert len(stored(library)) == 2
    place(Paper(title="Bees"), "hf")
    place(Paper(title="Bees", abstract=ABOUT_BEES), "hf")
    assert len(stored(library)) == 2


def test_a_title_alone_that_fits_two_papers_does_not_join_them(library: Library, place: Place) -> None:
    place(Paper(title="Editorial", abstract=ABOUT_BEES), "hf")
    place(Paper(title="Editorial", abstract=ABOUT_TAXES), "hf")
    for _ in range(3):
        assert place(Paper(title="Editorial"), "hf").joined == 0
    assert [paper.abstract for paper in stored(library)] == [ABOUT_BEES, ABOUT_TAXES]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_entry_with_abstract_and_authors_joins_a_paper_with_either_of_them(
    order: tuple[int, ...], library: Library, place: Place
) -> None:
    entries = [
        (Paper(title="Bees", abstract=ABOUT_BEES), "hf"),
        (Paper(title="Bees", authors=by("Ada Lovelace")), "bibliography"),
        (Paper(title="Bees", abstract=ABOUT_BEES_AGAIN, authors=by("Lovelace, Ada", "Bo Li")), "openalex"),
    ]
    for index in order:
        place(*entries[index])
    (paper,) = stored(library)
    assert len(paper.authors) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    "entries",
    [
        pytest.param(
            [
                (Paper(title="Bees", abstract=ABOUT_BEES), "hf"),
                (Paper(title="Bees", authors=by("Ada Lovelace"), arxiv_id="2510.00001"), "arxiv"),
                (Paper(title="On Bees", abstract=ABOUT_BEES_AGAIN, arxiv_id="2510.00001"), "openalex"),
            ],
            id="one entry has the title and another the abstract",
        ),
        pytest.param(
            [
                (Paper(title="Bees"), "hf"),
                (Paper(title="Bees", abstract=ABOUT_BEES), "arxiv"),
                (Paper(title="Bees", abstract=ABOUT_BEES), "hf"),
            ],
            id="another entry of the same family has the title too",
        ),
        pytest.param(
            [
                (Paper(title="Bees", authors=by("Ada Lovelace"), doi="10.1000/bees"), "crossref"),
                (Paper(title="Bees of Sussex", doi="10.1000/bees"), "table"),
                (Paper(title="Bees of Sussex", authors=by("Ada Lovelace")), "hf"),
            ],
            id="one entry has the title and another the author",
        ),
    ],
)
def test_titles_and_values_of_other_entries_count_in_any_order(
    entries: list[tuple[Paper, str]], order: tuple[int, ...], library: Library, place: Place
) -> None:
    for index in order:
        place(*entries[index])
    assert len(stored(library)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_entry_matches_a_paper_by_an_earlier_title(order: tuple[int, ...], library: Library, place: Place) -> None:
    entries = [
        (Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv"),
        (Paper(title="The Bees of Sussex: a Summer", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv"),
        (Paper(title="Bees", abstract=ABOUT_BEES_AGAIN), "hf"),
    ]
    for index in order:
        place(*entries[index])
    assert len(stored(library)) == 1


def test_different_ids_count_more_than_equal_abstracts(library: Library, place: Place) -> None:
    place(Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv")
    place(Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00002"), "arxiv")
    # An entry without an id is added to the first of the two papers and does not join them.
    assert place(Paper(title="Bees", abstract=ABOUT_BEES), "hf").joined == 0
    assert len(stored(library)) == 2


def test_the_number_of_a_joined_paper_is_not_used_again(library: Library, place: Place) -> None:
    place(Paper(title="Bees", arxiv_id="2510.00001"), "arxiv")
    joined_id = place(Paper(title="Bees of Sussex", doi="10.1000/bees"), "crossref").paper_id
    place(Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees"), "openalex")
    assert place(Paper(title="Taxes"), "hf").paper_id > joined_id


def test_a_joined_number_leads_to_the_paper_that_has_its_entries_now(library: Library, place: Place) -> None:
    first = place(Paper(title="A", doi="10.1000/a"), "crossref").paper_id
    second = place(Paper(title="B", arxiv_id="2510.00001"), "arxiv").paper_id
    third = place(Paper(title="C", doi="10.1000/c"), "crossref").paper_id
    # This entry joins `second` to `first` ...
    assert place(Paper(title="B", arxiv_id="2510.00001", doi="10.1000/a"), "openalex").paper_id == first
    # ... and this entry joins `third` to them.
    place(Paper(title="B", arxiv_id="2510.00001", doi="10.1000/c"), "openalex")
    joined = dict(library.reader().execute("SELECT gone, kept FROM joined"))
    assert joined == {second: first, third: first}
    assert len(stored(library)) == 1


def test_only_the_first_papers_of_a_common_title_are_compared(library: Library, place: Place) -> None:
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (1000, 'x', 'x', 0, 'ris', 'bibliography', 'read', 1, 1, '')"
        )
        key = ListingKey(1000, "x", "bibliography", None, None)
        for number in range(1_000):
            paper = Paper(title="Editorial", authors=by(f"Author{number} Name{number}"))
            assert importing_entries.place(connection, key, number + 1, Entry(paper=paper), TODAY).outcome == "added"
        compared = same_paper._with_title(connection, title_merging.title_key("Editorial"), Paper(title="Editorial"))
    assert len(compared) == same_paper._MOST_WITH_ONE_TITLE


def test_a_family_name_in_common_does_not_make_two_papers_with_one_title_one(library: Library, place: Place) -> None:
    place(Paper(title="Introduction", authors=by("Wei Zhang")), "hf")
    place(Paper(title="Introduction", authors=by("Li Zhang")), "hf")
    assert len(stored(library)) == 2


@examples(10, 50)
@given(st.lists(st.tuples(some_papers, st.sampled_from(["hf", "arxiv"])), min_size=2, max_size=8))
def test_no_paper_has_entries_with_different_arxiv_ids(entries: list[tuple[Paper, str]]) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        for number, (paper, family) in enumerate(entries, 1):
            put(library, number, paper, family)
        placed = library.reader().execute("SELECT listing_id, paper_id FROM entry").fetchall()
        arxiv_ids: dict[int, set[str]] = {}
        for number, paper_id in placed:
            if arxiv_id := entries[number - 1][0].arxiv_id:
                arxiv_ids.setdefault(paper_id, set()).add(arxiv_id)
        assert all(len(ids_of_paper) == 1 for ids_of_paper in arxiv_ids.values())
        assert len(placed) == len(entries)
        # Check that every entry belongs to an existing paper, and every paper has an entry, even after papers were
        # joined.
        assert {paper_id for _, paper_id in placed} == {
            number for (number,) in library.reader().execute("SELECT id FROM paper")
        }


# Entries about one work, each with or without its arXiv id and DOI, and with one of three titles. Each entry gets
# another family (source), so that an equal title alone never joins two entries.
works = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Bees of Sussex", "On Bees"]),
    abstract=st.sampled_from([None, ABOUT_BEES, ABOUT_BEES_AGAIN, ABOUT_TAXES]),
    authors=st.sampled_from([(), by("Ada Lovelace"), by("A. Lovelace", "Bo Li"), by("Alan Turing")]),
    arxiv_id=st.sampled_from([None, "2510.00001"]),
    doi=st.sampled_from([None, "10.1000/bees"]),
)


def groups_of(entries: list[Paper], order: list[int], families: list[str]) -> set[frozenset[int]]:
    """Import `entries` in this order. Returns, for each paper in the library, the indices of its entries."""
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        for index in order:
            put(library, index, entries[index], families[index])
        groups: dict[int, set[int]] = {}
        for index, paper_id in library.reader().execute("SELECT listing_id, paper_id FROM entry"):
            groups.setdefault(paper_id, set()).add(index)
        return set(map(frozenset, groups.values()))


@examples(15, 120)
@given(st.lists(works, min_size=3, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_decide_which_ones_are_joined(
    entries: list[Paper], chance: random.Random
) -> None:
    order = list(range(len(entries)))
    shuffled = chance.sample(order, len(order))
    families = [f"source{index}" for index in order]
    assert groups_of(entries, order, families) == groups_of(entries, shuffled, families)


# Entries about one work that do not contradict each other.
consistent_works = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Bees of Sussex"]),
    abstract=st.sampled_from([None, ABOUT_BEES, ABOUT_BEES_AGAIN]),
    authors=st.sampled_from([(), by("Ada Lovelace"), by("A. Lovelace", "Bo Li")]),
    arxiv_id=st.sampled_from([None, "2510.00001"]),
    doi=st.sampled_from([None, "10.1000/bees"]),
)


@examples(15, 120)
@given(
    st.lists(st.tuples(consistent_works, st.sampled_from(["hf", "arxiv", "table"])), min_size=3, max_size=5),
    st.randoms(use_true_random=False),
)
def test_an_entry_with_only_a_title_joins_the_same_paper_in_any_order(
    papers_of_families: list[tuple[Paper, str]], chance: random.Random
) -> None:
    entries = [paper for paper, _ in papers_of_families]
    families = [family for _, family in papers_of_families]
    order = list(range(len(entries)))
    shuffled = chance.sample(order, len(order))
    assert groups_of(entries, order, families) == groups_of(entries, shuffled, families)
