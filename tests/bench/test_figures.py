"""What the table of figures says: ratios, and whether a goal is reached."""

from __future__ import annotations

import pytest

from tests.bench.figures import Figure, median, percentile, table


def test_less_is_better_for_milliseconds_and_more_for_rates() -> None:
    assert Figure(name="key", at=100, figure=11, unit="ms", goal=12).reached is True
    assert Figure(name="key", at=100, figure=13, unit="ms", goal=12).reached is False
    assert Figure(name="import", at=100, figure=26_000, unit="papers/s", goal=25_000).reached is True
    assert Figure(name="found", at=100, figure=96, unit="%", goal=97).reached is False


def test_the_ratio_decides_where_its_yardstick_was_measured() -> None:
    slow_machine = Figure(
        name="key", at=100, figure=20, unit="ms", goal=12, goal_ratio=0.5, yardstick="fzf", yardstick_figure=50
    )
    assert (slow_machine.ratio, slow_machine.reached) == (0.4, True)
    without = Figure(name="key", at=100, figure=20, unit="ms", goal=12, goal_ratio=0.5, yardstick="fzf")
    assert (without.ratio, without.reached) == (None, False)


def test_a_figure_without_a_goal_is_neither_reached_nor_missed() -> None:
    assert Figure(name="search", at=100, figure=5, unit="ms").reached is None


def test_the_table_says_which_yardstick_is_missing_and_what_is_not_reached() -> None:
    head, line = table([Figure(name="key", at=10_000, figure=20, unit="ms", goal=12, yardstick="fzf")]).splitlines()
    assert head.split() == ["what", "at", "figure", "goal", "yardstick", "ratio", "reached", "note"]
    assert line.split() == ["key", "10,000", "20.0", "ms", "12.0", "fzf:", "missing", "NOT", "reached"]


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_the_median_does_not_depend_on_the_order() -> None:
    assert median([3, 1, 2]) == 2
