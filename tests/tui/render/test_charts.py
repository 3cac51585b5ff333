"""Charts: zero, one and the maximum can be told apart without colours, and no chart exceeds its width."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from rich.cells import cell_len

from store.statistics import reading
from store.statistics.reading import Named, Statistics, Wait, Week
from store.statistics.terms import Term
from tests.tui.hostile import PAYLOADS
from tui.render import charts
from tui.render.statistics_page import statistics_text
from tui.render.styled import bar_of

MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize("most", [1, 2, 9, 10_000])
def test_a_bar_is_empty_for_zero_and_full_for_the_maximum(most: int) -> None:
    top, bottom = charts.column_chart([0, 1, most], 2)
    assert (top[0], bottom[0]) == (" ", " ")
    assert bottom[1] != " "
    assert (top[2], bottom[2]) == ("█", "█")
    for bar in (charts.bar, lambda value, most, cells: bar_of(value, most)):
        assert bar(0, most, 5).strip() == ""
        assert bar(1, most, 5).strip() != ""
        assert bar(most, most, 5) == "█████"
    days = charts.heat_map({MONDAY: 1, MONDAY + timedelta(days=1): most}, [MONDAY], MONDAY + timedelta(days=6))
    assert days[0] in charts.SHADES[1:] and days[1] == charts.SHADES[-1] and days[2:] == [" "] * 5


def test_different_values_have_different_shapes() -> None:
    (line,) = charts.column_chart(range(9), 1)
    assert line == " ▁▂▃▄▅▆▇█"
    assert len(set(charts.SHADES)) == len(charts.SHADES)


def test_the_months_are_below_their_weeks() -> None:
    mondays = [MONDAY + timedelta(days=7 * number) for number in range(10)]
    assert charts.month_axis(mondays) == "Jan Feb Ma"
    assert charts.month_axis(mondays, 2).index("Mar") == 2 * 8


@pytest.mark.parametrize("width", [54, 76, 110, 200])
@pytest.mark.parametrize("name", ["plain", *PAYLOADS])
def test_the_page_fits_its_width(width: int, name: str) -> None:
    text = PAYLOADS.get(name, "plain")
    weeks = tuple(Week(MONDAY + timedelta(days=7 * number), number, 1, 2.5) for number in range(reading.WEEKS))
    found = Statistics(
        until=MONDAY + timedelta(days=7 * reading.WEEKS - 1),
        papers=10,
        read=1_234_567,
        queued=3,
        weeks=weeks,
        waits=(Wait(0, 0), Wait(7, 123_456), Wait(None, 2)),
        typical_wait=3.5,
        topics=(Named(text, 4),),
        organizations=(Named(text, 1),),
        decisions={MONDAY: 3},
        rising=(Term(text, 0.0, 1000.0),),
        falling=(),
    )
    lines = statistics_text(found, width).plain.split("\n")
    assert max(map(cell_len, lines)) <= width
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("width", [60, 100])
def test_an_empty_chart_says_what_it_will_show(width: int) -> None:
    weeks = tuple(Week(MONDAY + timedelta(days=7 * number), 0, 0, None) for number in range(reading.WEEKS))
    found = Statistics(
        until=MONDAY,
        papers=10,
        read=0,
        queued=0,
        weeks=weeks,
        waits=(Wait(0, 0), Wait(None, 0)),
        typical_wait=None,
        topics=(),
        organizations=(),
        decisions={},
        rising=(),
        falling=(),
    )
    lines = statistics_text(found, width).plain.split("\n")
    assert sum(line.startswith("─ ") for line in lines) == sum(line.startswith("Nothing yet. ") for line in lines) == 5
    assert all(line.strip() for line in lines)
    assert max(map(cell_len, lines)) <= width
