"""The difference between two texts, computed word by word."""

from __future__ import annotations

import pytest

from tui.render import text_change


def marked(before: str, after: str) -> list[tuple[str, str]]:
    block = text_change.block(before, after)
    return [(block.text[span.start : span.end], str(span.style).split()[0]) for span in block.spans]


def test_replaced_words_are_struck_out_before_those_that_replace_them() -> None:
    assert (
        text_change.block("we saw two hundred bees", "we saw nine hundred bees").text == "we saw two nine hundred bees"
    )
    assert marked("we saw two hundred bees", "we saw nine hundred bees") == [("two", "strike"), ("nine", "bold")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "all new", [("all new", "bold")]),
        ("all gone", "", [("all gone", "strike")]),
        ("the same", "the  same", []),
        ("a b c", "a c", [("b", "strike")]),
        ("a c", "a b c", [("b", "bold")]),
    ],
)
def test_added_and_removed_words_are_marked(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert marked(before, after) == expected


def test_long_texts_are_compared_in_a_short_time() -> None:
    before, after = "a b c d e " * 5_000, "e d c b a " * 5_000
    assert len(text_change.block(before, after).text) < 20_000
