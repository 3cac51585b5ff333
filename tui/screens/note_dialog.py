"""The dialog for a note. A module of its own, because Textual's editor takes as long to import as all other dialogs."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from store.text.clean import clean
from tui.screens.dialogs import Typing


class _Text(TextArea):
    """Several lines of text without control characters: pasted text may contain anything."""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        self.replace(clean(event.text), *self.selection, maintain_selection_offset=False)


class Write(Typing):
    """A question with several lines of text as its answer."""

    saves = "ctrl+s"

    def __init__(self, question: str, value: str = "") -> None:
        self._area = _Text(value, compact=True)
        super().__init__(question, self._area, "ctrl+s saves · esc cancels")

    def on_mount(self) -> None:
        self._area.move_cursor(self._area.document.end)

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            self.put("\n")
            return True
        return await super().take(event)

    @property
    def text(self) -> str:
        return self._area.text

    def put(self, letter: str) -> None:
        self._area.replace(letter, *self._area.selection, maintain_selection_offset=False)
