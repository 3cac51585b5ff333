"""Matching of typed words against short texts, such as the names of actions and the lines of the help.

A mistyped word matches a similar word in the text. The functions have no side effects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Only a word of at least this many letters may be mistyped. A shorter word must match exactly: with one wrong letter
# allowed, a word of three letters would match almost every text.
_SHORTEST_MISTYPED = 4
# A word of at least this many letters may have two mistakes: wrong, missing, additional or exchanged letters. A shorter
# word may have one mistake.
_TWO_LETTERS = 7
# The scores of a typed word that is found at the start of the text, at the start of another word, or inside a word.
# _MISTYPED is the upper limit for the score of a mistyped word.
_FIRST, _WORD, _INSIDE, _MISTYPED = 110.0, 100.0, 80.0, 70.0

_WORD_PATTERN = re.compile(r"\w+")

Spans = tuple[tuple[int, int], ...]


class Match(NamedTuple):
    """How well a text matches (0 to 110), and its matching characters as ranges.

    Each range is a pair of start and end.
    """

    score: float
    spans: Spans


def match_word(word: str, text: str, *, mistyped: bool = True) -> Match | None:
    """The best match of a word in a text; None when there is no match. Both must be in lower case.

    If `mistyped` is set, a word of the text that is only similar to `word` matches as well.
    """
    at = text.find(word)
    if at < 0:
        return _mistyped(word, text) if mistyped else None
    start = at
    while start >= 0 and not _begins_word(text, start):
        start = text.find(word, start + 1)
    if start >= 0:
        return Match(_WORD if start else _FIRST, ((start, start + len(word)),))
    if len(word) == 1:
        # A single letter counts only at the start of a word, because almost every text has it somewhere.
        return None
    return Match(_INSIDE, ((at, at + len(word)),))


def match(words: Sequence[str], text: str, *, mistyped: bool = True) -> Match | None:
    """The match of all `words` in a text; None when one of them does not match. All must be in lower case."""
    folded = fold(text)
    matches = [match_word(word, folded, mistyped=mistyped) for word in words]
    found = [each for each in matches if each is not None]
    if len(found) < len(matches):
        return None
    return Match(
        sum(each.score for each in found) / max(1, len(found)), joined(span for each in found for span in each.spans)
    )


def words_of(query: str) -> list[str]:
    """The words of the typed text `query`, in lower case."""
    return query.lower().split()


def fold(text: str) -> str:
    """`text` in lower case; or `text` itself if its lower case has another length.

    The result has the length of `text`, so each character has the same index in both.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The ranges `spans` in ascending order. Ranges that touch or overlap are joined into one range."""
    ordered: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if ordered and start <= ordered[-1][1]:
            ordered[-1] = ordered[-1][0], max(end, ordered[-1][1])
        else:
            ordered.append((start, end))
    return tuple(ordered)


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _mistyped(word: str, text: str) -> Match | None:
    """The word of `text`, or the beginning of a word, that is most similar to the mistyped `word`, as a match.

    Returns None when no word of `text` is similar enough.
    """
    if len(word) < _SHORTEST_MISTYPED:
        return None
    # Imported here, because most words are typed without a mistake.
    from rapidfuzz.distance import OSA, Indel

    most = 2 if len(word) >= _TWO_LETTERS else 1
    likest: tuple[int, int, str] | None = None
    for found in _WORD_PATTERN.finditer(text):
        for length in range(len(word) - 1, len(word) + 2):
            part = found.group()[:length]
            distance = OSA.distance(word, part, score_cutoff=most)
            if distance <= most and (likest is None or distance <= likest[0]):
                likest = distance, found.start(), part
    if likest is None:
        return None
    distance, at, part = likest
    blocks = [block for block in Indel.opcodes(word, part) if block.tag == "equal"]
    spans = joined((at + block.dest_start, at + block.dest_end) for block in blocks)
    return Match(_MISTYPED * (1 - distance / len(word)), spans)
