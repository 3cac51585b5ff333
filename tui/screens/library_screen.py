"""The reader's screen: filter, views, list and detail, status line and key bar, and the path of a key through them."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Center, Horizontal, Middle
from textual.notifications import SeverityLevel
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from store.library.library import Library
from store.model.errors import explanation
from store.papers import queries
from store.papers.views import Sort, View
from tui.actions.registry import ACTIONS, BY_ID, first_key, keys_of
from tui.render import styled
from tui.screens import help_text
from tui.screens.delayed_call import DelayedCall
from tui.screens.direct_keys import DirectKeys
from tui.screens.import_status import ImportStatus
from tui.screens.key_queue import KeyQueue
from tui.screens.library_changes import LibraryChanges
from tui.screens.list_search import Arrival, ListSearch
from tui.screens.mark_writer import MarkWriter
from tui.screens.session_saver import SessionSaver
from tui.settings import themes
from tui.settings.session import Session
from tui.terminal.drawing import PromptScreen
from tui.terminal.textual_internals import run_binding
from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.status_line import StatusLine
from tui.widgets.view_list import ViewList
from tui.workers.messages import WorkFailed
from tui.workers.search_worker import SearchAnswered, SearchFailed, SearchWorker, ViewsCounted
from tui.workers.write_worker import WriteDone, WriteWorker

if TYPE_CHECKING:
    from tui.workers.import_process import Imported, ImportStep, Indexed

# How often the screen looks whether the library has changed (s).
_LOOK_SECONDS = 1.0
# Imports and folder watching begin this long after the first list has arrived, so that it is drawn first (s).
_IMPORTS_BEGIN_SECONDS = 0.05
# The detail follows the cursor when it has rested for this time (s): moving through the list must not wait for it.
_DETAIL_SECONDS = 0.03
# The same while a filter is typed (s): each letter brings another first paper.
_DETAIL_TYPING_SECONDS = 0.12
_TOAST_SECONDS = 8.0
# On a screen with fewer lines all listings of an import share one toast: several would cover the list.
_TOASTS_HEIGHT = 30
# The modules that the first detail needs.
_DETAIL_MODULES = ("store.matching.merge", "tui.render.paper_page")
# The keys that move the list while the filter has the focus: by how many lines and how many pages.
_MOVES = {"down": (1, 0), "up": (-1, 0), "pagedown": (0, 1), "pageup": (0, -1)}
# The smallest and the largest share of the width that the list has beside the detail (percent).
_SHARES = (25, 75)

# Carries out the action with an id on a screen. The module tui/actions/dispatch.py has it; it imports this one.
Dispatcher = Callable[["LibraryScreen", str], None]


class Panes(Horizontal):
    """Holds the panes, which cover it completely."""

    BLANK = True


class LibraryScreen(PromptScreen, DirectKeys):
    """Shows the library.

    The screen owns the widgets and the parts behind them, passes each message of the workers to its part, and turns
    each key into an action (`take`, `do`). What the actions do is in the classes of tui/actions.
    """

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
    # The list has the focus from the first key on: what is typed before the first page is drawn is meant for it.
    AUTO_FOCUS = "#papers"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (140, "-wide")]
    # Widgets cover all of it, so Textual need not draw it.
    BLANK = True
    # As in Screen, but without `repaint`: the screen itself is invisible, and the focused widget draws itself.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self,
        library: Library,
        inbox: Path,
        keymap: Mapping[str, str],
        session: Session,
        import_first: Sequence[Path],
        dispatch: Dispatcher,
        is_held_back: Callable[[], bool] = lambda: False,
    ) -> None:
        """`keymap` holds the configured keys; `import_first` is imported when the first list has been drawn.

        `is_held_back`: whether the screen must not be drawn yet, because something else is on the terminal.
        """
        super().__init__()
        self.library = library
        self.keymap = keymap
        self.list_share = session.list_share
        self.filter_line = FilterLine(id="filter")
        self.view_list = ViewList(id="views")
        self.list = PaperList(library, id="papers")
        self.detail = Detail(id="detail")
        self.status = StatusLine(id="status")
        self.writer = WriteWorker(self)
        self.session = SessionSaver(library, self.writer, session, self._session_now, self.set_timer)
        self.search = ListSearch(
            library,
            SearchWorker(library, self),
            self.list,
            session,
            empty_text=lambda: self._empty_text,
            on_request=self.session.save_soon,
        )
        self.key_queue = KeyQueue(lambda: self.search.is_answered or self.search.keeps_order, lambda: self.list.paper)
        self.marks = MarkWriter(
            self.writer,
            self.search,
            self.list,
            self.key_queue,
            self.status,
            set_timer=self.set_timer,
            on_change=self._marks_changed,
        )
        self.imports = ImportStatus(library, inbox, self.status, keymap, receiver=self, toast=self.toast)
        self.changes = LibraryChanges(library, self.writer, self.refresh_all)
        self._key_bar = KeyBar()
        self._delayed_detail = DelayedCall(self.set_timer, self.show_detail)
        self._session_at_start = session
        self._import_first = import_first
        self._dispatch = dispatch
        self._is_held_back = is_held_back
        self._actions = {key: action.id for action in ACTIONS for key in keys_of(action, keymap)}
        self._has_papers = library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is not None
        self._background_work_began = False
        self._was_shown = False

    def compose(self) -> ComposeResult:
        # Textual sets this class only after the first layout, and would then style and lay out everything again.
        breakpoint = max(each for each in self.HORIZONTAL_BREAKPOINTS if each[0] <= self.app.size.width)
        self.set_class(True, breakpoint[1], update=False)
        yield self.filter_line
        with Panes(id="panes"):
            yield self.view_list
            yield self.list
            if not self._has_papers:
                with Middle(id="welcome"), Center():
                    yield Static(help_text.welcome_text(self.imports.inbox, self.keymap), id="welcome-text")
            yield self.detail
        yield self.status
        yield self._key_bar

    def on_mount(self) -> None:
        with self.prevent(Input.Changed):
            self.filter_line.input.value = self._session_at_start.filter
        self.set_class(not self._has_papers, "-empty")
        self._key_bar.show_keys(self.keymap)
        self.view_list.show_keys(self.keymap)
        self.share_width(0)
        self.focus_pane(self.list)
        self.search.start(self._session_at_start)
        self.changes.start()
        # The search starts after the keys that were typed before: neither they nor their drawing wait for it.
        self.app.call_later(self.call_after_refresh, self.search.worker.start)
        self.set_interval(_LOOK_SECONDS, self.changes.look)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual would style everything a second time before the screen is first shown.
        event.refresh_styles = event.refresh_styles and self._was_shown
        self._was_shown = True

    def is_held_back(self) -> bool:
        return self._is_held_back()

    async def shut(self) -> list[str]:
        """End the workers. Returns why something could not be saved, one text for each."""
        try:
            self.workers.cancel_all()
            await self.imports.stop()
            self.session.save()
        finally:
            self.search.worker.stop()
            unsaved = self.writer.stop()
        return unsaved

    # The path of a key

    async def take(self, event: events.Key) -> bool:
        if self.is_typing:
            return await self._take_while_typing(event)
        action_id = self._actions.get(event.key)
        if action_id is not None:
            self.do(action_id)
            self._follow_views()
        return action_id is not None

    async def _take_while_typing(self, event: events.Key) -> bool:
        """Handle a key while the filter has the focus; False for a key that Textual must handle.

        Arrows move the list, so that the reader can look at it without leaving the filter.
        """
        papers = self.list
        if event.key == "escape":
            self.focus_pane(papers)
            self.clear_filter()
        elif event.key in ("enter", "tab"):
            self.focus_pane(papers)
            self.key_queue.run(papers.choose)
        elif event.key in _MOVES:
            lines, pages = _MOVES[event.key]
            self.key_queue.run(lambda: papers.move(papers.cursor + lines + pages * papers.page, lines + pages))
        elif event.is_printable and event.character:
            self.filter_line.input.put(event.character)
            self.filter_changed()
        else:
            is_bound = await run_binding(self.app, event.key)
            self.filter_changed()
            return is_bound
        return True

    async def action_type(self, key: str) -> None:
        """Handle a key as if it was pressed while the filter has the focus. For clicks on the key bar."""
        await self._take_while_typing(events.Key(key, None))

    def do(self, action_id: str) -> None:
        """Carry out an action of the registry: now, or when the list that it is meant for has arrived."""
        scope = BY_ID[action_id].scope
        if scope in ("move", "mark", "open") and self.focused is not self.view_list and action_id != "back":
            self.key_queue.run(lambda: self._carry_out(action_id), on_paper=scope != "move")
        else:
            self._carry_out(action_id)

    def action_do(self, action_id: str) -> None:
        """The same for Textual's bindings."""
        self.do(action_id)

    def _carry_out(self, action_id: str) -> None:
        self.attempt(lambda: self._dispatch(self, action_id))

    def attempt(self, step: Callable[[], object]) -> bool:
        """Run `step`; whether it succeeded. The status line shows an error of the library or the system in one line.

        Every action runs here, and so does what a dialog or a key does after one. A mistake in the program is raised
        and ends the reader.
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

    # The list

    def on_search_answered(self, message: SearchAnswered) -> None:
        self._begin_background_work()
        answer = message.answer
        arrival = self.search.accept(message)
        if arrival is Arrival.FIRST_PART:
            self.filter_line.show_count(answer.exact, answer.exact, self.search.is_filtered, more=True)
            self.detail_soon()
            self.draw(self.search.worker.go_on)
        elif arrival is Arrival.COMPLETE:
            self.filter_line.show_count(len(answer.ids), answer.exact, self.search.is_filtered)
            self.show_where()
            self.detail_soon()
            if self.search.query.misread:
                self.status.show_note(styled.safe("; ".join(self.search.query.misread), 300))
            self.key_queue.list_arrived()

    def on_search_failed(self, message: SearchFailed) -> None:
        self._begin_background_work()
        self.on_work_failed(message)
        if self.search.fail(message):
            self.key_queue.clear()

    def on_views_counted(self, message: ViewsCounted) -> None:
        views = self.search.views = message.views
        self.view_list.show(views, self.search.view)
        self.show_where()
        paper_count = sum(counted.count for counted in views.fixed if counted.view.kind in ("all", "hidden"))
        if self.is_empty and paper_count:
            self.remove_class("-empty")
            self.focus_pane(self.list)

    def on_input_changed(self) -> None:
        self.filter_changed()

    def filter_changed(self) -> None:
        """Request the list again if the text of the filter has changed."""
        self.search.set_filter(self.filter_line.input.value)
        if not self.search.query.misread:
            self.status.show_note("")

    def clear_filter(self) -> None:
        """Remove the filter. The cursor returns to the paper that the reader chose last, with or without the filter."""
        self.filter_line.input.value = ""
        self.filter_changed()

    def show_view(self, view: View) -> None:
        """Change to another view."""
        self.search.show_view(view)

    def set_sort(self, sort: Sort) -> None:
        """Sort the list."""
        self.search.set_sort(sort)
        self.show_where()

    def refresh_all(self) -> None:
        """Show the library as it is now; the cursor stays on its paper."""
        self._refresh(newest=self.imports.is_awaited or not (self.list.count or self.search.is_filtered))

    def _refresh(self, *, newest: bool) -> None:
        self.search.refresh(newest=newest)
        self.detail_soon()

    def show_where(self) -> None:
        """Show in the status line what the list shows, and in the key bar the keys for it."""
        search = self.search
        text = help_text.where_text(
            search.view,
            search.newest_view,
            search.sort,
            self.list.selected_count,
            first_key("view_new", self.keymap) if search.has_newer_listing else "",
            shared=not self.library.holds_lock,
        )
        self.status.show_where(text)
        self._show_keys()

    @property
    def is_settled(self) -> bool:
        """Whether the list shows every change that this reader made, nothing is being imported, nothing is selected."""
        is_quiet = self.search.is_answered and self.writer.is_idle and not self.imports.is_awaited
        return is_quiet and not self.list.selected_count

    @property
    def is_typing(self) -> bool:
        """Whether letters go into the filter."""
        return self.focused is self.filter_line.input

    @property
    def is_empty(self) -> bool:
        """Whether the library has no papers at all."""
        return self.has_class("-empty")

    @property
    def _empty_text(self) -> str:
        """The text for a list without papers."""
        search = self.search
        return help_text.nothing_text(search.view, search.is_filtered, self.keymap, typing=self.is_typing)

    def _marks_changed(self, paper_ids: Collection[int]) -> None:
        self.show_where()
        if self.detail.paper is not None and self.detail.paper.id in paper_ids:
            self.detail_soon()

    # The detail

    def show_detail(self) -> None:
        """Show the paper under the cursor in the detail pane, now."""

        def show() -> None:
            paper_id = self.list.paper
            paper = None if paper_id is None else queries.details(self.library.reader(), paper_id)
            self.detail.show(paper, self.list.highlights)

        if not self.attempt(show):
            self.detail.show(None, self.list.highlights)

    def detail_soon(self) -> None:
        """Show the paper under the cursor when the cursor has come to rest."""
        self._delayed_detail.request(_DETAIL_TYPING_SECONDS if self.is_typing else _DETAIL_SECONDS)

    # The panes

    def focus_pane(self, widget: Widget) -> None:
        """Give `widget` the focus; from the next key on if it is visible already."""
        if widget.focusable:
            self.set_focus(widget)
        else:
            widget.focus()

    def share_width(self, change: int) -> None:
        """Give the list more or less of the width that it shares with the detail (percent)."""
        smallest, largest = _SHARES
        self.list_share = min(largest, max(smallest, self.list_share + change))
        self.list.styles.width = f"{self.list_share}fr"
        self.detail.styles.width = f"{100 - self.list_share}fr"
        self.session.save_soon()

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        if message.lines is self.view_list:
            self._follow_views()
            return
        if self.list.is_selecting:
            self.show_where()
        self.detail_soon()
        self.session.save_soon()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.do("read")

    def _follow_views(self) -> None:
        """While the views have the focus, the list shows the view under their cursor."""
        if self.focused is self.view_list and self.view_list.view is not None:
            self.show_view(self.view_list.view)

    def on_descendant_focus(self) -> None:
        self._show_keys()
        self.list.set_empty_text(self._empty_text)
        self.set_class(self.focused is self.view_list, "-views")
        if self.focused is self.list:
            self.remove_class("-reading")

    def _show_keys(self) -> None:
        has_way_back = self.focused is not self.list or self.search.is_filtered
        self._key_bar.show_for(back=has_way_back, typing=self.is_typing)

    def _session_now(self, saved: Session) -> Session:
        """`saved` with the values of now."""
        place = self.list.place
        return msgspec.structs.replace(
            saved,
            view=str(self.search.view),
            filter=self.search.query.text,
            sort=self.search.sort,
            paper=self.list.paper,
            line=(place.line or 0) if place else 0,
            list_share=self.list_share,
            theme=themes.chosen(self.app),
        )

    # Background work

    def _begin_background_work(self) -> None:
        """Begin what is not needed for the first list, when that has arrived or failed."""
        if not self._background_work_began:
            self._background_work_began = True
            self.call_after_refresh(self._import_detail_modules)
            self.set_timer(_IMPORTS_BEGIN_SECONDS, self._start_imports)

    def _import_detail_modules(self) -> None:
        # In a thread, so that no key waits for it.
        threading.Thread(target=_import_modules, args=(_DETAIL_MODULES,), name="imports", daemon=True).start()

    def _start_imports(self) -> None:
        following = self.imports.start(self._import_first, awaited=self.is_empty or bool(self._import_first))
        self.run_worker(following, group="follow", description="follow folders", exit_on_error=False)

    def on_write_done(self, message: WriteDone[object]) -> None:
        message.then(message.result)

    def on_work_failed(self, message: WorkFailed) -> None:
        if message.then is not None:
            message.then()
        self.show_error(styled.safe(message.text, 300))

    def on_import_step(self, message: ImportStep) -> None:
        self.imports.show_step(message.step)

    def on_indexed(self, message: Indexed) -> None:
        self.imports.show_indexed(message.progress)
        self.changes.look()

    def on_imported(self, message: Imported) -> None:
        self.imports.add(message.report, may_toast=self.size.height >= _TOASTS_HEIGHT)
        self.changes.look()

    def on_imports_ended(self) -> None:
        if self.imports.end():
            self._refresh(newest=True)
        self.changes.look()

    def show_error(self, text: str) -> None:
        """Show what went wrong in the status line, and in a toast, where there is room for all of it."""
        self.status.show_news(text, error=True)
        self.toast(text, "error")

    def toast(self, text: str, severity: SeverityLevel = "information") -> None:
        """Show `text` over the screen for a while. It is never parsed as markup."""
        self.notify(text, severity=severity, markup=False, timeout=_TOAST_SECONDS)


def _import_modules(names: Iterable[str]) -> None:
    # A module that cannot be imported is reported where it is used.
    with contextlib.suppress(ImportError):
        for name in names:
            importlib.import_module(name)
