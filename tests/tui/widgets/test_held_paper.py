"""A list with one additional paper (which no longer belongs to it) behaves like a copy of the list with that paper."""

from __future__ import annotations

from array import array

import pytest

from tui.widgets.held_paper import HeldPaper, index_of, without_held


@pytest.mark.parametrize("at", [0, 1, 3, 4])
def test_a_held_paper_is_an_item_of_the_list(at: int) -> None:
    others = array("q", (10, 11, 12, 13))
    copy = array("q", others)
    copy.insert(at, 99)
    held = HeldPaper(others, 99, at)
    assert (len(held), list(held)) == (5, list(copy))
    assert [held[index] for index in range(-5, 5)] == [copy[index] for index in range(-5, 5)]
    for start in range(6):
        for stop in range(7):
            assert held[start:stop] == copy[start:stop], (start, stop)
            assert held[start:stop][::-1] == copy[start:stop][::-1]
    assert held[::-1] == copy[::-1]
    assert [held.index(paper) for paper in copy] == [0, 1, 2, 3, 4]
    assert [index_of(held, paper, 2, 1) for paper in (*copy, 77)] == [0, 1, 2, 3, 4, None]
    assert all(map(held.has, range(5)))
    assert without_held(held) is others and without_held(others) is others


def test_a_list_may_consist_of_only_a_held_paper() -> None:
    held = HeldPaper(array("q"), 99, 0)
    assert (list(held), held[0:9], held[1:9]) == ([99], array("q", [99]), array("q"))
