"""The right letters of a title or abstract are highlighted as matches of a filter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.model.paper import Paper
from store.search.highlighting import Highlights
from store.text.folding import fold
from tests.store.search.sample_library import SampleLibrary


@pytest.mark.parametrize(
    ("query", "text", "highlighted"),
    [
        ("graph", "Graph neural graphs, paragraph", ["Graph", "graph"]),
        ("uber", "Über-large ubers", ["Über", "uber"]),
        ("naïve", "Naive naïvely", ["Naive", "naïve"]),
        ("GPT-4o", "Is gpt-4o a GPT?", ["gpt", "4o", "GPT"]),
        ('"neural net"', "Neural nets", ["Neural", "net"]),
        ("graph -neural", "Graph neural", ["Graph"]),
        ("title:graph", "Graph", ["Graph"]),
        ("is:new", "New", []),
        ("ﬁne", "Fine ﬁner", ["Fine", "ﬁner"]),
        ("a", "A bat and an ant", ["A", "a", "a", "a"]),
        ("straße", "STRASSE Straßen", ["STRASSE", "Straßen"]),
        ("学習", "深層学習の研究", ["学習"]),
        ("深層学習", "俳句と深層学習の研究", ["深層学習"]),
        ("lukasz", "Łukasz Kaiser", ["Łukasz"]),
        ("β-vae", "A β-VAE", ["β", "VAE"]),
        ("h2o", "Lines of H₂O", ["H₂O"]),
    ],
)
def test_the_letters_that_were_typed_are_highlighted(
    query: str, text: str, highlighted: list[str], sample: SampleLibrary
) -> None:
    spans = sample.answer(query).highlights.spans(text)
    assert [text[start:end] for start, end in spans] == highlighted


def test_the_right_spelling_of_a_mistyped_word_is_highlighted(sample: SampleLibrary) -> None:
    text = "Transformers attend"
    sample.put(Paper(title=text))
    spans = sample.answer("trasnformer").highlights.spans(text)
    assert [text[start:end] for start, end in spans] == ["Transformer"]


@given(st.lists(st.text(max_size=4), max_size=3), st.text(max_size=40))
@example(["i"], "İstanbul")
@example(["e"], "e\u0301tude")
def test_spans_are_in_order_inside_the_text_and_begin_with_a_word(typed: list[str], text: str) -> None:
    highlights = Highlights.exactly(fold(word) for word in typed)
    spans = highlights.spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    for start, end in spans:
        assert any(fold(text[start:end]).startswith(word) for word in highlights.starts)
