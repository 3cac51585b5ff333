"""The interface of screens that handle keys themselves, and the class that finds the action of the typed keys."""

from __future__ import annotations

import contextlib
import time
import unicodedata
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events

from tui.actions.actions_and_keys import ACTIONS, BY_ID, Scope, first_key, keys_of, shown
from tui.actions.key_sequences import KeyTrie
from tui.render import styled
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from tui.widgets.sitting_keys import SittingKeys

# If less than this time (s) lies between two keys, they are not typed by hand: a terminal without bracketed paste sends
# a pasted text as a series of keys. No message is shown for these keys.
_BURST_SECONDS = 0.02
# The largest number of characters of a key's name that are shown in a message.
_LONGEST_NAME = 40
# The ids of the actions whose keys work on the library screen.
LIBRARY_ACTIONS = frozenset(action.id for action in ACTIONS if action.screen == "library")


class DirectKeys:
    """A screen that handles each key and each paste before the next one is read.

    Textual itself passes each key from widget to widget in several messages, and may handle the next key before the
    first one has had its effect.
    """

    async def take(self, event: events.Key) -> bool:
        """Handle a key. Returns False if Textual must handle the key instead."""
        raise NotImplementedError

    @property
    def is_in_sequence(self) -> bool:
        """Whether the keys typed last are the beginning of a sequence, so that the next key belongs to it."""
        return False

    @property
    def escape_cancels(self) -> bool:
        """Whether "escape" would now cancel something, such as a dialog or a filter that the user is typing.

        If so, keys that type no letter and that the user has configured for the action "back" do what "escape" does.
        """
        return False

    @property
    def takes_text(self) -> bool:
        """Whether typed letters are text at the moment.

        If so, `paste` is called once with all letters that were typed in a row.
        """
        return False

    def paste(self, text: str) -> None:
        """Insert a pasted text at the cursor, if the screen has a text field."""

    def reader_ends(self) -> None:
        """Save text that the user has typed. Called when the program ends while this screen is open."""


class Typed(NamedTuple):
    """The meaning of the last key that was typed.

    `action_id` is the action that the key completes, or None. `text` is a message for the user: after the beginning of
    a key sequence such as "g g", it shows the keys typed so far and those that may follow; after a key that does not
    continue the sequence, it says so; after a key without an action, it says so and shows the key for help. `is_part`
    is true if the key begins, continues or ends a sequence without completing an action; the caller must not use such a
    key for anything else.
    """

    action_id: str | None = None
    text: str = ""
    is_part: bool = False
    is_error: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the key has an action or is part of a key sequence."""
        return self.is_part or self.action_id is not None

    def show_on(self, status: StatusLine) -> None:
        """Show the text in a status line. A message about the previous key is removed from the status line."""
        if self.is_known:
            status.key_pressed()
        status.show_keys(self.text if self.is_part and not self.is_error else "")
        if self.is_error or (self.text and not self.is_part):
            status.show_news(self.text, error=self.is_error, until_key=True)


class KeyActions:
    """Finds the action of the keys that are typed on a screen. `keymap` maps actions to configured keys.

    An action may have a sequence of keys, such as "g g". The object remembers the keys of an unfinished sequence,
    without a time limit. The sequence is cancelled by "escape", by a key of the action "back", or by a key that does
    not continue it.
    """

    def __init__(self, keymap: Mapping[str, str], ids: Collection[str] = LIBRARY_ACTIONS) -> None:
        """`ids` are the ids of the actions whose keys work on the screen; by default, those of the library screen."""
        self._trie = KeyTrie()
        self._cancel_keys = {"escape", *keys_of(BY_ID["back"], keymap)}
        # The keys of an unfinished sequence, and the time of the last key.
        self._typed: tuple[str, ...] = ()
        self._typed_at = 0.0
        self._help_key = first_key("help", keymap)
        # The keys that the user has configured are first in the keymap, so they take precedence when two actions of a
        # screen have the same key. In the text screen, for example, the keys that move in the list of papers work too.
        for action_id in (*keymap, *(action.id for action in ACTIONS if action.id not in keymap)):
            if action_id in ids:
                for sequence in keys_of(BY_ID[action_id], keymap):
                    self._trie.add(sequence, action_id)

    @property
    def is_in_sequence(self) -> bool:
        """Whether the keys typed last are the beginning of a key sequence such as "g g"."""
        return bool(self._typed)

    def cancel(self) -> None:
        """Forget the keys of an unfinished sequence."""
        self._typed = ()

    def type(self, key: str) -> Typed:
        """Process the next typed key, and return its meaning."""
        before, self._typed = self._typed, ()
        now = time.monotonic()
        is_in_burst, self._typed_at = now - self._typed_at < _BURST_SECONDS, now
        found = self._trie.find((*before, key))
        if found is None and (placed := self.place(key)) != key:
            key = placed
            found = self._trie.find((*before, key))
        if isinstance(found, str):
            return Typed(found)
        keys = " ".join(map(shown, (*before, key)))
        if found:
            self._typed = (*before, key)
            following = (f"{shown(next)} {BY_ID[id].label if id else '…'}" for next, id in found.items())
            return Typed(text=f"{keys} …  {' · '.join(following)}", is_part=True)
        if not before:
            return Typed(text="" if is_in_burst else self._unknown_text(keys))
        if key in self._cancel_keys:
            return Typed(is_part=True)
        return Typed(text=f"no action has the keys {keys}", is_part=True, is_error=True)

    def of(self, key: str) -> str | None:
        """The id of the action of a single key, or None.

        For a Cyrillic or Greek letter without an action of its own, this is the action of the key at the same position
        on a US keyboard.
        """
        for each in (key, self.place(key)):
            if isinstance(found := self._trie.find((each,)), str):
                return found
        return None

    def has(self, key: str) -> bool:
        """Whether a key has an action, alone or as the beginning of a sequence."""
        return any(self._trie.find((each,)) is not None for each in (key, self.place(key)))

    def _unknown_text(self, key: str) -> str:
        """The message to show after a key that has no action."""
        # Textual names a sign after its Unicode name, for example "section_sign" for "§". Show the sign itself.
        with contextlib.suppress(KeyError):
            key = unicodedata.lookup(key.replace("_", " "))
        rest = f" · {self._help_key} shows the keys" if self._help_key else ""
        return f"no action for {styled.safe(key, _LONGEST_NAME)}{rest}"

    @staticmethod
    def place(key: str) -> str:
        """For a Cyrillic or Greek letter, the key at the same position on a US keyboard; for any other key, the key."""
        if key.isascii():
            return key
        # Imported here, because few keyboards have letters outside ASCII.
        from tui.terminal.layouts import us_key

        return us_key(key) or key


class ActionKeys(DirectKeys):
    """A screen whose keys carry out actions, and whose status line shows the keys of an unfinished sequence.

    A subclass must set the attributes `key_actions` and `status`, and implement `act`.
    """

    key_actions: KeyActions
    status: StatusLine
    # The part of the help that is about the keys of this screen.
    help_scope: ClassVar[Scope] = "text"

    def act(self, action_id: str) -> None:
        """Carry out an action whose key was typed or clicked."""
        raise NotImplementedError

    async def take(self, event: events.Key) -> bool:
        typed = self.key_actions.type(event.key)
        typed.show_on(self.status)
        if typed.action_id is not None:
            self.act(typed.action_id)
        return typed.is_known

    @property
    def is_in_sequence(self) -> bool:
        return self.key_actions.is_in_sequence

    def on_sitting_keys_pressed(self, message: SittingKeys.Pressed) -> None:
        self.act(message.action_id)
