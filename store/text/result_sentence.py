"""The sentence of an abstract that says what was found, by the words and numbers that such sentences have."""

from __future__ import annotations

import re

# A sentence ends before white space and a capital, a digit, a bracket or a formula. Not after these abbreviations.
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9$(\[\\])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|et al|cf|vs|approx|resp|Fig|Eq|Sec|Ref|No|St)|\b[A-Z])\.$")
# What speaks for a result, and how much.
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
# What speaks against one: plans, background, and where the code is.
_AGAINST = re.compile(
    r"\b(?:remains?|however|recent(?:ly)?|existing|prior|previous)\b|\bavailable at\b|\bhttps?:|\bgithub\b", re.I
)
# A sentence with less is not called a result.
_ENOUGH = 2


def find(abstract: str) -> tuple[int, int] | None:
    """Where the sentence with the result begins and ends in `abstract`; None when none reads like one."""
    best: tuple[int, int, int] | None = None
    for start, end in _sentences(abstract):
        text = abstract[start:end]
        score = sum(weight for cue, weight in _CUES if cue.search(text)) - 2 * bool(_AGAINST.search(text))
        # Of two alike, the later one: abstracts end with their results.
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
