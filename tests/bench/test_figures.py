"""The table of figures: the ratios of figures to yardsticks, and whether a goal is reached."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.bench.figures import Figure, Yardstick, figure_of, median, percentile, table


def test_less_is_better_for_milliseconds_and_more_for_rates() -> None:
    assert Figure(name="key", at=100, figure=11, unit="ms", goal=12).reached is True
    assert Figure(name="key", at=100, figure=13, unit="ms", goal=12).reached is False
    assert Figure(name="import", at=100, figure=26_000, unit="papers/s", goal=25_000).reached is True
    assert Figure(name="found", at=100, figure=96, unit="%", goal=97).reached is False


def test_a_goal_is_reached_by_its_ratio_or_by_its_figure() -> None:
    fzf, echo = Yardstick("fzf", 50), Yardstick("an echo", 10)
    slow_machine = Figure(name="key", at=100, figure=20, unit="ms", goal=12, goal_ratio=0.5, yardsticks=(fzf, echo))
    assert (slow_machine.ratios, slow_machine.reached, slow_machine.reached_by) == ((0.4, 2.0), True, ("ratio",))
    fast_yardstick = replace(slow_machine, figure=11, yardsticks=(echo, fzf))
    assert (fast_yardstick.reached, fast_yardstick.reached_by) == (True, ("figure",))
    neither = replace(slow_machine, yardsticks=(echo, fzf))
    assert (neither.ratios, neither.reached, neither.reached_by) == ((2.0, 0.4), False, ())
    without = replace(slow_machine, yardsticks=(Yardstick("fzf", None),))
    assert (without.ratios, without.reached) == ((None,), False)


def test_the_table_shows_both_goals_and_says_which_one_is_reached() -> None:
    fzf = (Yardstick("fzf", 10),)
    figure = Figure(name="key", at=100, figure=11, unit="ms", goal=12, goal_ratio=0.5, yardsticks=fzf, note="3 keys")
    line = table([figure]).splitlines()[1]
    assert "12.0 or 0.50x" in line
    assert line.endswith("reached  by its figure; 3 keys")
    assert table([replace(figure, figure=20)]).splitlines()[1].endswith("NOT reached  3 keys")
    assert table([replace(figure, figure=4)]).splitlines()[1].endswith("by its ratio and its figure; 3 keys")


def test_a_figure_without_a_goal_is_neither_reached_nor_missed() -> None:
    assert Figure(name="search", at=100, figure=5, unit="ms").reached is None


def test_the_table_says_which_yardstick_is_missing_and_what_is_not_reached() -> None:
    yardsticks = (Yardstick("fzf", None), Yardstick("echo", 5))
    figure = Figure(name="key", at=10_000, figure=20, unit="ms", goal=12, yardsticks=yardsticks)
    head, line, further = table([figure]).splitlines()
    assert head.split() == ["what", "at", "figure", "goal", "yardstick", "ratio", "reached", "note"]
    assert line.split() == ["key", "10,000", "20.0", "ms", "12.0", "fzf:", "missing", "NOT", "reached"]
    assert further.split() == ["echo:", "5.0", "4.00x"]


def test_a_figure_survives_the_conversion_to_json_and_back() -> None:
    yardsticks = (Yardstick("fzf", None), Yardstick("echo", 5))
    figure = Figure(name="key", at=100, figure=20, unit="ms", goal=12, yardsticks=yardsticks)
    assert figure_of(json.loads(json.dumps(figure.as_json()))) == figure


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_a_percentile_of_no_values_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was seen"):
        percentile([], 0.5)


def test_the_median_does_not_depend_on_the_order() -> None:
    assert median([3, 1, 2]) == 2
