"""Actions that move the cursor in the focused pane, move the focus between panes, or change the width of a pane."""

from __future__ import annotations

from textual.widget import Widget

from tui.actions.actions_and_keys import key_or_name
from tui.screens.library_screen import LibraryScreen
from tui.widgets.detail import Detail
from tui.widgets.line_list import LineList

# How much the keys "<" and ">" change the width of the list (percent of the screen).
_WIDTH_STEP = 5


class Moving:
    """The actions that move the cursor or the focus: those with the scope "move" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def down(self) -> None:
        self._move_lines(1)

    def up(self) -> None:
        self._move_lines(-1)

    def half_down(self) -> None:
        self._move_pages(0.5)

    def half_up(self) -> None:
        self._move_pages(-0.5)

    def page_down(self) -> None:
        self._move_pages(1)

    def page_up(self) -> None:
        self._move_pages(-1)

    def top(self) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_home(animate=False)
        else:
            pane.move(0)

    def bottom(self) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_end(animate=False)
        else:
            pane.move(pane.count - 1, -1)

    def next_pane(self) -> None:
        self._change_pane(1)

    def previous_pane(self) -> None:
        self._change_pane(-1)

    def preview_down(self) -> None:
        self._scroll_preview(1)

    def preview_up(self) -> None:
        self._scroll_preview(-1)

    def narrower(self) -> None:
        self._screen.share_width(-_WIDTH_STEP)

    def wider(self) -> None:
        self._screen.share_width(_WIDTH_STEP)

    @property
    def _pane(self) -> LineList | Detail:
        """The pane that has the focus, or the list of papers when no pane has it."""
        focused = self._screen.focused
        return focused if isinstance(focused, LineList | Detail) else self._screen.list

    def _move_lines(self, lines: int) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=lines, animate=False)
        else:
            pane.move(pane.cursor + lines, lines)

    def _move_pages(self, pages: float) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=int(pages * max(1, pane.size.height - 1)), animate=False)
        else:
            pane.move(pane.cursor + int(pages * pane.page), 1 if pages > 0 else -1)

    def _scroll_preview(self, pages: int) -> None:
        detail = self._screen.detail
        if detail.display:
            detail.scroll_relative(y=pages * max(1, detail.size.height - 1), animate=False)
        else:
            self._screen.status.show_news(f"{key_or_name('read', self._screen.keymap)} opens the paper")

    def _change_pane(self, step: int) -> None:
        screen = self._screen
        panes: list[Widget] = [screen.view_list, screen.list, screen.detail]
        index = panes.index(screen.focused) if screen.focused in panes else 1
        target = panes[(index + step) % len(panes)]
        if target is screen.view_list:
            screen.add_class("-views")
        screen.set_class(target is screen.detail, "-reading")
        screen.pane_focus.move_to(target)
