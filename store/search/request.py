"""What a search is asked for, and the state of the index in which it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tantivy
from tantivy import Searcher

from store.papers.views import Sort, View
from store.search import query as q
from store.search.answer import Answer


class Request(NamedTuple):
    """The parameters of a search.

    `check_stopped` is called often, and raises Stopped once the answer is no longer needed. `on_first` is called with
    partial answers. With `exact_only`, only papers that match the words as they were typed are searched for.
    """

    view: View
    query: q.Query
    sort: Sort
    check_stopped: Callable[[], None]
    on_first: Callable[[Answer], object]
    exact_only: bool = False

    @property
    def is_by_taste(self) -> bool:
        """Whether the papers are sorted by the reader's taste."""
        return self.sort == "for-you" or (self.view.kind == "for-you" and self.sort == "best")


class Snapshot(NamedTuple):
    """One state of the index.

    `searcher` is None while there is no index that belongs to the present state of the library. `removed` are queries
    for papers that were removed from the library but are still in the index. `unindexed` is the number of papers that
    are missing or out of date in the index.
    """

    searcher: Searcher | None
    removed: list[tantivy.Query]
    unindexed: int
