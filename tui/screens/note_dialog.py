"""The dialog for a note. A module of its own, because Textual's editor takes as long to import as all other dialogs."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from tui.screens.dialogs import Typing


class Write(Typing):
    """A question with several lines of text as its answer."""

    saves = "ctrl+s"

    def __init__(self, question: str, value: str = "") -> None:
        self._area = TextArea(value, compact=True)
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

    def put(self, text: str) -> None:
        self._area.replace(text, *self._area.selection, maintain_selection_offset=False)
