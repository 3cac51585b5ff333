"""Shows one message, and only once, about each retracted paper that the user has tagged, queued or otherwise marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.screen import Screen

from store.library.library import Library
from store.papers import retractions
from store.papers.retractions import Own
from store.papers.views import View
from tui.render import styled, wording

# The message contains at most this many titles of papers. Each title is shortened to this width (cells).
_MOST_NAMED = 2
_TITLE_WIDTH = 50
# If a dialog covers the screen, try again after this time (s).
_AGAIN_SECONDS = 1.0


class RetractionNotice:
    """Shows the message on `screen`. While it is shown, one key opens the list of the retracted papers.

    When the message has been shown, its papers are recorded in the library, so that it is not shown again for them.
    """

    def __init__(self, library: Library, screen: Screen[None], offer: Callable[[str, View], None]) -> None:
        """`offer` is called with a text and a view. It must show the text, and let one key open the view."""
        self._library = library
        self._screen = screen
        self._offer = offer

    def look(self) -> None:
        """Show the message if there are retracted papers about which no message has been shown.

        This may be called in any thread. Raises LibraryError when the library cannot be read.
        """
        own = retractions.not_shown(self._library.reader())
        if own:
            self._screen.call_later(self._show, own)

    def _show(self, own: Sequence[Own]) -> None:
        if not self._screen.is_current:
            self._screen.set_timer(_AGAIN_SECONDS, lambda: self._show(own))
            return
        titles = ", ".join(f"“{styled.shortened(each.title, _TITLE_WIDTH)}”" for each in own[:_MOST_NAMED])
        more = f" and {len(own) - _MOST_NAMED:,} more" if len(own) > _MOST_NAMED else ""
        verb = "was" if len(own) == 1 else "were"
        text = f"{wording.count(len(own), 'paper')} of yours {verb} retracted: {titles}{more}: enter shows them"
        self._offer(text, View("retracted"))
        # Write in another thread, because the write may have to wait for another process.
        self._library.read_in_background(lambda: retractions.note_shown(self._library, own), "retractions")
