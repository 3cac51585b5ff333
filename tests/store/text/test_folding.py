"""Folding (for comparisons) makes text lower-case and removes diacritics.

The result for a letter does not depend on the letters next to it.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text import folding
from store.text.folding import fold


def folded_as_a_whole(text: str) -> str:
    """The expected result of folding, computed in the simplest way: for the whole text at once, without a cache."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()
    return letters.translate(folding._PLAIN_LETTERS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kähler, Erdős and Måns", "kahler, erdos and mans"),
        ("e\u0301\u0323 \u0301x", "e x"),
        ("ﬁne ℡ Å 각", "fine tel a " + unicodedata.normalize("NFKD", "각")),
        ("p𝛴 ΑΣ", "pσ ασ"),
        ("Łukasz Sørensen Đorđe Þórsson Straße ǾÆ", "lukasz sorensen dorde thorsson strasse oae"),
    ],
)
def test_texts_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=1_000)
@given(
    st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("aeé\u0301\u0323𝛴Σςﬁ가\u11a8łǾß"), max_size=12)
)
def test_folding_in_parts_equals_folding_the_whole_text(text: str) -> None:
    assert fold(text) == folded_as_a_whole(text)
