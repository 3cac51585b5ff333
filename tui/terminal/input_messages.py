"""Messages about the input of a terminal: the keys that were typed, and answers about pictures."""

from __future__ import annotations

import threading

from textual.events import Key
from textual.message import Message


class TypedKeys(Message, bubble=False):
    """A message with keys in the order in which they were typed. Keys can be added until the application calls `take`.

    At the start, and while the application is busy, many keys may arrive before one is handled. Handling one message
    for all of them takes much less time than handling a message for each key, and the application can insert the
    letters of a text in one step.

    `add` is called in the thread that reads the terminal, and `take` on the event loop.
    """

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._keys: list[Key] | None = [key]

    def add(self, key: Key) -> bool:
        """Add a key at the end and return True. After a call of `take`, add nothing and return False."""
        with self._lock:
            if self._keys is not None:
                self._keys.append(key)
            return self._keys is not None

    def take(self) -> list[Key]:
        """Return the keys. After this call, `add` adds no more keys."""
        with self._lock:
            keys, self._keys = self._keys, None
        return keys or []


class TerminalAnswer(Message):
    """An answer to one of the questions of tui/terminal/graphics.py.

    `kind` is "name", "kitty", "cell", "colours" or "attributes".
    """

    def __init__(self, kind: str, value: str) -> None:
        super().__init__()
        self.kind = kind
        self.value = value
