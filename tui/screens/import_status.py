"""Starts imports while the application is open, and shows their progress, their results and their errors.

An import reads a listing, which is a file with a list of papers, into the library.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.message_pump import MessagePump
from textual.notifications import SeverityLevel

from store.library.library import Library
from store.papers import view_table
from store.papers.views import View
from tui.actions.actions_and_keys import first_key
from tui.render import styled
from tui.screens import help_text
from tui.screens.asked_imports import AskedImports, name
from tui.widgets.status_line import StatusLine
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from store.importing.log import ImportReport, Step
    from store.importing.undo import Withdrawn
    from store.search.arrivals import Returned
    from store.search.index_sync import Progress
    from tui.workers.import_process import Importer
    from tui.workers.shared_folder import Rounds
    from tui.workers.withdrawal import Withdrawal

# At most this many listings that were not imported completely are reported in a message each. All others are reported
# in one message.
_MAX_TOASTS = 3
# The names under which `StatusLine.show_progress` shows the progress of imports, and of the undo of an import.
_PROGRESS = "import"
_WITHDRAWAL = "withdrawal"


class ImportStatus:
    """Starts imports and shows their progress and results."""

    def __init__(
        self,
        library: Library,
        inbox: Path,
        status: StatusLine,
        keymap: Mapping[str, str],
        *,
        receiver: MessagePump,
        toast: Callable[[str, SeverityLevel], None],
        offer: Callable[[str, View], None],
        refresh: Callable[[], None],
        welcomes: bool = False,
    ) -> None:
        """`receiver` gets the messages that are defined in tui/workers/import_process.py.

        `toast` must show a text in the bar for messages. `offer` must show a text in that bar, and let the user go to
        the top of a view with one key. `refresh` must read the list of papers again. `welcomes` is True if the library
        has no papers yet; the screen must then show the widget `welcome`.
        """
        self.inbox = inbox
        self._library = library
        self._status = status
        self._keymap = keymap
        self._receiver = receiver
        self._toast_text = toast
        self._offer = offer
        self._refresh = refresh
        self._withdrawal: Withdrawal | None = None
        self._is_awaited = False
        # Whether the library has had no papers until now.
        self._is_first = welcomes
        self._reports: list[ImportReport] = []
        self._toasted = 0
        self._asked = AskedImports()
        # The state of the running import or of the search index, as text, and one line for each file that could not be
        # read.
        self._running = ""
        self._failures: list[str] = []
        self.welcome: Welcome | None = None
        if welcomes:
            self.make_welcome()

    @cached_property
    def _importer(self) -> Importer:
        # This module is imported here, so that it does not delay the start: recto reads listings only after the first
        # papers have been drawn.
        from tui.workers.import_process import Importer

        # If the library is empty, the import runs at normal priority, because the user has nothing else to do than to
        # wait for it.
        return Importer(self._library.path, self._receiver, yields=self.welcome is None)

    def make_welcome(self) -> Welcome:
        """Make the widget `welcome`, because the library has no papers."""
        self._is_first = True
        self.welcome = Welcome(help_text.welcome_text(self.inbox, self._keymap))
        return self.welcome

    @property
    def is_awaited(self) -> bool:
        """Whether the user has requested the running imports. If so, the list shows their papers as they arrive."""
        return self._is_awaited

    @property
    def is_running(self) -> bool:
        """Whether an import is running or waiting."""
        return self._importer.busy

    def put(self, paths: Sequence[Path]) -> None:
        """Import these files and folders."""
        self.expect(paths)
        self._importer.put(paths)

    def expect(self, paths: Sequence[Path]) -> None:
        """Show in the status line that these files and folders will be imported.

        The status line shows it at once, because on a busy machine the import process may take long to start.
        """
        if self._asked.ask(paths):
            if not self._running:
                self._failures.clear()
            self._show_state()

    def _show_state(self) -> None:
        """Show in the status line which import is running or will be next, and how many others are waiting."""
        state = self._asked.text(self._running)
        self._status.show_progress(_PROGRESS, state)
        if self.welcome is not None:
            self.welcome.show(help_text.welcome_text(self.inbox, self._keymap, state, self._failures))

    def take_back(self, log_ids: Sequence[int], then: Callable[[str], None], *, of: str = "") -> bool:
        """Begin to undo the imports with these ids in the log. Returns False if another import is being undone.

        The status line shows the progress and the result. The text of the result names the imports by `of` or, if that
        is empty, by the name of the file. `then` is called with the text of the result, or with "" after a failure.
        """
        from tui.workers.withdrawal import Withdrawal

        if self._withdrawal is None:
            self._withdrawal = Withdrawal(self._library, self._receiver)
        if self._withdrawal.is_running:
            return False
        self._take_back_next(self._withdrawal, list(log_ids), [], of, then)
        return True

    def _take_back_next(
        self, withdrawal: Withdrawal, left: list[int], done: list[Withdrawn], of: str, then: Callable[[str], None]
    ) -> None:
        """Undo the imports `left`, one after the other, and show their total result. `done` are the results so far."""

        def ended(withdrawn: Withdrawn | None) -> None:
            done.extend([] if withdrawn is None else [withdrawn])
            if withdrawn is not None and withdrawn.complete and left:
                self._take_back_next(withdrawal, left, done, of, then)
            else:
                self._withdrawn(done, of, then)

        withdrawal.start(left.pop(), self._show_withdrawal_step, ended)

    def _show_withdrawal_step(self, step: tuple[int, int]) -> None:
        from tui.render import wording

        done, whole = step
        text = f"taking back: {done:,} of {wording.count(whole, 'entry', 'entries')}"
        self._status.show_progress(_WITHDRAWAL, text)

    def _withdrawn(self, done: Sequence[Withdrawn], of: str, then: Callable[[str], None]) -> None:
        """Show the result of undoing imports; `done` is empty if the undo has failed."""
        from tui.render import wording

        self._status.show_progress(_WITHDRAWAL, "")
        result = ""
        if done:
            what = of or styled.safe(done[0].path.rsplit("/", 1)[-1], 80)
            removed, kept = (sum(getattr(each, name) for each in done) for name in ("removed", "kept"))
            stay = f", {kept:,} kept for your marks" if kept else ""
            result = f"taken back {what}: {wording.count(removed, 'paper')} removed{stay}"
            self._status.show_news(result)
            self._refresh()
            # The papers are removed from the database. Remove them from the search index too.
            self._importer.index()
        then(result)

    def start(self, paths: Sequence[Path], *, awaited: bool) -> Coroutine[Any, Any, None]:
        """Import `paths`, and the files whose import was interrupted before.

        `awaited` says whether the user has requested these imports. Returns a coroutine that watches the inbox and the
        other folders; the caller must run it.
        """
        from store.importing.folders import Watch
        from store.search import index_sync
        from tui.workers import folder_watch, import_process

        self._is_awaited = awaited
        self.put([*paths, *import_process.unfinished(self._library.reader())])
        # Papers may be missing in the search index, for example because the file of the index was deleted.
        if index_sync.Snapshots(self._library).missing_count():
            self._running = self._running or "building the search index: papers are found by title"
            self._show_state()
            self._importer.index()
        watch = Watch(self._library, self.inbox)
        return folder_watch.follow(watch, self.put, lambda: self.is_running, self._receiver)

    def show_rounds(self, results: Rounds) -> None:
        """Show which changes of other machines and people have arrived, and remarks that the user must not miss.

        If papers have arrived, they are added to the search index.
        """
        from tui.render import sync_wording

        own = results.own
        news = [sync_wording.arrived_text(own)] if own is not None and own.applied else []
        news += [sync_wording.shared_news(each) for each in results.shared]
        if news:
            self._status.show_news(" · ".join(news))
        if (own is not None and own.papers) or any(each.papers for each in results.shared):
            self._importer.index()
        remarks = sync_wording.remarks(own) if own is not None and (own.lost_notes or own.renewed) else []
        for text in [*remarks, *(text for each in results.shared for text in sync_wording.shared_remarks(each))]:
            self._toast_text(text, "information")

    async def stop(self) -> None:
        """Stop the running import, or the running undo of an import, after the current batch of papers."""
        if self._withdrawal is not None:
            self._withdrawal.stop()
        await self._importer.stop()

    def show_step(self, step: Step) -> None:
        """Show the progress of the import of a file."""
        from tui.render import wording

        if step.entries:
            self._importer.give_way()
        self._asked.begin(step.path)
        self._running = wording.step_text(step, name(step.path))
        self._show_state()

    def show_indexed(self, progress: Progress) -> None:
        """Show the progress of adding the imported papers to the search index."""
        share = min(1.0, progress.done / max(1, progress.of))
        self._running = f"building the search index: {share:.0%}, the rest is found by title"
        self._show_state()

    def add(self, report: ImportReport, *, may_toast: bool) -> None:
        """Record the result of importing a listing. If the listing was not read completely, show a message.

        The message is shown now if `may_toast` is set. If not, it is shown when all imports have ended.
        """
        self._reports.append(report)
        self._asked.begin(report.path)
        self._running = ""
        if report.error:
            self._failures.append(help_text.arrival_text(report, self._keymap))
        self._show_state()
        if not report.complete and self._toasted < _MAX_TOASTS and may_toast:
            self._toasted += 1
            self._toast(report)

    def add_returned(self, returned: Returned) -> None:
        """Show that a paper is no longer postponed, because a similar paper was imported."""
        # Imported here, because few imports end the postponement of a paper.
        from tui.render import wording

        self._toast_text(wording.returned_text(returned), "information")

    def end(self) -> bool:
        """Show the results, because all imports have ended. Returns whether the user had requested them."""
        bad = [report for report in self._reports if not report.complete]
        rest, has_toasted = bad[self._toasted :], self._toasted > 0
        if len(rest) == 1:
            self._toast(rest[0])
        elif rest:
            self._toast_text(help_text.arrivals_text(rest, self._keymap, more=has_toasted), "information")
        self._show_arrivals([report for report in self._reports if report.complete])
        self._reports, self._toasted = [], 0
        self._asked.clear()
        self._running = ""
        self._show_state()
        was_awaited, self._is_awaited = self._is_awaited, False
        return was_awaited

    def _show_arrivals(self, reports: Sequence[ImportReport]) -> None:
        """Show how many papers the completely read listings contained, and offer to show the new papers."""
        if not reports:
            return
        if len(reports) == 1:
            text = help_text.arrival_text(reports[0], self._keymap)
        else:
            text = help_text.listings_text(reports)
        new = [report for report in reports if report.added]
        was_empty, self._is_first = self._is_first, self._is_first and not new
        if not new or was_empty:
            # After the first import into an empty library, the list already shows the new papers, so do not offer to
            # show them.
            help_key = first_key("help", self._keymap) if was_empty else ""
            self._toast_text(f"{text} · {help_key} shows all keys" if help_key else text, "information")
            return
        # Papers without a listing day are in the view "Undated" and not in the view "New", unless the library has only
        # such papers.
        is_undated = not any(report.listed_on for report in new)
        view = View("undated" if is_undated and not view_table.is_new_undated(self._library.reader()) else "new")
        key = first_key("read", self._keymap)
        self._offer(f"{text}: {key} shows them" if key else text, view)

    def _toast(self, report: ImportReport) -> None:
        text = help_text.arrival_text(report, self._keymap)
        self._toast_text(text, "error" if report.error else "information" if report.complete else "warning")
