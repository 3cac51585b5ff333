"""Sorts papers by how well their titles and first authors match the words of a filter."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import msgspec

from store.search.spelling import distance, letters_allowed, split_in_two
from store.search.tokenizer import tokens

# Only words of at least this many letters are counted for the length of a title. Shorter words, such as "with", mostly
# do not describe what the paper is about.
_LONG_WORD = 5
# If a title matches only after one of these words, it counts as matching at its beginning: "The Pile" for "pile".
_ARTICLES = frozenset(["a", "an", "the", "on"])


class TitleMatch(IntEnum):
    """The ways in which the words of a filter can match a title, the best match first."""

    # The words are the whole title, or all of the title before the first colon ("LoRA: …").
    NAME = 0
    # The title begins with the words.
    START = 1
    # The words are next to each other in the title.
    PHRASE = 2
    # The words are not next to each other, or not all of them are in the title.
    SCATTERED = 3


class Rank(NamedTuple):
    """How well a paper matches. Ranks are compared field by field, and the lower rank is the better match.

    For a filter of one word, the last three fields are 0, because they say nothing about how well a single word
    matches.
    """

    # The number of letters of the filter that differ from the paper's words.
    wrong_letters: int
    title_match: TitleMatch
    # The number of words of the filter that are not whole words of the title.
    partial_words: int
    # The number of words of the filter that are neither in the title nor in the name of the first author. The names of
    # other authors are not searched, because people mostly remember only the first author.
    words_elsewhere: int
    # The number of pairs of neighbouring words of the filter that are in the opposite order in the title.
    swapped: int
    # The number of long words in the title. A shorter title is better, because the filter's words are a larger part of
    # it.
    title_length: int


# How a word of the filter matches a word of a title: the number of wrong letters, whether it is only a part of the word
# in the title, and the position of that word. The lower tuple is the better match. This is a plain tuple and not a
# class, because a search creates thousands of matches, and tuples are created faster.
_WordMatch: TypeAlias = tuple[int, bool, int]


# The type of a mapping from a folded word of the filter to the words that a paper may have instead of it.
Others: TypeAlias = Mapping[str, Collection[str]]
_NO_OTHERS: Others = {}


def ranked(
    connection: sqlite3.Connection,
    paper_ids: Sequence[int],
    words: Sequence[str],
    *,
    mistyped: bool = False,
    others: Others = _NO_OTHERS,
) -> list[int]:
    """Sort papers by how well they match the folded `words`, the best match first. Equal papers keep their order.

    Papers that were removed from the library are left out.
    """
    ranks = {
        paper_id: rank(title, byline or "", words, mistyped=mistyped, others=others)
        for paper_id, title, byline in connection.execute(
            "SELECT p.id, p.title, p.byline FROM json_each(?) i JOIN paper p ON p.id = i.value",
            (msgspec.json.encode(list(paper_ids)).decode(),),
        )
    }
    return sorted((paper_id for paper_id in paper_ids if paper_id in ranks), key=ranks.__getitem__)


def rank(title: str, byline: str, words: Sequence[str], *, mistyped: bool = False, others: Others = _NO_OTHERS) -> Rank:
    """The rank of a paper with this title and byline (author names separated by commas) for the folded `words`.

    With `mistyped`, words may have wrong letters. The title may have any of the words in `others[word]` instead of
    `word`.
    """
    title_tokens = list(tokens(title))
    if others:
        typed = {other: word for word, other_words in others.items() for other in other_words}
        title_tokens = [(typed.get(token, token), start, end) for token, start, end in title_tokens]
    title_words = [token for token, _, _ in title_tokens]
    colon = title.find(":")
    name_length = sum(start < colon for _, start, _ in title_tokens) if colon >= 0 else len(title_words)
    first_author = {token for token, _, _ in tokens(byline.split(",", 1)[0])}
    wrong_letters = partial_words = words_elsewhere = 0
    positions: list[int] = []
    joined = _joined_matches(words, title_words) if mistyped else {}
    for at, word in enumerate(words):
        allowed = letters_allowed(word) if mistyped else 0
        match = joined.get(at) or _best_match(word, title_words, allowed)
        if match is None:
            partial_words += 1
            words_elsewhere += word not in first_author
            # The paper has the word in another field, and the number of wrong letters there is not known. Assume the
            # largest number that is allowed.
            wrong_letters += allowed
            continue
        wrong_letters += match[0]
        partial_words += match[1]
        positions.append(match[2])
    title_match = _title_match(words, title_words, name_length)
    if len(words) == 1:
        return Rank(wrong_letters, title_match, partial_words, 0, 0, 0)
    swapped = sum(1 for first, second in pairwise(positions) if second < first)
    title_length = sum(len(token) >= _LONG_WORD for token in set(title_words))
    return Rank(wrong_letters, title_match, partial_words, words_elsewhere, swapped, title_length)


def _title_match(words: Sequence[str], title_words: Sequence[str], name_length: int) -> TitleMatch:
    """The way in which the words match a title. The first `name_length` words of the title are the part before its
    colon.
    """
    *whole, last = words
    starts = [
        at
        for at in range(len(title_words) - len(whole))
        if title_words[at + len(whole)].startswith(last) and title_words[at : at + len(whole)] == whole
    ]
    if not starts:
        return TitleMatch.SCATTERED
    title_start = 1 if title_words[0] in _ARTICLES and 0 not in starts else 0
    # If the filter is a single word, it must match a whole word of the title, because too many words may begin with it.
    if title_start not in starts or not (whole or title_words[title_start] == last):
        return TitleMatch.PHRASE
    is_name = name_length - title_start == len(words) and title_words[title_start + len(words) - 1] == last
    return TitleMatch.NAME if is_name else TitleMatch.START


def _joined_matches(words: Sequence[str], title_words: Sequence[str]) -> dict[int, _WordMatch]:
    """Matches of two neighbouring words of the filter with a single word of the title, by the positions of the two in
    `words`.
    """
    matches: dict[int, _WordMatch] = {}
    for at, (first, second) in enumerate(pairwise(words)):
        joined = first + second
        for position, token in enumerate(title_words):
            if token.startswith(joined):
                matches[at] = matches[at + 1] = (0, token != joined, position)
                break
    return matches


def _best_match(word: str, title_words: Sequence[str], allowed: int) -> _WordMatch | None:
    """The best match of a word in a title with at most `allowed` wrong letters. None if the title does not match."""
    if not allowed:
        prefixed = [
            (0, token != word, position) for position, token in enumerate(title_words) if token.startswith(word)
        ]
        return min(prefixed, default=None)
    matches = [
        (near[0], token != word, position)
        for position, token in enumerate(title_words)
        if (near := distance(word, token, allowed)) is not None
    ]
    # The title may contain the word as two words: "pre training" for "pretraining".
    matches += [
        (0, title_words[position] + title_words[position + 1] != word, position)
        for position in split_in_two(word, title_words)
    ]
    return min(matches, default=None)
