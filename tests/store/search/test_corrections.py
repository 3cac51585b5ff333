"""Misspelt words are corrected to words that occur in titles, abstracts or names of the library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from store.model.paper import Author, Paper
from store.search import index_sync
from store.search.corrections import corrections, one_letter_away
from store.search.vocabulary import Vocabulary
from tests.store.search.sample_library import SampleLibrary

_WORDS = ("reasoning", "seasoning", "reason", "graph", "graphs", "diffusion", "defusion", "the", "ten", "tent", "model")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """A library in which each word of _WORDS is in one, two or three abstracts."""
    library = SampleLibrary(tmp_path_factory.mktemp("corrections") / "library.db")
    for number, word in enumerate(_WORDS):
        for copy in range(1 + number % 3):
            library.put(Paper(title=f"Paper {number} {copy}", abstract=f"A {word}.", doi=f"10.1000/{number}.{copy}"))
    library.answer("")
    yield library
    library.library.close()


def _vocabulary(sample: SampleLibrary) -> Vocabulary:
    searcher = index_sync.Snapshots(sample.library).newest(sample.library.reader())
    assert searcher is not None
    return Vocabulary(searcher)


@given(st.text("abcd", min_size=1, max_size=6), st.text("abcd", min_size=1, max_size=6))
def test_one_letter_away_is_every_text_at_a_distance_of_one(word: str, other: str) -> None:
    assert (other in set(one_letter_away(word))) == (OSA.distance(word, other) == 1)


@given(st.sampled_from(_WORDS).flatmap(lambda word: st.sampled_from(sorted(set(one_letter_away(word))))))
def test_corrections_are_the_words_at_a_distance_of_one_the_most_frequent_first(
    sample: SampleLibrary, typed: str
) -> None:
    vocabulary = _vocabulary(sample)
    expected = {word for word in (*_WORDS, "paper") if OSA.distance(word, typed) == 1}
    if len(typed) < 3 or vocabulary.frequency(typed):
        return
    found = corrections(typed, vocabulary)
    assert set(found) <= expected
    assert len(found) == min(4, len(expected))
    frequencies = [vocabulary.frequency(word) for word in found if word != "the"]
    assert frequencies == sorted(frequencies, reverse=True)


@pytest.mark.parametrize("typed", ["reasonnig", "raesoning", "rasoning", "reasoninng", "xreasoning", "diffusoin"])
def test_a_misspelt_word_of_an_abstract_is_found_and_named(sample: SampleLibrary, typed: str) -> None:
    word = "diffusion" if typed.startswith("d") else "reasoning"
    answer = sample.answer(typed)
    assert word in (sample.papers[answer.ids[0]].paper.abstract or "")
    part = answer.inexact[0]
    assert (part.kind, part.words[0]) == ("corrected", word)
    assert answer.highlights.spans(f"A {word}.") == [(2, 2 + len(word))]


def test_a_corrected_word_is_found_in_any_of_its_forms_and_among_names(sample: SampleLibrary) -> None:
    first = sample.put(Paper(title="A", abstract="Quantized matrices", doi="10.1000/a"))
    second = sample.put(Paper(title="B", abstract="Quantizing a matrix", authors=(Author("M. Kim"),), doi="10.1000/b"))
    assert set(sample.answer("qauntized matirx").ids) == {first, second}
    assert list(sample.answer("qauntizing kim").ids) == [second]


def test_a_frequent_word_is_not_taken_for_a_misspelling(sample: SampleLibrary) -> None:
    assert corrections("graph", _vocabulary(sample)) == []
    assert corrections("123", _vocabulary(sample)) == []
    assert corrections("深層学習", _vocabulary(sample)) == []
