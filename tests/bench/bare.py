"""The yardstick of a start and of a key: the smallest Textual app there is, one line to type in."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

# What it shows when it is painted.
SHOWN = "one line"


class Line(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=SHOWN, compact=True)


if __name__ == "__main__":
    Line().run()
