"""Search in a full text. The words are typed in the status line, and each letter moves to the first match."""

from __future__ import annotations

import bisect
from functools import cached_property

from textual import events

from store.text.clean import clean
from store.texts.positions import Place
from tui.render import styled, text_flow, text_layout
from tui.render.text_flow import LinePlace, Match
from tui.widgets.full_text import FullTextView
from tui.widgets.status_line import StatusLine

_LONGEST = 200


class TextSearch:
    """Finds words in the text of `view`. While words are typed, `status` shows them."""

    def __init__(self, view: FullTextView, status: StatusLine) -> None:
        self._view = view
        self._status = status
        self.is_typing = False
        self._typed = ""
        self._query = ""
        self._begun_at = LinePlace(0, 0)
        self._matches: list[Match] = []
        self._current: int | None = None

    def begin(self) -> None:
        """Start a search: from now on, typed letters are words to find.

        The search starts at the line at the top of the screen.
        """
        self.is_typing, self._typed, self._begun_at = True, "", self._view.top
        self._show()

    def put(self, text: str) -> None:
        """Add typed or pasted text to the words to find."""
        self._typed = (self._typed + " ".join(clean(text).split("\n")))[:_LONGEST]
        self._changed()

    def take(self, event: events.Key) -> None:
        """Handle a key while the user types the words to find."""
        if event.key == "escape":
            self.is_typing = False
            self._clear()
            self._view.show_line(self._begun_at)
            self._status.show_news("")
        elif event.key == "enter":
            self.is_typing = False
            self._typed = self._typed or self._query
            self._find(self._typed)
            self._say()
        elif event.key in ("backspace", "ctrl+h"):
            self._typed = self._typed[:-1]
            self._changed()
        elif event.key == "ctrl+u":
            self._typed = ""
            self._changed()
        elif event.is_printable and event.character:
            self.put(event.character)

    def move(self, step: int) -> None:
        """Go to the next match or, if `step` is -1, to the previous one. After the last match, go to the first one."""
        if not self._query:
            self._status.show_news("nothing is searched for yet")
            return
        if self._matches:
            at = self._current
            if at is None:
                at = self._first_from(self._view.top) - (step > 0)
            self._show_match((at + step) % len(self._matches))
        self._say()

    def _changed(self) -> None:
        self._find(self._typed)
        if not self._matches:
            self._view.show_line(self._begun_at)
        self._show()

    def _find(self, query: str) -> None:
        if query == self._query and self._current is not None:
            return
        self._query = query
        self._matches = text_flow.matches(self._texts, query)
        self._current = None
        if self._matches:
            self._show_match(self._first_from(self._begun_at) % len(self._matches))
        else:
            self._view.show_matches((), None)

    @cached_property
    def _texts(self) -> list[str]:
        """The texts of all blocks of the text. They are cached, because they are searched after every typed letter."""
        return list(map(text_layout.display_text, self._view.blocks))

    def _first_from(self, place: LinePlace) -> int:
        """The index of the first match at or after a line; the number of matches when none follows."""
        lines = self._view.flow.take(place, 2)
        start = next((line.start for line in lines if line.pieces and line.block == place.block), 0)
        return bisect.bisect_left(self._matches, (place.block, start))

    def _show_match(self, index: int) -> None:
        self._current = index
        match = self._matches[index]
        self._view.show_matches(self._matches, match)
        self._view.show_place(Place(match.block, match.start))

    def _clear(self) -> None:
        self._query, self._matches, self._current = "", [], None
        self._view.show_matches((), None)

    def _show(self) -> None:
        self._status.show_note(f"/{styled.safe(self._typed, _LONGEST)}▏ {self._count}".rstrip())

    def _say(self) -> None:
        self._status.show_note("")
        self._status.show_news(f"{styled.safe(self._query, 60)}: {self._count}" if self._query else "")

    @property
    def _count(self) -> str:
        """The number of the current match and the number of all matches, for example "3 of 17"."""
        if not self._query:
            return ""
        if not self._matches:
            return "not in this text"
        return f"{(self._current or 0) + 1} of {len(self._matches):,}"
