"""Reads the ids of papers far down in a long list in a thread, so that drawing does not wait for the search index."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from store.library.library import Library
from tui.widgets.held_paper import HeldPaper, is_loaded

if TYPE_CHECKING:
    from store.search.window import PaperIds

# The drawing of papers far down in a long list waits at most this long (s) until a thread has read their ids. After
# that, "…" is drawn in their place.
_WAIT_SECONDS = 0.01


class IdLoading:
    """Reads the ids of a list in one thread at a time.

    When the thread has ended, it calls `done` with the list and a bool, which is True if the ids could not be read. The
    function `done` must then make the event loop call `ended` with the same arguments.
    """

    def __init__(self, library: Library, done: Callable[[PaperIds | HeldPaper, bool], object]) -> None:
        self._library = library
        self._done = done
        self._is_reading = False
        # The last list whose ids a thread could not read.
        self._unreadable: PaperIds | HeldPaper | None = None

    def ended(self, ids: PaperIds | HeldPaper, failed: bool) -> None:
        """Record that the thread that reads `ids` has ended."""
        self._is_reading = False
        if failed:
            self._unreadable = ids

    def is_loaded(self, ids: PaperIds | HeldPaper, index: int, shown: slice) -> bool:
        """Whether the paper at `index` can be drawn now, because its id is in memory.

        If the id is not in memory, this method starts a thread that reads the ids `shown` (those on the screen), and
        waits a moment for the result. If the ids cannot be read in a thread, it returns True, so that the code that
        draws the list reads them itself.
        """
        # If the thread could not read the list, return True: the code that draws the list then reads the ids again, and
        # shows the error.
        if is_loaded(ids, index) or index >= len(ids) or ids is self._unreadable:
            return True
        if not self._is_reading:
            loaded = threading.Event()

            def read() -> None:
                failed = False
                try:
                    ids[shown]
                except Exception:  # Drawing raises the error again, where it can be shown.
                    failed = True
                loaded.set()
                # Ignore the error if the application has ended meanwhile.
                with contextlib.suppress(RuntimeError):
                    self._done(ids, failed)

            try:
                self._library.read_in_background(read, "reading a part of the list")
            except RuntimeError:
                # No thread could be started to read the ids. Return True, so that the code that draws the list reads
                # them itself.
                return True
            self._is_reading = True
            loaded.wait(_WAIT_SECONDS)
        return is_loaded(ids, index)
