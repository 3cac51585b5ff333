"""Words: how they are folded to be compared, how many letters of one may be wrong, and where they are in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

# A word shorter than this is taken as it was typed.
_SHORTEST = 3
# Of a shorter word a beginning with a letter wrong could be that of nearly any word: all of one is looked at.
_BEGINS = 4
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")


class Needles(msgspec.Struct, frozen=True):
    """Words to light up in a text: where one begins with one of `starts`, or nearly so with one of `mistyped`."""

    starts: frozenset[str] = frozenset()
    mistyped: tuple[str, ...] = ()

    @classmethod
    def exactly(cls, words: Iterable[str]) -> Needles:
        """These words as they were typed, folded."""
        return cls(frozenset(word for word in words if word))

    def with_mistyped(self, words: Sequence[str]) -> Needles:
        """These needles, and what they may stand for; `words` are the same in the order in which they were typed."""
        together = frozenset(one + other for one, other in pairwise(words))
        return Needles(self.starts | together, tuple(sorted(self.starts)))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in `text` the letters are that matched: start and end, in order."""
        if not self.starts:
            return []
        lengths = sorted({len(start) for start in self.starts}, reverse=True)
        found = []
        cut = list(tokens(text))
        apart = self._apart([token for token, _, _ in cut]) if self.mistyped else frozenset()
        for place, (token, start, end) in enumerate(cut):
            if place in apart:
                found.append((start, end))
                continue
            length = next((size for size in lengths if token[:size] in self.starts and len(token) >= size), None)
            if length is None and self.mistyped:
                length = _nearest(token, self.mistyped)
            if length is not None:
                # Folding can change how long a word is ("ﬁ"); then all of it lights up.
                found.append((start, start + length if len(token) == end - start else end))
        return found

    def _apart(self, found: Sequence[str]) -> frozenset[int]:
        """The places of words in a text that were typed as one."""
        places: set[int] = set()
        for word in self.mistyped:
            for place in written_apart(word, found):
                places |= {place, place + 1}
        return frozenset(places)


def allowed(word: str) -> int:
    """How many letters of a folded word may be wrong: left out, put in, changed, or two neighbours swapped."""
    # Another number is no misspelling.
    return 0 if len(word) < _SHORTEST or word.isdigit() else 1 if len(word) < 6 else 2


def may_begin(word: str) -> bool:
    """Whether a folded word with a letter wrong may be the beginning of another one."""
    return len(word) >= _BEGINS


def written_apart(word: str, found: Sequence[str]) -> Iterator[int]:
    """The places in a row of words where two of them together begin with `word`, and the first one does not."""
    for place, (one, other) in enumerate(pairwise(found)):
        if len(one) < len(word) and word.startswith(one) and other.startswith(word[len(one) :]):
            yield place


def distance(word: str, token: str, most: int) -> tuple[int, int] | None:
    """How many letters are wrong when `token` begins with `word`, and how many of its letters that are.

    A short word must be all of it. None when more than `most` are wrong.
    """
    if token.startswith(word):
        return 0, len(word)
    if not most:
        return None
    shortest = max(1, len(word) - most) if may_begin(word) else len(token)
    # Imported here: who types no errors does not wait for it.
    from rapidfuzz.distance import OSA

    found = []
    for length in range(shortest, min(len(token), len(word) + most) + 1):
        wrong = OSA.distance(word, token[:length], score_cutoff=most)
        if wrong <= most:
            found.append((int(wrong), abs(length - len(word)), length))
    return (min(found)[0], min(found)[2]) if found else None


def fold(text: str) -> str:
    """Lower case, without diacritics: how texts are indexed and words are looked for."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Again: what is decomposed may hold capitals ("℡").
    return _BEYOND_ASCII.sub(_without_marks, lowered).lower()


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, folded, with where they start and end."""
    for match in _TOKEN.finditer(text):
        yield fold(match[0]), match.start(), match.end()


def _without_marks(found: re.Match[str]) -> str:
    return _decomposed(found[0])


@lru_cache(4096)
def _decomposed(letters: str) -> str:
    """Letters beyond ASCII, taken apart, without the marks. What stands beside them changes nothing in that."""
    decomposed = unicodedata.normalize("NFKD", letters)
    for mark in set(decomposed):
        if mark > "\x7f" and unicodedata.combining(mark):
            decomposed = decomposed.replace(mark, "")
    return decomposed


def _nearest(token: str, words: Sequence[str]) -> int | None:
    found = [near for word in words if (near := distance(word, token, allowed(word))) is not None]
    return min(found)[1] if found else None
