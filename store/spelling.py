"""Words that were mistyped: which words of the library they may stand for, and where those are in a text."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

# A word shorter than this is taken as it was typed.
_SHORTEST = 3
# So many spellings of one word are tried, nearest first.
_MOST_SPELLINGS = 300
# The words of a large library are read in parts of so many.
_PART = 20_000
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")


class Spelling(msgspec.Struct, frozen=True):
    """A typed word, and the beginnings of words that it may stand for, each with how many letters are wrong."""

    word: str
    near: dict[str, int] = {}

    @property
    def all(self) -> tuple[str, ...]:
        return (self.word, *self.near)

    def distance(self, token: str) -> int | None:
        """How many letters are wrong if `token` was meant; None when it cannot have been."""
        if token.startswith(self.word):
            return 0
        size = len(self.word)
        found = (self.near.get(token[:length]) for length in (size - 1, size, size + 1))
        return min((distance for distance in found if distance is not None), default=None)


class Needles(msgspec.Struct, frozen=True):
    """Beginnings of words to light up in a text."""

    starts: frozenset[str] = frozenset()

    @classmethod
    def exactly(cls, words: Iterable[str]) -> Needles:
        return cls(frozenset(word for word in words if word))

    def with_spellings(self, spellings: Iterable[Spelling]) -> Needles:
        """These needles and every near spelling, but for longer ones that have more letters wrong."""
        near = {
            start
            for spelling in spellings
            for start, wrong in spelling.near.items()
            if all(spelling.near.get(start[:-cut], wrong) >= wrong for cut in (1, 2))
        }
        return Needles(self.starts | near)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in `text` the letters are that matched: start and end, in order."""
        if not self.starts:
            return []
        lengths = sorted({len(start) for start in self.starts}, reverse=True)
        found = []
        for token, start, end in tokens(text):
            for length in lengths:
                if token[:length] in self.starts and len(token) >= length:
                    # Folding can change how long a word is ("ﬁ"); then all of it lights up.
                    found.append((start, start + length if len(token) == end - start else end))
                    break
        return found


class Vocabulary:
    """The words of every title, author, organization and venue, read again when listings came in."""

    def __init__(self) -> None:
        self._stamp: object = None
        self._words: list[str] = []
        self._next: list[str] = []
        self._next_stamp: object = None
        self._starts: dict[int, list[str]] = {}

    def spellings(self, connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, Spelling]:
        """For each word that is long enough, what it may stand for."""
        self._read(connection)
        return {word: self._spelling(word) for word in words if len(word) >= _SHORTEST}

    def _read(self, connection: sqlite3.Connection) -> None:
        # Not while a listing comes in: reading the words of a large library again takes seconds.
        stamp = connection.execute("SELECT max(id), sum(added + merged) FROM log WHERE state <> 'reading'").fetchone()
        if stamp == self._stamp:
            return
        if stamp != self._next_stamp:
            self._next, self._next_stamp = [], stamp
        # The index gives its words in order. Who is interrupted, because another key was typed, goes on from there.
        while part := connection.execute(
            "SELECT term FROM head_words WHERE term > ? LIMIT ?", (self._next[-1] if self._next else "", _PART)
        ).fetchall():
            self._next.extend(term for (term,) in part)
        self._words, self._starts, self._stamp = self._next, {}, stamp
        self._next = []

    def _spelling(self, word: str) -> Spelling:
        most = allowed(word)
        near: dict[str, int] = {}
        for length in (len(word) - 1, len(word), len(word) + 1):
            for start, distance, _ in process.extract(
                word, self._beginning(length), scorer=OSA.distance, score_cutoff=most, limit=_MOST_SPELLINGS
            ):
                # What begins with the word is an exact match already.
                if not start.startswith(word):
                    near[start] = int(distance)
        nearest = sorted(near, key=lambda start: (near[start], start))[:_MOST_SPELLINGS]
        return Spelling(word, {start: near[start] for start in nearest})

    def _beginning(self, length: int) -> list[str]:
        if length not in self._starts:
            starts = {word[:length] for word in self._words if len(word) >= length}
            self._starts[length] = sorted(starts)
        return self._starts[length]


def allowed(word: str) -> int:
    """How many letters of a word may be wrong (left out, put in, changed, or two swapped)."""
    return 1 if len(word) < 6 else 2 if len(word) < 9 else 3


def fold_word(word: str) -> str:
    """A word as the index has it: lower case, without diacritics."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, folded, with where they start and end."""
    for match in _TOKEN.finditer(text):
        yield fold_word(match[0]), match.start(), match.end()
