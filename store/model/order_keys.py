"""Fractional indexes: texts whose order is the order of a list, as of the reading queue.

An item is moved by giving it a new key between the keys of its new neighbours; no other item changes. A key consists of
the digits 0-9, A-Z and a-z, whose ASCII order is their order as digits of base 62. It is read as a fraction, so that
there is a key between any two different keys. It never ends in 0, so that equal fractions are equal texts. Keys that
are added at an end of the list have four leading digits that count up or down, so that they do not become longer. The
last digits are random, so that two machines that move items to the same place at the same time seldom choose equal
keys. Sort items with equal keys by the identity of the paper.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_HEAD_DIGITS = 4
_HEADS = _BASE**_HEAD_DIGITS
# The head of the first key of a list. It leaves as much room above as below.
_MIDDLE = _HEADS // 2
_RANDOM_DIGITS = 2
# New keys are chosen from ranges that contain at least this many fractions.
_ROOM = 64
# The longest key that is accepted from another machine.
LONGEST_KEY = 1_000
_KEY = re.compile(rf"[0-9A-Za-z]{{0,{LONGEST_KEY - 1}}}[1-9A-Za-z]")


def is_key(value: object) -> bool:
    """Whether a value from another machine is a key that the functions of this module accept."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def keys_between(lower: str | None, upper: str | None, count: int) -> list[str]:
    """`count` keys in ascending order, all above `lower` and below `upper`. None means the end of the list.

    Raises ValueError unless `lower` is below `upper`.
    """
    if lower is not None and upper is not None and lower >= upper:
        raise ValueError(f"no key is between {lower!r} and {upper!r}")
    if upper is None:
        head = _MIDDLE if lower is None else _head(lower) + 1
        if head + count < _HEADS:
            return [_text(head + number, _HEAD_DIGITS) + _random_digits() for number in range(count)]
    elif lower is None and (head := _head(upper) - count) > 0:
        return [_text(head + number, _HEAD_DIGITS) + _random_digits() for number in range(count)]
    return _spread(lower or "", upper, count)


def filled(keys: Sequence[str | None]) -> list[str]:
    """`keys`, the keys of a list in its order, in which each None is replaced by a key between its neighbours.

    If two neighbours of a None have equal keys, the later one gets a new key as well, and so do all after it that have
    the same key. The other keys stay.
    """
    complete: list[str] = []
    lower: str | None = None
    missing = 0
    for key in keys:
        if key is None or (missing and lower is not None and key <= lower):
            missing += 1
            continue
        if missing:
            complete += keys_between(lower, key, missing)
        complete.append(key)
        lower, missing = key, 0
    return [*complete, *keys_between(lower, None, missing)]


def key_between(lower: str | None, upper: str | None) -> str:
    """One key above `lower` and below `upper`, as `keys_between`."""
    (key,) = keys_between(lower, upper, 1)
    return key


def _spread(lower: str, upper: str | None, count: int) -> list[str]:
    """Keys at about equal distances. The fractions have as few digits as the distances allow."""
    length = 1
    while True:
        first = _number(lower, length)
        # Round up a fraction with more than `length` digits, so that `first` is not below `lower`.
        first += len(lower) > length
        last = _BASE**length if upper is None else _number(upper, length)
        step, rest = divmod(last - first, count + 1)
        if step * _BASE >= _ROOM and step >= 2:
            break
        length += 1
    keys = []
    for number in range(1, count + 1):
        start = first + step * number + rest * number // (count + 1)
        keys.append(_text(start + random.randrange(max(1, step // 2)), length) + _random_digits())
    return keys


def _head(key: str) -> int:
    return _number(key, _HEAD_DIGITS)


def _number(key: str, length: int) -> int:
    """The first `length` digits of the fraction `key` as an integer."""
    value = 0
    for digit in key[:length].ljust(length, "0"):
        value = value * _BASE + _VALUES[digit]
    return value


def _text(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, digit = divmod(value, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def _random_digits() -> str:
    return _text(random.randrange(_BASE ** (_RANDOM_DIGITS - 1)), _RANDOM_DIGITS - 1) + random.choice(_DIGITS[1:])
