"""Search: from a view, a filter and a sort order to the papers of the list, the best match first.

tiers.py says in which order the matches come. What matches equally is ranked by ranking.py if there is little of it,
and is otherwise sorted by date. A search that finds little is completed with papers that have the words mistyped.
A view that is a list of its own (a listing day, the queue) keeps its order. Of all papers a search gives a window,
however many millions it finds.
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
from store.search.search_run import Request, SearchRun, Snapshot

# Up to this many ids are given as an array; more as a window.
MAX_WHOLE = 5_000
# A search waits until this many new or changed papers have been put into the index; it does not wait for more.
_MAX_AWAITED = 2_000
# SQLite calls its progress handler after this many steps of its virtual machine: every few hundred microseconds.
_STEPS = 20_000


class Search:
    """Searches a library. Use one per thread."""

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
        """The papers of `view` that match `query`. Raises Stopped once `should_stop()` is true.

        `on_first` receives a partial answer as soon as it fills a screen. With `exact_only` no other forms, corrections
        or acronyms of the words are searched for.
        """
        connection = self._library.reader()

        def check_stopped() -> None:
            if should_stop():
                raise Stopped

        check_stopped()
        self._update_index()
        index_fits = index_sync.fits(self._library)
        with _interrupted_by(connection, should_stop):
            # One state of the library for the whole answer, whatever an import does meanwhile.
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
        """Put what is missing into the index if that is quick."""
        if 0 < self._snapshots.missing_count() <= _MAX_AWAITED:
            # A search works without the newest papers when the library or the index cannot be written now.
            with contextlib.suppress(LibraryError):
                index_sync.catch_up(self._library, wait=False)


@contextlib.contextmanager
def _interrupted_by(connection: sqlite3.Connection, should_stop: Callable[[], bool]) -> Iterator[None]:
    """Interrupts queries once `should_stop()` is true and raises Stopped then; ends the transaction in any case."""
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
