"""The answer to a search."""

from __future__ import annotations

from typing import Literal

import msgspec

from store.search.highlighting import Highlights
from store.search.window import PaperIds


class Stopped(Exception):
    """The search was stopped because its answer is no longer needed."""


# Why papers are in an answer that do not have the words as they were typed.
#   forms      words have another inflection or spelling
#   acronyms   an acronym is spelt out, or the reverse
#   ordinary   words that say nothing of what a paper is about ("papers about …") are left out
#   corrected  words have wrong letters
#   most       no paper has all the words: these have most of them
Kind = Literal["forms", "acronyms", "ordinary", "corrected", "most"]


class Inexact(msgspec.Struct, frozen=True):
    """Some papers of an answer that match in another way: how, how many, and the words that they have instead.

    For `acronyms` that is the acronym or what it stands for, for `ordinary` the words that were left out, and for
    `most` all words that count.
    """

    kind: Kind
    count: int
    words: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The papers that a search found, the best match first.

    The first `exact` papers match the words as they were typed; those of each part of `inexact` follow in its order.
    A `partial` answer holds only the papers at the beginning of the list; the whole answer follows. `unindexed` is
    the number of papers in the library that the search could not look at, because they are not in the index yet.
    """

    ids: PaperIds
    exact: int
    highlights: Highlights
    partial: bool = False
    unindexed: int = 0
    inexact: tuple[Inexact, ...] = ()
