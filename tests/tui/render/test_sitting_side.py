"""The text beside a paper in a sitting (a pass through papers): the last decisions, and as many next titles as fit."""

from __future__ import annotations

import pytest

from tui.render.sitting_side import MOST_DECIDED, side

TITLES = [f"Title number {number}, which is long" for number in range(40)]


def test_the_newest_decision_comes_first_and_then_the_next_papers() -> None:
    text = side([("keep", "One"), ("hide", "Two")], ["Three", "Four"], 20, 30).plain
    assert text.splitlines() == [
        "─ Decided ──────────",
        "hid         Two",
        "kept        One",
        "",
        "─ Next ─────────────",
        "Three",
        "Four",
    ]


@pytest.mark.parametrize(("width", "height"), [(20, 5), (20, 16), (52, 40), (20, 1)])
def test_the_side_of_triage_fits_into_its_space(width: int, height: int) -> None:
    decided = [("skip", title) for title in TITLES]
    lines = side(decided, TITLES, width, height).split("\n")  # type: ignore[arg-type]
    assert all(line.cell_length <= width for line in lines)
    assert len(lines) <= max(height, MOST_DECIDED + 2)
    assert any(line.plain.startswith("─ Next") for line in lines) == (height > MOST_DECIDED + 3)


def test_at_the_beginning_and_the_end_it_has_one_part() -> None:
    assert side([], ["Three"], 20, 30).plain.splitlines() == ["─ Next ─────────────", "Three"]
    assert side([("keep", "One")], [], 20, 30).plain.splitlines() == ["─ Decided ──────────", "kept        One", ""][:2]
