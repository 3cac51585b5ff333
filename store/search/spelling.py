"""Spelling: how many letters of a word may be wrong, and how many are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

# A shorter word must match as it was typed.
_SHORTEST_CORRECTED = 3
# A shorter word is corrected only to whole words: with a letter wrong it would be the beginning of nearly any word.
_SHORTEST_PREFIX = 4
# From this length on, two letters may be wrong.
_LONG = 6


def letters_allowed(word: str) -> int:
    """How many letters of a folded word may be wrong: missing, added, changed, or two neighbours swapped."""
    # A different number is not a misspelling.
    return 0 if len(word) < _SHORTEST_CORRECTED or word.isdigit() else 1 if len(word) < _LONG else 2


def may_be_prefix(word: str) -> bool:
    """Whether a folded word with a wrong letter may be the beginning of a longer one."""
    return len(word) >= _SHORTEST_PREFIX


def split_in_two(word: str, text_words: Sequence[str]) -> Iterator[int]:
    """The positions in `text_words` where two neighbours together begin with `word`, and the first alone does not."""
    for position, (first, second) in enumerate(pairwise(text_words)):
        if len(first) < len(word) and word.startswith(first) and second.startswith(word[len(first) :]):
            yield position


def distance(word: str, token: str, most: int) -> tuple[int, int] | None:
    """How many letters are wrong if `token` begins with `word`, and how many letters of `token` that is.

    A word for which `may_be_prefix` is false is compared with the whole token. None when more than `most` letters are
    wrong.
    """
    if token.startswith(word):
        return 0, len(word)
    if not most:
        return None
    shortest = max(1, len(word) - most) if may_be_prefix(word) else len(token)
    # Imported here, because most searches have no wrong letters.
    from rapidfuzz.distance import OSA

    matches = []
    for length in range(shortest, min(len(token), len(word) + most) + 1):
        wrong = OSA.distance(word, token[:length], score_cutoff=most)
        if wrong <= most:
            matches.append((int(wrong), abs(length - len(word)), length))
    return (min(matches)[0], min(matches)[2]) if matches else None
