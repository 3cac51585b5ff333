"""The thread that takes imports back, so that neither a key nor a mark waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message_pump import MessagePump

from store.importing.undo import Withdrawn, withdraw
from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from tui.workers.messages import WorkFailed
from tui.workers.write_worker import WriteDone

# The thread ends after its batch, which takes a twentieth of a second; a busy disk may take longer (s).
_END_SECONDS = 5.0


class Withdrawal:
    """Takes one import back at a time."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        """`receiver` gets WriteDone messages for progress and result, or a WorkFailed message."""
        self._library = library
        self._receiver = receiver
        self._thread: threading.Thread | None = None
        self._must_stop = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether an import is being taken back."""
        return self._thread is not None and self._thread.is_alive()

    def start(
        self, log_id: int, on_step: Callable[[tuple[int, int]], None], then: Callable[[Withdrawn | None], None]
    ) -> None:
        """Take back the import with this log entry.

        The event loop calls `on_step` with the numbers of removed entries and of all entries, and `then` with the
        result, or with None after a failure.
        """

        def carry_out() -> None:
            try:
                withdrawn = withdraw(
                    self._library,
                    log_id,
                    on_step=lambda done, whole: self._post((done, whole), on_step),
                    should_stop=self._must_stop.is_set,
                )
            except (LibraryError, ListingError, OSError) as error:
                self._receiver.post_message(WorkFailed(f"not taken back: {error}", lambda: then(None)))
            else:
                self._post(withdrawn, then)

        self._thread = threading.Thread(target=carry_out, name="withdrawal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the running batch. Taking the same import back again continues."""
        self._must_stop.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _post(self, result: object, then: Callable[..., None]) -> None:
        self._receiver.post_message(WriteDone(result, then))
