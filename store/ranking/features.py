"""The features of a paper from which the model of the user's taste learns: words, authors, organization, categories.

A feature is a string. For a word, it is the stem of the word. All other features have a prefix: "author:ada alpha",
"org:tern lab", "cat:cs.lg".
"""

from __future__ import annotations

import heapq
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from store.ranking import word_weights
from store.ranking.word_weights import Frequencies
from store.search.tokenizer import index_words
from store.text.folding import fold

AUTHOR, ORGANIZATION, CATEGORY = "author:", "org:", "cat:"
PREFIXES = (AUTHOR, ORGANIZATION, CATEGORY)
# A paper has at most _MOST_WORDS words as features, those with the highest tf-idf weights. Words that occur in more
# than the share _MOST_FREQUENT of all papers are left out.
_MOST_WORDS = 40
_MOST_FREQUENT = 0.5
# At most this many authors of a paper become features. Without this limit, most features of a paper by a large
# collaboration would be names.
_MOST_AUTHORS = 12
# A name is shortened to this length (characters). An opinion on the name is stored under it, in a register of limited
# length (store/marks/registers.py).
_LONGEST_NAME = 150
# The vector of the words of a paper is scaled to the length 1. The vectors of its authors, organization and categories
# are scaled to these smaller lengths, so that words count most.
_AUTHORS_LENGTH, _ORGANIZATION_LENGTH, _CATEGORIES_LENGTH = 0.6, 0.4, 0.6


class PaperFeatures(msgspec.Struct, frozen=True):
    """A paper as a sparse vector: the value of each of its features.

    `names` maps each feature to the text that is shown for it: the shortest form of the word in the paper, or the name
    as it is written in the paper.
    """

    id: int
    title: str
    values: dict[str, float]
    names: dict[str, str]


def named(prefix: str, name: str) -> str:
    """The feature for an author, an organization or a category: `prefix` and the name in a normal form."""
    return prefix + " ".join(fold(name).split())[:_LONGEST_NAME]


def read(
    connection: sqlite3.Connection, paper_ids: Sequence[int], frequencies: Frequencies, papers: int
) -> Iterator[PaperFeatures]:
    """Yield the features of each of `paper_ids`. Papers that do not exist any more are left out.

    `frequencies` returns in how many papers words occur, and `papers` is the number of papers of the library.
    """
    words = _Words(frequencies, papers)
    rows = connection.execute(
        "SELECT p.id, p.title, coalesce(b.abstract, ''), coalesce(b.author_names, ''), p.organization, p.categories"
        " FROM json_each(?) i JOIN paper p ON p.id = i.value JOIN body b ON b.paper_id = p.id",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    )
    for row in rows:
        yield _features(row, words)


class _Words:
    """Computes the weights of the words of many papers.

    Each word is looked up in the index only once, because many papers have the same words.
    """

    def __init__(self, frequencies: Frequencies, papers: int) -> None:
        self._frequencies = frequencies
        self._papers = max(1, papers)
        # For each word, its stem and its inverse document frequency, which is 0 for a word that is not used as a
        # feature.
        self._known: dict[str, tuple[str, float]] = {}

    def weights(self, text: str) -> tuple[dict[str, float], dict[str, str]]:
        """The weights of the heaviest stems of `text`, and the shortest form of each of these words in the text."""
        counts = Counter(index_words(text))
        if unknown := [word for word in counts if word not in self._known]:
            self._look_up(unknown)
        known = self._known
        total: dict[str, int] = {}
        inverse: dict[str, float] = {}
        form: dict[str, str] = {}
        for word, count in counts.items():
            stem, rarity = known[word]
            if not rarity:
                continue
            if stem in total:
                total[stem] += count
                inverse[stem] = min(inverse[stem], rarity)
                form[stem] = min(form[stem], word, key=lambda each: (len(each), each))
            else:
                total[stem], inverse[stem], form[stem] = count, rarity, word
        weighted = {stem: (1 + math.log(count)) * inverse[stem] for stem, count in total.items()}
        heaviest = heapq.nsmallest(_MOST_WORDS, weighted, key=lambda stem: (-weighted[stem], stem))
        return {stem: weighted[stem] for stem in heaviest}, {stem: form[stem] for stem in heaviest}

    def _look_up(self, words: Sequence[str]) -> None:
        frequencies = self._frequencies(words)
        most = word_weights.most_papers(_MOST_FREQUENT, self._papers)
        for word in words:
            stem, frequency = word_weights.stem_of(word), max(1, frequencies[word])
            counts = stem and frequency <= most
            self._known[word] = stem, math.log(1 + self._papers / frequency) if counts else 0.0


def _features(row: tuple[Any, ...], known_words: _Words) -> PaperFeatures:
    paper_id, title, abstract, author_names, organization, categories = row
    # Repeat the title, so that its words count twice.
    words, names = known_words.weights(f"{title} . {title} . {abstract}")
    values = _with_length(words, 1.0)
    for prefix, texts, length in (
        (AUTHOR, author_names.split(", ")[:_MOST_AUTHORS] if author_names else (), _AUTHORS_LENGTH),
        (ORGANIZATION, (organization,) if organization else (), _ORGANIZATION_LENGTH),
        (CATEGORY, categories.split("\n") if categories else (), _CATEGORIES_LENGTH),
    ):
        features = {named(prefix, text): text for text in texts}
        names |= features
        values |= _with_length(dict.fromkeys(features, 1.0), length)
    return PaperFeatures(paper_id, title, values, names)


def _with_length(values: dict[str, float], length: float) -> dict[str, float]:
    """The vector `values`, scaled to the length `length`."""
    squares = sum(value * value for value in values.values())
    factor = length / math.sqrt(squares) if squares else 0.0
    return {feature: value * factor for feature, value in values.items()}


def likeness(one: dict[str, float], other: dict[str, float]) -> float:
    """The scalar product of two vectors of features."""
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[feature] for feature, value in one.items() if feature in other)


def words_only(values: dict[str, float]) -> Iterable[tuple[str, float]]:
    """Those features in `values` that are words, with their values."""
    return ((feature, value) for feature, value in values.items() if not feature.startswith(PREFIXES))
