"""What the list shows: the view, the filter, the sort, asked of the searcher; and the reader's marks on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from textual.timer import Timer
from textual.widget import Widget

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import queries, views
from store.papers.views import Shelves, View
from store.search import query
from store.search.parser import parse
from tui.actions.registry import first_key
from tui.render import styled
from tui.screens import help_text
from tui.screens.import_status import ArrivingScreen
from tui.screens.key_queue import Ahead
from tui.settings import session
from tui.settings.session import Session
from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.paper_list import NEIGHBOURS, PaperList, Place
from tui.widgets.view_list import ViewList
from tui.workers.search_worker import SearchAnswered, SearchFailed, SearchRequest, SearchWorker, ViewsCounted
from tui.workers.write_worker import WriteDone, WriteWorker, changes_of_others

if TYPE_CHECKING:
    from store.marks.journal import Marked

# The detail follows the cursor after this pause (s): running through the list must not wait for it.
_DETAIL_SECONDS = 0.03
# While a filter is typed it follows when no key has come for so long (s): each letter brings another first paper.
_TYPED_SECONDS = 0.12
# After a mark that changes the list moving waits for the new list, but not longer (s): the disk may be busy.
_MOVE_SECONDS = 0.3
# Where the reader is gets saved when nothing moved for so long (s).
_SAVE_SECONDS = 1.0
# Views whose papers change with the reader's marks.
_MARKED_VIEWS = ("queue", "bookmarks", "reading", "done", "hidden", "tag")

# After an answer the cursor goes to the first paper, stays on its paper, or goes to this one.
Keep = Literal["top", "stay"] | Place


class AskingScreen(ArrivingScreen):
    """A screen with a list of papers, which it keeps as the library is."""

    def __init__(self, library: Library, inbox: Path, left: Session) -> None:
        super().__init__(library, inbox)
        self.view = _view_left(left)
        self.sort = left.sort
        self.list_share = left.list_share
        self.writer = WriteWorker(self)
        self.searcher = SearchWorker(library, self)
        self.filter_line = FilterLine(id="filter")
        self.view_list = ViewList(id="views")
        self.list = PaperList(library, id="papers")
        self.detail = Detail(id="detail")
        self.shelves: Shelves | None = None
        self.ahead = Ahead(lambda: self._answered or self._may_move, lambda: self.list.paper)
        self.left = left
        self._query = parse(left.filter, date.today())
        self._generation = 0
        self._keep: Keep = "top"
        self._asked_from: int | None = None
        self._answered = True
        # The listing day that "new" means until the reader asks again: a newer one must not take the list away.
        self._latest = View("undated")
        self._misread = False
        self._seen_version = -1
        self._others: int | None = None
        self._detail_timer: Timer | None = None
        self._save_timer: Timer | None = None

    def begin(self) -> None:
        """Show what was left."""
        self._find_latest()
        self.ask(Place(self.left.paper, self.left.line) if self.left.paper is not None else "top")
        self.searcher.count_views()
        self._seen_version = self.library.data_version()

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return self._query.tree is not None

    @property
    def empty(self) -> bool:
        """Whether the library has no papers at all."""
        return self.has_class("-empty")

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

    def to(self, widget: Widget) -> None:
        """Give `widget` the keys, from the next one on where it is in sight already."""
        if widget.focusable:
            self.set_focus(widget)
        else:
            widget.focus()

    # What the list shows

    def ask(self, keep: Keep) -> None:
        """Ask for the papers of the view, the filter and the sort as they are now."""
        if keep == "stay" and not self._answered:
            # The wish that is still open knew better where the cursor goes.
            keep = self._keep
        self._keep = keep
        self._asked_from = self.list.paper
        self._answered = False
        self._generation += 1
        view = self._latest if self.view.kind == "new" else self.view
        paper = None if keep == "top" else self.list.paper if keep == "stay" else keep.paper
        near = 0 if keep == "top" else self.list.cursor
        self.searcher.search(SearchRequest(self._generation, view, self._query, self.sort, paper, near, NEIGHBOURS))
        self.save_soon()

    def on_search_failed(self, message: SearchFailed) -> None:
        self.on_work_failed(message)
        if message.request.generation == self._generation:
            self._answered = True
            self.ahead.forget()

    def on_search_answered(self, message: SearchAnswered) -> None:
        if message.request.generation != self._generation:
            return
        answer = message.answer
        if answer.partial:
            # Only where nothing can jump when the rest comes; until then keys wait for it.
            if self._keep == "top":
                self.list.show_papers(answer.ids, answer.highlights, at=None)
                self.detail_soon()
                self.filter_line.show_count(answer.exact, answer.exact, self.filtered, more=True)
                self.draw(self.searcher.go_on)
            else:
                self.searcher.go_on()
            return
        self._answered = True
        self.list.nothing = self.nothing
        self.list.show_papers(answer.ids, answer.highlights, at=self._goal)
        self.filter_line.show_count(len(answer.ids), answer.exact, self.filtered)
        self.show_where()
        self.detail_soon()
        if self._query.misread:
            self._misread = True
            self.status.show_note(styled.safe("; ".join(self._query.misread), 300))
        self.ahead.list_came()

    @property
    def nothing(self) -> str:
        """What stands in the list when it has no papers."""
        return help_text.nothing_text(self.view, self.filtered, self.app.keys, typing=self.typing)

    @property
    def is_settled(self) -> bool:
        """Whether the list is the one that was asked for, with every change that this reader made, and no selection."""
        return self._answered and self.writer.is_idle and not self.arriving and not self.list.selected_count

    @property
    def commits_shown(self) -> int | None:
        """The commits of other processes that the list shows (see `changes_of_others`); None at first."""
        return self._others

    @property
    def typing(self) -> bool:
        """Whether letters go into the filter."""
        return self.focused is self.filter_line.input

    @property
    def _may_move(self) -> bool:
        """Whether the list that was asked for is the one on the screen but for what came and went."""
        return self._keep == "stay" or (self._keep != "top" and self._keep.line is None)

    @property
    def _goal(self) -> Place | None:
        """Where the cursor goes in the list that has come; None for its top."""
        if self._keep == "top":
            return None
        moved = self._may_move and self.list.paper != self._asked_from
        return self.list.place if self._keep == "stay" or moved else self._keep

    def show_view(self, view: View) -> None:
        """Change to another view; the filter stays. "new" asked for again is the newest listing by now."""
        if view != self.view or self._newer:
            self.view = view
            self.list.chosen = None
            self._find_latest()
            self.ask("top")
            self.searcher.count_views()

    def _find_latest(self) -> None:
        day = views.latest_day(self.library.reader())
        self._latest = View("day", day) if day else View("undated")

    @property
    def _newer(self) -> bool:
        """Whether a newer listing came in than the one that "new" shows."""
        days = self.shelves.days if self.shelves else ()
        return self.view.kind == "new" and bool(days) and days[0].view.key > self._latest.key

    def set_sort(self, sort: views.Sort) -> None:
        """Sort the list; the cursor stays on its paper."""
        self.sort = sort
        # Not "stay": the next key is for the list in its new order.
        self.ask(self.list.place or "stay")
        self.show_where()

    def show_where(self) -> None:
        """Say at the left of the status line what the list shows."""
        newer = first_key("view_new", self.app.keys) if self._newer else ""
        text = help_text.where_text(
            self.view, self._latest, self.sort, self.list.selected_count, newer, shared=self.library_is_shared
        )
        self.status.show_where(text)

    @property
    def library_is_shared(self) -> bool:
        """Whether another recto had the library open before this one."""
        return not self.library.holds_lock

    def on_views_counted(self, message: ViewsCounted) -> None:
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
        return changes_of_others(self.library)

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
        self.searcher.count_views()
        self.detail_soon()

    # The filter

    def on_input_changed(self) -> None:
        self.filter_changed()

    def filter_changed(self) -> None:
        """Ask again if the filter's text is not what was asked for."""
        text = self.filter_line.input.value
        if text == self._query.text:
            return
        if not self.filtered and self._answered:
            self.list.choose()
        self._query = parse(text, date.today())
        if self._misread and not self._query.misread:
            self._misread = False
            self.status.show_note("")
        self.ask("top" if self.filtered else self.list.chosen or "stay")

    def clear_filter(self) -> None:
        """Everything is back, and the cursor on the paper that the reader chose, before the filter or under it."""
        self.filter_line.input.value = ""
        self.filter_changed()

    # What came back

    def on_write_done(self, message: WriteDone[object]) -> None:
        message.then(message.result)

    def mark(self, change: Callable[[], Marked], numbers: Sequence[int], *, hides: bool = False) -> None:
        """Change the reader's marks on these papers, and show it when it is on the disk."""
        # With the key, not with the disk: by then the reader may select again.
        self.list.select_from_here(False)
        self.show_where()
        if hides or self._shows_marked:
            self.ahead.leaving(numbers)
            self.set_timer(_MOVE_SECONDS, self.ahead.hurry)
        self.writer.write(change, self.marked, lambda: self.ahead.stay(numbers))

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
        gone = any(marks.status == "hidden" for marks in result.papers.values())
        if gone or said or self._shows_marked:
            # What was undone is where the reader looks next.
            paper = next(iter(result.papers), None) if said else self.list.paper
            self.ask(Place(paper) if paper is not None else "stay")
            self.ahead.left(result.papers)
        else:
            self.ahead.stay(result.papers)
        self.searcher.count_views()
        self.show_where()
        if self.detail.known is not None and self.detail.known.id in result.papers:
            self.detail_soon()

    def show_detail(self) -> None:
        """Show the paper under the cursor in the detail pane, now."""

        def show() -> None:
            number = self.list.paper
            known = None if number is None else queries.details(self.library.reader(), number)
            self.detail.show(known, self.list.highlights)

        if not self.attempt(show):
            self.detail.show(None, self.list.highlights)

    def detail_soon(self) -> None:
        """Show the paper under the cursor when the cursor has come to rest."""
        if self._detail_timer is not None:
            self._detail_timer.stop()
        self._detail_timer = self.set_timer(_TYPED_SECONDS if self.typing else _DETAIL_SECONDS, self.show_detail)

    # Where the reader is

    def _session(self) -> Session:
        return msgspec.structs.replace(
            self.left,
            view=str(self.view),
            filter=self._query.text,
            sort=self.sort,
            paper=self.list.paper,
            line=(self.list.place.line or 0) if self.list.place else 0,
            list_share=self.list_share,
            theme=self.app.theme_left,
        )

    def save_soon(self) -> None:
        """Keep where the reader is, when nothing has moved for a while."""
        if self._save_timer is not None:
            self._save_timer.stop()
        self._save_timer = self.set_timer(_SAVE_SECONDS, self._save)

    def _save(self) -> None:
        left = self._session()
        if left != self.left:
            self.writer.write(lambda: session.save(self.library, left), lambda _: self._saved(left), quiet=True)

    def _saved(self, left: Session) -> None:
        self.left = left


def _view_left(left: Session) -> View:
    try:
        return View.parse(left.view)
    except LibraryError:
        return View()
