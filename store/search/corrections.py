"""Corrections: the words of the library that differ from a typed word in one letter.

A correction differs from the typed word in one letter, which is missing, added, changed or swapped with its neighbour.
This module makes all texts that differ in this way and keeps those that are words of the vocabulary. For a word of ten
letters, there are some six hundred such texts. If the library has a million words, looking up these texts is faster
than comparing the typed word with every word.
"""

from __future__ import annotations

from collections.abc import Iterator

from store.search.ordinary_words import is_ordinary
from store.search.spelling import letters_allowed
from store.search.vocabulary import Vocabulary

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# If the library contains the typed word itself, another word counts as a correction only if it is at least this many
# times as frequent.
_TIMES_AS_FREQUENT = 20
# At most this many corrections of one word are returned.
MOST_CORRECTIONS = 4


def corrections(word: str, vocabulary: Vocabulary) -> list[str]:
    """The words of titles and abstracts that the user may have meant by the folded word `word`.

    The most frequent word comes first, but ordinary words come last.
    """
    if not letters_allowed(word) or not word.isascii():
        return []
    least = 1 + _TIMES_AS_FREQUENT * vocabulary.frequency(word)
    frequencies = vocabulary.frequencies(one_letter_away(word))
    known = [each for each, frequency in frequencies.items() if frequency >= least]
    return sorted(known, key=lambda each: (is_ordinary(each), -frequencies[each], each))[:MOST_CORRECTIONS]


def one_letter_away(word: str) -> Iterator[str]:
    """Yield all texts that differ from `word` in one letter, or in that two neighbouring letters are swapped."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (f"{before}{letter}{after}" for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in _LETTERS if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
