"""The bottom line: the most useful keys of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.actions.registry import ACTIONS, BY_ID, Action, first_key


class _Hint(NamedTuple):
    """A key, its label, and the screen's action that a click on it runs."""

    key: str
    label: str
    screen_action: str

    @property
    def width(self) -> int:
        return cell_len(self.key) + cell_len(self.label) + 3


# The special keys while a filter is typed; letters are letters then.
_TYPING = (
    _Hint("esc", "Clear", "type('escape')"),
    _Hint("enter", "To the list", "type('enter')"),
    _Hint("↓", "Down", "type('down')"),
    _Hint("↑", "Up", "type('up')"),
)


class KeyBar(Static):
    """As many keys as fit, the most useful first, and the key of the help. A click does what the key does."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        # For each hint shown: its first column, and the column after its last one.
        self._places: list[tuple[int, int, _Hint]] = []
        self._keymap: Mapping[str, str] = {}
        self._has_way_back = False
        self._is_typing = False

    def show_keys(self, keymap: Mapping[str, str]) -> None:
        """Show keys as `keymap` configures them."""
        self._keymap = keymap
        self._draw()

    def show_for(self, *, back: bool, typing: bool) -> None:
        """Show the keys for a screen with a way `back`, or for one where letters are typed into the filter."""
        if (back, typing) != (self._has_way_back, self._is_typing):
            self._has_way_back, self._is_typing = back, typing
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
        for hint in self._fitting_hints():
            parts.append(Content.assemble((f" {hint.key}", "bold $key"), (f" {hint.label} ", "$muted")))
            self._places.append((at, at + hint.width, hint))
            at += hint.width
        self.update(Content("").join(parts), layout=False)

    def _fitting_hints(self) -> list[_Hint]:
        if self._is_typing:
            palette = self._hint(BY_ID["palette"])
            # A key of one letter would be typed like the others.
            return _first_that_fit((*_TYPING, *([palette] if len(palette.key) > 1 else [])), self.size.width)
        hinted = sorted((action for action in ACTIONS if action.hint is not None), key=lambda action: action.hint or 0)
        actions = [BY_ID["back"], *hinted] if self._has_way_back else hinted
        last = self._hint(BY_ID["help"])
        fitting = _first_that_fit(map(self._hint, actions), self.size.width - last.width, reserved=last)
        return fitting if last in fitting else [*fitting, last]

    def _hint(self, action: Action) -> _Hint:
        return _Hint(first_key(action.id, self._keymap), action.label, f"do('{action.id}')")


def _first_that_fit(hints: Iterable[_Hint], width: int, reserved: _Hint | None = None) -> list[_Hint]:
    """The first hints, as many as fit into `width` cells. The width of `reserved` is not counted in `width`."""
    fitting: list[_Hint] = []
    for hint in hints:
        width -= hint.width if hint != reserved else 0
        if width < 0:
            break
        fitting.append(hint)
    return fitting
