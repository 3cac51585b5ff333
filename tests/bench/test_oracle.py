"""The best possible share of right papers if a query consists of only the first letters of two words of a title."""

from __future__ import annotations

import pytest

from tests.bench.oracle import best_share

_PAIRS = [("deeper", "waters")]


def test_the_only_title_with_the_words_in_their_order_is_always_first() -> None:
    assert best_share(["Deeper waters", "Waters are deeper", "Deeper oceans"], _PAIRS, 4, 1) == 100


def test_titles_that_match_a_query_equally_well_are_equally_likely() -> None:
    alike = ["Deeper waters", "Deeply watery", "Deepest waterfalls", "Deepening waterways"]
    assert [best_share(alike, _PAIRS, 4, length) for length in (1, 2, 4, 10)] == [25, 50, 100, 100]


def test_a_title_with_more_words_is_less_likely() -> None:
    titles = ["Deeply watery islands", "Deeper waters"]
    # The second title has one pair of words, the first one three pairs, so a query of the second title is likelier.
    assert best_share(titles, _PAIRS, 4, 1) == pytest.approx(75)
    assert best_share(titles, [*_PAIRS, ("watery", "islands")], 4, 1) == pytest.approx(87.5)
