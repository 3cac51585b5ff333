"""Ordinary words: words such as "the" or "papers" that do not describe what a paper is about."""

# ruff: noqa: SIM905 - lists of words are written as running text
from __future__ import annotations

# The English stop words of the Snowball project (BSD licence), and words that people use when they ask for papers, as
# in "papers about …".
_ORDINARY = frozenset(
    (
        "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers"
        " herself it its itself they them their theirs themselves what which who whom this that these those am is are"
        " was were be been being have has had having do does did doing would should could ought can cannot may might"
        " must shall will a an the and but if or because as until while of at by for with about against between into"
        " through during before after above below to from up down in out on off over under again further then once"
        " here there when where why how all any both each few more most other some such no nor not only own same so"
        " than too very paper papers article articles preprint preprints like something someone want find looking also"
        " using used via"
    ).split()
)


def is_ordinary(word: str) -> bool:
    """Whether a folded word is an ordinary word."""
    return word in _ORDINARY
