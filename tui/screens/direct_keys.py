"""The interface of screens that handle keys themselves."""

from __future__ import annotations

from textual import events


class DirectKeys:
    """A screen that handles each key and each paste before the next one is read.

    Textual would send each key from the focused widget up to the app in one message after another, while the next key
    is already on its way.
    """

    async def take(self, event: events.Key) -> bool:
        """Handle a key; False for a key that Textual must handle."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Insert what was pasted at the cursor; nothing where no text is typed."""
