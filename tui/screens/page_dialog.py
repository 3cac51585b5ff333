"""A dialog with a page of text, which the user can scroll."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Static

from tui.screens.dialogs import DEFAULT_KEYS, Reading


class Page(Reading[None]):
    """A text that the user can read and scroll."""

    shape = "-page"

    def __init__(
        self, title: str, text: Content, keymap: Mapping[str, str] = DEFAULT_KEYS, opened_by: str = ""
    ) -> None:
        super().__init__(title, "↑ ↓ scroll · esc closes", keymap, opened_by)
        self._text = text

    def body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static(self._text, id="page-text"), id="page-scroll", can_focus=False)

    @property
    def page(self) -> int:
        return max(1, self._view.size.height) if self._view else 1

    @property
    def _view(self) -> VerticalScroll | None:
        try:
            return self.query_one(VerticalScroll)
        except NoMatches:
            return None

    def move(self, lines: int) -> None:
        self._scroll(lambda view: view.scroll_to(y=view.scroll_offset.y + lines, animate=False))

    def do(self, action_id: str | None, event: events.Key) -> bool:
        if event.key == "enter":
            self.dismiss(None)
        return event.key == "enter"

    def _scroll(self, scroll: Callable[[VerticalScroll], None]) -> None:
        """Scroll the text.

        Textual cannot scroll before the first layout. In that case, the text is scrolled after the layout.
        """
        view = self._view
        if view is not None and view.size:
            scroll(view)
        else:
            self.call_after_refresh(self._scroll, scroll)
