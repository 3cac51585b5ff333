"""Divides the text of a block into sentences, so that a passage can be chosen with the keyboard."""

from __future__ import annotations

import re

# Matches the end of a sentence: one of these signs, followed by a space and a capital letter, a digit or an opening
# bracket.
_END = re.compile(r"[.!?][”’\"')\]]*\s+(?=[A-Z0-9“‘\"'(\[À-ÞΑ-ΩА-Я])")
# Abbreviations, such as "Fig.", whose period does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|et al|etc|resp|approx|Figs?|Eqs?|Secs?|Sect|Refs?|Tabs?|Thm|Lem|Def|Prop|Cor|Alg|App"
    r"|Nos?|Vol|pp?|Dr|Prof|Mr|Mrs|Ms|St|Inc|Jr)|(?:^|\s)[A-Z])\.$"
)


def ranges(text: str) -> list[tuple[int, int]]:
    """The start and end of each sentence of `text`. If no end of a sentence is found, the whole text is one
    sentence.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        stop = end.end() - (len(end[0]) - len(end[0].rstrip()))
        if not _ABBREVIATION.search(text[max(0, stop - 20) : stop]):
            found.append((start, stop))
            start = end.end()
    if start < len(text):
        found.append((start, len(text)))
    return found
