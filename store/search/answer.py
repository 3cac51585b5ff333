"""The answer to a search."""

from __future__ import annotations

import msgspec

from store.search.highlighting import Highlights
from store.search.window import PaperIds


class Stopped(Exception):
    """The search was stopped because its answer is no longer needed."""


class Answer(msgspec.Struct, frozen=True):
    """The papers that a search found, the best match first.

    The first `exact` papers match the words as they were typed; the others match with wrong letters. A `partial`
    answer holds only the papers at the beginning of the list; the whole answer follows. `unindexed` is the number of
    papers in the library that the search could not look at, because they are not in the index yet.
    """

    ids: PaperIds
    exact: int
    highlights: Highlights
    partial: bool = False
    unindexed: int = 0
