"""Words that are typed to find a short text: where they match, how well, and whether mistyped words match."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.thorough import examples
from tests.tui.hostile import texts
from tui.render.fuzzy_match import fold, match, match_word, words_of


def lit(query: str, text: str) -> list[str] | None:
    """The parts of `text` that match and are highlighted; None when `text` does not match."""
    found = match(words_of(query), text)
    return None if found is None else [text[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("book", "Bookmark", ["Book"]),
        ("MARK", "Bookmark", ["mark"]),
        ("later queue", "Later in queue", ["Later", "queue"]),
        ("queue later", "Later in queue", ["Later", "queue"]),
        ("o p", "Open page", ["O", "p"]),
        ("que queue", "queue", ["queue"]),
        ("qeue", "Queue", ["Q", "eue"]),
        ("bokmark", "Bookmark", ["Bo", "kmark"]),
        ("narow", "Narrower list", ["Nar", "ow"]),
        ("zzz", "Bookmark", None),
        ("hidd", "Bookmark", None),
        ("b", "Tab", None),
        ("", "Bookmark", []),
    ],
)
def test_the_letters_that_match_are_known(query: str, text: str, parts: list[str] | None) -> None:
    assert lit(query, text) == parts


def test_the_start_of_the_text_is_better_than_a_word_and_a_word_better_than_its_inside() -> None:
    scores = [match_word("queue", text) for text in ("queue", "in queue", "dequeue", "queeu")]
    values = [found.score for found in scores if found]
    assert len(values) == 4
    assert values == sorted(set(values), reverse=True)


@examples(50, 2_000)
@given(texts, texts)
def test_ranges_lie_in_the_text_in_order(query: str, text: str) -> None:
    assert len(fold(text)) == len(text)
    if found := match(words_of(query), text):
        ends = [0, *(at for span in found.spans for at in span), len(text)]
        assert ends == sorted(ends)
