"""The thread that finds, for the paper under the cursor, similar papers and the reasons for its place in the list."""

from __future__ import annotations

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
# The shortest time between two trainings of the model of the user's taste (s). The thread trains it while it is idle.
_TRAINING_SECONDS = 600.0


class PaperExplained(Message):
    """The explanation of a paper."""

    def __init__(self, paper_id: int, explanation: Explanation) -> None:
        super().__init__()
        self.paper_id = paper_id
        self.explanation = explanation

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, PaperExplained)


class PaperExplainer:
    """Explains the paper that was requested last. While idle, it trains the model of the user's taste."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        """`receiver` gets PaperExplained and WorkFailed messages."""
        self._library = library
        self._receiver = receiver
        self._request: tuple[int, Answer | None] | None = None
        self._is_over = False
        self._is_busy = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def explain(self, paper_id: int, answer: Answer | None) -> None:
        """Explain a paper of `answer`, which the list shows, and drop older requests."""
        with self._changed:
            self._request = paper_id, answer
            self._changed.notify_all()
        if self._thread is None:
            # Start the thread only now, so that the first list need not wait for it.
            self._thread = threading.Thread(target=self._run, name="explainer", daemon=True)
            self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether no request is waiting or being answered."""
        return self._request is None and not self._is_busy

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        # Imported in this thread, because the first list must not wait for the import of the search engine.
        from store.search.search import Search

        search = Search(self._library, trains_at_once=False)
        trained_at: float | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or self._request is not None)
                if self._is_over:
                    return
                request, self._request = self._request, None
                self._is_busy = True
            try:
                if request is not None:
                    self._explain(search, *request)
                if trained_at is None or time.monotonic() - trained_at > _TRAINING_SECONDS:
                    trained_at = time.monotonic()
                    search.train(lambda: self._is_over)
            except Exception as error:  # Catch everything, because without this thread no paper would be explained.
                if not self._is_over:
                    self._receiver.post_message(WorkFailed(f"similar papers could not be found: {error}"))
            finally:
                self._is_busy = False

    def _explain(self, search: Search, paper_id: int, answer: Answer | None) -> None:
        explanation = explain(self._library, search, paper_id, answer)
        self._receiver.post_message(PaperExplained(paper_id, explanation))


def explain(library: Library, search: Search, paper_id: int, answer: Answer | None) -> Explanation:
    """The explanation of a paper of `answer`, which the list shows. This must not be called by the event loop."""
    from store.papers import queries
    from tui.render.explanation import Explanation

    similar = search.similar(paper_id, _MOST_SIMILAR)
    rows = queries.list_rows(library.reader(), [each.id for each in similar])
    titles = {row.id: row.title for row in rows}
    reasons = search.reasons_in(answer, [paper_id]).get(paper_id) if answer is not None else None
    shared = next((each.words for each in answer.similar if each.id == paper_id), ()) if answer is not None else ()
    pairs = tuple((each, titles[each.id]) for each in similar if each.id in titles)
    return Explanation(pairs, reasons, shared)
