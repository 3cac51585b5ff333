"""When two entries are one paper, and when they stay two."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.importing import entries as stacks
from store.importing.entries import ListingKey, Placed
from store.library.library import Library
from store.matching import identity
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.papers import rows
from tests.thorough import examples

TODAY = date(2026, 7, 15)

ABOUT_BEES = "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went."
ABOUT_BEES_AGAIN = ABOUT_BEES.replace("two hundred", "200").replace("summer", "long summer")
ABOUT_TAXES = "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last."

Place = Callable[..., Placed]


def put(library: Library, number: int, paper: Paper, family: str) -> Placed:
    """Stores `paper` as the only one of listing `number`."""
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (?1, ?1, ?1, 0, ?2, ?2, 'read', 1, 1, '')",
            (number, family),
        )
        key = ListingKey(number, f"listing {number}", family, None, None)
        return stacks.place(connection, key, 1, Entry(paper=paper), TODAY)


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
    found = [rows.read(library.reader(), number) for (number,) in numbers]
    return [each.paper for each in found if each]


def by(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


# -- ids


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2510.01234", ("2510.01234", None)),
        ("arXiv:2510.01234v2", ("2510.01234", 2)),
        ("ARXIV: 0704.0001", ("0704.0001", None)),
        ("https://arxiv.org/abs/2510.01234v3", ("2510.01234", 3)),
        ("http://export.arxiv.org/pdf/2510.01234v1.pdf", ("2510.01234", 1)),
        (" astro-ph/0601001 ", ("astro-ph/0601001", None)),
        ("math.GT/0309136v4", ("math/0309136", 4)),
        ("2510.1", None),
        ("25100.01234", None),
        ("٢٥١٠.01234", None),
        ("10.1000/2510.01234", None),
        ("", None),
    ],
)
def test_an_arxiv_id_is_known_in_all_its_spellings(text: str, found: tuple[str, int | None] | None) -> None:
    assert identity.arxiv_id(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("doi:10.1000/abc.", "10.1000/abc"),
        ("https://doi.org/10.1000/a(b)c;2-x", "10.1000/a(b)c;2-x"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("10.1000/...", None),
        ("10.1/abc", None),
        ("10.1000/a b", None),
        ("abc", None),
    ],
)
def test_a_doi_is_known_in_all_its_spellings(text: str, found: str | None) -> None:
    assert identity.doi(text) == found


ids = st.one_of(
    st.from_regex(r"(arXiv:)?\d{4}\.\d{4,5}(v\d{1,3})?", fullmatch=True),
    st.from_regex(r"(math|hep-th|cs\.CL)/\d{7}(v\d)?", fullmatch=True),
    st.from_regex(r"(https://doi\.org/)?10\.\d{4}/[A-Za-z0-9./;()]{1,12}", fullmatch=True),
    st.text(max_size=20),
)


@given(ids)
def test_the_normal_form_of_an_id_is_its_own_normal_form(text: str) -> None:
    if found := identity.arxiv_id(text):
        assert identity.arxiv_id(found[0]) == (found[0], None)
    if doi := identity.doi(text):
        assert identity.doi(doi) == doi


@given(st.none() | ids, st.none() | ids)
@example("math.GT/0309136v4", None)
@example(None, "10.48550/arXiv.2510.01234")
@example(None, "10.48550/arXiv.unheard.of")
def test_a_normal_paper_is_its_own_normal_form(arxiv: str | None, doi: str | None) -> None:
    once = identity.normalized(Paper(title="T", arxiv_id=arxiv, doi=doi))
    assert identity.normalized(once) == once


def test_the_doi_that_arxiv_gives_is_the_arxiv_id() -> None:
    paper = identity.normalized(Paper(title="T", doi="https://doi.org/10.48550/arXiv.2510.01234v2"))
    assert (paper.arxiv_id, paper.arxiv_version, paper.doi) == ("2510.01234", 2, None)


def test_a_doi_of_arxivs_that_is_no_paper_is_kept_as_it_is() -> None:
    assert identity.normalized(Paper(title="T", doi="10.48550/arXiv.dataset")).doi == "10.48550/arxiv.dataset"


# -- titles


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attention Is All You Need", "Attention is all you need."),
        ("Self-Alignment  of Models", "Self Alignment of\nModels"),
        ("{BERT}: Pre-training", "BERT: pre training"),
        ("Über naïve Schätzer", "Uber naive Schatzer"),
        ("Straße", "STRASSE"),
        ("ℌilbert spaces", "Hilbert spaces"),
        ("ﬁne-tuning", "fine-tuning"),
        ("Ångström", "A\u030angstro\u0308m"),
    ],
)
def test_spellings_of_one_title_are_one(one: str, other: str) -> None:
    assert identity.fold_title(one) == identity.fold_title(other)
    assert identity.title_key(one) == identity.title_key(other)


@given(st.text(max_size=40))
@example("İstanbul")
@example("ŉ")
def test_a_folded_title_folds_to_itself_and_case_does_not_count(text: str) -> None:
    folded = identity.fold_title(text)
    assert identity.fold_title(folded) == folded
    if text.isascii():
        assert identity.fold_title(text.upper()) == identity.fold_title(text.lower()) == folded


@given(st.text(alphabet=string.punctuation, min_size=1, max_size=5))
def test_a_title_of_signs_alone_is_still_told_from_another(text: str) -> None:
    assert identity.fold_title(text) == text


# -- what the library makes of entries


def test_one_arxiv_id_is_one_paper_whatever_the_title(library: Library, place: Place) -> None:
    first = place(Paper(title="Bees", arxiv_id="2510.01234v1"), "arxiv")
    second = place(Paper(title="Bees and the sun", arxiv_id="https://arxiv.org/abs/2510.01234"), "arxiv")
    assert (second.paper_id, second.outcome) == (first.paper_id, "merged")
    assert len(stored(library)) == 1


def test_one_doi_is_one_paper_whatever_the_title(library: Library, place: Place) -> None:
    first = place(Paper(title="Bees", doi="10.1000/ABC"), "crossref")
    second = place(Paper(title="Of bees", doi="https://doi.org/10.1000/abc"), "bibliography")
    assert second.paper_id == first.paper_id


def test_two_arxiv_papers_under_one_doi_stay_two(library: Library, place: Place) -> None:
    """arXiv has papers in several parts that name one journal article."""
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
    placed = [place(*entries[at]) for at in order]
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
def test_a_title_and_a_second_field_make_one_paper_across_sources(
    one: Paper, other: Paper, library: Library, place: Place
) -> None:
    place(one, "hf")
    assert place(other, "arxiv").outcome == "merged"
    assert len(stored(library)) == 1


def test_nothing_but_the_same_title_is_enough_inside_one_source_only(library: Library, place: Place) -> None:
    place(Paper(title="Bees"), "hf")
    place(Paper(title="Bees"), "arxiv")
    assert len(stored(library)) == 2
    place(Paper(title="Bees"), "hf")
    place(Paper(title="Bees", abstract=ABOUT_BEES), "hf")
    assert len(stored(library)) == 2


def test_a_bare_title_that_fits_two_papers_joins_neither_to_the_other(library: Library, place: Place) -> None:
    place(Paper(title="Editorial", abstract=ABOUT_BEES), "hf")
    place(Paper(title="Editorial", abstract=ABOUT_TAXES), "hf")
    for _ in range(3):
        assert place(Paper(title="Editorial"), "hf").joined == 0
    assert [paper.abstract for paper in stored(library)] == [ABOUT_BEES, ABOUT_TAXES]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_entry_with_abstract_and_authors_joins_those_that_had_one_of_them(
    order: tuple[int, ...], library: Library, place: Place
) -> None:
    entries = [
        (Paper(title="Bees", abstract=ABOUT_BEES), "hf"),
        (Paper(title="Bees", authors=by("Ada Lovelace")), "bibliography"),
        (Paper(title="Bees", abstract=ABOUT_BEES_AGAIN, authors=by("Lovelace, Ada", "Bo Li")), "openalex"),
    ]
    for at in order:
        place(*entries[at])
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
            id="one has the title and another the abstract",
        ),
        pytest.param(
            [
                (Paper(title="Bees"), "hf"),
                (Paper(title="Bees", abstract=ABOUT_BEES), "arxiv"),
                (Paper(title="Bees", abstract=ABOUT_BEES), "hf"),
            ],
            id="another of the same source has the title too",
        ),
        pytest.param(
            [
                (Paper(title="Bees", authors=by("Ada Lovelace"), doi="10.1000/bees"), "crossref"),
                (Paper(title="Bees of Sussex", doi="10.1000/bees"), "table"),
                (Paper(title="Bees of Sussex", authors=by("Ada Lovelace")), "hf"),
            ],
            id="one has the title and another the author",
        ),
    ],
)
def test_what_a_paper_is_called_and_says_elsewhere_counts_in_any_order(
    entries: list[tuple[Paper, str]], order: tuple[int, ...], library: Library, place: Place
) -> None:
    for at in order:
        place(*entries[at])
    assert len(stored(library)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_paper_is_found_by_a_title_it_had_before_it_was_renamed(
    order: tuple[int, ...], library: Library, place: Place
) -> None:
    entries = [
        (Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv"),
        (Paper(title="The Bees of Sussex: a Summer", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv"),
        (Paper(title="Bees", abstract=ABOUT_BEES_AGAIN), "hf"),
    ]
    for at in order:
        place(*entries[at])
    assert len(stored(library)) == 1


def test_ids_that_differ_are_believed_before_anything_alike(library: Library, place: Place) -> None:
    place(Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00001"), "arxiv")
    place(Paper(title="Bees", abstract=ABOUT_BEES, arxiv_id="2510.00002"), "arxiv")
    # Without an id it is the first of the two, and joins neither to the other.
    assert place(Paper(title="Bees", abstract=ABOUT_BEES), "hf").joined == 0
    assert len(stored(library)) == 2


def test_the_number_of_a_joined_paper_is_never_given_again(library: Library, place: Place) -> None:
    place(Paper(title="Bees", arxiv_id="2510.00001"), "arxiv")
    gone = place(Paper(title="Bees of Sussex", doi="10.1000/bees"), "crossref").paper_id
    place(Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees"), "openalex")
    assert place(Paper(title="Taxes"), "hf").paper_id > gone


def test_what_was_joined_before_leads_to_the_paper_that_holds_it_now(library: Library, place: Place) -> None:
    first = place(Paper(title="A", doi="10.1000/a"), "crossref").paper_id
    second = place(Paper(title="B", arxiv_id="2510.00001"), "arxiv").paper_id
    third = place(Paper(title="C", doi="10.1000/c"), "crossref").paper_id
    # `second` goes to `first`...
    assert place(Paper(title="B", arxiv_id="2510.00001", doi="10.1000/a"), "openalex").paper_id == first
    # ... and `third` to that.
    place(Paper(title="B", arxiv_id="2510.00001", doi="10.1000/c"), "openalex")
    found = dict(library.reader().execute("SELECT gone, kept FROM joined"))
    assert found == {second: first, third: first}
    assert len(stored(library)) == 1


def test_a_thousand_papers_of_one_title_take_no_longer_each_than_a_hundred(library: Library, place: Place) -> None:
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (1000, 'x', 'x', 0, 'ris', 'bibliography', 'read', 1, 1, '')"
        )
        key = ListingKey(1000, "x", "bibliography", None, None)
        for number in range(1_000):
            paper = Paper(title="Editorial", authors=by(f"Author{number} Name{number}"))
            assert stacks.place(connection, key, number + 1, Entry(paper=paper), TODAY).outcome == "added"
        compared = identity._with_title(connection, identity.title_key("Editorial"), Paper(title="Editorial"))
    assert len(compared) == identity._MOST_WITH_ONE_TITLE


def test_a_huge_abstract_is_compared_quickly() -> None:
    one = Paper(title="T", abstract="a b c d e f g " * 100_000)
    other = Paper(title="T", abstract="z y x w v u t " * 100_000)
    assert identity.compare(one, other) == "different"
    assert identity.compare(one, one) == "same"


words = st.sampled_from(["bees", "sun", "summer", "taxes", "north", "towns"])
papers = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Editorial", "Taxes"]),
    abstract=st.none() | st.lists(words, min_size=8, max_size=12).map(" ".join),
    authors=st.lists(st.sampled_from(["Ada Lovelace", "Alan Turing", "Bo Li"]), max_size=2, unique=True).map(
        lambda names: by(*names)
    ),
    arxiv_id=st.none() | st.sampled_from(["2510.00001", "2510.00002"]),
    doi=st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
)


@given(papers, papers)
def test_likeness_is_mutual_and_every_paper_is_like_itself(one: Paper, other: Paper) -> None:
    assert identity.compare(one, other) == identity.compare(other, one)
    assert identity.compare(one, one) == ("same" if one.abstract or one.authors else "unknown")


@examples(10, 50)
@given(st.lists(st.tuples(papers, st.sampled_from(["hf", "arxiv"])), min_size=2, max_size=8))
def test_no_two_arxiv_ids_ever_end_in_one_paper(entries: list[tuple[Paper, str]]) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        for number, (paper, family) in enumerate(entries, 1):
            put(library, number, paper, family)
        rows = library.reader().execute("SELECT listing_id, paper_id FROM entry").fetchall()
        held: dict[int, set[str]] = {}
        for number, paper_id in rows:
            if found := entries[number - 1][0].arxiv_id:
                held.setdefault(paper_id, set()).add(found)
        assert all(len(found) == 1 for found in held.values())
        assert len(rows) == len(entries)
        # Every entry's paper is there, whatever was joined on the way.
        assert {paper_id for _, paper_id in rows} == {
            number for (number,) in library.reader().execute("SELECT id FROM paper")
        }


# Of one work: one arXiv id, one DOI, three titles. Every entry is of a source of its own, so that no title is enough.
works = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Bees of Sussex", "On Bees"]),
    abstract=st.sampled_from([None, ABOUT_BEES, ABOUT_BEES_AGAIN, ABOUT_TAXES]),
    authors=st.sampled_from([(), by("Ada Lovelace"), by("A. Lovelace", "Bo Li"), by("Alan Turing")]),
    arxiv_id=st.sampled_from([None, "2510.00001"]),
    doi=st.sampled_from([None, "10.1000/bees"]),
)


def together(entries: list[Paper], order: list[int], families: list[str]) -> set[frozenset[int]]:
    """Which of `entries` end in one paper when they come in this order."""
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        for at in order:
            put(library, at, entries[at], families[at])
        held: dict[int, set[int]] = {}
        for at, paper_id in library.reader().execute("SELECT listing_id, paper_id FROM entry"):
            held.setdefault(paper_id, set()).add(at)
        return set(map(frozenset, held.values()))


@examples(15, 120)
@given(st.lists(works, min_size=3, max_size=5), st.randoms(use_true_random=False))
def test_which_entries_are_one_paper_does_not_depend_on_their_order(
    entries: list[Paper], chance: random.Random
) -> None:
    order = list(range(len(entries)))
    shuffled = chance.sample(order, len(order))
    families = [f"source{at}" for at in order]
    assert together(entries, order, families) == together(entries, shuffled, families)


# Of one work too, and nothing in it contradicts anything.
harmonious = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Bees of Sussex"]),
    abstract=st.sampled_from([None, ABOUT_BEES, ABOUT_BEES_AGAIN]),
    authors=st.sampled_from([(), by("Ada Lovelace"), by("A. Lovelace", "Bo Li")]),
    arxiv_id=st.sampled_from([None, "2510.00001"]),
    doi=st.sampled_from([None, "10.1000/bees"]),
)


@examples(15, 120)
@given(
    st.lists(st.tuples(harmonious, st.sampled_from(["hf", "arxiv", "table"])), min_size=3, max_size=5),
    st.randoms(use_true_random=False),
)
def test_a_bare_title_finds_its_paper_in_any_order(said: list[tuple[Paper, str]], chance: random.Random) -> None:
    entries, families = [paper for paper, _ in said], [family for _, family in said]
    order = list(range(len(said)))
    shuffled = chance.sample(order, len(order))
    assert together(entries, order, families) == together(entries, shuffled, families)
