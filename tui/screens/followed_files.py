"""Rewrites the files that `recto export --follow` keeps up to date, a moment after the library has changed."""

from __future__ import annotations

from collections.abc import Callable

from store.library import settings
from store.library.library import Library
from store.model.errors import LibraryError
from tui.screens.delayed_call import DelayedCall, SetTimer

# The files are written when the library has not changed for this long (s). So the files are written once, not many
# times, during a series of changes such as a long import.
_QUIET_SECONDS = 1.0


class FollowedFiles:
    """Rewrites the files of `recto export --follow` in a separate thread.

    Does nothing for a library without such files.
    """

    def __init__(self, library: Library, *, report: Callable[[str], object], set_timer: SetTimer) -> None:
        """`report` must show the error message that is its argument. It may be called from any thread."""
        self._library = library
        self._report = report
        self._delayed = DelayedCall(set_timer, self._start)
        self._is_running = False
        # The problems of the last update. A problem that the next update has as well is not reported again.
        self._shown: list[str] = []

    def library_changed(self) -> None:
        """Rewrite the files after a delay. Every further call starts the delay again."""
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
            # No thread could be started. The files are rewritten after the next change of the library.
            self._is_running = False

    def _update(self) -> None:
        # Imported here, in a separate thread, so that the import does not delay the screen. Few libraries have such
        # files.
        from store.exporting import followed

        try:
            problems = followed.update(self._library)
        except LibraryError:
            # The library was closed or is damaged. Do not report that: the list reads the library too, and shows the
            # error.
            problems = []
        finally:
            self._is_running = False
        for problem in problems:
            if problem not in self._shown:
                self._report(problem)
        self._shown = problems
