"""The parser limits the length, the terms and the depth of a filter, and takes linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.parser import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse
from store.search.query import And, Node, Not, Or, Query
from tests.store.search.query_trees import PIECES, TODAY, A, B, C, all_of, any_of
from tests.thorough import examples


def test_only_the_first_thousand_characters_are_read_with_a_message() -> None:
    typed = f"a{' ' * (MAX_CHARACTERS - 2)}bcd"
    assert parse(typed, TODAY) == Query(typed, all_of(A, B), ("only the first 1,000 characters are read",))


def test_only_the_first_64_terms_are_read_with_a_message() -> None:
    full = parse("a -b " * (MAX_TERMS // 2), TODAY)
    assert full.tree == And((A, Not(B)) * (MAX_TERMS // 2))
    assert full.misread == ()
    over = parse("a -b " * (MAX_TERMS // 2) + "... c or d", TODAY)
    assert over.tree == full.tree
    assert over.misread == ("only the first 64 terms are read",)


def test_parentheses_deeper_than_fifty_are_ignored_with_a_message() -> None:
    def height(node: Node | None) -> int:
        return 1 + max(map(height, node.nodes)) if isinstance(node, And | Or) else 0

    shallow = parse("(" * MAX_DEPTH + "a or b" + ")" * MAX_DEPTH + " c", TODAY)
    assert (shallow.tree, shallow.misread) == (all_of(any_of(A, B), C), ())
    deep = parse("(" * 300 + "a or b" + ")" * 300 + " c", TODAY)
    assert deep.tree == all_of(any_of(A, B), C)
    assert deep.misread == ("parentheses deeper than 50 are left out",)
    negated = parse("(" * (MAX_DEPTH - 1) + "-((a) b)" + ")" * (MAX_DEPTH - 1), TODAY)
    assert negated.tree == Not(all_of(A, B))
    field = parse("(" * MAX_DEPTH + "title:(a)" + ")" * MAX_DEPTH, TODAY)
    assert (field.tree, len(field.misread)) == (A, 1)
    # Each parenthesis opens an Or and an And, as long as there are terms for both.
    mixed = parse("a or b (" * MAX_CHARACTERS, TODAY).tree
    assert MAX_TERMS - 2 <= height(mixed) <= 2 * MAX_DEPTH


SLOW_TEXTS = [
    *("(", ")", '"', "-", ":", "|", "-(", "not ", "or ", "title:(", "title:", "id:a(", "id:((a)", "is:x "),
    *("arxiv:", "arxiv:2510.01234v2 ", "id:math-", "doi:10.1000/.", "doi:https://doi.org/"),
    *("a:", "a-", "a ", "(a or ", "-(a or b ", "date:1..", "\u0301", "é"),
]


@pytest.mark.parametrize("piece", SLOW_TEXTS)
def test_the_longest_filter_of_one_piece_is_parsed_within_a_keystroke(piece: str) -> None:
    text = (piece * MAX_CHARACTERS)[:MAX_CHARACTERS]
    assert _seconds(text) < 0.02


@examples(10, 100)
@given(st.randoms(use_true_random=False))
def test_the_longest_random_filter_is_parsed_within_a_keystroke(random: object) -> None:
    text = "".join(random.choices(PIECES, k=MAX_CHARACTERS))  # type: ignore[attr-defined]
    assert _seconds(text[:MAX_CHARACTERS]) < 0.02


def test_a_pasted_megabyte_takes_no_longer_than_a_thousand_characters() -> None:
    assert _seconds("(a -" * 250_000) < 0.02


def _seconds(text: str) -> float:
    """The shortest duration of five runs (s), because other programs may slow some of them down."""
    best = 60.0
    for _ in range(5):
        start = time.process_time()
        parse(text, TODAY)
        best = min(best, time.process_time() - start)
    return best
