"""The detail pane: one paper whole, at a measure that reads well."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.papers import Known
from store.spelling import Needles
from tui import page

# The first paper follows the list after this pause (s): what it takes to find links in an abstract is imported for it,
# and before that the list is drawn and the keys that wait for it are answered.
_FIRST_SECONDS = 0.03


class Detail(VerticalScroll, can_focus=True):
    """Shows a paper; keeps its place while the same paper is shown again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.known: Known | None = None
        # The paper as it is drawn.
        self.drawn: Known | None = None
        self._needles: Needles
        self._fresh = True

    def compose(self) -> ComposeResult:
        yield Static(id="detail-text")

    def show(self, known: Known | None, needles: Needles) -> None:
        """Show `known`, with what the filter found lit up; nothing for None."""
        same = known is not None and self.known is not None and known.id == self.known.id
        self.known, self._needles = known, needles
        if self._fresh and known is not None:
            self._fresh = False
            self.set_timer(_FIRST_SECONDS, self._draw)
        else:
            self._draw()
        if not same:
            self.scroll_home(animate=False)

    def _draw(self) -> None:
        self.drawn = self.known
        text = self.query_one("#detail-text", Static)
        text.update(page.paper(self.known, self._needles) if self.known else Content())
