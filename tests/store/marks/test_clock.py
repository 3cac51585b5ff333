"""The hybrid logical clock: readings only increase, even if the wall clock is set back or another clock is ahead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.marks.clock import LARGEST_NUMBER, LATEST, MOST_FOLLOWED, Clock, HybridClock
from store.model.errors import LibraryError
from tests.thorough import examples

# The readings are at most 36 days after 1970, which is not too far ahead, so the clock is set to each of them.
MILLISECONDS = st.integers(0, MOST_FOLLOWED // 10)
CLOCKS = st.builds(Clock, MILLISECONDS, st.integers(0, 2**16 - 1), st.sampled_from(["a", "b", "c"]))


@given(walls=st.lists(MILLISECONDS, min_size=1, max_size=20), seen=st.lists(CLOCKS, max_size=20))
@examples(50, 2_000)
def test_each_clock_reading_is_later_than_all_readings_seen_before(walls: list[int], seen: list[Clock]) -> None:
    wall = iter([*walls, *[walls[-1]] * 100])
    clock = HybridClock("me", now=lambda: next(wall))
    latest = clock.tick()
    for other in seen:
        clock.observe(other)
        reading = clock.tick()
        assert reading.number > max(latest.number, other.number)
        latest = reading


@given(one=CLOCKS, other=CLOCKS)
@examples(50, 2_000)
def test_clock_readings_are_totally_ordered(one: Clock, other: Clock) -> None:
    assert (one < other) + (other < one) + (one == other) == 1
    assert (one < other) == ((one.number, one.device) < (other.number, other.device))
    assert Clock.of(one.number, one.device) == one


def test_a_clock_that_stands_still_counts_on_into_the_next_millisecond() -> None:
    clock = HybridClock("me", now=lambda: 1)
    readings = [clock.tick() for _ in range(70_000)]
    assert readings == sorted(set(readings))
    assert readings[-1].milliseconds == 2


def test_the_wall_clock_is_followed_when_it_is_ahead() -> None:
    assert HybridClock("me", last=5, now=lambda: 7_000).tick() == Clock(7_000, 0, "me")


def test_the_clock_follows_a_reading_that_is_ahead_and_reports_it() -> None:
    clock = HybridClock("me", now=lambda: 1_000)
    assert clock.observe(Clock(500, 0, "other")) == 0
    assert clock.observe(Clock(4_600_000, 3, "other")) == 4_599_000
    assert clock.tick() == Clock(4_600_000, 4, "me")


def test_a_reading_that_is_more_than_a_year_ahead_is_only_reported() -> None:
    clock = HybridClock("me", now=lambda: 1_000)
    far = Clock(1_000 + MOST_FOLLOWED + 1, 0, "other")
    assert clock.observe(far) == MOST_FOLLOWED + 1
    assert clock.tick() == Clock(1_000, 0, "me")
    assert clock.tick(far.number) == Clock(far.milliseconds, 1, "me")
    assert clock.tick() == Clock(1_000, 2, "me")


@pytest.mark.parametrize("wall", [7_258_118_400_001, 2**62])
def test_a_wall_clock_after_the_latest_reading_is_not_followed(wall: int) -> None:
    assert HybridClock("me", last=5, now=lambda: wall).tick() == Clock(0, 6, "me")


def test_no_reading_is_after_the_latest_one() -> None:
    assert HybridClock("me", now=lambda: 1).tick(LATEST - 1).number == LATEST
    with pytest.raises(LibraryError, match="cannot be changed"):
        HybridClock("me", now=lambda: 1).tick(LATEST)
    assert HybridClock("me", last=LARGEST_NUMBER, now=lambda: 1).tick() == Clock(1, 0, "me")


@pytest.mark.parametrize("number", [-1, LARGEST_NUMBER + 1])
def test_a_number_that_the_library_cannot_store_is_no_reading(number: int) -> None:
    with pytest.raises(ValueError, match="no reading"):
        Clock.of(number, "me")
