"""A selection of papers reaches from its anchor to the cursor, upwards or downwards.

Papers that arrive later are not in it.
"""

from __future__ import annotations

from array import array

import pytest

from tui.widgets.selection import Selection

PAPERS = array("q", (10, 11, 12, 13, 14, 15))


def selected(selection: Selection, ids: array[int], cursor: int) -> list[int]:
    """The selected papers. Checks that the selection is the same row by row and as a whole."""
    papers = selection.papers(ids, cursor)
    rows = [paper for row, paper in enumerate(ids) if selection.has(ids, row, cursor)]
    assert set(rows) == set(papers) & set(ids)
    assert selection.count(ids, cursor) == len(papers)
    return papers


def test_nothing_is_selected_at_first() -> None:
    selection = Selection()
    assert not selection.is_active
    assert selected(selection, PAPERS, 3) == []


def test_both_ends_are_selected_above_and_below_the_anchor() -> None:
    selection = Selection()
    selection.begin(3)
    assert selection.is_active
    assert [selected(selection, PAPERS, cursor) for cursor in (3, 5, 1)] == [[13], [13, 14, 15], [11, 12, 13]]


def test_a_selection_can_be_ended() -> None:
    selection = Selection()
    selection.begin(3)
    selection.keep([13], 3, 3)
    selection.end()
    assert not selection.is_active
    assert selected(selection, PAPERS, 3) == []


def test_papers_that_are_imported_into_a_selected_range_are_not_selected() -> None:
    selection = Selection()
    selection.begin(1)
    later = array("q", (10, 11, 91, 12, 92, 13, 14, 15))
    selection.keep(selection.papers(PAPERS, 3), anchor=1, end=5)
    assert selected(selection, later, 5) == [11, 12, 13]
    # The selection still grows and shrinks with the row of the cursor.
    assert selected(selection, later, 6) == [11, 12, 13, 14]
    assert selected(selection, later, 4) == [11, 12]
    assert selected(selection, later, 0) == [10, 11]


def test_the_same_papers_stay_selected_in_another_order() -> None:
    selection = Selection()
    selection.begin(1)
    later = array("q", (13, 15, 12, 10, 11, 14))
    selection.keep(selection.papers(PAPERS, 3), anchor=4, end=0)
    assert sorted(selected(selection, later, 0)) == [11, 12, 13]


def test_a_paper_that_leaves_the_list_stays_selected() -> None:
    selection = Selection()
    selection.begin(1)
    later = array("q", (10, 11, 13, 14, 15))
    selection.keep(selection.papers(PAPERS, 3), anchor=1, end=2)
    assert selected(selection, later, 2) == [11, 13, 12]


@pytest.mark.parametrize(("cursor", "papers"), [(2, [13]), (4, [13, 14, 15])])
def test_a_selection_can_begin_anew_with_papers_that_have_left(cursor: int, papers: list[int]) -> None:
    selection = Selection()
    selection.keep([12], anchor=2, end=None)
    later = array("q", (10, 11, 13, 14, 15))
    assert selected(selection, later, cursor) == [*papers, 12]
