"""Tells the reader once about each paper with marks of theirs that was retracted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.screen import Screen

from store.library.library import Library
from store.papers import retractions
from store.papers.retractions import Own
from store.papers.views import View
from tui.render import styled, wording

# The message names at most this many papers, each by so much of its title (cells).
_MOST_NAMED = 2
_TITLE_WIDTH = 50
# While a dialog covers the screen, the message waits, and it is tried again after this time (s).
_AGAIN_SECONDS = 1.0


class RetractionNotice:
    """Shows the message on `screen`, and offers to show the retracted papers.

    A paper counts as told about only when the message was shown.
    """

    def __init__(self, library: Library, screen: Screen[None], offer: Callable[[str, View], None]) -> None:
        """`offer` must show a text, and let one key show a view."""
        self._library = library
        self._screen = screen
        self._offer = offer

    def look(self) -> None:
        """Look for such papers and show the message. This may be called in any thread. Raises LibraryError."""
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
        # In another thread, because the write may wait for another process.
        self._library.read_in_background(lambda: retractions.note_shown(self._library, own), "retractions")
