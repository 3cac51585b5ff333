"""The screen on which two texts of a paper are compared."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.texts.blocks import Block
from store.texts.comparison import Row
from tui.render import comparison_flow, styled
from tui.screens import text_moves
from tui.screens.direct_keys import ActionKeys, KeyActions
from tui.terminal.drawing import PromptScreen
from tui.widgets.comparison import ComparisonView
from tui.widgets.sitting_keys import SittingKeys
from tui.widgets.status_line import StatusLine, WherePart

_KEYS = ("text_next", "text_previous", "text_leave")


class ComparisonScreen(PromptScreen, ActionKeys):
    """Shows two texts with the changed passages marked.

    The keys that go to the next match of a search on the text screen go to the next change on this screen.
    """

    def __init__(
        self,
        title: str,
        names: tuple[str, str],
        before: Sequence[Block],
        after: Sequence[Block],
        rows: Sequence[Row],
        keymap: Mapping[str, str],
        *,
        run: Callable[[str], None],
    ) -> None:
        """`names` describe the two texts, such as "PDF, 2026-11-02".

        `run` must carry out the action whose id it is given.
        """
        super().__init__()
        self._changes = comparison_flow.changes(rows)
        self._header = Static(Content.styled(f" {styled.title(title)}", "bold $heading"), id="text-header")
        old, new = (styled.safe(name, 100) for name in names)
        self._names = Static(Content.styled(f" - {old}   + {new}", "$muted"), id="comparison-names")
        self.view = ComparisonView(before, after, rows, id="comparison-view")
        self.status = StatusLine(id="status")
        self._keys = SittingKeys(_KEYS, "help", keymap)
        self.key_actions = KeyActions(keymap, text_moves.ACTIONS.union(_KEYS, ("help", "palette")))
        self._run = run
        # The change to which the user went last, as an index into `_changes`; None if the user has scrolled since then.
        self._at: int | None = None

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._names
        yield self.view
        yield self.status
        yield self._keys

    def act(self, action_id: str) -> None:
        if action_id == "text_leave":
            self.app.pop_screen()
        elif action_id in ("text_next", "text_previous"):
            self.go_to_change(1 if action_id == "text_next" else -1)
        elif action_id not in text_moves.ACTIONS:
            self._run(action_id)
        else:
            self._at = None
            text_moves.move(self.view, action_id)

    def go_to_change(self, step: int) -> None:
        """Go to the next change or, if `step` is -1, to the previous one."""
        if self._at is not None:
            following = self._at + step
        else:
            # The user has scrolled, so go to the first change after or before the first row on the screen.
            first = bisect.bisect_left(self._changes, self.view.top.block)
            following = first if step > 0 else first - 1
        if not 0 <= following < len(self._changes):
            self.status.show_news("there is no further change" if self._changes else "the texts do not differ")
            return
        self.view.show_row(self._changes[following])
        self._at = following
        self._show_where()

    def on_scrolled_text_moved(self) -> None:
        self._show_where()

    def _show_where(self) -> None:
        count = len(self._changes)
        text = f"{count} change{'s' if count != 1 else ''}"
        if self._at is not None:
            text = f"change {self._at + 1} of {count}"
        share = 1.0 if self.view.is_at_end else self.view.top.block / max(1, self.view.flow.count)
        self.status.show_where(
            [WherePart(0, text if count else "the texts do not differ"), WherePart(1, f"{share:.0%}")]
        )
