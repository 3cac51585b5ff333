"""Keys of screens that handle keys themselves: the interface, and which action a key has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual import events

from tui.actions.registry import ACTIONS, keys_of

# The ids of the actions that have their keys in the library.
LIBRARY_ACTIONS = frozenset(action.id for action in ACTIONS if not action.in_sitting)


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

    def reader_ends(self) -> None:
        """Save what would be lost, because the reader is being left while this screen is shown."""


class KeyActions:
    """The actions of keys, as a keymap configures them."""

    def __init__(self, keymap: Mapping[str, str], ids: Collection[str] = LIBRARY_ACTIONS) -> None:
        """`ids` are the actions that have their keys here: by default those of the library screen."""
        self._actions = {key: action.id for action in ACTIONS if action.id in ids for key in keys_of(action, keymap)}

    def of(self, key: str) -> str | None:
        """The id of the action that a key has; a letter without one stands for the US key at its place."""
        return self._actions.get(key) or self._actions.get(self.place(key))

    @staticmethod
    def place(key: str) -> str:
        """The US key at the place of a Cyrillic or Greek letter; any other key itself."""
        if key.isascii():
            return key
        # Imported here: few keyboards have such letters.
        from tui.terminal.layouts import us_key

        return us_key(key) or key
