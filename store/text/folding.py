"""Folds words for the search: all spellings of a word that a search treats as equal are converted to the same text.

Both the texts in the index and the words of a query are folded. The titles of papers are compared by another rule
(`store/matching/same_paper.py`), which also drops spaces and TeX commands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose, and the plain letters that people type instead of them.
_PLAIN_LETTERS = str.maketrans(
    {
        "ς": "σ",
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŋ": "n", "ŧ": "t", "ƀ": "b", "ɓ": "b", "ƈ": "c", "ɖ": "d", "ɗ": "d", "ƒ": "f", "ɠ": "g", "ɨ": "i", "ɩ": "i",
        "ƙ": "k", "ƚ": "l", "ɲ": "n", "ɵ": "o", "ƥ": "p", "ʈ": "t", "ƭ": "t", "ʉ": "u", "ʋ": "v", "ƴ": "y", "ƶ": "z",
        "ə": "e", "ǝ": "e", "ɛ": "e", "ɔ": "o", "ĸ": "k", "ẜ": "s", "ⱥ": "a", "ȼ": "c", "ɇ": "e", "ɉ": "j", "ɍ": "r",
        "ɏ": "y", "ǥ": "g", "ȥ": "z", "ɫ": "l", "ɬ": "l", "ŀ": "l",
    }
)  # fmt: skip
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """`text` in lower case, in compatibility form and without diacritics: "Erdős" and "ERDOS" both become "erdos", and
    "Łukasz" becomes "lukasz".
    """
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return _BEYOND_ASCII.sub(_without_marks, lowered)


def letters(text: str) -> str:
    """The letters and digits of a text, folded.

    For texts that differ only in hyphens, spaces, ligatures or case, the results are equal.
    """
    return "".join(filter(str.isalnum, fold(text)))


def _without_marks(match: re.Match[str]) -> str:
    return _decomposed(match[0])


@lru_cache(4096)
def _decomposed(letters: str) -> str:
    """Decompose `letters`, a sequence of lower-case characters beyond ASCII, and remove combining marks.

    ASCII letters before and after `letters` do not change the decomposition, so the result depends only on `letters`
    and can be cached.
    """
    decomposed = unicodedata.normalize("NFKD", letters)
    for mark in set(decomposed):
        if mark > "\x7f" and unicodedata.combining(mark):
            decomposed = decomposed.replace(mark, "")
    # Decomposition can produce capitals ("℡" becomes "TEL") and letters of `_PLAIN_LETTERS` ("ǿ" becomes "ø").
    return decomposed.lower().translate(_PLAIN_LETTERS)
