"""Search: finds the papers of a view that match a filter, the best match first.

tiers.py and stages.py define the order of the matches. A few papers that match equally well are ranked by ranking.py.
If there are more, they are sorted by date. If few papers match exactly, papers with wrong letters in the words follow.
In a view with a fixed order, such as a listing day or the queue, the papers found are in that order. A search among all
papers may find millions, so its result is a Window, which reads the ids when they are needed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence

import msgspec
import tantivy

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import Sort, View
from store.ranking.taste import Reasons, Taste
from store.search import index_sync, saved_views, searched_view, similar
from store.search.answer import Answer, SimilarPaper, Stopped
from store.search.query import Query
from store.search.request import Request, Snapshot
from store.search.search_run import SearchRun
from store.search.taste_order import TasteOrder

# An answer with at most this many papers contains their ids as an array; a larger one contains a Window.
MAX_WHOLE = 5_000
# If at most this many papers are missing or out of date in the index, a search first updates the index. If there are
# more, the search does not wait for them.
_MAX_AWAITED = 2_000
# SQLite calls its progress handler, which checks whether to stop, after this many instructions of its virtual machine:
# every few hundred microseconds.
_STEPS = 20_000


class Search:
    """Searches a library. Each thread must use a separate object."""

    def __init__(self, library: Library, *, max_whole: int = MAX_WHOLE, trains_at_once: bool = True) -> None:
        """Prepare to search a library, which must be open.

        With `trains_at_once`, an answer that is sorted by the user's taste first trains the model again if marks have
        changed, however long that takes. Otherwise the model is trained only if that is fast; if not, the old model is
        used until `train` is called.
        """
        self._library = library
        self._taste = TasteOrder(library, trains_at_once=trains_at_once)
        self._snapshots = index_sync.Snapshots(library)
        self._counts = similar.WordCounts()
        self._max_whole = max_whole

    def answer(
        self,
        view: View,
        query: Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = lambda: False,
        on_first: Callable[[Answer], object] = lambda answer: None,
        *,
        exact_only: bool = False,
    ) -> Answer:
        """The papers of `view` that match `query`. Raises Stopped soon after `should_stop()` returns True.

        `on_first` is called with a partial answer as soon as enough papers for a screen are found. With `exact_only`,
        no other forms, corrections or acronyms of the words are searched for.
        """

        def check_stopped() -> None:
            if should_stop():
                raise Stopped

        check_stopped()
        with self._reading(should_stop) as (connection, searcher):
            snapshot = Snapshot(
                searcher,
                removed=self._snapshots.removed(connection) if searcher else [],
                unindexed=index_sync.unindexed_count(connection) if searcher else index_sync.paper_count(connection),
            )
            wanted = saved_views.resolved(connection, view, query, sort)
            request = Request(wanted.view, wanted.query, wanted.sort, check_stopped, on_first, exact_only)
            run = SearchRun(self._library, connection, request, snapshot)
            answer = run.answer(self._max_whole)
            if request.is_by_taste and searcher is not None:
                answer = self._taste.applied(
                    connection,
                    searcher,
                    answer,
                    run.restricted,
                    list_name=f"{view} {sort} {query.text}",
                    with_chance=wanted.view.kind == "for-you",
                )
        self._taste.save()
        return answer

    def train(self, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Train the model of the user's taste if marks have changed. Returns whether there is a new model."""
        with self._reading(should_stop) as (connection, searcher):
            is_new = searcher is not None and self._taste.train(connection, searcher, should_stop)
        self._taste.save()
        return is_new

    def taste(self) -> Taste | None:
        """The model of the user's taste, or None when there is no ranking yet."""
        with self._reading(lambda: False) as (connection, searcher):
            current = None if searcher is None else self._taste.taste(connection, searcher)
        self._taste.save()
        return current

    def reasons_in(self, answer: Answer, paper_ids: Sequence[int]) -> dict[int, Reasons]:
        """For each of `paper_ids`, the reasons for its place in an answer that is sorted by the user's taste.

        Empty if the answer is not sorted by taste.
        """
        if not answer.is_ranked:
            return {}
        with self._reading(lambda: False) as (connection, searcher):
            reasons = {} if searcher is None else self._taste.reasons(connection, searcher, paper_ids)
        return {
            paper_id: msgspec.structs.replace(
                each, is_random=paper_id in answer.by_chance, filter=answer.fitting.get(paper_id)
            )
            for paper_id, each in reasons.items()
        }

    def similar(self, paper_id: int, most: int) -> list[SimilarPaper]:
        """The papers that are most similar to a paper, without hidden ones."""
        with self._reading(lambda: False) as (connection, searcher):
            if searcher is None:
                return []
            excluded = searched_view.excluded(connection, self._snapshots.removed(connection))
            return similar.similar(connection, searcher, [paper_id], excluded=excluded, most=most, counts=self._counts)

    @contextlib.contextmanager
    def _reading(self, should_stop: Callable[[], bool]) -> Iterator[tuple[sqlite3.Connection, tantivy.Searcher | None]]:
        """A context whose value is a connection to the library and a searcher of the index (None if no index can be
        used).

        Inside the context, both always show the same state. Once `should_stop()` returns True, SQL queries are
        interrupted and Stopped is raised.
        """
        connection = self._library.reader()
        self._update_index()
        index_fits = index_sync.fits(self._library)
        with _interrupted_by(connection, should_stop):
            # Use one transaction, so that a whole answer comes from one state of the library, even during an import.
            connection.execute("BEGIN")
            yield connection, self._snapshots.newest(connection) if index_fits else None

    def _update_index(self) -> None:
        """Update the index, if few papers are missing or out of date in it."""
        if 0 < self._snapshots.missing_count() <= _MAX_AWAITED:
            # If the library or the index cannot be written now, search without the newest papers.
            with contextlib.suppress(LibraryError):
                index_sync.catch_up(self._library, wait=False)


@contextlib.contextmanager
def _interrupted_by(connection: sqlite3.Connection, should_stop: Callable[[], bool]) -> Iterator[None]:
    """A context that interrupts SQL queries and raises Stopped once `should_stop()` returns True.

    If a transaction is open at the end of the context, it is ended.
    """
    connection.set_progress_handler(lambda: int(should_stop()), _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise Stopped from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
        if connection.in_transaction:
            connection.execute("COMMIT")
