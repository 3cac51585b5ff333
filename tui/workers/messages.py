"""The message with which every worker reports a failure."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message


class WorkFailed(Message):
    """A worker has failed to do its work. `text` is the error message for the user.

    When the receiver handles the message, it must call `then`, unless `then` is None.
    """

    def __init__(self, text: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.text = text
        self.then = then
