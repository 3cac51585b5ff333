"""Computes sort keys: the numbers by which the index sorts papers. A paper has one for each SortField.

Except for the key of the title, the lowest 26 bits of a key are the id of the paper, so that no two papers have the
same key. The bits of the keys, from the highest to the lowest:

    newest, listed      day (24 bits)    id (26 bits)
    upvotes, comments   count (14 bits)  day of publication (24 bits)  id (26 bits)
    score score times 100 (14 bits), then as for upvotes
    title               the first 10 letters, 6 bits each
    id                  id

An unknown date or count is 0, so that papers without it come last in descending order.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from store.model.partial_date import PartialDate, Precision
from store.search.index_schema import SortField

MAX_KEY = 2**64 - 1
_ID_BITS = 26
_ID_MASK = 2**_ID_BITS - 1
_DAY_BITS = 24
_COUNT_SHIFT = _ID_BITS + _DAY_BITS
# A sort key contains a count plus 1, because 0 means unknown. This is the largest number that it can contain: for
# larger counts, it contains this number.
_MAX_STORED_COUNT = 2 ** (64 - _COUNT_SHIFT) - 1
# Counts above this one get the same sort key as this count, so the index cannot sort them.
COUNT_LIMIT = _MAX_STORED_COUNT - 1

# This number is added to the first day of a date in its sort key. So the year 2024 comes before the month 2024-01, and
# this month comes before the day 2024-01-01.
_PRECISION: dict[Precision, int] = {"year": 1, "month": 2, "day": 3}

_TITLE_LETTERS = 10
_LETTER_BITS = 6
# The number of each letter in the key of a title. All letters of other alphabets have the number _OTHER_LETTER_RANK,
# which is larger.
_LETTER_RANKS = {letter: rank for rank, letter in enumerate(" 0123456789abcdefghijklmnopqrstuvwxyz", 1)}
_OTHER_LETTER_RANK = len(_LETTER_RANKS) + 1


def paper_id(field: SortField, key: int) -> int:
    """The id of the paper with this sort key. `field` must not be "title", whose keys do not contain an id."""
    return key & _ID_MASK if field != "id" else key


def date_key(stored_date: str | None, number: int) -> int:
    """The sort key of the paper `number` for a date as the library stores it, for example "2024-06"."""
    return _stored_day(stored_date) << _ID_BITS | number


def count_key(count: int | None, newest: int) -> int:
    """The sort key of a paper in a list that is sorted by a count, such as upvotes.

    `newest` is the paper's `date_key` for its date of publication, by which papers with equal counts are sorted.
    """
    stored = 0 if count is None else min(max(0, count) + 1, _MAX_STORED_COUNT)
    return stored << _COUNT_SHIFT | newest


def date_keys(first: PartialDate, last: PartialDate) -> tuple[int, int]:
    """The lowest and highest sort key that papers with dates from `first` to `last` can have. `_day` orders dates."""
    return _day(first) << _ID_BITS, _day(last) << _ID_BITS | _ID_MASK


def count_keys(low: int | None, high: int | None) -> tuple[int, int] | None:
    """The lowest and highest sort key of papers with a count from `low` to `high`. None if no count is in the range."""
    if high is not None and high < 0:
        return None
    lowest = min(max(0, low or 0) + 1, _MAX_STORED_COUNT)
    highest = min(high + 1, _MAX_STORED_COUNT) if high is not None else _MAX_STORED_COUNT
    return lowest << _COUNT_SHIFT, ((highest + 1) << _COUNT_SHIFT) - 1


def title_key(sorted_text: str) -> int:
    """The sort key of a title, for a text that `tokenizer.title_text` returned.

    If one text comes after another in the alphabet, its key is at least as large as the key of the other. Different
    titles may have the same key, because it contains only the first letters.
    """
    key = 0
    shift = _LETTER_BITS * _TITLE_LETTERS
    for letter in sorted_text[:_TITLE_LETTERS]:
        shift -= _LETTER_BITS
        rank = _LETTER_RANKS.get(letter)
        if rank is None:
            # All letters of other alphabets have the same number. So the key must end with the first such letter:
            # letters that follow different letters must not be compared.
            return key | _OTHER_LETTER_RANK << shift
        key |= rank << shift
    return key


def title_prefix_keys(words: Sequence[str]) -> tuple[int, int]:
    """The lowest and highest sort key of titles that begin with these folded words.

    Other titles may have these keys too, because a key contains only the first letters.
    """
    prefix = " ".join(words)
    compared = f"{prefix} "[:_TITLE_LETTERS]
    rest = (1 << _LETTER_BITS * (_TITLE_LETTERS - len(compared))) - 1
    return title_key(prefix), title_key(compared) | rest


@functools.lru_cache(maxsize=4_096)
def _stored_day(text: str | None) -> int:
    return _day(PartialDate.parse(text)) if text else 0


def _day(day: PartialDate) -> int:
    """Convert a date to a number. Numbers are ordered as the texts of the dates are: "2024", "2024-01",
    "2024-01-01".
    """
    return 4 * day.first_day.toordinal() + _PRECISION[day.precision]
