"""Folding: lower case, without diacritics, and the same whatever stands beside a letter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.folding import fold


def by_the_book(text: str) -> str:
    """Folded as a whole."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).lower()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kähler, Erdős and Måns", "kahler, erdos and mans"),
        ("e\u0301\u0323 \u0301x", "e x"),
        ("ﬁne ℡ Å 각", "fine tel a " + unicodedata.normalize("NFKD", "각")),
        ("p𝛴 ΑΣ", "pς ας"),
    ],
)
def test_texts_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=1_000)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("aeé\u0301\u0323𝛴Σςﬁ가\u11a8"), max_size=12))
def test_a_text_is_folded_in_pieces_as_it_is_whole(text: str) -> None:
    assert fold(text) == by_the_book(text)
