"""The thread that undoes an import: it removes the data of the imported file from the library.

It is a separate thread so that neither the event loop nor the thread that writes marks waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message_pump import MessagePump

from store.importing.undo import Withdrawn, withdraw
from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from tui.workers.messages import WorkFailed
from tui.workers.write_worker import WriteDone

# How long to wait until the thread has finished its current batch (s). A batch takes 0.05 s, or more when the disk is
# busy.
_END_SECONDS = 5.0


class Withdrawal:
    """Undoes imports in a thread, one at a time. The caller must not call `start` while `is_running` is True."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        """`receiver` gets WriteDone messages with the progress and the result, or a WorkFailed message."""
        self._library = library
        self._receiver = receiver
        self._thread: threading.Thread | None = None
        self._must_stop = threading.Event()
        # True from `start` until the result has arrived. `Thread.is_alive` cannot be used instead, because the thread
        # may still be alive when its result arrives.
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether an import is being undone. It is already False when `then` (see `start`) is called."""
        return self._is_running

    def start(
        self, log_id: int, on_step: Callable[[tuple[int, int]], None], then: Callable[[Withdrawn | None], None]
    ) -> None:
        """Start to undo the import whose entry in the import log has the id `log_id`.

        During the work, `on_step` is called with two numbers: how many entries (papers) of the listing are removed so
        far, and how many entries it has. At the end, `then` is called with the result, or with None after a failure.
        Both functions are called in the event loop.
        """

        def finished(withdrawn: Withdrawn | None) -> None:
            self._is_running = False
            then(withdrawn)

        def carry_out() -> None:
            try:
                withdrawn = withdraw(
                    self._library,
                    log_id,
                    on_step=lambda done, whole: self._post((done, whole), on_step),
                    should_stop=self._must_stop.is_set,
                )
            except (LibraryError, ListingError, OSError) as error:
                self._receiver.post_message(WorkFailed(f"not taken back: {error}", lambda: finished(None)))
            else:
                self._post(withdrawn, finished)

        self._is_running = True
        self._thread = threading.Thread(target=carry_out, name="withdrawal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current batch.

        If the undo of the same import is started again later, it removes only the rest of the data.
        """
        self._must_stop.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _post(self, result: object, then: Callable[..., None]) -> None:
        self._receiver.post_message(WriteDone(result, then))
