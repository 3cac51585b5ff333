"""The detail pane: one paper whole, at a measure that reads well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Static

if TYPE_CHECKING:
    from store.papers import Known
    from store.spelling import Needles


class Body(Static):
    """The text of a paper."""

    # As in Static, but for `layout`: it has its size from a layout, which need not be done once more for that.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)


class Detail(VerticalScroll, can_focus=True):
    """Shows a paper; keeps its place while the same paper is shown again."""

    # As in VerticalScroll, but for `layout`: what another text needs is laid out already, and the bar comes by itself.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.known: Known | None = None

    def compose(self) -> ComposeResult:
        yield Body(id="detail-text")

    def show(self, known: Known | None, needles: Needles) -> None:
        """Show `known`, with what the filter found lit up; nothing for None."""
        same = known is not None and self.known is not None and known.id == self.known.id
        self.known = known
        # Imported here: the list is drawn before a paper is.
        from tui import page

        self.query_one(Body).update(page.paper(known, needles) if known else Content())
        if not same:
            self.scroll_home(animate=False)
