"""Finds the letters of a text that match the words of a search, so that they can be highlighted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from store.search.spelling import distance, letters_allowed, split_in_two
from store.search.tokenizer import tokens


class Highlights(msgspec.Struct, frozen=True):
    """The words to highlight in texts, all folded (in lower case and without accents).

    If a word of a text begins with one of `starts`, that beginning is highlighted: with "train", the first five letters
    of "training". If its beginning differs from one of `mistyped` in a few letters, that beginning is highlighted too.
    A word that equals one of `whole` is highlighted completely.
    """

    starts: frozenset[str] = frozenset()
    mistyped: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()

    @classmethod
    def exactly(cls, words: Iterable[str]) -> Highlights:
        """Highlights that match words beginning with one of `words` (folded), but no mistyped words."""
        return cls(frozenset(word for word in words if word))

    def with_mistyped(self, words: Sequence[str]) -> Highlights:
        """A copy of these highlights that also matches words with a few wrong letters.

        `words` are the words of `starts` in the order in which they were typed. Two neighbours among them also match a
        single word of a text that consists of both ("pre", "training": "pretraining").
        """
        joined = frozenset(first + second for first, second in pairwise(words))
        return msgspec.structs.replace(self, starts=self.starts | joined, mistyped=tuple(sorted(self.starts)))

    def with_starts(self, words: Iterable[str]) -> Highlights:
        """A copy of these highlights that also matches words that begin with one of `words`."""
        return msgspec.structs.replace(self, starts=self.starts | frozenset(words))

    def with_whole(self, words: Iterable[str]) -> Highlights:
        """A copy of these highlights that also matches whole words that are one of `words`."""
        return msgspec.structs.replace(self, whole=self.whole | frozenset(words))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The ranges of `text` to highlight, in order, each as its start and end."""
        if not (self.starts or self.whole):
            return []
        lengths = sorted({len(start) for start in self.starts}, reverse=True)
        spans = []
        text_tokens = list(tokens(text))
        halves = self._halves([token for token, _, _ in text_tokens]) if self.mistyped else frozenset()
        for position, (token, start, end) in enumerate(text_tokens):
            if position in halves or token in self.whole:
                spans.append((start, end))
                continue
            length = next((size for size in lengths if token[:size] in self.starts and len(token) >= size), None)
            if length is None and self.mistyped:
                length = _nearest(token, self.mistyped)
            if length is not None:
                # Highlight the whole word if folding has changed its length (the ligature "ﬁ" becomes "fi"), because
                # the position of the letters in the original word is then unknown.
                spans.append((start, start + length if len(token) == end - start else end))
        return _merged(spans)

    def _halves(self, text_words: Sequence[str]) -> frozenset[int]:
        """The positions of neighbouring words that, written together, are a typed word: "pre" and "training" for
        "pretraining".
        """
        positions: set[int] = set()
        for word in self.mistyped:
            for position in split_in_two(word, text_words):
                positions |= {position, position + 1}
        return frozenset(positions)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`spans` with overlapping spans joined. The tokens of a script without spaces overlap, so their spans do too."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _nearest(token: str, words: Sequence[str]) -> int | None:
    """How many letters at the start of `token` match the most similar one of `words`. None if no word is similar
    enough.
    """
    matches = [match for word in words if (match := distance(word, token, letters_allowed(word))) is not None]
    return min(matches)[1] if matches else None
