"""The texts with which a user can state until which day a paper is postponed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.marks import return_day
from store.model.errors import LibraryError
from tests.thorough import examples

# This day is a Wednesday.
TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-02", "2026-07-02"),
        ("tomorrow", "2026-07-02"),
        (" Next  WEEK ", "2026-07-06"),
        ("next month", "2026-08-01"),
        ("friday", "2026-07-03"),
        ("fri", "2026-07-03"),
        ("on monday", "2026-07-06"),
        # The name of today's weekday means that day of the next week.
        ("wednesday", "2026-07-08"),
        ("next wed", "2026-07-08"),
        ("3 days", "2026-07-04"),
        ("in 2 weeks", "2026-07-15"),
        ("a week", "2026-07-08"),
    ],
)
def test_texts_for_a_day_are_understood(text: str, day: str) -> None:
    assert return_day.parse(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["similar", " Similar ", "until a similar paper arrives", "a similar paper"])
def test_a_paper_may_wait_for_a_similar_one(text: str) -> None:
    assert return_day.parse(text, TODAY) == "similar"


@pytest.mark.parametrize("text", ["", "someday", "t", "2026-02-30", "5", "12345 days", "\x1b[2J"])
def test_a_text_without_a_day_is_refused_with_examples(text: str) -> None:
    with pytest.raises(LibraryError, match="next week") as error:
        return_day.parse(text, TODAY)
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize("text", ["2026-07-01", "1999-01-01", "0 days"])
def test_a_day_that_is_not_in_the_future_is_refused(text: str) -> None:
    with pytest.raises(LibraryError, match="not after today"):
        return_day.parse(text, TODAY)


@examples(20, 200)
@given(
    today=st.dates(date(1970, 1, 1), date(2999, 12, 31)), text=st.sampled_from(["next week", "next month", "sunday"])
)
def test_a_relative_day_is_never_today_or_far_away(today: date, text: str) -> None:
    day = return_day.parse(text, today)
    assert isinstance(day, date)
    assert 1 <= (day - today).days <= 31
