"""DOIs, arXiv ids, categories and web addresses are found in every field in which bibliographies store them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.matching import identifiers as ids
from store.model.paper import Link
from tests.thorough import examples


@pytest.mark.parametrize(
    ("field", "doi"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        (" https://doi.org/10.1000/abc ", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("DOI: 10.1000/abc", "10.1000/abc"),
        ("doi:https://doi.org/10.1000/abc", "10.1000/abc"),
        ("10.1002/(SICI)1097(1998)19:4<377::AID-J>3.0.CO;2-P", "10.1002/(sici)1097(1998)19:4<377::aid-j>3.0.co;2-p"),
        ("10.1002/%28SICI%291097", "10.1002/(sici)1097"),
        ("see doi 10.1000/abc.", "10.1000/abc"),
        ("10.1000.55/abc", "10.1000.55/abc"),
        ("10.5/abc", None),
        ("10.1000", None),
        ("DOI", None),
        ("pages 10.1000/5", None),
    ],
)
def test_a_field_for_a_doi_is_read(field: str, doi: str | None) -> None:
    assert ids.doi(field) == doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("(doi:10.1000/abc(1)2).", "10.1000/abc(1)2"),
        ("https://doi.org/10.1145/1281192.1281230?casa_token=x", "10.1145/1281192.1281230"),
        ("http://doi.acm.org/10.1145/1", "10.1145/1"),
        ("https://www.science.org/doi/full/10.1126/science.1/full#s1", "10.1126/science.1"),
        ("http://www.journals.uchicago.edu/doi/abs/10.1086/374030", "10.1086/374030"),
        ("10.1000/abc", None),
        ("version 10.1000/5 of it", None),
    ],
)
def test_a_doi_in_running_text_counts_only_behind_doi_or_in_an_address(text: str, doi: str | None) -> None:
    assert ids.doi_in(text) == doi


@pytest.mark.parametrize(
    ("field", "arxiv_id"),
    [
        ("2301.00001", ("2301.00001", None)),
        ("arXiv:2301.00001v12", ("2301.00001", 12)),
        ("0704.0001", ("0704.0001", None)),
        ("hep-th/9603067v1", ("hep-th/9603067", 1)),
        ("math.GT/0309136", ("math/0309136", None)),
        ("cs/0101001", ("cs/0101001", None)),
        ("2301.00001 [cs.LG]", ("2301.00001", None)),
        ("https://arxiv.org/pdf/2301.00001v2.pdf", ("2301.00001", 2)),
        ("abs/1706.03762", ("1706.03762", None)),
        ("oai:arXiv.org:0704.0001", ("0704.0001", None)),
        ("2313.00001", None),
        ("2301.000012", None),
        ("foo/0309136", None),
        ("23439512", None),
    ],
)
def test_a_field_for_an_arxiv_id_is_read(field: str, arxiv_id: tuple[str, int | None] | None) -> None:
    assert ids.arxiv_id(field) == arxiv_id


@pytest.mark.parametrize(
    ("text", "arxiv_id"),
    [
        ("arXiv preprint arXiv:1706.03762", "1706.03762"),
        ("arXiv e-prints, p. arXiv:1706.03762", "1706.03762"),
        ("arXiv 1706.03762", "1706.03762"),
        ("10.48550/ARXIV.1706.03762", "1706.03762"),
        ("https://ar5iv.labs.arxiv.org/html/1706.03762", "1706.03762"),
        ("https://huggingface.co/papers/1706.03762", "1706.03762"),
        ("1706.03762", None),
        ("vol. 1706.03762", None),
        ("marxiv:1706.03762", None),
    ],
)
def test_an_arxiv_id_in_running_text_counts_only_behind_arxiv_or_in_an_address(text: str, arxiv_id: str | None) -> None:
    match = ids.arxiv_in(text)
    assert (match.id if match else None) == arxiv_id


def test_categories_are_distinguished_from_keywords() -> None:
    texts = [
        "cs.LG",
        "Machine Learning",
        "hep-th",
        "Computer Science - Robotics",
        "arXiv:2301.00001 [math.GT]",
        "cs.LG",
    ]
    assert ids.categories_in(texts) == ("cs.LG", "hep-th", "cs.RO", "math.GT")
    assert ids.categories_in(["Superconductivity", "cs", "stat", "cs.lg", "a.BC"]) == ()


def test_addresses_are_read_without_the_punctuation_around_them() -> None:
    text = "(see https://en.wikipedia.org/wiki/Kite_(bird)), http://a.org/x;http://b.org. <HTTPS://c.org/d>"
    assert ids.addresses(text) == (
        "https://en.wikipedia.org/wiki/Kite_(bird)",
        "http://a.org/x",
        "http://b.org",
        "HTTPS://c.org/d",
    )
    assert ids.addresses("www.example.org/x") == ("http://www.example.org/x",)
    assert ids.addresses("ftp://example.org file:///etc/passwd javascript:alert(1)") == ()


def test_the_address_decides_the_kind_of_a_link() -> None:
    pages = [
        "https://github.com/ada/engine https://github.com/ada",
        "https://arxiv.org/pdf/2301.00001 https://example.org/a.PDF",
        "https://huggingface.co/datasets/ada/x https://github.com@evil.example/a/b",
    ]
    assert [link.kind for link in ids.links(pages)] == ["code", "page", "pdf", "pdf", "dataset", "page"]
    assert ids.links(["https://x.org"], ["https://x.org", "https://y.org"]) == (
        Link("page", "https://x.org"),
        Link("pdf", "https://y.org"),
    )


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    ["doi ", "doi:10.1234/", "arxiv ", "arXiv:", ")", "http://", "(http://a", "10.1234/", "abs/", "PMID: ", "%28"],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    times = []
    for size in (20_000, 80_000):
        text = unit * (size // len(unit))
        start = time.perf_counter()
        ids.doi(text)
        ids.arxiv_id(text)
        ids.links([text])
        ids.without_identifiers(text)
        times.append(time.perf_counter() - start)
    assert times[1] < 10 * times[0] + 0.05


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cs.CL", "cs.CL"),
        ("CS.cl", "cs.CL"),
        ("COND-MAT.Str-El", "cond-mat.str-el"),
        ("HEP-TH", "hep-th"),
        ("math", None),
        ("cs.CLX", None),
        ("cmp-lg", None),
        ("cs.", None),
        ("graph", None),
        ("", None),
    ],
)
def test_a_category_is_recognized_in_any_case_of_letters(text: str, code: str | None) -> None:
    assert ids.category_code(text) == code


def test_archives_and_closed_archives_are_categories_and_keywords_are_not() -> None:
    for text in ("cs.CL", "math", "hep-th", "cmp-lg", "cond-mat.mes-hall", "chao-dyn", "stat"):
        assert ids.is_category(text), text
    for text in ("self-attention", "few.shot", "Mathematics", "cs.", "x-math", ""):
        assert not ids.is_category(text), text
    texts = ("math", "PHYSICS", "hep-th", "cmp-lg", "graph")
    assert list(filter(ids.has_classes, texts)) == ["math", "PHYSICS"]


@examples(100, 5000)
@given(st.text("ab1é()[]<>{}.,;\"'", max_size=12))
def test_a_full_stop_behind_an_address_changes_nothing(text: str) -> None:
    """The punctuation at the end is not examined if the text ends in a letter or digit."""
    assert ids._unwrapped(f"{text}.") == ids._unwrapped(text)
