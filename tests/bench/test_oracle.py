"""What can be known of the right paper from the first letters of two words, and what cannot."""

from __future__ import annotations

import pytest

from tests.bench.oracle import best_share

_ASKED = [("deeper", "waters")]


def test_the_only_title_that_has_the_words_in_their_order_is_known() -> None:
    assert best_share(["Deeper waters", "Waters are deeper", "Deeper oceans"], _ASKED, 4, 1) == 100


def test_of_titles_that_fit_alike_each_may_be_meant() -> None:
    alike = ["Deeper waters", "Deeply watery", "Deepest waterfalls", "Deepening waterways"]
    assert [best_share(alike, _ASKED, 4, length) for length in (1, 2, 4, 10)] == [25, 50, 100, 100]


def test_a_title_with_more_words_to_draw_from_is_meant_less_often() -> None:
    titles = ["Deeply watery islands", "Deeper waters"]
    # One pair of words there, one of three here.
    assert best_share(titles, _ASKED, 4, 1) == pytest.approx(75)
    assert best_share(titles, [*_ASKED, ("watery", "islands")], 4, 1) == pytest.approx(87.5)
