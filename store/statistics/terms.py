"""Finds the words and pairs of words that have become more frequent, or less frequent, in titles.

The month that ends with the newest listing day is compared with the twelve months before it. A term (a word or a pair
of words) counts once in each title. The score of a term is the logarithm of the ratio of its two frequencies, divided
by the standard error of that logarithm: a term that rises from 2 to 4 titles scores lower than one that rises from 200
to 400.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import msgspec

from store.search.ordinary_words import is_ordinary
from store.text.dates import shifted
from store.text.folding import fold

_MONTH_DAYS = 30
_YEAR_DAYS = 365
# At most this many titles of each period are read, spread over the whole period. Reading them takes about 0.2 s.
_MOST_TITLES = 20_000
_MOST_TERMS = 8
# A term must occur in at least this many titles of both periods together.
_FEWEST_TITLES = 4
# A term whose score is nearer to 0 than this (standard errors) is left out, because so small a change may be a
# coincidence.
_LEAST_SCORE = 2.0
_WORD = re.compile(r"[^\W\d_][\w'+-]+")


class Term(msgspec.Struct, frozen=True):
    """A word or a pair of words, and how many of 1,000 titles contain it.

    `before` is the number for the twelve months before the last month, and `now` the number for the last month.
    """

    text: str
    before: float
    now: float


def changes(connection: sqlite3.Connection, newest: date) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms that rose most and those that fell most. `newest` is the newest listing day."""
    first = shifted(newest, 1 - _MONTH_DAYS)
    now, now_titles = _frequencies(connection, first, newest)
    before, before_titles = _frequencies(connection, shifted(first, -_YEAR_DAYS), shifted(first, -1))
    if not now_titles or not before_titles:
        return (), ()
    scored: list[tuple[float, Term]] = []
    for text in now.keys() | before.keys():
        here, there = now[text], before[text]
        if here + there < _FEWEST_TITLES:
            continue
        # Add half a title to each count, so that the ratio is finite for a term that is new.
        ratio = math.log((here + 0.5) / (now_titles + 1)) - math.log((there + 0.5) / (before_titles + 1))
        score = ratio / math.sqrt(1 / (here + 0.5) + 1 / (there + 0.5))
        if abs(score) >= _LEAST_SCORE:
            scored.append((score, Term(text, 1000 * there / before_titles, 1000 * here / now_titles)))
    scored.sort(key=lambda each: (-each[0], each[1].text))
    rising = _without_parts([term for score, term in scored if score > 0])
    falling = _without_parts([term for score, term in reversed(scored) if score < 0])
    return rising, falling


def _frequencies(connection: sqlite3.Connection, first: date, last: date) -> tuple[Counter[str], int]:
    """How many titles of papers first listed in a period contain each term, and how many titles were read."""
    days = (first.isoformat(), last.isoformat())
    ids = [
        paper_id
        for (paper_id,) in connection.execute(
            "SELECT DISTINCT paper_id FROM entry WHERE listed_on >= ? AND listed_on <= ?", days
        )
    ]
    step = max(1, -(-len(ids) // _MOST_TITLES))
    rows = connection.execute(
        "SELECT p.title FROM json_each(?) i JOIN paper p ON p.id = i.value",
        (msgspec.json.encode(ids[::step]).decode(),),
    )
    counts: Counter[str] = Counter()
    titles = 0
    for (title,) in rows:
        counts.update({*_terms(title)})
        titles += 1
    return counts, titles


def _terms(title: str) -> Iterator[str]:
    """The words of a title, and the pairs of neighbouring words. Ordinary words such as "the" are left out."""
    words = _WORD.findall(fold(title))
    for word in words:
        if not is_ordinary(word):
            yield word
    for one, two in pairwise(words):
        if not (is_ordinary(one) or is_ordinary(two)):
            yield f"{one} {two}"


def _without_parts(terms: list[Term]) -> tuple[Term, ...]:
    """The first _MOST_TERMS of `terms`, without those that have a word in common with an earlier term."""
    chosen: list[Term] = []
    words: set[str] = set()
    for term in terms:
        own = set(term.text.split())
        if not own & words:
            chosen.append(term)
            words |= own
        if len(chosen) == _MOST_TERMS:
            break
    return tuple(chosen)
