"""The thread that writes marks and settings to the library, so that the event loop never waits for the disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from tui.workers.messages import WorkFailed

_T = TypeVar("_T")


class WriteDone(Message, Generic[_T]):
    """A write is stored on the disk. The receiver of this message must call `then` with `result`."""

    def __init__(self, result: _T, then: Callable[[_T], None]) -> None:
        super().__init__()
        self.result = result
        self.then = then


class WriteWorker:
    """Runs write jobs one after another in a thread, in the order of the calls of `write`."""

    def __init__(self, receiver: MessagePump, library: Library) -> None:
        """Start the thread. `receiver` gets a WriteDone or WorkFailed message for each job."""
        self._receiver = receiver
        self._library = library
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_ending = False
        self._unsaved: list[str] = []
        # Three counts of the jobs that are not quiet: those that were passed to `write`, those whose WriteDone message
        # the receiver has handled, and those that failed. The thread changes only the last count, and the event loop
        # only the first two.
        self._begun = self._ended = self._failed = 0
        # A daemon thread, because a process that crashes before it calls `stop` must not wait for this thread.
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(
        self,
        job: Callable[[], _T],
        then: Callable[[_T], None],
        on_failure: Callable[[], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Run `job` in the thread.

        When its write is stored, `then` is called in the event loop with the result of `job`.

        If `job` raises an error, the receiver gets a WorkFailed message with the reason and `on_failure`. If `quiet` is
        set, the receiver gets no such message.
        """

        self._begun += not quiet

        def end(result: _T) -> None:
            self._ended += not quiet
            then(result)

        def carry_out() -> None:
            try:
                result = job()
            except (LibraryError, ListingError) as error:
                text = str(error)
            except Exception as error:  # Catch everything, because the thread must still save the marks that follow.
                # Imported here, because this rarely happens.
                from store.doctor.unexpected_errors import explained

                text = f"not saved: {explained(self._library, error) or error}"
            else:
                self._receiver.post_message(WriteDone(result, end))
                return
            self._failed += not quiet
            if self._is_ending and not quiet:
                self._unsaved.append(text)
            elif not quiet:
                self._receiver.post_message(WorkFailed(text, on_failure))

        self._jobs.put(carry_out)

    @property
    def is_idle(self) -> bool:
        """Whether no job is waiting or running. Quiet jobs (see `write`) do not count."""
        return self._begun == self._ended + self._failed

    def stop(self) -> list[str]:
        """Finish all waiting jobs and end the thread.

        Returns the error messages of the jobs that fail after this call, because no screen can show these messages any
        more.
        """
        self._is_ending = True
        self._jobs.put(None)
        self._thread.join()
        return self._unsaved

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def changes_of_others(library: Library, *, wait: bool = True) -> int | None:
    """A number that changes whenever another process commits to the library, but not when this process does.

    Returns None when the library cannot be locked, for example because another process is writing. With `wait`, the
    function waits for the lock up to a time limit. In that case it must be called in the thread of the write worker,
    because the event loop must not wait.
    """
    try:
        with library.writing(durable=False, wait=wait, is_session=True) as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])
    except LibraryError:
        return None
