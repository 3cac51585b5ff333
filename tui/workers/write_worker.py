"""The thread that writes to the library, so that no key waits for the disk."""

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
    """A write is on the disk. The receiver must call `then` with `result`."""

    def __init__(self, result: _T, then: Callable[[_T], None]) -> None:
        super().__init__()
        self.result = result
        self.then = then


class WriteWorker:
    """Runs write jobs one after another in a thread, in the order in which they were asked for."""

    def __init__(self, receiver: MessagePump) -> None:
        """Start the thread. `receiver` gets a WriteDone or WorkFailed message for each job."""
        self._receiver = receiver
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_ending = False
        self._unsaved: list[str] = []
        # How many jobs that are not quiet were begun, have ended as the receiver knows, and have failed. The thread
        # counts the failures, and the event loop the others.
        self._begun = self._ended = self._failed = 0
        # A daemon: a program that crashes before it calls `stop` must not wait for this thread.
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
        """Run `job` in the thread; when its write is on the disk, the event loop calls `then` with its result.

        When `job` raises an error, a WorkFailed message carries the reason and `on_failure`. A `quiet` job fails
        silently.
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
            except Exception as error:  # Catch everything, because the thread must go on to save the next mark.
                text = f"not saved: {error}"
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
        """Whether the receiver has seen the end of every job that is not quiet."""
        return self._begun == self._ended + self._failed

    def stop(self) -> list[str]:
        """Finish all jobs and end the thread. Returns why jobs failed that ended after the screen."""
        self._is_ending = True
        self._jobs.put(None)
        self._thread.join()
        return self._unsaved

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def changes_of_others(library: Library, *, wait: bool = True) -> int | None:
    """A number that changes when another process commits to the library, but not when this one does.

    None when the library stays busy, or is busy and the caller does not `wait`. Call it with `wait` in the write
    worker's thread only.
    """
    try:
        with library.writing(durable=False, wait=wait) as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])
    except LibraryError:
        return None
