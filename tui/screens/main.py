"""The reader's screen: three panes, the filter above, status and keys below; and what the list shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Center, Horizontal, Middle
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from store import papers, query, views
from store.library import Library
from store.paper import LibraryError
from store.reading import Marked
from store.views import Shelves, View
from tui import jobs, present, session
from tui.actions import ACTIONS, BY_ID
from tui.screens import pages
from tui.screens.ahead import Ahead
from tui.screens.arriving import ArrivingScreen
from tui.session import Session
from tui.widgets.bars import FilterInput, FilterLine, KeyBar
from tui.widgets.detail import Detail
from tui.widgets.lines import LineList
from tui.widgets.paper_list import PaperList, Place
from tui.widgets.view_list import ViewList

# The detail follows the cursor after this pause (s): running through the list must not wait for it.
_DETAIL_SECONDS = 0.03
# After a mark that changes the list moving waits for the new list, but not longer (s): the disk may be busy.
_MOVE_SECONDS = 0.3
# How often the screen looks whether another program changed the library (s).
_LOOK_SECONDS = 1.0
# Where the reader is gets saved when nothing moved for so long (s).
_SAVE_SECONDS = 1.0
# Views whose papers change with the reader's marks.
_MARKED_VIEWS = ("queue", "bookmarks", "reading", "done", "hidden", "tag")

# After an answer the cursor goes to the first paper, stays on its paper, or goes to this one.
Keep = Literal["top", "stay"] | Place


class MainScreen(ArrivingScreen):
    """Shows the library. What its actions do is in the classes of tui/doing."""

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
    # From the first key on: what is typed while the first page is drawn is for the list.
    AUTO_FOCUS = "#papers"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (140, "-wide")]

    def __init__(self, library: Library, inbox: Path, left: Session, first: Sequence[Path]) -> None:
        super().__init__(library, inbox)
        self.view = _view_left(left)
        self.sort = left.sort
        self.list_share = left.list_share
        self.writer = jobs.Writer(self)
        self.searcher = jobs.Searcher(library, self)
        self.filter_line = FilterLine(id="filter")
        self.view_list = ViewList(id="views")
        self.list = PaperList(library, id="papers")
        self.detail = Detail(id="detail")
        self.shelves: Shelves | None = None
        self._left = left
        self._first = first
        self._query = query.parse(left.filter, date.today())
        self._generation = 0
        self._keep: Keep = "top"
        self._answered = True
        self._ahead = Ahead(lambda: self._answered or self._keep == "stay", lambda: self.list.paper)
        # The listing day that "new" means until the reader asks again: a newer one must not take the list away.
        self._latest = View("undated")
        # Where the reader last put the cursor: a filter that is taken away leads back there.
        self._chosen: Place | None = None
        self._misread = False
        self._seen_version = -1
        self._others: int | None = None
        self._detail_timer: Timer | None = None
        self._save_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.filter_line
        with Horizontal(id="panes"):
            yield self.view_list
            yield self.list
            with Middle(id="welcome"), Center():
                yield Static(id="welcome-text")
            yield self.detail
        yield self.status
        yield KeyBar()

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
            self.filter_line.input.value = self._left.filter
        self.set_class(self.library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None, "-empty")
        self.query_one("#welcome-text", Static).update(self.app.welcome())
        self.query_one(KeyBar).show_keys(self.app.keys)
        self.view_list.show_keys(self.app.keys)
        self.share_width(0)
        self.to(self.list)
        self._find_latest()
        self.ask(Place(self._left.paper, self._left.line) if self._left.paper is not None else "top")
        self.searcher.count()
        self._seen_version = self.library.data_version()
        self.set_interval(_LOOK_SECONDS, self.look)
        self.start_imports(self._first, wanted=self.empty or bool(self._first))

    async def shut(self) -> list[str]:
        """End what runs behind, so that nothing is lost and nothing stays; what could not be saved any more."""
        try:
            self.workers.cancel_all()
            await self.importer.stop()
            self._save()
        finally:
            self.searcher.stop()
            unsaid = self.writer.stop()
        return unsaid

    # What the list shows

    def ask(self, keep: Keep) -> None:
        """Ask for the papers of the view, the filter and the sort as they are now."""
        if keep == "stay" and not self._answered:
            # The wish that is still open knew better where the cursor goes.
            keep = self._keep
        self._keep = keep
        self._answered = False
        self._generation += 1
        view = self._latest if self.view.kind == "new" else self.view
        self.searcher.wish(jobs.Wish(self._generation, view, self._query, self.sort))
        self._save_soon()

    def on_unanswered(self, message: jobs.Unanswered) -> None:
        self.on_failed(message)
        if message.wish.generation == self._generation:
            self._answered = True
            self._ahead.forget()

    def on_found(self, message: jobs.Found) -> None:
        if message.wish.generation != self._generation:
            return
        self._answered = True
        answer = message.answer
        at = self.list.place if self._keep == "stay" else None if self._keep == "top" else self._keep
        self.list.show_papers(answer.ids, answer.needles, at=at)
        self.filter_line.show_count(len(answer.ids), answer.exact, self.filtered)
        self.show_where()
        if self._query.misread:
            self._misread = True
            self.status.show_news(present.safe("; ".join(self._query.misread), 300), stays=True)
        self._ahead.list_came()

    def show_view(self, view: View) -> None:
        """Change to another view; the filter stays. "new" asked for again is the newest listing by now."""
        if view != self.view or self._newer:
            self.view = view
            self._find_latest()
            self.ask("top")
            self.searcher.count()

    def _find_latest(self) -> None:
        day = views.latest_day(self.library.reader())
        self._latest = View("day", day) if day else View("undated")

    @property
    def _newer(self) -> bool:
        """Whether a newer listing came in than the one that "new" shows."""
        days = self.shelves.days if self.shelves else ()
        return self.view.kind == "new" and bool(days) and days[0].view != self._latest

    def set_sort(self, sort: views.Sort) -> None:
        """Sort the list; the cursor stays on its paper."""
        self.sort = sort
        self.ask("stay")
        self.show_where()

    def show_where(self) -> None:
        """Say at the left of the status line what the list shows."""
        selected = len(self.list.selected) if self.list.selecting else 0
        newer = pages.key(self.app.keys, "view_new") if self._newer else ""
        text = pages.where_text(self.view, self._latest, self.sort, selected, newer, shared=self.library_is_shared)
        self.status.show_where(text)

    @property
    def library_is_shared(self) -> bool:
        """Whether another recto had the library open before this one."""
        return not self.library.holds_lock

    def on_counted(self, message: jobs.Counted) -> None:
        self.shelves = message.shelves
        self.view_list.show(message.shelves, self.view)
        self.show_where()
        everything = sum(shelf.count for shelf in message.shelves.fixed if shelf.view.kind in ("all", "hidden"))
        if self.empty and everything:
            self.remove_class("-empty")
            self.to(self.list)

    def look(self) -> None:
        """Another program, or the import, may have changed the library."""
        version = self.library.data_version()
        if version != self._seen_version:
            self._seen_version = version
            self.writer.write(self._who_changed, self._changed, quiet=True)

    def _who_changed(self) -> int | None:
        self.library.checkpoint()
        return jobs.changes_of_others(self.library)

    def _changed(self, others: int | None) -> None:
        # What this reader changed itself is on the screen already.
        if others is None or others != self._others:
            self._others = others
            self.refresh_all()

    def refresh_all(self) -> None:
        """Show the library as it is now; the cursor stays on its paper."""
        if self.arriving or not (self.list.count or self.filtered):
            self._find_latest()
        self.list.forget()
        self.ask("stay")
        self.searcher.count()
        self._detail_soon()

    # The filter

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is not self.filter_line.input:
            return
        if not self.filtered and self._answered:
            self._chosen = self.list.place
        self._query = query.parse(event.value, date.today())
        if self._misread and not self._query.misread:
            self._misread = False
            self.status.show_news("")
        self.ask("top" if self.filtered else self._chosen or "stay")

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        self.to(self.list)
        if event.cleared:
            self.clear_filter()
        else:
            self._ahead.do(self._choose)

    def on_filter_input_moving(self, event: FilterInput.Moving) -> None:
        papers = self.list
        self._ahead.do(
            lambda: papers.move(papers.cursor + event.lines + event.pages * papers.page, event.lines or event.pages)
        )

    def clear_filter(self) -> None:
        """Everything is back, and the cursor on the paper that the reader chose, before the filter or under it."""
        if self.filter_line.input.value:
            self.filter_line.input.value = ""

    # The panes

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        if message.lines is self.view_list:
            if self.view_list.view is not None:
                self.show_view(self.view_list.view)
            return
        if message.by_hand:
            self._choose()
        if self.list.selecting:
            self.show_where()
        self._detail_soon()
        self._save_soon()

    def _choose(self) -> None:
        """The paper under the cursor is the one that the reader wants."""
        self._chosen = self.list.place
        if not self._answered and self._chosen is not None:
            self._keep = self._chosen

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.action_do("read")

    def on_descendant_focus(self) -> None:
        self.set_class(self.focused is self.view_list, "-views")
        if self.focused is self.list:
            self.remove_class("-reading")

    def to(self, widget: Widget) -> None:
        """Give `widget` the keys, from the next one on where it is in sight already."""
        if widget.focusable:
            self.set_focus(widget)
        else:
            widget.focus()

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

    def mark(self, change: Callable[[], Marked], numbers: Sequence[int], *, hides: bool = False) -> None:
        """Change the reader's marks on these papers, and show it when it is on the disk."""
        if hides or self._shows_marked:
            self._ahead.leaving(numbers)
            self.set_timer(_MOVE_SECONDS, self._ahead.hurry)
        self.writer.write(change, self.marked, lambda: self._ahead.stay(numbers))

    @property
    def _shows_marked(self) -> bool:
        """Whether the list changes with the reader's marks."""
        return self.view.kind in _MARKED_VIEWS or query.asks_marks(self._query)

    def marked(self, result: Marked, said: str = "", *, quiet: bool = False) -> None:
        """The reader's marks on some papers are on the disk: show them, and say so unless `quiet`."""
        number = len(result.papers)
        # All rows: where one paper leaves or enters the queue, others get another number.
        self.list.forget()
        if not quiet:
            self.status.show_news(said or (result.label if number == 1 else f"{result.label}, {number} papers"))
            self.list.select_from_here(False)
        gone = any(marks.status == "hidden" for marks in result.papers.values())
        if gone or said or self._shows_marked:
            # What was undone is where the reader looks next.
            paper = next(iter(result.papers), None) if said else self.list.paper
            self.ask(Place(paper) if paper is not None else "stay")
            self._ahead.left(result.papers)
        else:
            self._ahead.stay(result.papers)
        self.searcher.count()
        self.show_where()
        if self.detail.known is not None and self.detail.known.id in result.papers:
            self._detail_soon()

    # Where the reader is

    def _session(self) -> Session:
        return msgspec.structs.replace(
            self._left,
            view=str(self.view),
            filter=self._query.text,
            sort=self.sort,
            paper=self.list.paper,
            line=(self.list.place.line or 0) if self.list.place else 0,
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
            self.writer.write(lambda: session.save(self.library, left), lambda _: self._saved(left), quiet=True)

    def _saved(self, left: Session) -> None:
        self._left = left

    def action_do(self, action: str) -> None:
        """Do one of the actions of the registry."""
        scope = BY_ID[action].scope
        if scope in ("move", "mark", "open") and self.focused is not self.view_list and action != "back":
            self._ahead.do(lambda: self.app.doing(self, action), on_paper=scope != "move")
        else:
            self.app.doing(self, action)


def _view_left(left: Session) -> View:
    try:
        return View.parse(left.view)
    except LibraryError:
        return View()
