"""The dialog for a note. A module of its own, because Textual's editor takes as long to import as all other dialogs."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea

from tui.screens.dialogs import Typing


class Write(Typing[str]):
    """A question with several lines of text as its answer."""

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__(question, "ctrl+s saves · esc cancels")
        self._area = TextArea(value, compact=True)

    def body(self) -> Iterable[Widget]:
        yield self._area

    def on_mount(self) -> None:
        self._area.move_cursor(self._area.document.end)

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            self.put("\n")
        elif event.key == "ctrl+s":
            self.dismiss(self.text)
        else:
            return await super().take(event)
        return True

    @property
    def text(self) -> str:
        return self._area.text

    def put(self, text: str) -> None:
        self._area.replace(text, *self._area.selection, maintain_selection_offset=False)
