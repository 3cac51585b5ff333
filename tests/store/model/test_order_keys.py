"""Order keys are texts by which rows are sorted: a key exists between any two keys, and appending keeps keys short."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.order_keys import LONGEST_KEY, is_key, keys_between
from tests.thorough import examples

KEYS = st.from_regex(r"[0-9A-Za-z]{0,8}[1-9A-Za-z]", fullmatch=True)


def key_between(lower: str | None, upper: str | None) -> str:
    """A key that is sorted after `lower` and before `upper`."""
    (key,) = keys_between(lower, upper, 1)
    return key


@given(one=KEYS | st.none(), other=KEYS | st.none(), count=st.integers(1, 40))
@examples(50, 5_000)
def test_keys_are_between_their_neighbours_in_ascending_order(one: str | None, other: str | None, count: int) -> None:
    if one is not None and other is not None:
        if one == other:
            return
        one, other = sorted((one, other))
    keys = keys_between(one, other, count)
    assert len(keys) == count
    whole = [*([] if one is None else [one]), *keys, *([] if other is None else [other])]
    assert all(first < second for first, second in pairwise(whole))
    assert all(is_key(key) for key in keys)


@given(moves=st.lists(st.integers(0, 30), min_size=1, max_size=60))
@examples(20, 1_000)
def test_any_sequence_of_insertions_gives_the_order_of_a_list(moves: list[int]) -> None:
    items: list[int] = []
    keys: dict[int, str] = {}
    for item, wish in enumerate(moves):
        at = min(wish, len(items))
        lower = keys[items[at - 1]] if at else None
        upper = keys[items[at]] if at < len(items) else None
        keys[item] = key_between(lower, upper)
        items.insert(at, item)
    assert sorted(keys, key=lambda item: keys[item]) == items


def test_adding_at_either_end_does_not_make_keys_longer() -> None:
    first = last = key_between(None, None)
    for _ in range(5_000):
        last = key_between(last, None)
        first = key_between(None, first)
    assert len(first) == len(last) == 6


def test_many_keys_at_one_place_are_short() -> None:
    lower = key_between(None, None)
    assert max(map(len, keys_between(lower, key_between(lower, None), 5_000))) <= 10


def test_inserting_at_one_place_a_thousand_times_makes_keys_that_other_machines_accept() -> None:
    lower, upper = keys_between(None, None, 2)
    for _ in range(1_000):
        upper = key_between(lower, upper)
    assert len(upper) < LONGEST_KEY / 2


def test_keys_at_the_ends_of_the_range_have_neighbours() -> None:
    assert key_between("zzzzz", None) > "zzzzz"
    assert key_between(None, "00001") < "00001"
    assert key_between(None, "1") < "1"


def test_no_key_is_between_equal_keys() -> None:
    with pytest.raises(ValueError, match="no key is between"):
        key_between("V001", "V001")


@pytest.mark.parametrize("text", ["", "a0", "ä1", "a b", "1" * (LONGEST_KEY + 1), 7, None, "a\n"])
def test_other_texts_are_no_keys(text: object) -> None:
    assert not is_key(text)
