"""How well papers fit words: which of those that have them stands first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

import msgspec

from store.search.spelling import distance, letters_allowed, split_in_two
from store.search.tokenizer import tokens

# A word of so many letters says what a title is about; "with" and "from" do not.
_LONG = 5
# What a title may have before what it is called by.
_ARTICLES = frozenset(["a", "an", "the", "on"])


class Place(IntEnum):
    """Where in a title the words are: all of it, or of what stands before its first colon ("LoRA: …"); at its
    beginning; in a row somewhere; or apart."""

    NAME = 0
    BEGINNING = 1
    ROW = 2
    APART = 3


class Fit(NamedTuple):
    """How well a paper fits, what counts most first; less is better.

    Letters that are wrong; where the words stand in a row in the title, the last perhaps only begun; words that are not
    whole in the title; words that are not in the title and not in the name of the first author, whom one remembers;
    words that come before one that was typed before them; and how many long words the title has: of a short one two
    words are more. Of one word alone every title has as much: the last three are the same for all.
    """

    wrong: int
    place: Place
    partial: int
    elsewhere: int
    swapped: int
    length: int


def ranked(
    connection: sqlite3.Connection, papers: Sequence[int], words: Sequence[str], *, mistyped: bool = False
) -> list[int]:
    """Papers by how well they fit the folded `words`; else in the order that they come. Who has gone is left out."""
    fits = {
        number: fit(title, byline or "", words, mistyped=mistyped)
        for number, title, byline in connection.execute(
            "SELECT p.id, p.title, p.byline FROM json_each(?) i JOIN paper p ON p.id = i.value",
            (msgspec.json.encode(list(papers)).decode(),),
        )
    }
    return sorted((number for number in papers if number in fits), key=fits.__getitem__)


def fit(title: str, byline: str, words: Sequence[str], *, mistyped: bool = False) -> Fit:
    """How well a title, and the names of authors separated by commas, fit folded words."""
    cut = list(tokens(title))
    found = [token for token, _, _ in cut]
    named = sum(start < colon for _, start, _ in cut) if (colon := title.find(":")) >= 0 else len(found)
    first_author = {token for token, _, _ in tokens(byline.split(",", 1)[0])}
    wrong = partial = elsewhere = 0
    places: list[int] = []
    as_one = _written_as_one(words, found) if mistyped else {}
    for at, word in enumerate(words):
        most = letters_allowed(word) if mistyped else 0
        best = as_one.get(at) or _best(word, found, most)
        if best is None:
            partial += 1
            elsewhere += word not in first_author
            # How many are wrong where it was found is not looked at: it may be all that may.
            wrong += most
            continue
        wrong += best[0]
        partial += best[1]
        places.append(best[2])
    swapped = sum(1 for one, other in pairwise(places) if other < one)
    return Fit(
        wrong,
        _place(words, found, named),
        partial,
        *((elsewhere, swapped, sum(len(token) >= _LONG for token in set(found))) if len(words) > 1 else (0, 0, 0)),
    )


def _place(words: Sequence[str], found: Sequence[str], named: int) -> Place:
    """Where the words are in a title whose first `named` words are its name."""
    *whole, last = words
    count = len(words)
    rows = [
        at
        for at in range(len(found) - len(whole))
        if found[at + len(whole)].startswith(last) and found[at : at + len(whole)] == whole
    ]
    if not rows:
        return Place.APART
    start = 1 if found[0] in _ARTICLES and 0 not in rows else 0
    # One word may be the beginning of very many.
    if start not in rows or not (whole or found[start] == last):
        return Place.ROW
    return Place.NAME if named - start == count and found[start + count - 1] == last else Place.BEGINNING


def _written_as_one(words: Sequence[str], found: Sequence[str]) -> dict[int, tuple[int, bool, int]]:
    """For the places of two words that a title has as one: what `_best` says."""
    fits: dict[int, tuple[int, bool, int]] = {}
    for at, (one, other) in enumerate(pairwise(words)):
        joined = one + other
        for place, token in enumerate(found):
            if token.startswith(joined):
                fits[at] = fits[at + 1] = (0, token != joined, place)
                break
    return fits


def _best(word: str, found: Sequence[str], most: int) -> tuple[int, bool, int] | None:
    """How many letters are wrong where a word fits best, whether it is not whole there, and where that is."""
    if most:
        near = ((distance(word, token, most), token, place) for place, token in enumerate(found))
        fits = [(each[0], token != word, place) for each, token, place in near if each is not None]
        # Written as two words.
        fits += ((0, found[place] + found[place + 1] != word, place) for place in split_in_two(word, found))
        return min(fits, default=None)
    return min(((0, token != word, place) for place, token in enumerate(found) if token.startswith(word)), default=None)
