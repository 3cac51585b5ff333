"""Handles the messages of background workers to the library screen: results of searches, writes and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.background_work import BackgroundWork
from tui.screens.import_status import ImportStatus
from tui.screens.library_changes import LibraryChanges
from tui.screens.list_updates import ListUpdates
from tui.screens.notices import Notices
from tui.screens.pane_focus import PaneFocus
from tui.screens.whereabouts import Whereabouts
from tui.terminal.drawing import PromptScreen
from tui.widgets.detail import Detail
from tui.widgets.panes import Panes
from tui.workers.messages import WorkFailed
from tui.workers.search_worker import SearchAnswered, SearchFailed, UnseenCounted, ViewsCounted
from tui.workers.write_worker import WriteDone

if TYPE_CHECKING:
    from tui.workers.import_process import Imported, ImportStep, Indexed, PaperReturned

# On a screen with fewer lines, the results of all listings (files with lists of papers) are reported in one message,
# because several messages would cover the list of papers.
_TOASTS_HEIGHT = 30


class WorkerMessages(PromptScreen):
    """The methods of the library screen that Textual calls for the messages of background workers.

    Each method passes its message to one of the objects that do the work of the screen (see library_screen.py).
    """

    imports: ImportStatus
    changes: LibraryChanges
    updates: ListUpdates
    background: BackgroundWork
    notices: Notices
    where: Whereabouts
    pane_focus: PaneFocus
    panes: Panes
    detail: Detail

    def on_search_answered(self, message: SearchAnswered) -> None:
        self.background.begin()
        self.updates.answered(message)

    def on_search_failed(self, message: SearchFailed) -> None:
        self.background.begin()
        self.on_work_failed(message)
        self.updates.failed(message)

    def on_views_counted(self, message: ViewsCounted) -> None:
        if self.updates.views_counted(message):
            return
        if self.imports.welcome is None:
            self.panes.mount(self.imports.make_welcome(), before=self.detail)
        self.pane_focus.papers_left()
        self.where.show_keys()

    def on_unseen_counted(self, message: UnseenCounted) -> None:
        self.updates.unseen_counted(message)

    def on_write_done(self, message: WriteDone[object]) -> None:
        message.then(message.result)

    def on_work_failed(self, message: WorkFailed) -> None:
        if message.then is not None:
            message.then()
        self.notices.show_error(message.text)

    def on_import_step(self, message: ImportStep) -> None:
        self.imports.show_step(message.step)

    def on_indexed(self, message: Indexed) -> None:
        self.imports.show_indexed(message.progress)
        self.changes.look()

    def on_imported(self, message: Imported) -> None:
        self.imports.add(message.report, may_toast=self.size.height >= _TOASTS_HEIGHT)
        self.changes.look()

    def on_paper_returned(self, message: PaperReturned) -> None:
        self.imports.add_returned(message.returned)
        self.changes.look()

    def on_imports_ended(self) -> None:
        if self.imports.end():
            self.updates.refresh(to_top=True)
        self.changes.look()
