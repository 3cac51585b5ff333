"""The detail pane, which shows everything that the library contains about one paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Static

from tui.actions.actions_and_keys import first_key

if TYPE_CHECKING:
    from store.papers.paper_details import PaperDetails
    from store.search.highlighting import Highlights
    from tui.render.explanation import Explanation
    from tui.render.page_layout import Choice, Page
    from tui.workers.paper_explainer import PaperExplained

# The actions whose keys are shown on the page about a paper, in the order of the fields of `paper_page.PageKeys`.
_PAGE_KEYS = ("open_page", "open_pdf", "open_link", "keywords", "note", "similar", "more_like", "less_like")


class Body(Static):
    """The text about a paper, laid out for the width of the pane."""

    # As in Textual's Static, except that a change of the size causes no layout: a layout has just changed the size.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    class Clicked(Message):
        """A link or a keyword was clicked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, keymap: Mapping[str, str], *, id: str) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._shown: tuple[PaperDetails, Highlights, Explanation | None] | None = None
        self._page: Page | None = None
        self._page_width = 0

    def show(self, paper: PaperDetails | None, highlights: Highlights, explanation: Explanation | None = None) -> None:
        """Show a paper with the matches of the filter highlighted. If `paper` is None, show nothing."""
        is_same = paper is not None and self._shown is not None and paper.id == self._shown[0].id
        self._shown = None if paper is None else (paper, highlights, explanation)
        # The page is made anew in the next layout. Until then, keep the old page if it shows the same paper, so that
        # the links on it can still be clicked.
        self._page_width = 0
        if not is_same:
            self._page = None
        if paper is None:
            self.update(Content())
        else:
            # The lines are made in the next layout, when the width is known.
            self.clear_cached_dimensions()
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height that the page needs at this width."""
        if self._shown is None or not width:
            return 0
        if self._page is None or width != self._page_width:
            self._lay_out(width)
        return len(self._page.lines) if self._page else 0

    def on_click(self, event: events.Click) -> None:
        choice = self._page.choice_at(event.y, event.x) if self._page else None
        if choice is not None:
            event.stop()
            self.post_message(self.Clicked(choice))

    def _lay_out(self, width: int) -> None:
        # Imported here, so that this import does not delay the first list of papers.
        from tui.render import paper_page
        from tui.render.explanation import NOTHING

        if self._shown is not None:
            paper, highlights, explanation = self._shown
            self._page_width = width
            keys = paper_page.PageKeys(*(first_key(each, self._keymap) for each in _PAGE_KEYS))
            self._page = page = paper_page.paper(paper, highlights, width, keys, explanation or NOTHING)
            self.update(page.content, layout=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        # As in Textual, but without a check for borders and margins at every line, because this widget has none. Lines
        # below the text are blank.
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
    """Shows one paper. The scroll position does not change when the same paper is shown again."""

    # A change of the size causes no further layout, as in `Body`, and no repaint of the scrollbar.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, keymap: Mapping[str, str], *, id: str) -> None:
        """`keymap` maps actions to configured keys. The page about a paper shows some of these keys."""
        super().__init__(id=id)
        self.paper: PaperDetails | None = None
        # The explanation of the paper's position in the list, with the similar papers; None until it arrives.
        self.explanation: Explanation | None = None
        self._highlights: Highlights | None = None
        self._body = Body(keymap, id="detail-text")

    def compose(self) -> ComposeResult:
        yield self._body

    def on_focus(self) -> None:
        self._place_terminal_cursor()

    def on_resize(self) -> None:
        # If the pane became visible only when it got the focus, its position on the screen is not known before this
        # event.
        self._place_terminal_cursor()

    def _place_terminal_cursor(self) -> None:
        """Put the terminal's cursor at the top of the page: screen readers and braille displays follow this cursor."""
        # Ask the screen: `has_focus` stays true until the widget has handled its Blur event, which may come late.
        if self.screen.focused is self:
            self.app.cursor_position = self.content_region.offset

    def show(self, paper: PaperDetails | None, highlights: Highlights, explanation: Explanation | None = None) -> None:
        """Show a paper with the matches of the filter highlighted. If `paper` is None, show nothing.

        `explanation` is shown until a PaperExplained message brings the complete explanation.
        """
        is_same = paper is not None and self.paper is not None and paper.id == self.paper.id
        self.paper, self._highlights = paper, highlights
        if not is_same:
            self.explanation = explanation
        self._body.show(paper, highlights, self.explanation)
        if not is_same:
            self.scroll_home(animate=False)

    def on_paper_explained(self, message: PaperExplained) -> None:
        """Show the explanation of a paper on its page, if the pane still shows this paper."""
        message.stop()
        is_shown = self.paper is not None and self.paper.id == message.paper_id
        if is_shown and self._highlights is not None and message.explanation != self.explanation:
            self.explanation = message.explanation
            self._body.show(self.paper, self._highlights, self.explanation)
