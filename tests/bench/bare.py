"""A minimal Textual app with one input line, with which the reader's start and reaction to a key are compared."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

# The text that shows that the app has been drawn.
SHOWN = "one line"


class Line(App[None]):
    """An app that shows one input line."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=SHOWN, compact=True)


if __name__ == "__main__":
    Line().run()
