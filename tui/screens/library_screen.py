"""The reader's screen: three panes, the filter above, status and keys below; and where each key goes."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Center, Horizontal, Middle
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from store.library.library import Library
from tui.actions.registry import ACTIONS, BY_ID
from tui.screens.asking import AskingScreen
from tui.settings.session import Session
from tui.terminal.textual_internals import run_binding
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_list import LineList
from tui.workers.search_worker import SearchAnswered, SearchFailed

# How often the screen looks whether another program changed the library (s).
_LOOK_SECONDS = 1.0
# Imports, and following folders for them, begin so long after the first list has come (s): it is to be drawn.
_FOLLOW_SECONDS = 0.05
# What a paper is read and laid out with.
_FOR_THE_DETAIL = ("store.matching.merge", "tui.render.paper_page")
# The keys that move the list while the filter has the focus: by so many lines, by so many pages.
_MOVES = {"down": (1, 0), "up": (-1, 0), "pagedown": (0, 1), "pageup": (0, -1)}


class Panes(Horizontal):
    """What holds the panes, and is covered by them."""

    BLANK = True


class MainScreen(AskingScreen):
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
    # All of it is covered, and need not be drawn.
    BLANK = True
    # As in Screen, but for `repaint`: nothing of the screen itself is seen, and what has the focus draws itself.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, library: Library, inbox: Path, left: Session, first: Sequence[Path]) -> None:
        super().__init__(library, inbox, left)
        self._first = first
        self._actions: dict[str, str] = {}
        self._has_papers = library.reader().execute("SELECT 1 FROM paper LIMIT 1").fetchone() is not None
        self._follows = False
        self._was_shown = False

    def compose(self) -> ComposeResult:
        # As Textual does when it is through with laying out; then all would be styled and laid out once more.
        breakpoint = max(each for each in self.HORIZONTAL_BREAKPOINTS if each[0] <= self.app.size.width)
        self.set_class(True, breakpoint[1], update=False)
        yield self.filter_line
        with Panes(id="panes"):
            yield self.view_list
            yield self.list
            if not self._has_papers:
                with Middle(id="welcome"), Center():
                    yield Static(self.app.welcome(), id="welcome-text")
            yield self.detail
        yield self.status
        yield KeyBar()

    def on_mount(self) -> None:
        with self.prevent(Input.Changed):
            self.filter_line.input.value = self.left.filter
        self.set_class(not self._has_papers, "-empty")
        self.query_one(KeyBar).show_keys(self.app.keys)
        self.view_list.show_keys(self.app.keys)
        keys = {action.id: self.app.keys.get(action.id, ",".join(action.keys)) for action in ACTIONS}
        self._actions = {key: action for action, bound in keys.items() for key in bound.split(",")}
        self.share_width(0)
        self.to(self.list)
        self.begin()
        # Behind the keys that were typed before: they, and what is drawn for them, do not wait for a search.
        self.app.call_later(self.call_after_refresh, self.searcher.start)
        self.set_interval(_LOOK_SECONDS, self.look)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual would style it all a second time before it is first shown.
        event.refresh_styles = event.refresh_styles and self._was_shown
        self._was_shown = True

    def on_search_answered(self, message: SearchAnswered) -> None:
        """The first list has come: what is not for it begins."""
        self._follow()

    def on_search_failed(self, message: SearchFailed) -> None:
        """Nor does anything wait for a list that does not come."""
        self._follow()

    def _follow(self) -> None:
        if not self._follows:
            self._follows = True
            self.call_after_refresh(self._import_ahead)
            self.set_timer(_FOLLOW_SECONDS, self._start_imports)

    def _import_ahead(self) -> None:
        """Import what the first detail needs, off the loop: no key is to wait for it."""
        threading.Thread(target=_import, args=(_FOR_THE_DETAIL,), name="imports", daemon=True).start()

    def _start_imports(self) -> None:
        self.start_imports(self._first, wanted=self.empty or bool(self._first))

    # The keys

    async def take(self, event: events.Key) -> bool:
        """Do what a key is for, before the next key is looked at; False when it is none of this screen's.

        Textual would send it from the widget that has the focus to the application, and meanwhile the next one.
        """
        if self.typing:
            return await self._type(event)
        action = self._actions.get(event.key)
        if action is not None:
            self.action_do(action)
            self._follow_views()
        return action is not None

    async def _type(self, event: events.Key) -> bool:
        """Handle a key while the filter has the focus; False for one that only Textual can handle.

        Arrows move the list, so that a hit is reached from the filter.
        """
        papers = self.list
        if event.key == "escape":
            self.to(papers)
            self.clear_filter()
        elif event.key in ("enter", "tab"):
            self.to(papers)
            self.ahead.do(papers.choose)
        elif event.key in _MOVES:
            lines, pages = _MOVES[event.key]
            self.ahead.do(lambda: papers.move(papers.cursor + lines + pages * papers.page, lines + pages))
        elif event.is_printable and event.character:
            self.filter_line.input.put(event.character)
            self.filter_changed()
        else:
            is_bound = await run_binding(self.app, event.key)
            self.filter_changed()
            return is_bound
        return True

    async def action_type(self, key: str) -> None:
        """Do what a key is for while the filter has the focus."""
        await self._type(events.Key(key, None))

    def action_do(self, action: str) -> None:
        """Do one of the actions of the registry."""
        scope = BY_ID[action].scope
        if scope in ("move", "mark", "open") and self.focused is not self.view_list and action != "back":
            self.ahead.do(lambda: self.app.doing(self, action), on_paper=scope != "move")
        else:
            self.app.doing(self, action)

    # The panes

    def is_held_back(self) -> bool:
        return self.app.holds_back(self)

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        if message.lines is self.view_list:
            self._follow_views()
            return
        if self.list.selecting:
            self.show_where()
        self.detail_soon()
        self.save_soon()

    def _follow_views(self) -> None:
        """The list shows the view under the cursor of the views pane, while that has the keys."""
        if self.focused is self.view_list and self.view_list.view is not None:
            self.show_view(self.view_list.view)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.action_do("read")

    def on_descendant_focus(self) -> None:
        self._show_keys()
        self.list.say_nothing(self.nothing)
        self.set_class(self.focused is self.view_list, "-views")
        if self.focused is self.list:
            self.remove_class("-reading")

    def show_where(self) -> None:
        super().show_where()
        self._show_keys()

    def _show_keys(self) -> None:
        back = self.focused is not self.list or self.filtered
        self.query_one(KeyBar).show_for(back=back, typing=self.typing)

    def share_width(self, change: int) -> None:
        """Give the list more or less of the width it shares with the detail (percent)."""
        self.list_share = min(75, max(25, self.list_share + change))
        self.list.styles.width = f"{self.list_share}fr"
        self.detail.styles.width = f"{100 - self.list_share}fr"
        self.save_soon()


def _import(names: Iterable[str]) -> None:
    # What cannot be imported says so where it is used.
    with contextlib.suppress(ImportError):
        for name in names:
            importlib.import_module(name)
