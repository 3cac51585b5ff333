"""What the reader's screen says of imports: how far one is, what came in, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from store.library.library import Library
from store.model.errors import explanation
from tui.render import styled
from tui.screens import help_text
from tui.terminal.drawing import PromptScreen
from tui.widgets.status_line import StatusLine
from tui.workers.messages import WorkFailed

if TYPE_CHECKING:
    from store.importing.log import ImportReport
    from tui.app import Recto
    from tui.workers import import_process

# So many listings of one import have a toast of their own; the rest share one.
_MOST_TOASTS = 3
# On a screen with fewer lines all listings of an import share one toast: several would cover the list.
_ROOMY_HEIGHT = 30


class ArrivingScreen(PromptScreen):
    """A screen on a library into which listings come while it is shown, and which says what went wrong."""

    app: Recto

    def __init__(self, library: Library, inbox: Path) -> None:
        super().__init__()
        self.library = library
        self.inbox = inbox
        self.status = StatusLine(id="status")
        self._wanted = False
        self._reports: list[ImportReport] = []
        self._toasted = 0

    @cached_property
    def importer(self) -> import_process.Importer:
        """What imports beside this screen."""
        # Imported here, as below: imports begin when the first papers are on the screen.
        from tui.workers.import_process import Importer

        return Importer(self.library.path, self)

    @property
    def arriving(self) -> bool:
        """Whether the reader waits for what is being imported, and wants to see it as it comes."""
        return self._wanted

    def look(self) -> None:
        """Show what changed in the library, if anything did. For a subclass."""
        raise NotImplementedError

    def refresh_all(self) -> None:
        """Show the library as it is now. For a subclass."""
        raise NotImplementedError

    def start_imports(self, first: Sequence[Path], *, wanted: bool) -> None:
        """Import `first` and what was cut before, then whatever appears in the followed folders."""
        from store.importing.folders import Watch
        from store.search import index_sync
        from tui.workers import folder_watch, import_process

        self._wanted = wanted
        connection = self.library.reader()
        self.importer.put([*first, *import_process.unfinished(connection)])
        # Also when the index was lost, which the library does not know.
        if index_sync.Snapshots(self.library).missing():
            self.importer.index()
        self.run_worker(
            folder_watch.follow(Watch(self.library, self.inbox), self.importer.put, lambda: self.importer.busy, self),
            group="follow",
            description="follow folders",
            exit_on_error=False,
        )

    def on_work_failed(self, message: WorkFailed) -> None:
        if message.then is not None:
            message.then()
        self.say_wrong(styled.safe(message.text, 300))

    def say_wrong(self, text: str) -> None:
        """Say what went wrong: where news stand, and whole, as they may not be there."""
        self.status.show_news(text, error=True)
        self.app.toast(text, "error")

    def attempt(self, step: Callable[[], object]) -> bool:
        """Run `step`; whether it succeeded. An error of the library or the system becomes one line in the status line.

        Every action runs here, and so does whatever a dialog or a key does after one. A mistake in the program is
        raised, and ends the reader.
        """
        try:
            step()
        except Exception as error:
            text = explanation(error)
            if text is None:
                raise
            self.status.show_news(styled.safe(text, 300), error=True)
            return False
        return True

    def on_import_step(self, message: import_process.ImportStep) -> None:
        from tui.render import wording

        step = message.step
        share = f" {min(1.0, step.done / step.size):.0%}" if step.size else ""
        name = styled.safe(step.path.rsplit("/", 1)[-1], 60)
        told = filter(None, (f"reading {name}{share}", wording.count(step.entries, "paper"), wording.time_left(step)))
        self.status.show_progress("import", ", ".join(told))

    def on_indexed(self, message: import_process.Indexed) -> None:
        progress = message.progress
        share = min(1.0, progress.done / max(1, progress.of))
        self.status.show_progress("import", f"the filter finds {share:.0%} of the papers so far")
        self.look()

    def on_imported(self, message: import_process.Imported) -> None:
        report = message.report
        self._reports.append(report)
        self.look()
        if self._toasted < _MOST_TOASTS and self.size.height >= _ROOMY_HEIGHT:
            self._toasted += 1
            self._toast(report)

    def on_imports_ended(self, message: import_process.ImportsEnded) -> None:
        rest, more = self._reports[self._toasted :], self._toasted > 0
        self._reports, self._toasted = [], 0
        if len(rest) == 1:
            self._toast(rest[0])
        elif rest:
            self.app.toast(help_text.arrivals_text(rest, self.app.keys, more=more))
        self.status.show_progress("import", "")
        if self._wanted:
            self.refresh_all()
        self._wanted = False
        self.look()

    def _toast(self, report: ImportReport) -> None:
        text = help_text.arrival_text(report, self.app.keys)
        self.app.toast(text, "error" if report.error else "information" if report.complete else "warning")
