"""Which titles count as the same, and which title a paper gets from entries with different ones."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.matching import title_merging
from store.matching.merge import merge_entries
from store.model.paper import Paper
from tests.store.matching.works import best, record


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
def test_spellings_of_one_title_have_one_key(one: str, other: str) -> None:
    assert title_merging.fold_title(one) == title_merging.fold_title(other)
    assert title_merging.title_key(one) == title_merging.title_key(other)


@given(st.text(max_size=40))
@example("İstanbul")
@example("ŉ")
def test_a_folded_title_folds_to_itself_and_case_makes_no_difference(text: str) -> None:
    folded = title_merging.fold_title(text)
    assert title_merging.fold_title(folded) == folded
    if text.isascii():
        assert title_merging.fold_title(text.upper()) == title_merging.fold_title(text.lower()) == folded


@given(st.text(alphabet=string.punctuation, min_size=1, max_size=5))
def test_a_title_of_only_punctuation_folds_to_itself(text: str) -> None:
    assert title_merging.fold_title(text) == text


def test_the_title_is_that_of_the_most_trusted_family() -> None:
    entries = [
        record(1, Paper(title="Bees, a longer title than any"), "hf", date(2026, 7, 2)),
        record(2, Paper(title="Bees"), "arxiv", date(2020, 1, 1)),
    ]
    assert merge_entries(entries).paper.title == "Bees"


def test_a_plain_title_comes_before_one_in_capitals_or_with_tex_commands() -> None:
    plain = "How Bees Find Their Way"
    assert best("title", ("arxiv", "HOW BEES FIND THEIR WAY"), ("table", plain)) == plain
    assert best("title", ("arxiv", "How \\emph{Bees} Find Their Way"), ("table", plain)) == plain
    formula = "How $\\sqrt{2}$ Bees Find Their Way"
    assert best("title", ("arxiv", formula), ("table", plain)) == formula
