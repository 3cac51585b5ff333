"""Reads the numbers of sections, such as "2", "2.1", "A.3", "IV." or "Appendix B."."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Matches the number of a section and the space after it.
NUMBER = re.compile(
    r"(?:(?:section|§)\s*)?(?:(?P<digits>\d{1,2}(?:\.\d{1,2}){0,4})\.?|(?P<roman>[IVX]{1,5})\.(?P<romansub>(?:\d{1,2}\.){0,3})"
    r"|(?P<appendix>(?:appendix|annex|annexe|anhang)\s+)?(?P<letter>[A-Z])(?:(?P<sub>(?:\.\d{1,2}){1,3})[.:]?|[.:]?))"
    r"\s+(?=\S)",
    re.IGNORECASE,
)


def match(text: str) -> re.Match[str] | None:
    """Match the number at the start of a heading, with the groups `digits`, `roman`, `letter` and `sub`. None if there
    is none.
    """
    found = NUMBER.match(text)
    if found is None:
        return None
    letters = found["letter"] or found["roman"] or ""
    # A small letter is the number of a heading only if a period and then a capital letter follow it: "a. Data".
    is_number = not letters.islower() or (found[0].rstrip().endswith(".") and text[found.end()].isupper())
    return found if is_number else None


def is_roman(text: str) -> bool:
    """Whether a heading begins with a Roman number, such as "IV."."""
    found = match(text)
    return found is not None and bool(found["roman"])


def without_number(text: str) -> str:
    """A heading without the number before it."""
    found = match(text)
    return text[found.end() :] if found else text


def depth(number: re.Match[str] | None) -> int:
    """The depth of a number: 1 for "2" and "IV.", 2 for "2.1". 0 for a letter alone, whose depth is not known."""
    if number is None:
        return 0
    if digits := number["digits"]:
        return digits.count(".") + 1
    if number["roman"]:
        return 1 + number["romansub"].count(".")
    # A letter may number an appendix or a part of a section. Only the style of the heading shows which.
    sub = number["sub"]
    return sub.count(".") + 1 if sub else 1 if number["appendix"] else 0


def parts(number: re.Match[str] | None) -> tuple[int, ...]:
    """The parts of a number, for example (2, 1) for "2.1". Those of an appendix are larger than those of any section.
    Empty for a number that cannot be compared with others, such as a Roman one.
    """
    if number is None:
        return ()
    if digits := number["digits"]:
        return tuple(map(int, digits.split(".")))
    if (letter := number["letter"]) and number["sub"]:
        return (100 + ord(letter.upper()), *(int(part) for part in number["sub"].split(".") if part))
    return ()


def in_sequence(numbers: Sequence[tuple[int, ...]]) -> list[bool]:
    """For each number, whether it belongs to the longest sequence in which each number may follow the one before it.

    For example, 2.2, 2.1.1 or 3 may follow 2.1. Up to two numbers between them may be missing, because some headings
    may not have been found.
    """
    best: list[tuple[int, int]] = []
    for index, number in enumerate(numbers):
        lengths = [
            (best[before][0], before)
            for before in range(max(0, index - 60), index)
            if _follows(numbers[before], number)
        ]
        length, before = max(lengths, default=(0, -1))
        best.append((length + 1, before))
    result = [False] * len(numbers)
    at = max(range(len(best)), key=lambda index: best[index][0], default=-1)
    while at >= 0:
        result[at] = True
        at = best[at][1]
    return result


def _follows(before: tuple[int, ...], number: tuple[int, ...]) -> bool:
    if number <= before:
        return False
    shared = next(
        (i for i, (a, b) in enumerate(zip(before, number, strict=False)) if a != b), min(len(before), len(number))
    )
    if shared == len(before):
        # This number is deeper than the one before it: 2.1 after 2.
        return number[shared] <= 3
    step = number[shared] - before[shared]
    return (step <= 3 or (before[shared] < 100 <= number[shared])) and all(part <= 3 for part in number[shared + 1 :])
