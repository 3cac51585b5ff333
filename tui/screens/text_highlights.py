"""Shows, stores and removes the user's highlights in a full text, and handles the keys that choose a passage."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from store.library.library import Library
from store.model.highlight import Highlight
from store.papers import highlights
from store.texts import positions
from tui.render.text_flow import Match
from tui.screens.passage_choice import Passage, PassageChoice
from tui.widgets.full_text import FullTextView
from tui.widgets.status_line import StatusLine
from tui.workers.write_worker import WriteWorker

# This hint must fit into a status line of 80 cells.
_HINT = "j k J K choose · enter highlights · a notes · x removes"


class TextHighlights:
    """The user's highlights in the full text that `view` shows; `paper_id` is the id of its paper."""

    def __init__(
        self,
        library: Library,
        writer: WriteWorker,
        paper_id: int,
        view: FullTextView,
        status: StatusLine,
        *,
        ask_note: Callable[[str, str, Callable[[str], None]], None],
    ) -> None:
        """`ask_note` must ask the user for a note.

        The arguments of `ask_note` are the highlighted text, its present note, and a function to call with the new
        note.
        """
        self._library = library
        self._writer = writer
        self._paper_id = paper_id
        self._view = view
        self._status = status
        self._ask_note = ask_note
        self._choice = PassageChoice(view)
        # The highlights of the paper, each with its place in this text. The place is None if this text does not contain
        # the highlighted passage, for example because the user highlighted it in another version of the text.
        self.placed: list[tuple[Highlight, Match | None]] = []

    def show(self) -> None:
        """Read the highlights from the library and show them."""
        self.placed = [
            (highlight, self._place(highlight)) for highlight in highlights.of(self._library.reader(), self._paper_id)
        ]
        self._view.show_passages([place for _, place in self.placed if place is not None])

    @property
    def is_choosing(self) -> bool:
        """Whether the user is choosing a passage. If so, the screen must pass all keys to `take`."""
        return self._choice.is_active

    def begin(self) -> None:
        """Let the user choose a passage. At first, the first sentence on the screen is chosen."""
        if self._choice.begin():
            self._status.show_note(_HINT)
        else:
            self._status.show_news("no sentence is on the screen")

    def take(self, event: events.Key, action_id: str | None) -> None:
        """Handle a key while the user is choosing a passage.

        `action_id` is the action that the key has on the screen of the text, or None.
        """
        if event.key in ("J", "shift+down"):
            self._choice.extend(1)
        elif event.key in ("K", "shift+up"):
            self._choice.extend(-1)
        elif action_id in ("down", "up"):
            self._choice.move(1 if action_id == "down" else -1)
        elif event.key == "x":
            self._remove()
        elif event.key == "a":
            self._annotate()
        elif event.key == "enter" or action_id == "text_highlight":
            self._store()
        elif event.key in ("escape", "q"):
            self._end()

    def _end(self) -> None:
        self._choice.end()
        self._status.show_note("")

    def _store(self) -> None:
        passage = self._choice.passage
        self._end()
        if passage is not None and self._at(passage) is None:
            self._add(passage, "", "highlighted")
        else:
            self._status.show_news("it is highlighted already")

    def _annotate(self) -> None:
        passage = self._choice.passage
        self._end()
        if passage is None:
            return
        known = self._at(passage)

        def answered(note: str) -> None:
            if known is None:
                self._add(passage, note, "annotated")
            else:
                self._write(lambda: highlights.annotate(self._library, self._paper_id, known, note), "annotated")

        self._ask_note(passage.quotation, known.note if known else "", answered)

    def _remove(self) -> None:
        passage = self._choice.passage
        self._end()
        chosen = [each for each, place in self.placed if passage and place and _overlap(place, passage.place)]
        if chosen:
            self._write(lambda: highlights.remove(self._library, self._paper_id, chosen), "highlight removed")
        else:
            self._status.show_news("there is no highlight")

    def _add(self, passage: Passage, note: str, news: str) -> None:
        self._write(
            lambda: highlights.add(self._library, self._paper_id, passage.quotation, passage.before, note), news
        )

    def _write(self, change: Callable[[], object], news: str) -> None:
        """Change the highlights in the thread that writes. The change is shown when it is stored on the disk."""

        def show(_: object) -> None:
            self.show()
            self._status.show_news(news)

        self._writer.write(change, show)

    def _at(self, passage: Passage) -> Highlight | None:
        """The highlight of exactly this passage; None when the passage is not highlighted."""
        return next((each for each, place in self.placed if place == passage.place), None)

    def _place(self, highlight: Highlight) -> Match | None:
        found = positions.find_passage(self._view.blocks, highlight.quotation, highlight.before)
        return Match(*found) if found is not None else None


def _overlap(one: Match, other: Match) -> bool:
    return one.block == other.block and one.start < other.end and other.start < one.end
