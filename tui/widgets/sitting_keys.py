"""The bottom line of the screen for triage, with as many keys as fit, the most useful first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.actions.actions_and_keys import BY_ID, first_key

# Narrow gaps are used if fewer keys than this would fit with wide gaps.
_ENOUGH = 8


class SittingKeys(Static):
    """A line of keys with their labels. A click on a key posts a `Pressed` message with the action of the key."""

    class Pressed(Message):
        """The key of an action was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(self, actions: Sequence[str], last: str, keymap: Mapping[str, str]) -> None:
        """`actions` are the ids of the actions whose keys are shown if they fit, the most useful first.

        The keys of the last action in `actions`, which leaves the screen, and of the action `last` are always shown, at
        the end of the line.
        """
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
        # Put one more blank cell between the keys if enough keys fit with this gap.
        gap = 1
        shown = self._fitting({id: cells + gap for id, cells in widths.items()})
        if len(shown) < min(_ENOUGH, len(widths)):
            gap = 0
            shown = self._fitting(widths)
        self._places, at = [], 0
        parts: list[Content] = []
        for id in shown:
            key, label = hints[id]
            parts.append(Content.assemble((f" {key}", "bold $key"), (f" {label}{' ' * gap}", "$muted")))
            self._places.append((at, at + widths[id] + gap, id))
            at += widths[id] + gap
        self.update(Content("").join(parts), layout=False)

    def _fitting(self, widths: Mapping[str, int]) -> list[str]:
        """Those of the actions whose keys fit into the line, in their order.

        `widths` maps each action that has a key to the width of its hint.
        """
        always = [id for id in (self._actions[-1], self._last) if id in widths]
        room = self.size.width - sum(widths[id] for id in always)
        shown: list[str] = []
        for id in self._actions[:-1]:
            if id in widths and (room := room - widths[id]) < 0:
                break
            shown += [id] if id in widths else []
        return [*shown, *always]

    def on_click(self, event: events.Click) -> None:
        for start, end, action_id in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(action_id))
