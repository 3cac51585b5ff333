"""The text that fills the screen while the library has no papers: the first steps, or the progress of an import."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Center, Middle
from textual.content import Content
from textual.widgets import Static


class Welcome(Middle):
    """A text in the middle of the screen."""

    def __init__(self, text: Content) -> None:
        super().__init__(id="welcome")
        self._text = Static(text, id="welcome-text")

    def compose(self) -> ComposeResult:
        with Center():
            yield self._text

    def show(self, text: Content) -> None:
        """Replace the text."""
        self._text.update(text)
