"""The detail pane: one paper whole, at a measure that reads well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Static

if TYPE_CHECKING:
    from store.papers.queries import PaperDetails
    from store.search.highlighting import Highlights


class Body(Static):
    """The text of a paper."""

    # As in Static, but that its size, which it has from a layout, asks for no other one.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        # As in Textual, without looking at every line whether something is around it: there are blank lines below.
        base, behind = self.background_colors
        blank = Style.from_color(bgcolor=(base + behind).rich_color)
        width, height = self.size
        strips = [
            self.render_line(y).adjust_cell_length(width, blank) if y < height else Strip.blank(width, blank)
            for y in crop.line_range
        ]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, behind) for strip in strips]
        left, right = crop.column_span
        return [strip.crop(left, right) for strip in strips] if (left, right) != (0, width) else strips


class Detail(VerticalScroll, can_focus=True):
    """Shows a paper; keeps its place while the same paper is shown again."""

    # As above: the text is laid out already, and the bar comes by itself.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.known: PaperDetails | None = None

    def compose(self) -> ComposeResult:
        yield Body(id="detail-text")

    def show(self, known: PaperDetails | None, highlights: Highlights) -> None:
        """Show `known`, with what the filter found lit up; nothing for None."""
        same = known is not None and self.known is not None and known.id == self.known.id
        self.known = known
        # Imported here: the list is drawn before a paper is.
        from tui.render import paper_page

        self.query_one(Body).update(paper_page.paper(known, highlights) if known else Content())
        if not same:
            self.scroll_home(animate=False)
