"""The message with which every worker reports a failure."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message


class WorkFailed(Message):
    """A worker could not do something. `text` is the error message for the user.

    The receiver must call `then`, unless it is None, when it handles the message.
    """

    def __init__(self, text: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.text = text
        self.then = then
