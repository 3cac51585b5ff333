"""The dialog in which the user can remove from the reading queue the papers that have been in it for longest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from textual import events
from textual.widget import Widget

from tui.render import styled
from tui.render.pieces import Line, Piece, fit
from tui.screens.dialogs import Reading
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

_MOST_SHOWN = 12
_SIGN = "∅"


class Offered(NamedTuple):
    """A paper that may be dropped: its title, its time in the queue ("3 weeks"), and why it was put there."""

    paper: int
    title: str
    age: str
    because: str


class DropDialog(Reading[list[int]]):
    """A list of papers. One key selects the paper under the cursor for removal, and moves the cursor to the next paper.

    The result is the ids of the papers to remove from the reading queue, or None when the user cancels the dialog.
    """

    # The actions whose keys select a paper for removal in this dialog. On the library screen, they remove a paper from
    # the reading queue as well.
    actions = ("hide", "done", "queue")

    def __init__(self, offered: Sequence[Offered], keymap: Mapping[str, str], drop_key: str) -> None:
        """`drop_key` is the key that selects a paper for removal, as the hint shows it; "" if no key does."""
        drops = f"{drop_key} drops it or keeps it again · " if drop_key else ""
        hint = f"{drops}j goes on · enter ends · esc drops nothing"
        super().__init__("What has waited longest in the queue", hint, keymap)
        self._offered = offered
        self._dropped: set[int] = set()
        self._list = ChoiceList(id="choices")

    def body(self) -> Iterable[Widget]:
        self._list.set_item_height(2)
        self._list.styles.height = min(_MOST_SHOWN, len(self._offered)) * 2
        yield self._list

    def on_mount(self) -> None:
        self._list.show(len(self._offered), self._line_of, second_line_of=self._second_line_of)

    @property
    def page(self) -> int:
        return self._list.page

    def move(self, lines: int) -> None:
        self._list.move(self._list.cursor + lines, lines)

    def do(self, action_id: str | None, event: events.Key) -> bool:
        if action_id in self.actions:
            self._toggle()
        elif event.key == "enter":
            self.dismiss([each.paper for each in self._offered if each.paper in self._dropped])
        else:
            return False
        return True

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self._toggle()

    def _toggle(self) -> None:
        """Select the paper under the cursor for removal, or unselect it, and move the cursor to the next paper."""
        self._dropped ^= {self._offered[self._list.cursor].paper}
        self._list.forget_lines()
        self._list.refresh()
        self.move(1)
        count = len(self._dropped)
        self.say(f"{count} to drop · enter drops {'it' if count == 1 else 'them'} · esc drops nothing" if count else "")

    def _line_of(self, index: int, width: int) -> Line:
        offered = self._offered[index]
        is_dropped = offered.paper in self._dropped
        sign = Piece(f" {_SIGN if is_dropped else ' '} ", "key")
        return fit((sign, Piece(styled.title(offered.title), "muted" if is_dropped else "title")), width)

    def _second_line_of(self, index: int, width: int) -> Line:
        offered = self._offered[index]
        about = " · ".join(filter(None, (offered.age, styled.safe(offered.because, 200))))
        return fit((Piece(f"   {about}", "muted"),), width)
