"""The answer to a search: the papers found, and in which way those match that do not have the words as typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from store.search.highlighting import Highlights
from store.search.window import PaperIds


class Stopped(Exception):
    """Raised when a search is stopped because its answer is no longer needed."""


# The ways in which a paper may match although it does not have the words as they were typed.
#   forms      the paper has another inflection or spelling of a word
#   acronyms   the paper has an acronym instead of the words that it stands for, or the reverse
#   ordinary   words such as "papers about" were ignored, because they do not describe what a paper is about
#   texts      the words are in the full text of the paper
#   corrected  a word of the filter differs from a word of the paper in one or two letters
#   most       the paper has most of the words; no paper has all of them
Kind = Literal["forms", "acronyms", "ordinary", "texts", "corrected", "most"]


class Inexact(msgspec.Struct, frozen=True):
    """Papers of an answer that match in the way `kind` and not exactly, and their number.

    `words` are the words that these papers have instead of the typed ones. For the kind "acronyms", they are the
    acronym or the words that it stands for; for "ordinary", the ignored words; for "most", all words that were searched
    for.
    """

    kind: Kind
    count: int
    words: tuple[str, ...] = ()


class SimilarPaper(msgspec.Struct, frozen=True):
    """A paper of an answer to `like:`.

    `likeness` is the score of the paper divided by the score of the paper to which it is similar: from 0 to about 1. If
    it is similar to several papers, it is the lowest likeness. `words` are the words that make it similar, those that
    count most first.
    """

    id: int
    likeness: float
    words: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """The papers that a search found, the best match first.

    The first `exact` papers match the words as they were typed. The papers of each element of `inexact` follow, in the
    order of these elements. A `partial` answer contains only the first papers; the whole answer follows later.
    `unindexed` is the number of papers in the library that the search could not consider, because they are not in the
    index yet. `similar` has the papers of an answer to `like:`, the most similar first, and `liked` the titles of
    the papers to which they are similar. `notes` are messages about
    parts of the request that could not be evaluated. They quote text that the user typed or pasted, which is untrusted.
    `is_ranked` is true if the papers are sorted by the reader's taste. Those in `by_chance` were chosen by chance, and
    `fitting` maps papers to the names of saved filters that they fit.
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
