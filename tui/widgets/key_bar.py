"""The bottom line of the screen: up to five keys that are useful in the current situation, and the key of the help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.actions.actions_and_keys import BY_ID, first_key

# The situations in which the bar shows different keys. A situation depends on the pane that has the focus and, if that
# pane is the list of papers, on the view, the filter and the selection.
Situation = Literal["list", "period", "trending", "filtered", "queue", "selection", "paper", "views", "filter", "empty"]
# For each situation, the ids of the actions whose keys are shown, the most useful first. Each id has a label for the
# bar; "" stands for the label in the table of actions.
HINTS: dict[Situation, tuple[tuple[str, str], ...]] = {
    "list": (("triage", ""), ("read", ""), ("filter", ""), ("keep", ""), ("drop", "")),
    "period": (("previous_page", "Earlier"), ("next_page", "Later"), ("calendar", ""), ("read", ""), ("triage", "")),
    "trending": (("previous_page", "Shorter"), ("next_page", "Longer"), ("read", ""), ("keep", ""), ("triage", "")),
    "filtered": (("back", "Clear filter"), ("read", ""), ("filter", ""), ("queue", ""), ("hide", "")),
    "queue": (("read", ""), ("later", "Down"), ("sooner", "Up"), ("done", ""), ("queue", "Take out")),
    "selection": (("back", "Select none"), ("queue", ""), ("bookmark", ""), ("hide", ""), ("tags", "")),
    "paper": (("back", ""), ("read", "Full text"), ("next_page", "Next"), ("queue", ""), ("bookmark", "")),
    "views": (("back", ""), ("read", "Show"), ("down", ""), ("up", ""), ("next_pane", "")),
    "empty": (("import_file", ""), ("read", "Samples"), ("fetch", ""), ("palette", ""), ("quit", "")),
    "filter": (),
}


class _Hint(NamedTuple):
    """A key, its label, and the Textual action that a click on the key runs."""

    key: str
    label: str
    screen_action: str

    @property
    def width(self) -> int:
        return cell_len(self.key) + cell_len(self.label) + 3


# The keys that are shown while the user types a filter. Letters are not among them, because they are added to the
# filter.
_TYPING = (
    _Hint("esc", "Clear", "type('escape')"),
    _Hint("enter", "To the list", "type('enter')"),
    _Hint("↓", "Down", "type('down')"),
    _Hint("↑", "Up", "type('up')"),
)


class KeyBar(Static):
    """Shows as many of the keys that are useful in a situation as fit and, at the right end, the key of the help.

    A click on a key carries out the action of the key.
    """

    def __init__(self) -> None:
        super().__init__(id="keys")
        # The hints (keys with labels) that are shown, each with its first column and the column after its last one.
        self._places: list[tuple[int, int, _Hint]] = []
        self._keymap: Mapping[str, str] = {}
        self._situation: Situation = "list"

    def show_keys(self, keymap: Mapping[str, str]) -> None:
        """Show the keys that `keymap` assigns to the actions."""
        self._keymap = keymap
        self._draw()

    def show_for(self, situation: Situation) -> None:
        """Show the keys that are useful in a situation."""
        if situation != self._situation:
            self._situation = situation
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        for start, end, hint in self._places:
            if start <= event.x < end:
                self.run_worker(self.screen.run_action(hint.screen_action))
                return

    def _draw(self) -> None:
        self._places = []
        parts: list[Content] = []
        at = 0
        width = self.size.width
        # While the filter has the focus, the key of the help would be typed into the filter, so do not show this key.
        last = None if self._situation == "filter" else self._hint("help")
        for hint in _first_that_fit(self._hints(), width - (last.width if last else 0)):
            parts.append(_shown(hint))
            self._places.append((at, at + hint.width, hint))
            at += hint.width
        if last:
            at = max(at, width - last.width)
            parts += [Content(" " * (at - sum(part.cell_length for part in parts))), _shown(last)]
            self._places.append((at, at + last.width, last))
        self.update(Content("").join(parts), layout=False)

    def _hints(self) -> list[_Hint]:
        if self._situation != "filter":
            hints = (self._hint(action_id, label) for action_id, label in HINTS[self._situation])
            return [hint for hint in hints if hint.key]
        palette = self._hint("palette")
        # Show the key of the palette only if it does not begin with a letter, which would be typed into the filter.
        return [*_TYPING, *([palette] if len(palette.key.split(" ")[0]) > 1 else [])]

    def _hint(self, action_id: str, label: str = "") -> _Hint:
        return _Hint(first_key(action_id, self._keymap), label or BY_ID[action_id].label, f"do('{action_id}')")


def _shown(hint: _Hint) -> Content:
    return Content.assemble((f" {hint.key}", "bold $key"), (f" {hint.label} ", "$muted"))


def _first_that_fit(hints: Iterable[_Hint], width: int) -> list[_Hint]:
    """The first hints (keys with labels) that fit into `width` cells together."""
    fitting: list[_Hint] = []
    for hint in hints:
        width -= hint.width
        if width < 0:
            break
        fitting.append(hint)
    return fitting
