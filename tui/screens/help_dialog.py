"""The dialog with the help. While the user types, it shows only the entries that match."""

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

# Maps the keys that scroll the help to the actions of the list of papers that move in the same way. Letters do not
# scroll: the user types them as the query.
_MOVES = {
    "down": "down",
    "up": "up",
    "pagedown": "page_down",
    "pageup": "page_up",
    "home": "top",
    "end": "bottom",
}


class Help(TypingLine[None]):
    """The help. Typed letters filter its text.

    As long as nothing is typed, the key that opened the help closes it again.
    """

    shape = "-page"
    # The largest length of the query (characters). A limit is needed because each typed key starts a search for the
    # whole query.
    longest = 200

    def __init__(self, keymap: Mapping[str, str], query: str = "") -> None:
        """The help is filtered by `query` until the user types a letter, which replaces `query`."""
        hint, placeholder = "↑ ↓ scroll · esc closes", "type to find a key or what it does"
        super().__init__("Help", hint, query, placeholder, selects=True)
        self._keymap = keymap
        self._key_actions = KeyActions(keymap)
        # The width and the query for which the text on the screen was made.
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

    @property
    def would_lose_text(self) -> bool:
        return False

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
        # Make the text after the layout, because only then is the new width of the text known.
        self.call_after_refresh(self.changed)
