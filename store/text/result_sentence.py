"""Finds the sentence of an abstract that states the result, by words and numbers that are typical of such sentences."""

from __future__ import annotations

import re

# Matches the end of a sentence: ".", "!" or "?", followed by white space and a capital, a digit, a bracket or a
# formula. A match after an abbreviation in `_ABBREVIATION` is not the end of a sentence.
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9$(\[\\])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|et al|cf|vs|approx|resp|Fig|Eq|Sec|Ref|No|St)|\b[A-Z])\.$")
# Patterns of words that are typical of sentences about results, and the weight of each.
_CUES: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, re.I), weight)
    for pattern, weight in (
        (r"\b(?:outperform|surpass|exceed|achiev|attain|beat)\w*", 3),
        (r"\bstate[- ]of[- ]the[- ]art\b", 1),
        (r"\b(?:we|results?|experiments?|findings?|analysis|evaluations?|simulations?|observations?) "
         r"(?:\w+ )?(?:find|found|show|showed|demonstrate|reveal|report|detect|measure|confirm|conclude|prove|establish"
         r"|indicate|suggest|observe)\w*", 3),
        (r"\b(?:improv|reduc|increas|decreas|accelerat|sav)\w*", 1),
        (r"\bsignificant\w*|\bsubstantial\w*|\bconsistent(?:ly)?\b", 1),
        (r"\d\s?(?:\\?%|percent\b|×|x\b|\\times|-?fold\b|\\sigma|σ|points?\b|pp\b)", 2),
        (r"\b(?:from|by|up to|over|only) \d", 1),
        (r"\b(?:in summary|in conclusion|overall|our results|our findings)\b", 1),
    )
)  # fmt: skip
# Words that are typical of sentences about open problems, earlier work or the address of the code, not about results.
_AGAINST = re.compile(
    r"\b(?:remains?|however|recent(?:ly)?|existing|prior|previous)\b|\bavailable at\b|\bhttps?:|\bgithub\b", re.I
)
# A sentence with a lower score than this does not count as the statement of a result.
_ENOUGH = 2


def find(abstract: str) -> tuple[int, int] | None:
    """The start and end offsets in `abstract` of the sentence that states the result; None when no sentence does."""
    best: tuple[int, int, int] | None = None
    for start, end in _sentences(abstract):
        text = abstract[start:end]
        score = sum(weight for cue, weight in _CUES if cue.search(text)) - 2 * bool(_AGAINST.search(text))
        # Of two sentences with the same score, take the later one, because abstracts end with their results.
        if score >= _ENOUGH and (best is None or score >= best[0]):
            best = (score, start, end)
    return best[1:] if best else None


def _sentences(text: str) -> list[tuple[int, int]]:
    sentences: list[tuple[int, int]] = []
    start = 0
    for gap in _END.finditer(text):
        if not _ABBREVIATION.search(text, max(0, gap.start() - 12), gap.start()):
            sentences.append((start, gap.start()))
            start = gap.end()
    return [*sentences, (start, len(text))]
