"""Words that are typed to find one of a few short texts: the name of an action, a line of the help. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Shorter words match only as they are typed: almost every text has two letters of three.
_SHORTEST_MISTYPED = 4
# The wrong, missing, additional or exchanged letters that a word may have: one, or two from this length on.
_TWO_LETTERS = 7
# Scores of a word, the best first: at the start of the text, at the start of a word, inside a word. A mistyped word has
# at most the last one.
_FIRST, _WORD, _INSIDE, _MISTYPED = 110.0, 100.0, 80.0, 70.0

_WORD_PATTERN = re.compile(r"\w+")

Spans = tuple[tuple[int, int], ...]


class Match(NamedTuple):
    """How well a text matches, 0 to 110, and the ranges of its characters that do."""

    score: float
    spans: Spans


def match_word(word: str, text: str, *, mistyped: bool = True) -> Match | None:
    """The best place of a word in a text; None when it is not in it. Both in lower case.

    `mistyped`: find the word also with wrong letters.
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
        # Almost every text has the letter somewhere.
        return None
    return Match(_INSIDE, ((at, at + len(word)),))


def match(words: Sequence[str], text: str, *, mistyped: bool = True) -> Match | None:
    """The match of a text that has every word (in lower case); None when it lacks one."""
    folded = fold(text)
    matches = [match_word(word, folded, mistyped=mistyped) for word in words]
    found = [each for each in matches if each is not None]
    if len(found) < len(matches):
        return None
    return Match(
        sum(each.score for each in found) / max(1, len(found)), joined(span for each in found for span in each.spans)
    )


def words_of(query: str) -> list[str]:
    """The words of what was typed, in lower case."""
    return query.lower().split()


def fold(text: str) -> str:
    """`text` in lower case and with its length unchanged, so that ranges in the result are ranges in `text`."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """Ranges in order, with those that touch or overlap made one."""
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
    """The word of a text, or the beginning of one, that is most like a mistyped word; None when none is."""
    if len(word) < _SHORTEST_MISTYPED:
        return None
    # Imported here, as everywhere in recto: most words are typed as they are.
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
