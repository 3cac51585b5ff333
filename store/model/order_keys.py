"""Order keys, also called fractional indexes: texts by which the items of a list, such as the queue, are sorted.

An item is moved by giving it a new key between the keys of its new neighbours. No other item changes, so moves made on
several machines can be merged.

A key consists of the characters 0-9, A-Z and a-z. They are the digits of base 62, in the order of their ASCII codes.
The key "V8" stands for the fraction 0.V8, so there is a key between any two different keys. A key never ends in 0, so
that equal fractions are equal texts. If keys are added at an end of the list, their first four digits are counted up or
down, so that the keys do not become longer and longer. The last digits are random, so that two machines that move items
to the same place at the same time seldom choose equal keys. Sort items with equal keys by the identities of their
papers, so that all machines show the same order.
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
# The first four digits of the key that the first item of an empty list gets, as a number. It is in the middle of the
# range, so that keys can be added at both ends.
_MIDDLE = _HEADS // 2
_RANDOM_DIGITS = 2
# A new key is chosen at random among at least this many fractions, so that two machines seldom choose the same one.
_ROOM = 64
# The longest key that is accepted from another machine (characters).
LONGEST_KEY = 1_000
_KEY = re.compile(rf"[0-9A-Za-z]{{0,{LONGEST_KEY - 1}}}[1-9A-Za-z]")


def is_key(value: object) -> bool:
    """Whether a value from another machine is a key that the functions of this module accept."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def keys_between(lower: str | None, upper: str | None, count: int) -> list[str]:
    """`count` keys in ascending order, all above `lower` and below `upper`.

    `lower` is None at the beginning of a list, where there is no lower key. `upper` is None at its end.

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
    """A copy of `keys`, the keys of a list in order, in which each None is replaced by a key between its neighbours.

    There is no key between equal keys. So if both neighbours of a None have the same key, the later one gets a new key
    too, and so do all later items with the same key. All other keys stay the same.
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


def _spread(lower: str, upper: str | None, count: int) -> list[str]:
    """`count` keys at about equal distances between `lower` and `upper`, with as few digits as the distances allow."""
    length = 1
    while True:
        first = _number(lower, length)
        # `_number` ignores all digits after the first `length` ones. Add 1 if there are more, so that `first` is not
        # below `lower`.
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
