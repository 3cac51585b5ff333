"""The bottom line of the screen for triage. It shows as many keys as fit, the most useful first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.actions.registry import BY_ID, first_key


class SittingKeys(Static):
    """A line of keys with their labels. A click on a key posts a `Pressed` message with the action of the key."""

    class Pressed(Message):
        """An action was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(self, actions: Sequence[str], last: str, keymap: Mapping[str, str]) -> None:
        """`actions` are the ids of the actions whose keys are shown if they fit. The key of `last` is always shown."""
        super().__init__(id="keys")
        self._actions = actions
        self._last = last
        self._keymap = keymap
        # The actions that are shown, each with its first column and the column after its last one.
        self._places: list[tuple[int, int, str]] = []

    def on_resize(self) -> None:
        keys = {id: first_key(id, self._keymap) for id in (*self._actions, self._last)}
        hints = {id: (key, BY_ID[id].label) for id, key in keys.items() if key}
        widths = {id: cell_len(key) + cell_len(label) + 2 for id, (key, label) in hints.items()}
        # Put one more blank cell between the keys if all keys still fit then.
        gap = int(sum(widths.values()) + len(widths) <= self.size.width)
        room = self.size.width - widths[self._last] - gap
        self._places, at = [], 0
        parts: list[Content] = []
        for id, (key, label) in hints.items():
            end = at + widths[id] + gap
            if id == self._last or end <= room:
                parts.append(Content.assemble((f" {key}", "bold $key"), (f" {label}{' ' * gap}", "$muted")))
                self._places.append((at, end, id))
                at = end
        self.update(Content("").join(parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        for start, end, action_id in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(action_id))
