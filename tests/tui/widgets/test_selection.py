"""A selection reaches from its anchor to the cursor, in both directions."""

from __future__ import annotations

from tui.widgets.selection import Selection


def test_nothing_is_selected_at_first() -> None:
    selection = Selection()
    assert not selection.is_active
    assert list(selection.rows(3)) == []


def test_both_ends_are_selected_above_and_below_the_anchor() -> None:
    selection = Selection()
    selection.begin(3)
    assert selection.is_active
    assert [list(selection.rows(cursor)) for cursor in (3, 5, 1)] == [[3], [3, 4, 5], [1, 2, 3]]


def test_a_selection_can_be_ended() -> None:
    selection = Selection()
    selection.begin(3)
    selection.end()
    assert not selection.is_active
    assert list(selection.rows(3)) == []
