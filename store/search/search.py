"""Search: finds the papers of a view that match a filter, the best match first.

tiers.py and stages.py define the order of the matches. Papers that match equally well are ranked by ranking.py if they
are few, and are otherwise sorted by date. If few papers match exactly, papers with wrong letters in the words follow.
A view with an order of its own (a listing day, the queue) keeps that order. A search among all papers may find
millions, so its result is a Window, which reads the ids when they are needed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import Sort, View
from store.search import index_sync
from store.search.answer import Answer, Stopped
from store.search.query import Query
from store.search.request import Request, Snapshot
from store.search.search_run import SearchRun

# An answer with at most this many papers contains their ids as an array; a larger one contains a Window.
MAX_WHOLE = 5_000
# If at most this many papers are missing or out of date in the index, a search first updates the index. If there are
# more, the search does not wait for them.
_MAX_AWAITED = 2_000
# SQLite calls its progress handler after this many steps of its virtual machine: every few hundred microseconds.
_STEPS = 20_000


class Search:
    """Searches a library. Each thread must use an object of its own."""

    def __init__(self, library: Library, *, max_whole: int = MAX_WHOLE) -> None:
        self._library = library
        self._snapshots = index_sync.Snapshots(library)
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
        connection = self._library.reader()

        def check_stopped() -> None:
            if should_stop():
                raise Stopped

        check_stopped()
        self._update_index()
        index_fits = index_sync.fits(self._library)
        with _interrupted_by(connection, should_stop):
            # Use one transaction, so that the whole answer is of one state of the library, even during an import.
            connection.execute("BEGIN")
            searcher = self._snapshots.newest(connection) if index_fits else None
            snapshot = Snapshot(
                searcher,
                removed=self._snapshots.removed(connection) if searcher else [],
                unindexed=index_sync.unindexed_count(connection) if searcher else index_sync.paper_count(connection),
            )
            request = Request(view, query, sort, check_stopped, on_first, exact_only)
            return SearchRun(self._library, connection, request, snapshot).answer(self._max_whole)

    def _update_index(self) -> None:
        """Update the index, if few papers are missing or out of date in it."""
        if 0 < self._snapshots.missing_count() <= _MAX_AWAITED:
            # If the library or the index cannot be written now, search without the newest papers.
            with contextlib.suppress(LibraryError):
                index_sync.catch_up(self._library, wait=False)


@contextlib.contextmanager
def _interrupted_by(connection: sqlite3.Connection, should_stop: Callable[[], bool]) -> Iterator[None]:
    """A context that interrupts SQL queries and raises Stopped once `should_stop()` returns True.

    At the end of the context, an open transaction is ended.
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
