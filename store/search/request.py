"""The types of the two inputs of a search: the request of the user, and the state of the index that is searched."""

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

    The search often calls `check_stopped`, a function that raises Stopped once the answer is no longer needed. The
    search also calls `on_first` with partial answers, so that the screen can show papers before the search has ended.
    With `exact_only`, the search finds only papers that match the words as they were typed.
    """

    view: View
    query: q.Query
    sort: Sort
    check_stopped: Callable[[], None]
    on_first: Callable[[Answer], object]
    exact_only: bool = False

    @property
    def is_by_taste(self) -> bool:
        """Whether the papers are sorted by the user's taste."""
        return self.sort == "for-you" or (self.view.kind == "for-you" and self.sort == "best")


class Snapshot(NamedTuple):
    """One state of the index.

    `searcher` is None while there is no index that can be used. For example, there is none after a backup of the
    library was restored, until the index has been built again (index_sync.py). `removed` are queries for papers that
    were removed from the library but are still in the index. `unindexed` is how many papers of the library are missing
    in the index or were changed since they were indexed.
    """

    searcher: Searcher | None
    removed: list[tantivy.Query]
    unindexed: int
