"""The screen with the decisions of a sitting, grouped by their kind. The user can take decisions back.

A sitting is one pass through the papers of a list, in which the user decides on each paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.marks import sittings
from store.marks.sittings import Decided
from tui.actions.actions_and_keys import first_key
from tui.render import styled, triage_page, wording
from tui.render.pieces import Piece, fit
from tui.render.styled import Line
from tui.screens.direct_keys import DirectKeys, KeyActions
from tui.terminal.drawing import PromptScreen
from tui.widgets.line_list import LineList

# The ids of the actions whose keys work on this screen. _MOVES are the actions that move the cursor, each with the
# numbers of lines and of pages to move by.
_MOVES = {"down": (1, 0.0), "up": (-1, 0.0), "half_down": (0, 0.5), "half_up": (0, -0.5), "page_down": (0, 1.0),
          "page_up": (0, -1.0)}  # fmt: skip
_OTHERS = ("top", "bottom", "triage_undo", "triage_undo_sitting", "triage_leave", "read")


class _Decision(tuple[Decided, str]):
    """A decision with the title of its paper."""

    __slots__ = ()


class DecisionList(LineList):
    """A list of decisions under headings. The cursor skips the headings."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {"lines--heading"}

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # Each item is either a decision or the text of a heading.
        self._items: list[_Decision | str] = []

    @property
    def paper(self) -> int | None:
        """The id of the paper under the cursor; None when the list is empty."""
        item = self._items[self.cursor] if self.cursor < len(self._items) else ""
        return None if isinstance(item, str) else item[0].paper

    def show(self, decided: Sequence[Decided], titles: Mapping[int, str]) -> None:
        """Show these decisions. The cursor stays on its line if the list is long enough."""
        items: list[_Decision | str] = []
        for decision, heading in triage_page.HEADINGS.items():
            papers = [each for each in decided if each.decision == decision]
            if papers:
                items += [f"{heading}: {len(papers)}"]
                items += [_Decision((each, titles.get(each.paper, "a paper that was removed"))) for each in papers]
        self._items = items
        self.forget_lines()
        cursor = min(max(self.cursor, 1), max(0, len(items) - 1))
        if cursor < len(items) and isinstance(items[cursor], str):
            cursor += 1 if cursor + 1 < len(items) else -1
        self.set_count(len(items), cursor=cursor, first=self.first)

    def is_passed_over(self, index: int) -> bool:
        return isinstance(self._items[index], str)

    def item_key(self, index: int) -> int:
        return index

    def item_line(self, index: int, part: int, width: int) -> Line:
        item = self._items[index]
        if isinstance(item, str):
            return styled.heading_line(item, width)
        return fit((Piece(f"   {styled.title(item[1])}", "title"),), width)


class SittingSummary(PromptScreen, DirectKeys):
    """The screen with the decisions.

    One key takes back the decision under the cursor, and another key all decisions.
    """

    AUTO_FOCUS = "#decisions"

    def __init__(
        self,
        decided: Callable[[], Sequence[Decided]],
        left: Callable[[], int],
        titles: Callable[[Collection[int]], Mapping[int, str]],
        keymap: Mapping[str, str],
        *,
        take_back: Callable[[Sequence[int] | None], None],
        on_close: Callable[[], None],
    ) -> None:
        """`decided` must return the decisions of the sitting, and `left` the number of papers without a decision.

        `titles` must return the titles of papers by their ids. `take_back` is called with the papers whose decisions
        must be taken back, or with None for all papers. `on_close` must close this screen.
        """
        super().__init__()
        self._decided = decided
        self._left = left
        self._titles = titles
        self._keymap = keymap
        self._take_back = take_back
        self._on_close = on_close
        self._header = Static(id="triage-header")
        self._list = DecisionList(id="decisions")
        self._hint = Static(id="keys")
        self._key_actions = KeyActions(keymap, (*_MOVES, *_OTHERS))

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._list
        yield self._hint

    def on_mount(self) -> None:
        self._show()

    async def take(self, event: events.Key) -> bool:
        typed = self._key_actions.type(event.key)
        self._show_hint(typed.text)
        action_id = typed.action_id or ""
        if action_id in _MOVES:
            lines, pages = _MOVES[action_id]
            self._list.move(self._list.cursor + lines + int(pages * self._list.page), -1 if lines + pages < 0 else 1)
        elif action_id == "top":
            self._list.move(0)
        elif action_id == "bottom":
            self._list.move(self._list.count - 1, -1)
        elif action_id == "triage_undo" and self._list.paper is not None:
            self._take_back([self._list.paper])
            self._show()
        elif action_id == "triage_undo_sitting":
            self._take_back(None)
            self._show()
        elif action_id in ("triage_leave", "read"):
            self._on_close()
        return typed.is_known

    @property
    def is_in_sequence(self) -> bool:
        return self._key_actions.is_in_sequence

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()

    def _show(self) -> None:
        decided = self._decided()
        self._list.show(decided, self._titles([each.paper for each in decided]))
        counts = Counter(each.decision for each in decided)
        parts = [f"{counts[each]:,} {sittings.LABELS[each]}" for each in triage_page.HEADINGS if counts[each]]
        title = f" {wording.count(len(decided), 'decision')}"
        self._header.update(
            Content.assemble((title, "bold $heading"), (f"  {' · '.join(parts)}", "$muted")), layout=False
        )
        self._show_hint()

    def _show_hint(self, keys: str = "") -> None:
        """Show the keys of this screen or, if `keys` is not empty, `keys`: a text about the keys typed so far."""
        if keys:
            self._hint.update(Content.styled(f" {keys}", "$key"), layout=False)
            return
        left = self._left()
        undo, undo_all, close = (first_key(id, self._keymap) for id in ("triage_undo", "triage_undo_sitting", "read"))
        goes_on = f"Go on with {left:,} left" if left else "Back to the list"
        hints = ((close, goes_on), (undo, "Take it back"), (undo_all, "Take all back"))
        self._hint.update(
            Content.assemble(
                *(part for key, label in hints if key for part in ((f" {key}", "bold $key"), (f" {label} ", "$muted")))
            ),
            layout=False,
        )
