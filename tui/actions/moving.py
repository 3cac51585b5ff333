"""Moving in the pane that has the focus, and between panes."""

from __future__ import annotations

from textual.widget import Widget

from tui.screens.library_screen import MainScreen
from tui.widgets.detail import Detail
from tui.widgets.line_list import LineList

# How much "<" and ">" change the list's share of the width (percent).
_WIDTH_STEP = 5


class Moving:
    """Moving in the pane that has the focus, and between panes."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def down(self) -> None:
        self._by(1)

    def up(self) -> None:
        self._by(-1)

    def half_down(self) -> None:
        self._by_page(0.5)

    def half_up(self) -> None:
        self._by_page(-0.5)

    def page_down(self) -> None:
        self._by_page(1)

    def page_up(self) -> None:
        self._by_page(-1)

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
        self._turn(1)

    def previous_pane(self) -> None:
        self._turn(-1)

    def narrower(self) -> None:
        self._screen.share_width(-_WIDTH_STEP)

    def wider(self) -> None:
        self._screen.share_width(_WIDTH_STEP)

    @property
    def _pane(self) -> LineList | Detail:
        focused = self._screen.focused
        return focused if isinstance(focused, LineList | Detail) else self._screen.list

    def _by(self, lines: int) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=lines, animate=False)
        else:
            pane.move(pane.cursor + lines, lines)

    def _by_page(self, pages: float) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=int(pages * max(1, pane.size.height - 1)), animate=False)
        else:
            pane.move(pane.cursor + int(pages * pane.page), 1 if pages > 0 else -1)

    def _turn(self, step: int) -> None:
        screen = self._screen
        panes: list[Widget] = [screen.view_list, screen.list, screen.detail]
        at = panes.index(screen.focused) if screen.focused in panes else 1
        target = panes[(at + step) % len(panes)]
        if target is screen.view_list:
            screen.add_class("-views")
        screen.set_class(target is screen.detail, "-reading")
        screen.to(target)
