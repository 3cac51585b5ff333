"""Folding: two spellings of a word that a search must not tell apart become the same text.

Texts are folded when they are indexed and words when they are searched for. The titles of papers are compared by
another rule (`store/matching/identity.py`), which also drops spaces and TeX commands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """`text` in lower case, in compatibility form and without diacritics: "Erdős" and "ERDOS" both give "erdos"."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Lower case again: decomposition can produce capitals ("℡" becomes "TEL").
    return _BEYOND_ASCII.sub(_without_marks, lowered).lower()


def _without_marks(match: re.Match[str]) -> str:
    return _decomposed(match[0])


@lru_cache(4096)
def _decomposed(letters: str) -> str:
    """A run of letters beyond ASCII, decomposed, without combining marks.

    ASCII letters beside the run do not change its decomposition, so runs can be cached by themselves.
    """
    decomposed = unicodedata.normalize("NFKD", letters)
    for mark in set(decomposed):
        if mark > "\x7f" and unicodedata.combining(mark):
            decomposed = decomposed.replace(mark, "")
    return decomposed
