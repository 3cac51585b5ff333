"""The sentence of an abstract that states the result of the paper is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import result_sentence
from tests.thorough import examples


def found_sentence(abstract: str) -> str | None:
    place = result_sentence.find(abstract)
    return None if place is None else abstract[slice(*place)]


@pytest.mark.parametrize(
    ("before", "result", "after"),
    [
        (
            "Large models hallucinate. We train a verifier, i.e. a small model.",
            "It achieves 71.2% on FEVER, outperforming GPT-4 by 3 points.",
            "Code is available at https://github.com/a/b.",
        ),
        (
            "Galaxy clusters are massive. We use data of Smith et al. 2019 and of J. Doe.",
            "We find that 12% of them merge within 2 Gyr.",
            "Future surveys will extend this sample.",
        ),
        (
            "However, existing methods reduce accuracy by 10%. We present FOO (see Fig. 3).",
            "Experiments show that FOO is 4x faster.",
            "",
        ),
    ],
)
def test_the_sentence_with_the_result_is_found_among_others(before: str, result: str, after: str) -> None:
    assert found_sentence(f"{before} {result} {after}".strip()) == result


@pytest.mark.parametrize(
    "abstract", ["", "We survey the field. It is large.", "Code is available at https://github.com/a/b."]
)
def test_an_abstract_without_a_result_has_none(abstract: str) -> None:
    assert found_sentence(abstract) is None


@examples(30, 300)
@given(text=st.text(alphabet="Aa1 .!?\n$(\\%", max_size=300))
def test_the_found_sentence_is_inside_the_text(text: str) -> None:
    place = result_sentence.find(text)
    assert place is None or 0 <= place[0] < place[1] <= len(text)
