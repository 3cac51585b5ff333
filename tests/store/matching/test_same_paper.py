"""The normal form of ids, the normal form of titles, and the comparison of two papers with the same title."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.matching import identifiers, same_paper
from store.model.paper import Paper
from tests.store.matching.works import by, some_papers


@pytest.mark.parametrize(
    ("text", "arxiv_id"),
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
def test_every_spelling_of_an_arxiv_id_is_recognized(text: str, arxiv_id: tuple[str, int | None] | None) -> None:
    assert identifiers.exact_arxiv_id(text) == arxiv_id


@pytest.mark.parametrize(
    ("text", "doi"),
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
def test_every_spelling_of_a_doi_is_recognized(text: str, doi: str | None) -> None:
    assert identifiers.exact_doi(text) == doi


ids = st.one_of(
    st.from_regex(r"(arXiv:)?\d{4}\.\d{4,5}(v\d{1,3})?", fullmatch=True),
    st.from_regex(r"(math|hep-th|cs\.CL)/\d{7}(v\d)?", fullmatch=True),
    st.from_regex(r"(https://doi\.org/)?10\.\d{4}/[A-Za-z0-9./;()]{1,12}", fullmatch=True),
    st.text(max_size=20),
)


@given(ids)
def test_the_normal_form_of_an_id_is_its_own_normal_form(text: str) -> None:
    if arxiv_id := identifiers.exact_arxiv_id(text):
        assert identifiers.exact_arxiv_id(arxiv_id[0]) == (arxiv_id[0], None)
    if doi := identifiers.exact_doi(text):
        assert identifiers.exact_doi(doi) == doi


@given(st.none() | ids, st.none() | ids)
@example("math.GT/0309136v4", None)
@example(None, "10.48550/arXiv.2510.01234")
@example(None, "10.48550/arXiv.unheard.of")
def test_a_normalized_paper_is_its_own_normal_form(arxiv: str | None, doi: str | None) -> None:
    once = same_paper.normalized(Paper(title="T", arxiv_id=arxiv, doi=doi))
    assert same_paper.normalized(once) == once


def test_a_doi_of_arxiv_becomes_the_arxiv_id() -> None:
    paper = same_paper.normalized(Paper(title="T", doi="https://doi.org/10.48550/arXiv.2510.01234v2"))
    assert (paper.arxiv_id, paper.arxiv_version, paper.doi) == ("2510.01234", 2, None)


def test_a_doi_of_arxiv_without_an_arxiv_id_stays_a_doi() -> None:
    assert same_paper.normalized(Paper(title="T", doi="10.48550/arXiv.dataset")).doi == "10.48550/arxiv.dataset"


def test_a_huge_abstract_is_compared_quickly() -> None:
    one = Paper(title="T", abstract="a b c d e f g " * 100_000)
    other = Paper(title="T", abstract="z y x w v u t " * 100_000)
    assert same_paper.compare(one, other) == "different"
    assert same_paper.compare(one, one) == "same"


@pytest.mark.parametrize(("changed", "verdict"), [(0, "same"), (15, "same"), (16, "different"), (100, "different")])
def test_abstracts_are_of_one_paper_from_a_likeness_of_85_percent(changed: int, verdict: str) -> None:
    """The abstract has 100 letters, so each changed letter lowers the similarity by one percent."""
    abstract = "abcdefghij" * 10
    other = "#" * changed + abstract[changed:]
    assert same_paper.compare(Paper(title="Bees", abstract=abstract), Paper(title="Bees", abstract=other)) == verdict


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Ada Lovelace", "A. Lovelace", "same"),
        ("Ada Lovelace", "Lovelace, Anne", "same"),
        ("Ada Lovelace", "Byron Lovelace", "different"),
        ("Wei Zhang", "Zhang, Li", "different"),
        ("A. Lovelace", "A. Turing", "different"),
    ],
)
def test_authors_are_the_same_by_family_name_and_first_initial(one: str, other: str, verdict: str) -> None:
    assert same_paper.compare(Paper(title="Bees", authors=by(one)), Paper(title="Bees", authors=by(other))) == verdict


@given(some_papers, some_papers)
def test_a_comparison_is_symmetric_and_a_paper_is_the_same_as_itself(one: Paper, other: Paper) -> None:
    assert same_paper.compare(one, other) == same_paper.compare(other, one)
    assert same_paper.compare(one, one) == ("same" if one.abstract or one.authors else "unknown")
