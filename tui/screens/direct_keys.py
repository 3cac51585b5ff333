"""The interface of screens that handle keys themselves, and a table of the action of each key."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual import events

from tui.actions.registry import ACTIONS, keys_of

# The ids of the actions whose keys work on the library screen.
LIBRARY_ACTIONS = frozenset(action.id for action in ACTIONS if action.screen == "library")


class DirectKeys:
    """A screen that handles each key and each paste before the next one is read.

    Otherwise Textual would pass each key from widget to widget in several messages, and might handle the next key
    before the first one has had its effect.
    """

    async def take(self, event: events.Key) -> bool:
        """Handle a key. Returns False if Textual must handle the key instead."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Insert a pasted text at the cursor, if the screen has a field that is typed into."""

    def reader_ends(self) -> None:
        """Save text that would be lost. This is called when the reader ends while this screen is open."""


class KeyActions:
    """A table that maps each key to its action. `keymap` has the configured keys of the actions."""

    def __init__(self, keymap: Mapping[str, str], ids: Collection[str] = LIBRARY_ACTIONS) -> None:
        """`ids` are the ids of the actions whose keys work on the screen; by default, those of the library screen."""
        self._actions = {key: action.id for action in ACTIONS if action.id in ids for key in keys_of(action, keymap)}

    def of(self, key: str) -> str | None:
        """The id of the action of a key, or None.

        A Cyrillic or Greek letter without an action has the action of the key at the same position on a US keyboard.
        """
        return self._actions.get(key) or self._actions.get(self.place(key))

    @staticmethod
    def place(key: str) -> str:
        """For a Cyrillic or Greek letter the key at the same position on a US keyboard, and otherwise `key` itself."""
        if key.isascii():
            return key
        # Imported here, because few keyboards have letters outside ASCII.
        from tui.terminal.layouts import us_key

        return us_key(key) or key
