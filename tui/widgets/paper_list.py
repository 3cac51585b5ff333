"""The list of papers. It stores the ids of all its papers, and reads the data of a paper only to draw the paper."""

from __future__ import annotations

import textwrap
from array import array
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from store.library.library import Library
from store.papers.list_rows import ListRow
from store.search.highlighting import Highlights
from tui.render import styled
from tui.render.styled import Columns, Line, Piece
from tui.widgets.held_paper import HeldPaper, index_of, loaded, without_held
from tui.widgets.id_loading import IdLoading
from tui.widgets.line_list import LineList
from tui.widgets.list_position import NEIGHBOURS, Place, ShownList
from tui.widgets.row_cache import PaperRows
from tui.widgets.selection import Selection

if TYPE_CHECKING:
    from store.search.window import PaperIds

# While the user scrolls, the list reads this many rows above and below the screen in addition to those on the screen.
_MARGIN = 20
# Each paper is shown on two lines if the list is at least _TALL_HEIGHT lines high or, in a list narrower than
# _NARROW_WIDTH cells, _NARROW_TALL_HEIGHT lines. (In a narrow list, most titles do not fit into one line.)
_TALL_HEIGHT = 30
_NARROW_WIDTH = 70
_NARROW_TALL_HEIGHT = 16
# A selection of at most this many papers is kept when the list changes. A larger selection ends, because reading the
# ids of its papers from the search index would take too long.
MOST_KEPT = 10_000


class PaperList(LineList):
    """The papers of a view that match the filter. When the list changes, the cursor stays on its paper.

    When a changed mark or an import removes the paper under the cursor from the list, the paper stays visible on its
    line, dimmed, until the cursor moves. Such a paper is called the held paper.
    """

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {
        "lines--held",
        "lines--match",
        "lines--title-new",
        "lines--title-seen",
        "lines--heading",
        "lines--key",
        "lines--tag",
        "lines--star",
        "lines--place",
        "lines--status-new",
        "lines--status-reading",
        "lines--status-done",
    }

    class Read(Message, bubble=False):
        """A thread has read the ids of the papers on the screen; or, if `failed` is set, could not read them."""

        def __init__(self, papers: PaperIds | HeldPaper, failed: bool) -> None:
            super().__init__()
            self.papers = papers
            self.failed = failed

    def __init__(self, library: Library, *, id: str) -> None:
        super().__init__(id=id)
        self._library = library
        self._ids: PaperIds | HeldPaper = array("q")
        self._loading = IdLoading(library, lambda papers, failed: self.post_message(self.Read(papers, failed)))
        # The papers that the user has opened and left for the next paper, in this order. A key leads back to them.
        self.passed: list[int] = []
        self._rows = PaperRows(library)
        self._highlights = Highlights()
        # The data and the lines of the paper that was drawn last. The first line of a paper is drawn by one call of
        # `strip`, and the second line by the next call, which uses this cache.
        self._made: tuple[ListRow, tuple[Line, ...]] | None = None
        self._selection = Selection()
        # Whether the last call of `show_papers` has ended a selection that was too large to be kept.
        self.has_lost_selection = False
        # The text that is shown in place of an empty list; "" before the first search has ended.
        self.empty_text = ""
        # The paper to which the user last moved the cursor. The cursor returns to this paper when the filter is
        # removed.
        self.chosen: Place | None = None

    @property
    def paper(self) -> int | None:
        """The id of the paper under the cursor; None when the list is empty."""
        return self._ids[self.cursor] if self.cursor < len(self._ids) else None

    @property
    def place(self) -> Place | None:
        """The paper under the cursor and where it is on the screen; None when the list is empty."""
        return Place(self.paper, self.cursor - self.first) if self.paper is not None else None

    @property
    def lasting_place(self) -> Place | None:
        """The paper under the cursor or, if that will be missing when the list is read again, the next paper.

        A paper will be missing if it is the held paper, which has left the list and is only shown until the cursor
        moves.
        """
        held, place = self._held, self.place
        if held is None or place is None:
            return place
        next_papers = held.others[held.at : held.at + 1] or held.others[max(0, held.at - 1) : held.at]
        return Place(next_papers[0], place.line) if next_papers else place

    @property
    def is_holding(self) -> bool:
        """Whether the paper under the cursor has left the list and is shown only until the cursor moves."""
        return self._held is not None

    @property
    def _held(self) -> HeldPaper | None:
        return self._ids if isinstance(self._ids, HeldPaper) else None

    def choose(self) -> None:
        """Record the paper under the cursor as the one to which the user last moved the cursor."""
        self.chosen = self.place

    def move(self, to: int, step: int = 1) -> None:
        to = min(max(0, to), self.count - 1)
        if self._held is not None and to != self.cursor:
            self._release(to)
        else:
            super().move(to, step)
        self.choose()

    def go_back_to(self, paper: int) -> None:
        """Move the cursor back to a paper that was opened earlier.

        If the paper is no longer in the list, it is inserted at the cursor and stays visible until the cursor moves.
        """
        others, before = without_held(self._ids), self.cursor
        index = index_of(others, paper, before, NEIGHBOURS)
        self._ids = others if index is not None else HeldPaper(others, paper, min(before, len(others)))
        self.set_count(len(self._ids), cursor=before if index is None else index)
        self.choose()
        self.post_message(self.Moved(self, self.cursor))

    def _release(self, to: int) -> None:
        """Remove the held paper (see the class) from the list, and move the cursor to the paper at the index `to`."""
        ids, held_at, anchor = without_held(self._ids), self.cursor, self._selection.anchor
        cursor = to - (to > held_at)
        if anchor is not None and anchor != held_at:
            end = held_at - (anchor < held_at)
            self._selection.keep(self.selected, anchor - (anchor > held_at), end)
        elif anchor is not None:
            self._selection.keep(self.selected, cursor, None)
        self._ids = ids
        self.set_count(len(ids), cursor=cursor, first=self.first - (held_at < self.first))
        self.post_message(self.Moved(self, cursor))

    @property
    def selected(self) -> list[int]:
        """The ids of the papers that an action applies to: the selected papers or, if none, the one at the cursor."""
        if not self._selection.is_active:
            return [self.paper] if self.paper is not None else []
        return self._selection.papers(self._ids, self.cursor)

    @property
    def selected_count(self) -> int:
        """The number of selected papers; 0 without a selection."""
        return self._selection.count(self._ids, self.cursor)

    @property
    def highlights(self) -> Highlights:
        """The matches of the filter, which are highlighted in the list and in the detail pane."""
        return self._highlights

    @property
    def is_selecting(self) -> bool:
        """Whether the user has begun a selection."""
        return self._selection.is_active

    @property
    def papers(self) -> PaperIds:
        """The ids of all papers of the list, in its order."""
        return without_held(self._ids)

    def first_papers(self, most: int) -> list[int]:
        """The ids of the first `most` papers of the list."""
        return list(without_held(self._ids)[:most])

    def select_from_here(self, on: bool) -> None:
        """Begin a selection at the cursor, or end the selection."""
        if on and self._ids:
            self._selection.begin(self.cursor)
        else:
            self._selection.end()
        self.refresh()

    def show_queue_positions(self, on: bool) -> None:
        """Show each paper's position in the reading queue before its title if `on` is set, and hide it if not."""
        if on != self._rows.shows_positions:
            self._rows.shows_positions = on
            self._rows.forget_columns()
            self.forget_lines()
            self.refresh()

    def show_collection(self, name: str | None) -> None:
        """Show when each paper was added to the collection `name`, by whom and why. With None, do not show this."""
        if name != self._rows.collection:
            self._rows.collection = name
            self._rows.forget()

    def mark_by_chance(self, papers: frozenset[int]) -> None:
        """Mark these papers as chosen at random by the view "For you". Call this before the papers are shown."""
        self._rows.mark_by_chance(papers)

    def show_papers(self, ids: PaperIds, highlights: Highlights, *, at: Place | None, holds: bool = False) -> None:
        """Show the papers `ids`, with the cursor on the paper of `at`.

        If `at` is None, the cursor goes to the first paper.

        If the paper of `at` is not in `ids`, the cursor stays on the paper that it is on now. If that paper is not in
        `ids` either, it becomes the held paper (see the class) if `holds` is set. If `holds` is not set, the cursor
        goes to the nearest neighbour of the paper that is in `ids`. If the user has scrolled the cursor off the screen,
        it stays off the screen. The same papers stay selected, but if `at` is None the selection ends.
        """
        new_ids: PaperIds | HeldPaper = ids
        self.has_lost_selection = False
        before = ShownList(self._ids, self.cursor, self.first, self.page if self.size.height else 0)
        if holds and at is not None and (holding := before.holding(ids, at, self._library)) is not None:
            new_ids, (cursor, first, follow) = holding
        else:
            cursor, first, follow = before.position_in(ids, at, self._library)
        # Check whether the papers on the screen stay the same: the complete answer of a search often begins with the
        # papers of its first part. This check is faster than drawing the same papers again.
        shown = slice(self.first, self.first + self.page + 1)
        is_same = (
            (cursor, max(0, first)) == (self.cursor, self.first)
            and not (self.is_selecting or self.is_holding or isinstance(new_ids, HeldPaper))
            and highlights == self._highlights
            # An empty list must be drawn again: its text depends on the view.
            and len(new_ids)
            and self._ids[shown] == new_ids[shown]
        )
        if not is_same and (at is None or highlights != self._highlights):
            # This is another list, so compute its columns anew. (If the same list is read again, its columns do not
            # change.)
            self._rows.forget_columns()
        if at is None:
            self._selection.end()
        elif self.is_selecting:
            self._keep_selection(new_ids, cursor)
        self._ids = new_ids
        self._highlights = highlights
        if not is_same:
            self.forget_lines()
        self.set_count(len(new_ids), cursor=cursor, first=max(0, first), follow=follow, redraw=not is_same)

    def _keep_selection(self, ids: PaperIds | HeldPaper, cursor: int) -> None:
        """Keep the same papers selected in the new list `ids`, in which the cursor will be at the index `cursor`."""
        anchor = self._selection.anchor
        if anchor is None or (isinstance(ids, array) and (ids, cursor) == (self._ids, self.cursor)):
            return
        self.has_lost_selection = self.selected_count > MOST_KEPT
        if self.has_lost_selection:
            self._selection.end()
            return
        new_anchor = index_of(ids, self._ids[anchor], cursor, NEIGHBOURS)
        self._selection.keep(self.selected, cursor if new_anchor is None else new_anchor, cursor)

    def set_empty_text(self, text: str) -> None:
        """Change the text in place of an empty list. This does nothing before the first search has ended."""
        if self.empty_text and text != self.empty_text:
            self.empty_text = text
            if not self.count:
                self.refresh()

    def title_of(self, paper: int) -> str:
        """The title of a paper of the library as the list shows it; "" when there is no such paper."""
        return self._rows.title(paper)

    def style_of(self, name: str, under: str = "") -> Style:
        # The title of a seen paper is muted, which is hard to read on the background of the cursor. So under the
        # cursor, show it in the style of other titles.
        return super().style_of("title" if (name, under) == ("title-seen", "cursor") else name, under)

    def forget_lines(self, *parts: int) -> None:
        self._made = None
        super().forget_lines(*parts)

    def forget_columns(self) -> None:
        """Compute the widths of the columns again, from the rows on the screen only."""
        self._rows.forget_columns()
        self.forget_lines()

    def forget(self) -> None:
        """Read every row from the library again when it is next drawn."""
        self._rows.forget()
        self.forget_lines()
        self.refresh()

    def on_resize(self, event: object) -> None:
        least_height = _NARROW_TALL_HEIGHT if self.size.width < _NARROW_WIDTH else _TALL_HEIGHT
        self.set_item_height(2 if self.size.height >= least_height else 1)

    def is_selected(self, index: int) -> bool:
        return self._selection.is_active and self._selection.has(self._ids, index, self.cursor)

    def strip(self, line: int, width: int) -> Strip:
        # If the list is empty, a text says so. The text begins below the held paper (see the class), if there is one.
        line_of_text = line - self.count * self.item_height
        if len(without_held(self._ids)) or line_of_text < 0:
            index = line // self.item_height
            if self._loading.is_loaded(self._ids, index, slice(self.first, self.first + self.page + 1)):
                return super().strip(line, width)
            text = " …" if line % self.item_height == 0 else ""
            # Do not show whether the paper is selected, because that is unknown until its id has been read.
            under = "cursor" if index == self.cursor else ""
            return Strip([Segment(text, self.style_of("muted", under))]).adjust_cell_length(
                width, self.style_of("", under)
            )
        lines = ["", *textwrap.wrap(self.empty_text, max(1, width - 2))]
        text = f" {lines[line_of_text]}" if line_of_text < len(lines) else ""
        return Strip([Segment(text, self.style_of("muted"))]).adjust_cell_length(width, self.style_of("plain"))

    def item_key(self, index: int) -> tuple[int, bool]:
        return self._ids[index], self._is_held(index)

    def _is_held(self, index: int) -> bool:
        return self._held is not None and index == self._held.at

    def item_line(self, index: int, part: int, width: int) -> Line:
        line = self._paper_line(index, part, width)
        return tuple(Piece(text, "held") for text, _ in line) if self._is_held(index) else line

    def _paper_line(self, index: int, part: int, width: int) -> Line:
        row = self._rows.get(self._ids[index]) or self._read(index)
        if row is None:
            return (Piece(" " * width),)
        columns = self._rows.columns(lambda: loaded(self._ids, self.first, self.first + self.page + 1), self.count)
        if self._made is None or self._made[0] is not row or part == 0:
            # Make all lines of the paper now, because this method is called for its lines one after the other.
            self._made = row, self._paper_lines(row, width, columns)
        return self._made[1][part]

    def _paper_lines(self, row: ListRow, width: int, columns: Columns) -> tuple[Line, ...]:
        title, byline = styled.title(row.title), styled.byline_of(row) if self.item_height == 2 else None
        spans, byline_spans = self._highlights.spans(title), self._highlights.spans(byline) if byline else ()
        return styled.paper_lines(
            row, width, columns, title=title, title_spans=spans, byline=byline, byline_spans=byline_spans
        )

    def on_paper_list_read(self, message: Read) -> None:
        self._loading.ended(message.papers, message.failed)
        self.refresh()

    def _read(self, index: int) -> ListRow | None:
        """Read the row at `index` together with the other rows on the screen, in one query, and return it."""
        # If a neighbour of the row is in memory, the user is scrolling. So also read some rows above and below the
        # screen.
        margin = _MARGIN if any(paper in self._rows for paper in loaded(self._ids, index - 1, index + 2)) else 0
        start = min(self.first, index) - margin
        end = max(self.first + self.page, index) + 1 + margin
        if self._rows.read(loaded(self._ids, start, end)):
            # The new rows need another column. Draw the list again, because other lines may have been drawn without
            # this column.
            self.forget_lines()
            self.call_later(self.refresh)
        return self._rows.get(self._ids[index])
