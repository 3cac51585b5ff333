"""The reader's screen: three panes, the filter above, status and keys below; and what the list shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Center, Horizontal, Middle
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from store import papers, query, views
from store.library import Library
from store.paper import LibraryError
from store.reading import Marked
from store.views import View
from store.watcher import Watch
from tui import jobs, present, session
from tui.actions import ACTIONS
from tui.session import Session
from tui.widgets.bars import FilterInput, FilterLine, KeyBar, StatusLine
from tui.widgets.detail import Detail
from tui.widgets.lines import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.view_list import ViewList

if TYPE_CHECKING:
    from tui.app import Recto

# The detail follows the cursor after this pause (s): running through the list must not wait for it.
_DETAIL_SECONDS = 0.03
# How often the screen looks whether another program changed the library (s).
_LOOK_SECONDS = 1.0
# Where the reader is gets saved when nothing moved for so long (s).
_SAVE_SECONDS = 1.0
# Views whose papers change with the reader's marks.
_MARKED_VIEWS = ("queue", "bookmarks", "reading", "done", "hidden", "tag")

# After an answer the cursor goes to the first paper, stays on its paper, or goes to the paper with this id.
Keep = Literal["top", "stay"] | int


class MainScreen(Screen[None]):
    """Shows the library. What its actions do is in the classes of tui/doing."""

    app: Recto
    BINDINGS = [
        Binding(
            ",".join(action.keys),
            f"do('{action.id}')",
            action.label,
            id=action.id,
            show=False,
            tooltip=action.help,
        )
        for action in ACTIONS
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (140, "-wide")]

    def __init__(self, library: Library, inbox: Path, left: Session, first: Sequence[Path]) -> None:
        super().__init__()
        self.library = library
        self.inbox = inbox
        self.view = _view_left(left)
        self.sort = left.sort
        self.list_share = left.list_share
        self.writer = jobs.Writer(self)
        self.searcher = jobs.Searcher(library, self)
        self.importer = jobs.Importer(library.path, self)
        self._left = left
        self._first = first
        self._query = query.parse(left.filter, date.today())
        self._generation = 0
        self._keep: Keep = "top"
        self._answered = True
        self._before_filter: int | None = None
        self._seen_version = -1
        self._detail_timer: Timer | None = None
        self._save_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield FilterLine(id="filter")
        with Horizontal(id="panes"):
            yield ViewList(id="views")
            yield PaperList(self.library, id="papers")
            with Middle(id="welcome"), Center():
                yield Static(id="welcome-text")
            yield Detail(id="detail")
        yield StatusLine(id="status")
        yield KeyBar()

    @property
    def list(self) -> PaperList:
        return self.query_one(PaperList)

    @property
    def view_list(self) -> ViewList:
        return self.query_one(ViewList)

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    @property
    def filter_input(self) -> FilterInput:
        return self.query_one(FilterInput)

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return self._query.tree is not None

    @property
    def empty(self) -> bool:
        """Whether the library has no papers at all."""
        return self.has_class("-empty")

    def on_mount(self) -> None:
        with self.prevent(Input.Changed):
            self.filter_input.value = self._left.filter
        self.set_class(self.library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None, "-empty")
        self.query_one("#welcome-text", Static).update(self.app.welcome())
        self.query_one(KeyBar).show_keys(self.app.keys)
        self.share_width(0)
        self.list.focus()
        self.ask(self._left.paper if self._left.paper is not None else "top")
        self.searcher.count()
        self._seen_version = self.library.data_version()
        self.set_interval(_LOOK_SECONDS, self._look)
        self.importer.put(self._first)
        watch = Watch(self.library, self.inbox)
        self.run_worker(
            jobs.follow(watch, self.importer.put, lambda: self.importer.busy),
            group="follow",
            description="follow folders",
            exit_on_error=False,
        )

    async def shut(self) -> None:
        """End what runs behind, so that nothing is lost and nothing stays."""
        self.workers.cancel_all()
        await self.importer.stop()
        self.searcher.stop()
        self.writer.write(lambda: session.save(self.library, self._session()), lambda _: None)
        self.writer.stop()

    # What the list shows

    def ask(self, keep: Keep) -> None:
        """Ask for the papers of the view, the filter and the sort as they are now."""
        if keep == "stay" and not self._answered:
            # The wish that is still open knew better where the cursor goes.
            keep = self._keep
        self._keep = keep
        self._answered = False
        self._generation += 1
        self.searcher.wish(jobs.Wish(self._generation, self.view, self._query, self.sort))
        self._save_soon()

    def on_found(self, message: jobs.Found) -> None:
        if message.wish.generation != self._generation:
            return
        self._answered = True
        answer = message.answer
        keep = self.list.paper if self._keep == "stay" else None if self._keep == "top" else self._keep
        self.list.show_papers(answer.ids, answer.needles, keep=keep)
        self.query_one(FilterLine).show_count(len(answer.ids), answer.exact, self.filtered)
        self.show_where()
        if self._query.misread and self.filtered:
            self.status.show_news(present.safe("; ".join(self._query.misread), 300))

    def show_view(self, view: View) -> None:
        """Change to another view; the filter stays."""
        if view != self.view:
            self.view = view
            self.ask("top")
            self.searcher.count()

    def set_sort(self, sort: views.Sort) -> None:
        """Sort the list; the cursor stays on its paper."""
        self.sort = sort
        self.ask("stay")
        self.show_where()

    def show_where(self) -> None:
        """Say at the left of the status line what the list shows."""
        parts = [present.view_name(self.view), f"by {self.sort}" if self.sort != "best" else ""]
        if self.list.selecting:
            parts.append(f"{len(self.list.selected)} selected")
        if self.library_is_shared:
            parts.append("library open twice")
        self.status.show_where(" · ".join(filter(None, parts)))

    @property
    def library_is_shared(self) -> bool:
        """Whether another recto had the library open before this one."""
        return not self.library.holds_lock

    def on_counted(self, message: jobs.Counted) -> None:
        self.view_list.show(message.shelves, self.view)
        everything = sum(shelf.count for shelf in message.shelves.fixed if shelf.view.kind in ("all", "hidden"))
        if self.empty and everything:
            self.remove_class("-empty")
            self.list.focus()

    def _look(self) -> None:
        """Another program, or the import, may have changed the library."""
        version = self.library.data_version()
        if version != self._seen_version:
            self._seen_version = version
            self.refresh_all()
        self.library.checkpoint()

    def refresh_all(self) -> None:
        """Show the library as it is now; the cursor stays on its paper."""
        self.list.forget()
        self.ask("stay")
        self.searcher.count()
        self._detail_soon()

    # The filter

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is not self.filter_input:
            return
        if not self.filtered:
            self._before_filter = self.list.paper
        self._query = query.parse(event.value, date.today())
        if not self._query.misread:
            self.status.show_news("")
        self.ask("top" if self.filtered else self._returning())

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        self.list.focus()
        if event.cleared:
            self.clear_filter()

    def on_filter_input_moving(self, event: FilterInput.Moving) -> None:
        self._before_filter = None
        self.list.move(self.list.cursor + event.lines + event.pages * self.list.page, event.lines or event.pages)

    def clear_filter(self) -> None:
        """Everything is back, and the cursor on the paper it was on."""
        if self.filter_input.value:
            self.filter_input.value = ""

    def _returning(self) -> Keep:
        """Where the cursor goes without a filter: to the paper chosen under it, else to the one from before it."""
        before, self._before_filter = self._before_filter, None
        if before is not None:
            return before
        return self.list.paper if self.list.paper is not None else "top"

    # The panes

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        if message.lines is self.view_list:
            if self.view_list.view is not None:
                self.show_view(self.view_list.view)
            return
        if self.focused is self.list:
            self._before_filter = None
        if self.list.selecting:
            self.show_where()
        self._detail_soon()
        self._save_soon()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.action_do("read")

    def on_descendant_focus(self) -> None:
        self.set_class(self.focused is self.view_list, "-views")
        if self.focused is self.list:
            self.remove_class("-reading")

    def share_width(self, change: int) -> None:
        """Give the list more or less of the width it shares with the detail (percent)."""
        self.list_share = min(75, max(25, self.list_share + change))
        self.list.styles.width = f"{self.list_share}fr"
        self.detail.styles.width = f"{100 - self.list_share}fr"
        self._save_soon()

    def show_detail(self) -> None:
        """Show the paper under the cursor in the detail pane, now."""
        number = self.list.paper
        known = None
        if number is not None:
            try:
                known = papers.whole(self.library.reader(), number)
            except LibraryError as error:
                self.status.show_news(str(error), error=True)
        self.detail.show(known, self.list.needles)

    def _detail_soon(self) -> None:
        if self._detail_timer is not None:
            self._detail_timer.stop()
        self._detail_timer = self.set_timer(_DETAIL_SECONDS, self.show_detail)

    # What came back

    def on_done(self, message: jobs.Done[object]) -> None:
        message.then(message.result)

    def on_failed(self, message: jobs.Failed) -> None:
        self.status.show_news(present.safe(message.text, 300), error=True)
        self.notify(present.safe(message.text, 300), severity="error", markup=False)

    def marked(self, result: Marked, said: str = "") -> None:
        """The reader's marks on some papers are on the disk: show them."""
        number = len(result.papers)
        self.status.show_news(said or (result.label if number == 1 else f"{result.label}, {number} papers"))
        # All rows: where one paper leaves or enters the queue, others get another number.
        self.list.forget()
        self._seen_version = self.library.data_version()
        if self.list.selecting:
            self.list.select_from_here(False)
        gone = any(marks.status == "hidden" for marks in result.papers.values())
        if gone or said or self.view.kind in _MARKED_VIEWS or query.asks_marks(self._query):
            self.ask("stay")
        self.searcher.count()
        self.show_where()
        if self.detail.known is not None and self.detail.known.id in result.papers:
            self._detail_soon()

    def on_import_step(self, message: jobs.ImportStep) -> None:
        step = message.step
        share = f" {min(1.0, step.done / step.size):.0%}" if step.size else ""
        name = present.safe(step.path.rsplit("/", 1)[-1], 60)
        self.status.show_news(f"reading {name}{share}, {step.entries:,} papers")

    def on_imported(self, message: jobs.Imported) -> None:
        report = message.report
        name = present.safe(report.path.rsplit("/", 1)[-1], 80)
        self._look()
        if report.error:
            self.notify(f"{name}: not read: {present.safe(report.error, 200)}", severity="error", markup=False)
            return
        said = f"{name}: {report.added:,} new, {report.merged:,} known"
        if report.listed_on:
            said += f", listed {present.day_name(report.listed_on)}"
        if not report.added and not report.merged:
            said = f"{name}: nothing new, all {report.entries:,} papers are known"
        if report.refused:
            said += f"; {len(report.refused)} not read (L shows why)"
        if report.partial:
            said += "; the file ends early (L shows where)"
        self.notify(said, severity="information" if report.complete else "warning", markup=False, timeout=8)

    def on_imports_ended(self, message: jobs.ImportsEnded) -> None:
        self.status.show_news("")
        self._look()

    # Where the reader is

    def _session(self) -> Session:
        return msgspec.structs.replace(
            self._left,
            view=str(self.view),
            filter=self._query.text,
            sort=self.sort,
            paper=self.list.paper,
            list_share=self.list_share,
            theme=self.app.theme_left,
        )

    def _save_soon(self) -> None:
        if self._save_timer is not None:
            self._save_timer.stop()
        self._save_timer = self.set_timer(_SAVE_SECONDS, self._save)

    def _save(self) -> None:
        left = self._session()
        if left != self._left:
            self._left = left
            self.writer.write(lambda: session.save(self.library, left), lambda _: self._saved())

    def _saved(self) -> None:
        self._seen_version = self.library.data_version()

    def action_do(self, action: str) -> None:
        """Do one of the actions of the registry."""
        self.app.doing(self, action)


def _view_left(left: Session) -> View:
    try:
        return View.parse(left.view)
    except LibraryError:
        return View()
