"""A minimal Textual app with one input line.

The time that it takes to start and to react to a key is a yardstick for recto.
"""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

# When this text is on the screen, the app has been drawn.
SHOWN = "one line"


class Line(App[None]):
    """An app that shows one input line."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=SHOWN, compact=True)


if __name__ == "__main__":
    Line().run()
