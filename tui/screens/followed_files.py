"""Writes exported files that follow the library again, some time after it has changed."""

from __future__ import annotations

from collections.abc import Callable

from store.library import settings
from store.library.library import Library
from store.model.errors import LibraryError
from tui.screens.delayed_call import DelayedCall, SetTimer

# The files are written when the library has not changed for this long (s), so that a long import, or keys that are
# pressed one after the other, do not write them each time.
_QUIET_SECONDS = 1.0


class FollowedFiles:
    """Updates the files in a thread of its own. Does nothing for a library without such files."""

    def __init__(self, library: Library, *, report: Callable[[str], object], set_timer: SetTimer) -> None:
        """`report` must show an error message, also when another thread calls it."""
        self._library = library
        self._report = report
        self._delayed = DelayedCall(set_timer, self._start)
        self._is_running = False
        # A problem is shown once, and again only after the files could be written in between.
        self._shown: list[str] = []

    def library_changed(self) -> None:
        """Update the files soon. Every further call delays that."""
        self._delayed.request(_QUIET_SECONDS)

    def _start(self) -> None:
        if settings.get(self._library.reader(), settings.FOLLOWED_FILES) is None:
            return
        if self._is_running:
            self.library_changed()
            return
        self._is_running = True
        try:
            self._library.read_in_background(self._update, "followed files")
        except RuntimeError:
            # No thread can be started now. The next change tries it again.
            self._is_running = False

    def _update(self) -> None:
        # Imported here, because few libraries have such files, and this thread does not delay the screen.
        from store.exporting import followed

        try:
            problems = followed.update(self._library)
        except LibraryError:
            # The library was closed or is damaged. Whatever else reads it says so.
            problems = []
        finally:
            self._is_running = False
        for problem in problems:
            if problem not in self._shown:
                self._report(problem)
        self._shown = problems
