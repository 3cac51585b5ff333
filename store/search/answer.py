"""The answer to a search: the papers found, and for inexact matches, how they differ from the words that were typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from store.search.highlighting import Highlights
from store.search.window import PaperIds


class Stopped(Exception):
    """Raised when a search is stopped because its answer is no longer needed."""


# The kinds of inexact matches: a paper matches a filter although it does not have the words as they were typed.
#   forms      the paper has another inflection or spelling of a word
#   acronyms   the paper has an acronym instead of the words that it stands for, or the reverse
#   ordinary   words such as "papers about" were ignored, because they do not describe what a paper is about
#   texts      the words are in the full text of the paper
#   corrected  a word of the filter differs from a word of the paper in one or two letters
#   most       the paper has most of the words; no paper has all of them
Kind = Literal["forms", "acronyms", "ordinary", "texts", "corrected", "most"]


class Inexact(msgspec.Struct, frozen=True):
    """The papers in an answer that are inexact matches of one kind (see the list of kinds above).

    `count` is the number of these papers. `words` are the words that these papers have instead of the typed ones. If
    `kind` is "acronyms", `words` are the acronym or the words that it stands for; if it is "ordinary", the ignored
    words; if it is "most", all words that were searched for.
    """

    kind: Kind
    count: int
    words: tuple[str, ...] = ()


class SimilarPaper(msgspec.Struct, frozen=True):
    """A paper in the answer to a filter such as "like:2510.01234", which asks for papers similar to a given paper.

    `likeness` is the score of this paper divided by the score that the given paper itself would get: from 0 to about 1.
    If several papers are given, `likeness` is the lowest of its values for the given papers. `words` are the most
    important words that this paper shares with the given papers, the most important first.
    """

    id: int
    likeness: float
    words: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """The papers that a search found, the best match first.

    `ids` begins with the ids of the papers that match the words as they were typed; `exact` is the number of these
    papers. Then the ids of the inexact matches follow, group by group in the order of `inexact`. There is one
    exception: if the filter has several words, papers with other forms of the words in the title come before exact
    matches in the abstract. A `partial` answer contains only the first papers; the complete answer follows later.
    `unindexed` is how many papers of the library the search could not find, because they are not in the index yet.

    `similar` and `liked` are set only if the filter has a condition `like:`, which asks for papers similar to a named
    paper. `similar` has the papers with their likeness, the most similar first; `liked` has the titles of the named
    papers. `notes` are messages about parts of the filter that could not be evaluated. They quote text that the user
    typed or pasted, so remove control characters from them before they are shown.

    `is_ranked` is true if the papers are sorted by the user's taste (taste_order.py). In that case, `by_chance`
    contains the papers that were put into the list at random, and `fitting` maps each paper that matches a saved filter
    to the name of that filter.
    """

    ids: PaperIds
    exact: int
    highlights: Highlights
    partial: bool = False
    unindexed: int = 0
    inexact: tuple[Inexact, ...] = ()
    similar: tuple[SimilarPaper, ...] = ()
    liked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_ranked: bool = False
    by_chance: frozenset[int] = frozenset()
    fitting: Mapping[int, str] = MappingProxyType({})
