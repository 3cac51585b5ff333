"""The threads that search the library and count the papers of its views, so that no key waits for an answer."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump

from store.library.library import Library
from store.papers import list_rows, views
from store.papers.views import CountedView, CountedViews, Sort, View
from tui.workers.messages import WorkFailed

if TYPE_CHECKING:
    from store.marks.saved_filters import SavedFilter
    from store.search.answer import Answer
    from store.search.query import Query
    from store.search.search import Search
    from store.search.window import PaperIds

# The papers with the status "new" are counted only in lists of at most this many papers, because counting takes longer
# in a longer list.
_MOST_COUNTED = 5_000
# While the papers of the views are counted, SQLite calls the check for a new request after this many steps of its
# virtual machine. These steps take a few hundred microseconds.
_STEPS = 20_000
# The search for the rest of an answer waits until the first part is drawn, but at most this long (s). Without this
# pause, the search would delay the drawing, because Python runs only one thread at a time.
_SHOWING_SECONDS = 0.02


class SearchRequest(msgspec.Struct, frozen=True):
    """A request for the papers of the list.

    `generation` is the number of the request, which must be higher than the numbers of all earlier requests.

    `paper` is the id of the paper to which the cursor will go, or None. `near` is the index in the list at which the
    cursor is expected. `margin` is how many papers around that index are read from the library in advance. With
    `exact_only`, papers that contain the words of the query only in another form or spelling are left out.
    """

    generation: int
    view: View
    query: Query
    sort: Sort
    paper: int | None = None
    near: int = 0
    margin: int = 0
    exact_only: bool = False


class SearchAnswered(Message):
    """The answer to a request, or the first part of the answer."""

    def __init__(self, request: SearchRequest, answer: Answer) -> None:
        super().__init__()
        self.request = request
        self.answer = answer

    def can_replace(self, message: Message) -> bool:
        """Whether Textual may drop this message because `message`, the next one in the queue, is as new or newer."""
        return isinstance(message, SearchAnswered) and message.request.generation >= self.request.generation


class SearchFailed(WorkFailed):
    """A request could not be answered."""

    def __init__(self, request: SearchRequest, text: str) -> None:
        super().__init__(text)
        self.request = request


class ViewsCounted(Message):
    """The papers of the views were counted: all views, each with its number of papers."""

    def __init__(self, views: CountedViews) -> None:
        super().__init__()
        self.views = views

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ViewsCounted)


class UnseenCounted(Message):
    """The number of papers of the list with the status "new"; None when the list is too long to count them."""

    def __init__(self, count: int | None) -> None:
        super().__init__()
        self.count = count

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, UnseenCounted)


class SearchWorker:
    """Answers the newest search request, and counts the papers of the views when no request is waiting.

    A query to the search index cannot be interrupted. While a query for an outdated request still runs in the first
    thread, a second thread answers the next request.
    """

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        """`receiver` gets SearchAnswered, SearchFailed, ViewsCounted, UnseenCounted and WorkFailed messages."""
        self._library = library
        self._receiver = receiver
        # The newest request, or None when a thread has taken it; the generation and the view of the newest request; and
        # the number of requests that the threads are answering now.
        self._request: SearchRequest | None = None
        self._newest = 0
        self._view: View | None = None
        self._answering = 0
        self._must_count = False
        # The papers of the list, and whether those of them with the status "new" must be counted.
        self._listed: PaperIds | None = None
        self._must_count_unseen = False
        # The last counts of the views of saved filters. They are used only in the thread that counts.
        self._saved: list[CountedView] = []
        self._is_over = False
        self._changed = threading.Condition()
        self._shown = threading.Event()
        self._threads = tuple(
            threading.Thread(target=self._run, args=(is_second,), name="searcher", daemon=True)
            for is_second in (False, True)
        )

    def start(self) -> None:
        """Start the threads. Of the requests that were made before the start, they answer only the newest."""
        for thread in self._threads:
            thread.start()

    def search(self, request: SearchRequest) -> None:
        """Answer `request` in a thread, and drop all older requests."""
        with self._changed:
            self._request, self._newest, self._view = request, request.generation, request.view
            self._changed.notify_all()
        self._shown.set()

    def go_on(self) -> None:
        """Let the search find the rest of an answer. Call this when the first part was drawn, or will not be drawn.

        This may be called from any thread.
        """
        self._shown.set()

    def count_views(self) -> None:
        """Count the papers of the views, and the new papers of the list, as soon as no request is waiting."""
        with self._changed:
            self._must_count = self._must_count_unseen = True
            self._changed.notify_all()

    def count_unseen(self, papers: PaperIds) -> None:
        """Count how many of `papers` have the status "new", as soon as no request is waiting.

        `papers` must be all the papers that the list shows now.
        """
        with self._changed:
            self._listed, self._must_count_unseen = papers, True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the threads."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._shown.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=5)

    def _run(self, is_second: bool) -> None:
        search: Search | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or self._has_work(is_second))
                if self._is_over:
                    return
                request, self._request = self._request, None
                must_count = must_count_unseen = False
                if request is None:
                    must_count, self._must_count = self._must_count, False
                    must_count_unseen, self._must_count_unseen = self._must_count_unseen, False
                else:
                    self._answering += 1
            try:
                if request is None:
                    if must_count_unseen:
                        self._count_unseen()
                    if must_count:
                        search = self._count(search)
                    continue
                search = search or _new_search(self._library)
                self._answer(search, request)
            except Exception as error:  # Catch everything, because without this thread no search would be answered.
                # Imported here, because a search rarely fails.
                from store.doctor.unexpected_errors import explained

                reason = explained(self._library, error) or error
                if request is not None:
                    self._receiver.post_message(SearchFailed(request, f"the search failed: {reason}"))
                elif not self._is_over:
                    self._receiver.post_message(WorkFailed(f"the views could not be counted: {reason}"))
            finally:
                if request is not None:
                    with self._changed:
                        self._answering -= 1
                        self._changed.notify_all()

    def _has_work(self, is_second: bool) -> bool:
        """Whether there is work for the first thread or, if `is_second` is set, for the second thread.

        The second thread has work only while the first one is busy.
        """
        if is_second:
            return self._request is not None and self._answering > 0
        must_count = self._must_count or self._must_count_unseen
        return self._request is not None or (must_count and not self._answering)

    def _count(self, search: Search | None) -> Search | None:
        """Count the papers of the views. If a search request arrives meanwhile, stop, and count again after its answer.

        Returns `search`. If that is None and there are saved filters, a Search object is made and returned, because
        counting the papers of a saved filter needs a search.
        """
        # Imported here, because finding the first list of papers does not need this module.
        from store.marks import saved_filters

        connection = self._library.reader()
        connection.set_progress_handler(lambda: int(self._is_over or self._request is not None), _STEPS)
        try:
            counted = views.counted_views(connection, self._view)
            saved = saved_filters.read_all(connection)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                raise
            self._must_count = True
            return search
        finally:
            connection.set_progress_handler(None, 0)
        known = {each.view: each.count for each in self._saved}
        self._saved = [_counted(each, known.get(View("filter", each.name), 0)) for each in saved]
        self._receiver.post_message(ViewsCounted(counted.with_saved(self._saved)))
        if saved:
            search = search or _new_search(self._library)
            self._count_saved(search, saved, counted)
        return search

    def _count_saved(self, search: Search, saved: Sequence[SavedFilter], counted: CountedViews) -> None:
        """Count the new papers of the saved filters.

        If a search request arrives meanwhile, stop, and count again later.
        """
        from store.search.answer import Stopped
        from store.search.query import Is, Query

        def should_stop() -> bool:
            return self._is_over or self._request is not None

        new, every = Query("", Is("new")), Query("", None)
        exact: list[CountedView] = []
        try:
            for each in saved:
                view = View("filter", each.name)
                answer = search.answer(view, new, should_stop=should_stop, exact_only=True)
                if not answer.ids and not search.answer(view, every, should_stop=should_stop, exact_only=True).ids:
                    # No paper contains the words of the saved filter as they are written, so the view shows papers with
                    # similar words. Count these papers.
                    answer = search.answer(view, new, should_stop=should_stop)
                exact.append(_counted(each, len(answer.ids)))
        except Stopped:
            self._must_count = True
            return
        if exact != self._saved:
            self._saved = exact
            self._receiver.post_message(ViewsCounted(counted.with_saved(exact)))

    def _count_unseen(self) -> None:
        papers = self._listed
        if papers is not None:
            count = list_rows.new_count(self._library.reader(), papers[:]) if len(papers) <= _MOST_COUNTED else None
            self._receiver.post_message(UnseenCounted(count))

    def _answer(self, search: Search, request: SearchRequest) -> None:
        """Answer `request`. Stop without an answer if a newer request arrives meanwhile."""
        from store.search.answer import Stopped
        from store.search.window import Window

        def is_outdated() -> bool:
            return self._is_over or self._newest != request.generation

        def post_first_part(first: Answer) -> None:
            """Post the first part of the answer, and wait until it has been drawn before the search goes on."""
            self._shown.clear()
            self._receiver.post_message(SearchAnswered(request, first))
            if not is_outdated():
                self._shown.wait(_SHOWING_SECONDS)

        with contextlib.suppress(Stopped):
            answer = search.answer(
                request.view, request.query, request.sort, is_outdated, post_first_part, exact_only=request.exact_only
            )
            window = answer.ids if isinstance(answer.ids, Window) else None
            if window:
                # Read the papers that are about to be drawn in this thread, so that the event loop need not read them.
                window.read_around(request.near, request.margin, request.paper)
            self._receiver.post_message(SearchAnswered(request, answer))
            if window and not is_outdated():
                # Also read the papers at the end of the list, because the user can move the cursor there with a single
                # key.
                window.read_around(len(window), request.margin)


def _new_search(library: Library) -> Search:
    # Imported here, because importing the search engine takes as long as importing everything that the first screen
    # needs.
    from store.search.search import Search

    return Search(library, trains_at_once=False)


def _counted(saved: SavedFilter, count: int) -> CountedView:
    return CountedView(View("filter", saved.name), count, saved.key or "")
