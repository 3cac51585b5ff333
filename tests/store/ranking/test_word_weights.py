"""The weights of words: the forms of a word have one common weight, and words without meaning have none."""

from __future__ import annotations

from collections.abc import Iterable

from store.ranking.word_weights import as_written, frequent_forms, stem_of, weights


def frequencies(words: Iterable[str]) -> dict[str, int]:
    """Word frequencies of a library of 100 papers, half of which contain the word "model"."""
    return {word: 50 if word.startswith("model") else 2 for word in words}


def test_all_forms_and_spellings_of_a_word_have_one_weight() -> None:
    weighted = weights("Optimisation of optimizations", frequencies, 100)
    assert [each.forms for each in weighted.values()] == [{"optimisation", "optimizations"}]


def test_a_rarer_and_a_repeated_word_weigh_more() -> None:
    assert list(weights("model glacier tern glacier", frequencies, 100)) == ["glacier", "tern", "model"]


def test_words_that_too_many_papers_have_are_left_out() -> None:
    assert list(weights("model glacier", frequencies, 100, most_frequent=0.1)) == ["glacier"]


def test_ordinary_words_numbers_and_single_letters_say_nothing() -> None:
    assert [stem_of(word) for word in ("the", "paper", "2026", "x", "3")] == [""] * 5
    assert stem_of("h2o") == "h2o"


def test_a_library_without_the_words_gives_finite_weights() -> None:
    assert weights("glacier", lambda words: dict.fromkeys(words, 0), 0)["glacier"].weight > 0


def test_every_frequent_form_has_the_stem_for_which_it_stands() -> None:
    for word in ("agents", "studies", "hoping", "optimized", "networks"):
        key = stem_of(word)
        assert {stem_of(form) for form in frequent_forms(key)} == {key}
    assert {"study", "studies"} <= set(frequent_forms(stem_of("study")))


def test_a_word_is_shown_as_the_text_has_it() -> None:
    text = "Agents: LoRA adapters for agents, by Müller"
    assert as_written(text, ["agent", "lora", "muller", "absent"]) == {
        "agent": "agents",
        "lora": "LoRA",
        "muller": "müller",
    }
