"""The message with which every worker reports that it could not do something."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message


class WorkFailed(Message):
    """Something could not be done. `text` says what and why; `then` is called when the message arrives."""

    def __init__(self, text: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.text = text
        self.then = then
