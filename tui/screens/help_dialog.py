"""The help: keys, signs and the filter language, filtered as the reader types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.screens.dialogs import TypingLine, lines_of
from tui.screens.direct_keys import KeyActions
from tui.screens.help_page import help_page

# What the keys that no line of text has do in the help. Letters are typed.
_MOVES = {
    "down": "down",
    "up": "up",
    "pagedown": "page_down",
    "pageup": "page_up",
    "home": "top",
    "end": "bottom",
}


class Help(TypingLine[None]):
    """Every key and the filter language. Letters filter it; the key of the help closes it again."""

    shape = "-page"
    # It searches for all of the text with every key.
    longest = 200

    def __init__(self, keymap: Mapping[str, str], query: str = "") -> None:
        """`query` is what the help shows first; what is typed replaces it."""
        hint, placeholder = "↑ ↓ scroll · esc closes", "type to find a key or what it does"
        super().__init__("Help", hint, query, placeholder, selects=True)
        self._keymap = keymap
        self._key_actions = KeyActions(keymap)
        # What the text was made for: its width and the query.
        self._made_for = (0, "")
        self._text = Static(id="page-text")
        self._scroll = VerticalScroll(self._text, id="page-scroll", can_focus=False)

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        yield self._scroll

    async def take(self, event: events.Key) -> bool:
        lines = lines_of(_MOVES.get(event.key), self._scroll.size.height)
        if lines is not None:
            self._scroll.scroll_to(y=self._scroll.scroll_offset.y + lines, animate=False)
        elif event.key == "enter" or (self._key_actions.of(event.key) == "help" and not self.text):
            self.dismiss(None)
        else:
            return await super().take(event)
        return True

    def changed(self) -> None:
        wanted = self._scroll.scrollable_content_region.width, self.text
        if wanted == self._made_for or not wanted[0]:
            return
        self._made_for = wanted
        self._text.update(
            help_page(self._keymap, *wanted) or Content.styled("Nothing in the help has these words.", "$muted")
        )
        self._scroll.scroll_home(animate=False)

    def on_resize(self) -> None:
        # The layout of the new size comes first.
        self.call_after_refresh(self.changed)
