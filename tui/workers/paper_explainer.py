"""The thread that finds similar papers for the paper under the cursor, and the reasons for its position in the list."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from store.library.library import Library
from tui.workers.messages import WorkFailed

if TYPE_CHECKING:
    from store.search.answer import Answer
    from store.search.search import Search
    from tui.render.explanation import Explanation

# The detail pane shows this many similar papers.
_MOST_SIMILAR = 5
# The model of the user's taste is trained when no key was pressed for this time (s). Training takes a second or two, in
# which the application reacts to keys more slowly.
_IDLE_SECONDS = 10.0
# The shortest time between two trainings (s).
_TRAINING_SECONDS = 600.0
# Freed memory is returned to the system at most once in this time (s).
_FREEING_SECONDS = 60.0
# During training, the thread sleeps for this time (s) every few milliseconds, so that other threads can run. Without
# these pauses, another thread would have to wait up to 5 ms for Python's interpreter lock.
_YIELD_SECONDS = 0.0005


class PaperExplained(Message):
    """The explanation of a paper (similar papers, reasons for its position in the list) is ready."""

    def __init__(self, paper_id: int, explanation: Explanation) -> None:
        super().__init__()
        self.paper_id = paper_id
        self.explanation = explanation

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, PaperExplained)


class PaperExplainer:
    """Explains the paper that was requested last. Trains the model of the user's taste when the user is idle."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        """`receiver` gets PaperExplained and WorkFailed messages."""
        self._library = library
        self._receiver = receiver
        self._request: tuple[int, Answer | None] | None = None
        self._is_over = False
        # The time at which the user last pressed a key, on the clock of `time.monotonic`.
        self._active_at = time.monotonic()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def explain(self, paper_id: int, answer: Answer | None) -> None:
        """Request the explanation of a paper, and drop older requests.

        `answer` is the search answer that the list shows.
        """
        with self._changed:
            self._request = paper_id, answer
            self._changed.notify_all()
        if self._thread is None:
            # Start the thread only at the first request, so that it does not delay the first list of papers.
            self._thread = threading.Thread(target=self._run, name="explainer", daemon=True)
            self._thread.start()

    def note_activity(self) -> None:
        """Stop training, because the user pressed a key. Training begins again when the user is idle."""
        self._active_at = time.monotonic()

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        # Imported in this thread, because importing the search engine would delay the first list of papers.
        from store.search.search import Search
        from tui.workers import freed_memory

        search = Search(self._library, trains_at_once=False)
        next_training = next_freeing = 0.0
        while True:
            request = self._next(next_training)
            if self._is_over:
                return
            try:
                if request is not None:
                    self._explain(search, *request)
                elif self._train(search):
                    next_training = time.monotonic() + _TRAINING_SECONDS
            except Exception as error:  # Catch everything, because without this thread no paper would be explained.
                next_training = time.monotonic() + _TRAINING_SECONDS
                if not self._is_over:
                    self._receiver.post_message(WorkFailed(f"similar papers could not be found: {error}"))
            if time.monotonic() > next_freeing:
                next_freeing = time.monotonic() + _FREEING_SECONDS
                freed_memory.give_back()

    def _next(self, next_training: float) -> tuple[int, Answer | None] | None:
        """Wait for the next request and return it.

        Returns None when it is time to train, at `next_training` or later.
        """
        with self._changed:
            while not self._is_over and self._request is None:
                wait = max(next_training, self._active_at + _IDLE_SECONDS) - time.monotonic()
                if wait <= 0:
                    break
                self._changed.wait(wait)
            request, self._request = self._request, None
            return request

    def _train(self, search: Search) -> bool:
        """Train the model if marks have changed. Returns False if training was stopped before its end."""
        from store.search.answer import Stopped

        began = time.monotonic()

        def should_stop() -> bool:
            time.sleep(_YIELD_SECONDS)
            return self._is_over or self._request is not None or self._active_at > began

        with contextlib.suppress(Stopped):
            search.train(should_stop)
        return not should_stop()

    def _explain(self, search: Search, paper_id: int, answer: Answer | None) -> None:
        explanation = explain(self._library, search, paper_id, answer)
        self._receiver.post_message(PaperExplained(paper_id, explanation))


def explain(library: Library, search: Search, paper_id: int, answer: Answer | None) -> Explanation:
    """The explanation of a paper. `answer` is the search answer that the list shows.

    Call this only outside the event loop.
    """
    from store.papers import list_rows
    from tui.render.explanation import Explanation

    similar = search.similar(paper_id, _MOST_SIMILAR)
    rows = list_rows.read(library.reader(), [each.id for each in similar])
    titles = {row.id: row.title for row in rows}
    reasons = search.reasons_in(answer, [paper_id]).get(paper_id) if answer is not None else None
    shared = next((each.words for each in answer.similar if each.id == paper_id), ()) if answer is not None else ()
    pairs = tuple((each, titles[each.id]) for each in similar if each.id in titles)
    return Explanation(pairs, reasons, shared)
