"""The detail pane: everything that is known of one paper."""

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

    # As in Static, but a change needs no layout: the size comes from a layout.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        # As in Textual, but without looking for borders and margins at every line: there are only blank lines below.
        base, behind = self.background_colors
        blank = Style.from_color(bgcolor=(base + behind).rich_color)
        width, height = self.size
        strips = [
            self.render_line(y).adjust_cell_length(width, blank) if y < height else Strip.blank(width, blank)
            for y in crop.line_range
        ]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, behind) for strip in strips]
        left, right = crop.column_span
        return [strip.crop(left, right) for strip in strips] if (left, right) != (0, width) else strips


class Detail(VerticalScroll, can_focus=True):
    """Shows one paper. It keeps its scroll position while the same paper is shown again."""

    # As above: the text is laid out already, and the scrollbar needs no repaint.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.paper: PaperDetails | None = None

    def compose(self) -> ComposeResult:
        yield Body(id="detail-text")

    def show(self, paper: PaperDetails | None, highlights: Highlights) -> None:
        """Show a paper with the matches of the filter highlighted; nothing for None."""
        is_same = paper is not None and self.paper is not None and paper.id == self.paper.id
        self.paper = paper
        # Imported here: the list is drawn first.
        from tui.render import paper_page

        self.query_one(Body).update(paper_page.paper(paper, highlights) if paper else Content())
        if not is_same:
            self.scroll_home(animate=False)
