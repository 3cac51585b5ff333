"""Decides how many letters of a typed word may be wrong, and counts how many are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

# A word with fewer letters than this must be typed correctly. A longer word may have a wrong letter.
_SHORTEST_CORRECTED = 3
# If a letter is wrong, a typed word with fewer letters than this must match a whole word of the paper. Otherwise it
# would match the beginning of very many words.
_SHORTEST_PREFIX = 4
# A word with at least this many letters may have two wrong letters.
_LONG = 6


def letters_allowed(word: str) -> int:
    """How many letters of a folded word may be wrong: missing, added, changed, or two neighbours swapped."""
    # No digit may be wrong in a number, because a similar number is not a misspelling of it.
    return 0 if len(word) < _SHORTEST_CORRECTED or word.isdigit() else 1 if len(word) < _LONG else 2


def may_be_prefix(word: str) -> bool:
    """Whether a folded word may match the beginning of a longer word even if a letter is wrong."""
    return len(word) >= _SHORTEST_PREFIX


def split_in_two(word: str, text_words: Sequence[str]) -> Iterator[int]:
    """Yield the positions in `text_words` of two neighbours that, written together, begin with `word`.

    For example, position 0 in "pre training data" for "pretrain". Positions where the first of the two words alone
    begins with `word` are left out.
    """
    for position, (first, second) in enumerate(pairwise(text_words)):
        if len(first) < len(word) and word.startswith(first) and second.startswith(word[len(first) :]):
            yield position


def distance(word: str, token: str, most: int) -> tuple[int, int] | None:
    """Compare `word` with the beginning of `token`. None when more than `most` letters are wrong.

    Returns the number of wrong letters, and the length of the beginning of `token` that matches. A word for which
    `may_be_prefix` is false is compared with the whole token.
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
