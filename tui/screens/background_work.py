"""Starts work that must not delay the first list of papers: imports, folder watching, exports, a backup."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from store.library.library import Library
from store.papers.views import View
from tui.screens import module_loader
from tui.screens.followed_files import FollowedFiles
from tui.screens.import_status import ImportStatus

if TYPE_CHECKING:
    from tui.workers.shared_folder import Rounds, SharedFolder

# Imports and the watching of folders begin this long after the first list of papers has arrived (s), so that the list
# is drawn first.
_IMPORTS_BEGIN_SECONDS = 0.05
# The backup begins this long after the first list of papers has arrived (s), so that it does not slow down the user's
# first actions.
_UPKEEP_BEGINS_SECONDS = 5.0


class BackgroundWork:
    """Starts imports, folder watching, a backup and the loading of modules after the first list of papers."""

    def __init__(
        self,
        imports: ImportStatus,
        import_first: Sequence[Path],
        library: Library,
        *,
        report: Callable[[str], object],
        is_empty: Callable[[], bool],
        offer: Callable[[str, View], None],
        screen: Screen[None],
        refresh: Callable[[], None],
    ) -> None:
        """`import_first` are files to import. `is_empty` must return True if the library has no papers.

        `screen` is the library screen. `report` must show the error message that is its argument; it is called from any
        thread. `offer` is called with a text and a view; it must show the text, and let the user open the view with one
        key. `refresh` must read the list of papers and the views again and show them.
        """
        self._imports = imports
        self._import_first = import_first
        self._is_empty = is_empty
        self._offer = offer
        self._screen = screen
        self._library = library
        self._report = report
        self._followed = FollowedFiles(library, report=report, set_timer=screen.set_timer)
        self._refresh = refresh
        # None until `_start_imports` is called, which happens shortly after the first list of papers has arrived.
        self._shared_folder: SharedFolder | None = None
        self._has_begun = False
        self._is_ending = threading.Event()

    def begin(self) -> None:
        """Begin the work; further calls do nothing.

        This must be called when the search for the first list has ended or failed.
        """
        if not self._has_begun:
            self._has_begun = True
            self._screen.call_after_refresh(module_loader.import_in_thread)
            self._screen.set_timer(_IMPORTS_BEGIN_SECONDS, self._start_imports)
            self._screen.set_timer(_UPKEEP_BEGINS_SECONDS, self._start_upkeep)

    def library_changed(self) -> None:
        """Schedule the update of exported files and shared folders.

        This must be called after each change of the library.
        """
        self._followed.library_changed()
        if self._shared_folder is not None:
            self._shared_folder.look_soon()

    async def write_last_marks(self) -> None:
        """Write the user's last marks (tags, notes and so on) to the shared folder.

        This must be called when the program ends.
        """
        if self._shared_folder is not None:
            await asyncio.to_thread(self._shared_folder.last_round)

    def end(self) -> None:
        """Stop the backup, if one is being made. A stopped backup is made again at the next start of the program."""
        self._is_ending.set()

    def _start_imports(self) -> None:
        module_loader.parse_later_css(self._screen.app.stylesheet)
        if self._library.message:
            self._report(self._library.message)
        is_awaited = self._is_empty() or bool(self._import_first)
        following = self._imports.start(self._import_first, awaited=is_awaited)
        # Imported here, so that this import does not delay the first list of papers.
        from tui.workers.shared_folder import SharedFolder

        self._shared_folder = SharedFolder(self._library, on_rounds=self._show_rounds, report=self._report)
        self._screen.run_worker(following, group="follow", description="follow folders", exit_on_error=False)
        self._screen.run_worker(
            self._shared_folder.follow(), group="share", description="follow the shared folder", exit_on_error=False
        )

    def _show_rounds(self, results: Rounds) -> None:
        self._imports.show_rounds(results)
        if results.shared or (results.own is not None and results.own.applied):
            self._refresh()

    def _start_upkeep(self) -> None:
        if not self._is_ending.is_set():
            self._library.read_in_background(self._look_after, "upkeep")

    def _look_after(self) -> None:
        # Imported in this thread, so that this import does not delay the first list of papers.
        from store.library import damage, upkeep
        from store.model.errors import LibraryError
        from tui.screens.retraction_notice import RetractionNotice

        try:
            RetractionNotice(self._library, self._screen, self._offer).look()
            problem = upkeep.look_after(self._library, self._is_ending.is_set)
        except LibraryError as error:
            self._report(str(error))
            return
        if problem is not None:
            self._report(damage.message(self._library.path, problem))
