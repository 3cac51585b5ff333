"""The main screen: it creates and connects the filter, the views, the list, the detail pane and the bottom lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from store.library.library import Library
from tui.actions.actions_and_keys import BY_ID
from tui.screens.background_work import BackgroundWork
from tui.screens.detail_follower import DetailFollower
from tui.screens.direct_keys import DirectKeys, KeyActions
from tui.screens.filter_typing import FilterTyping
from tui.screens.import_status import ImportStatus
from tui.screens.key_queue import KeyQueue
from tui.screens.library_changes import LibraryChanges
from tui.screens.list_search import ListSearch
from tui.screens.list_updates import ListUpdates
from tui.screens.mark_writer import MarkWriter
from tui.screens.notices import Notices
from tui.screens.pane_focus import PaneFocus
from tui.screens.session_saver import SessionSaver, session_now
from tui.screens.whereabouts import Whereabouts
from tui.screens.worker_messages import WorkerMessages
from tui.settings.session import Session
from tui.settings.theme_choice import ThemeChoice
from tui.terminal.textual_internals import run_binding
from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_list import LineList
from tui.widgets.panes import Panes
from tui.widgets.paper_list import PaperList
from tui.widgets.status_line import StatusLine
from tui.widgets.views_pane import ViewList, ViewStrip
from tui.workers.messages import WorkFailed
from tui.workers.search_worker import SearchWorker
from tui.workers.write_worker import WriteWorker

if TYPE_CHECKING:
    from store.papers.views import View
    from tui.screens.note_drafts import NoteDrafts

# How often the screen checks whether the library has changed (s).
_LOOK_SECONDS = 1.0
# The type of `tui.actions.dispatch.run`, which carries out the action with a given id on a screen. This module cannot
# import that function, because `dispatch` imports this module. So the function is passed to the screen.
Dispatcher = Callable[["LibraryScreen", str], None]


class LibraryScreen(WorkerMessages, DirectKeys):
    """The screen that shows the library.

    The screen creates the widgets and the objects that do its work, such as the search. It passes each message of a
    background worker to one of these objects (worker_messages.py), and finds the action of each key (`take`, `do`). The
    classes in tui/actions carry out the actions.
    """

    # This screen has no CSS file of its own, because the CSS file of the application contains the rules for it.
    CSS_PATH = None
    # The list of papers has the focus from the start, because keys that are pressed before the papers are drawn are
    # meant for the list.
    AUTO_FOCUS = "#papers"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (140, "-wide")]
    # Textual need not draw a background for the screen, because the widgets cover the whole screen.
    BLANK = True
    # As in Textual's Screen, but without `repaint` for a change of the focus: the widgets cover the screen, and those
    # that get or lose the focus are drawn anyway.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self,
        library: Library,
        inbox: Path,
        keymap: Mapping[str, str],
        session: Session,
        import_first: Sequence[Path],
        dispatch: Dispatcher,
        theme: ThemeChoice,
        is_held_back: Callable[[], bool] = lambda: False,
        begin_day: Callable[[], object] = lambda: None,
    ) -> None:
        """`keymap` maps actions to configured keys. `import_first` are files to import when the first list is drawn.

        `is_held_back` must return whether the screen must not be drawn yet: at the start, before Textual is imported,
        recto prints a copy of the screen of its last run, and the terminal shows this copy for a while. `begin_day` is
        called when a new day begins while the application is open; it is called in the thread that writes.
        """
        super().__init__()
        self.library = library
        self.keymap = keymap
        self.theme = theme
        self.filter_line = FilterLine(id="filter")
        self.view_list = ViewList(id="views")
        self.view_strip = ViewStrip(id="view-strip")
        self.list = PaperList(library, id="papers")
        self.detail = Detail(keymap, id="detail")
        self.panes = Panes(self.list, self.detail, session.list_share)
        self.pane_focus = PaneFocus(self, self.filter_line, self.view_list, self.list, self.detail)
        self.status = StatusLine(id="status")
        self.notices = Notices(self.status, self.panes.make_notice_bar)
        self.follower = DetailFollower(
            library,
            self.list,
            self.detail,
            self.notices,
            self.pane_focus,
            set_timer=self.set_timer,
            shown_answer=lambda: self.search.answer,
        )
        self.writer = WriteWorker(self, library)
        self.session = SessionSaver(
            library,
            self.writer,
            session,
            lambda saved: session_now(saved, self.search, self.list, self.panes, self.theme),
            self.set_timer,
        )
        self.search = ListSearch(
            library,
            SearchWorker(library, self),
            self.list,
            session,
            empty_text=lambda: self.where.empty_text,
            on_request=self.session.save_soon,
        )
        self.key_queue = KeyQueue(lambda: self.search.is_answered or self.search.keeps_order, lambda: self.list.paper)
        self.filter_typing = FilterTyping(
            self.filter_line,
            self.list,
            self.search,
            self.key_queue,
            self.status,
            focus_list=self.pane_focus.move_to_list,
            run_binding=lambda key: run_binding(self.app, key),
            do_key=self._do_key,
        )
        self.marks = MarkWriter(
            self.writer,
            self.search,
            self.list,
            self.key_queue,
            self.status,
            set_timer=self.set_timer,
            on_change=lambda paper_ids: self.updates.marks_changed(paper_ids),
        )
        self.search.after_marks = self.marks.after_stored
        self._has_papers = library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is not None
        self.imports = ImportStatus(
            library,
            inbox,
            self.status,
            keymap,
            receiver=self,
            toast=self.notices.toast,
            offer=self._offer,
            refresh=self.refresh_all,
            welcomes=not self._has_papers,
        )
        self._key_bar = KeyBar()
        self.where = Whereabouts(
            library,
            self.search,
            self.list,
            self.filter_line,
            self.status,
            self._key_bar,
            keymap,
            pane=lambda: self.pane_focus.pane,
            is_importing=lambda: self.imports.is_running,
        )
        self.updates = ListUpdates(
            self.search,
            self.key_queue,
            self.where,
            self.follower,
            self.pane_focus,
            self.filter_typing,
            self.filter_line,
            self.view_list,
            self.view_strip,
            self.detail,
            draw=self.draw,
        )
        self.background = BackgroundWork(
            self.imports,
            import_first,
            library,
            report=lambda text: self.post_message(WorkFailed(text)),
            is_empty=lambda: self.pane_focus.is_empty,
            offer=self._offer,
            screen=self,
            refresh=self.refresh_all,
        )
        self.changes = LibraryChanges(
            library,
            self.writer,
            self.refresh_all,
            self.background.library_changed,
            lambda: self.writer.write(begin_day, lambda _: self.updates.new_day(), quiet=True),
        )
        self._session_at_start = session
        self._import_first = import_first
        self._dispatch = dispatch
        self._is_held_back = is_held_back
        self._key_actions = KeyActions(keymap)
        self._was_shown = False

    @cached_property
    def drafts(self) -> NoteDrafts:
        """The drafts of notes: texts that the user has typed and not saved."""
        # Imported here, because the start of the application does not need this module.
        from tui.screens.note_drafts import NoteDrafts

        return NoteDrafts(self.library, self.writer)

    def compose(self) -> ComposeResult:
        # Set the CSS class for the width of the screen now. Textual sets it only after the first layout, and then has
        # to style and lay out everything a second time.
        breakpoint = max(each for each in self.HORIZONTAL_BREAKPOINTS if each[0] <= self.app.size.width)
        self.set_class(True, breakpoint[1], update=False)
        yield self.filter_line
        yield self.view_strip
        with self.panes:
            yield self.view_list
            yield self.list
            if self.imports.welcome is not None:
                yield self.imports.welcome
            yield self.detail
        yield self.status
        yield self._key_bar

    def on_mount(self) -> None:
        with self.prevent(Input.Changed):
            self.filter_line.input.value = self._session_at_start.filter
        self.set_class(not self._has_papers, "-empty")
        self.imports.expect(self._import_first)
        self._key_bar.show_keys(self.keymap)
        self.view_list.show_keys(self.keymap)
        self.view_strip.show_keys(self.keymap)
        self.share_width(0)
        self.pane_focus.move_to_list()
        self.search.start(self._session_at_start)
        self.changes.start()
        # Start the search only after the keys that were typed already are handled and their effects are drawn, so that
        # the search does not delay them.
        self.app.call_later(self.call_after_refresh, self.search.worker.start)
        self.set_interval(_LOOK_SECONDS, self.changes.look)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual has just styled all widgets of the new screen, so do not let it style them again when the screen is
        # first shown.
        event.refresh_styles = event.refresh_styles and self._was_shown
        self._was_shown = True
        if isinstance(self.focused, LineList):
            # A dialog may have moved the terminal's cursor, so put the cursor back on the list.
            self.focused.place_terminal_cursor()

    def is_held_back(self) -> bool:
        return self._is_held_back()

    async def shut(self) -> list[str]:
        """End the background workers. Returns error messages about marks and settings that could not be saved."""
        try:
            self.workers.cancel_all()
            self.background.end()
            await self.imports.stop()
            self.session.save()
        finally:
            self.follower.stop()
            self.search.worker.stop()
            unsaved = self.writer.stop()
            await self.background.write_last_marks()
        return unsaved

    # From a key to its action

    async def take(self, event: events.Key) -> bool:
        if self.notices.answer(None if self.takes_text else self._key_actions.of(event.key)):
            return True
        return await self.filter_typing.take(event) if self.takes_text else self._do_key(event.key)

    def _do_key(self, key: str) -> bool:
        """Carry out the action of a key. Returns whether the key has an action."""
        typed = self._key_actions.type(key)
        if not typed.is_known and (view := self.search.saved_view(key)) is not None:
            self.status.key_pressed()
            self.search.show_view(view)
            self.pane_focus.move_to_list()
            return True
        typed.show_on(self.status)
        if typed.action_id is not None:
            self.do(typed.action_id)
            self.updates.follow_views()
        return typed.is_known

    @property
    def is_in_sequence(self) -> bool:
        return self._key_actions.is_in_sequence

    @property
    def escape_cancels(self) -> bool:
        return self.pane_focus.is_typing

    @property
    def takes_text(self) -> bool:
        return self.pane_focus.is_typing and not self.is_in_sequence

    def paste(self, text: str) -> None:
        if self.pane_focus.is_typing:
            self.notices.answer(None)
            self.filter_typing.put(text)

    async def action_type(self, key: str) -> None:
        """Handle `key` like a key pressed while the filter has the focus.

        A click on that key in the key bar calls this.
        """
        await self.filter_typing.take(events.Key(key, None))

    def do(self, action_id: str) -> None:
        """Carry out the action with this id.

        An action that shows marks (tags, notes and so on) waits until earlier changes of marks are stored. An action
        that concerns the list waits if a new list was requested and has not arrived.
        """
        action = BY_ID[action_id]
        if action.shows_marks:
            self.marks.hold_keys()
        if action.shows_marks or (action.is_for_list and not self.pane_focus.is_choosing_view):
            self.key_queue.run(lambda: self._carry_out(action_id), on_paper=action.scope != "move")
        else:
            self._carry_out(action_id)

    # Textual calls the method by this name when the user clicks a key in the key bar.
    action_do = do

    def _carry_out(self, action_id: str) -> None:
        self.notices.attempt(lambda: self._dispatch(self, action_id))

    # The list

    def on_input_changed(self) -> None:
        self.filter_typing.changed()

    def refresh_all(self) -> None:
        """Read the list of papers and the views again, and show them. The cursor stays on its paper."""
        self.search.follow_renames(self.library.reader())
        self.updates.refresh(to_top=self.imports.is_awaited)

    def _offer(self, text: str, view: View) -> None:
        """Show `text` in the bar for messages, and let one key show the top of `view`."""
        self.notices.offer(text, lambda: self.updates.show_top(view))

    # The panes

    def share_width(self, change: int) -> None:
        """Make the list wider or narrower by `change` (percent of the width that it shares with the detail pane)."""
        self.panes.share_width(change)
        self.session.save_soon()

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        if message.lines is self.view_list:
            self.updates.follow_views()
            return
        self.where.show()
        self.follower.show_soon()
        self.session.save_soon()

    def on_view_strip_chosen(self, message: ViewStrip.Chosen) -> None:
        self.updates.show_view(message.view)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.do("read")

    def on_descendant_focus(self) -> None:
        self.where.show_keys()
        self.list.set_empty_text(self.where.empty_text)
        self.pane_focus.changed()
