"""The widget that shows a full text in one or two columns of a readable width."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from store.texts.blocks import Block
from store.texts.positions import Place, Position
from tui.render import picture_cells, text_layout
from tui.render.cell_width import characters_in
from tui.render.picture_cells import DrawnPicture, Frame
from tui.render.pieces import Piece
from tui.render.text_flow import LinePlace, Match, Progress, TextFlow
from tui.render.text_layout import TextLine
from tui.widgets.scrolled_text import ScrolledText

# The smallest width of each of two columns, and the largest width of any column (cells). They keep the text easy to
# read.
_LEAST_MEASURE, _MOST_MEASURE = 68, 76
# The blank cells at both sides of the text, and between two columns.
_MARGIN, _GAP = 2, 4
# The sign before an equation that can be shown as a picture, as it is printed in the PDF.
PRINTED_MARK = "[p] "


class Columns(NamedTuple):
    """The columns of a text on a widget: their number, their width, and the blank cells before the first one."""

    number: int
    measure: int
    left: int

    @classmethod
    def of(cls, width: int) -> Columns:
        """The columns for a widget that is `width` cells wide."""
        room = max(1, width - 2 * _MARGIN)
        count = 2 if room >= 2 * _LEAST_MEASURE + _GAP else 1
        measure = max(20, min(_MOST_MEASURE, (room - _GAP * (count - 1)) // count))
        used = measure * count + _GAP * (count - 1)
        return cls(count, measure, max(0, (width - used) // 2))


def room_beside(width: int) -> int:
    """How many of the `width` cells of a screen are left beside the text, for example for a table of contents."""
    columns = Columns.of(width)
    return width - columns.number * _MOST_MEASURE - _GAP * (columns.number - 1) - 2 * _MARGIN


class FullTextView(ScrolledText):
    """Shows a part of a full text in one or two columns, with its pictures and with highlighted ranges."""

    flow: TextFlow

    class Clicked(Message):
        """A citation or a link was clicked."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, blocks: Sequence[Block], *, id: str) -> None:
        super().__init__(id=id)
        self.blocks = blocks
        self.progress = Progress(blocks)
        self.columns = Columns(1, _MOST_MEASURE, 0)
        self.flow = TextFlow(blocks, _MOST_MEASURE)
        self._shown: list[TextLine] = []
        self._ranges: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._matches: Sequence[Match] = ()
        self._current: Match | None = None
        self._passages: Sequence[Match] = ()
        self._selection: Sequence[Match] = ()
        # The pictures that were drawn, by the indices of their blocks (figures, tables, equations).
        self.pictures: dict[int, DrawnPicture] = {}
        # A function that returns whether an equation can be shown as it is printed, if the user wants that.
        self.has_printed_form: Callable[[Block], bool] = lambda block: False
        # A function with the width and height of a column as arguments. It returns the size of each picture by the
        # index of its block.
        self.frames_of: Callable[[int, int], Mapping[int, Frame]] = lambda width, height: {}

    # Moving

    @property
    def room(self) -> int:
        """The number of lines that are shown, in all columns together."""
        return max(1, self.size.height) * self.columns.number

    def take_lines(self) -> None:
        self._shown = self.flow.take(self.top, self.room)

    def show_place(self, place: Place) -> None:
        """If a place is not visible, scroll to it. A few lines above it are then visible as well."""
        line = self.flow.line_at(place)
        if not self._is_visible(line):
            self.show_line(self.flow.moved(line, -min(4, max(1, self.size.height) // 4)))

    def show_block(self, block: int) -> None:
        """Scroll so that a block begins at the top of the widget."""
        self.show_line(self.flow.line_at(Place(block)))

    @property
    def position(self) -> Position:
        """The reading position to store: the first line on the screen or, at the end of the text, the last one."""
        return self.flow.position(self.top, self.progress)

    @property
    def shown_lines(self) -> Sequence[TextLine]:
        """The lines that are on the screen."""
        return self._shown

    def _is_visible(self, line: LinePlace) -> bool:
        return self.top <= line <= self.flow.moved(self.top, self.room - 1)

    # Marking ranges

    def show_matches(self, matches: Sequence[Match], current: Match | None) -> None:
        """Highlight the matches of a search.

        `current` is the match to which the user has moved. Its highlighting differs from that of the other matches.
        """
        self._matches, self._current = matches, current
        self._collect_ranges()

    def show_passages(self, passages: Sequence[Match]) -> None:
        """Highlight the passages that the user has highlighted and stored."""
        self._passages = passages
        self._collect_ranges()

    def show_selection(self, selection: Sequence[Match]) -> None:
        """Highlight the sentences that are selected at the moment."""
        self._selection = selection
        self._collect_ranges()

    def _collect_ranges(self) -> None:
        self._ranges.clear()
        for style, found in (("passage", self._passages), ("match", self._matches), ("selection", self._selection)):
            for match in found:
                self._ranges[match.block].append((match.start, match.end, style))
        if self._current is not None:
            self._ranges[self._current.block].append((self._current.start, self._current.end, "current"))
        self.refresh()

    # Drawing

    def on_resize(self, event: events.Resize) -> None:
        columns = Columns.of(event.size.width)
        if columns.measure != self.flow.width:
            self._lay_out(columns.measure, self.frames_of(columns.measure, event.size.height))
        self.columns = columns
        self.show_line(self.top)

    def show_frames(self) -> None:
        """Lay the text out with room for its pictures, if the sizes that `frames_of` returns have changed."""
        frames = self.frames_of(self.columns.measure, self.size.height)
        if frames != self.flow.frames:
            self._lay_out(self.flow.width, frames)
            self.show_line(self.top)

    def _lay_out(self, width: int, frames: Mapping[int, Frame]) -> None:
        """Lay the text out again. The first line on the screen stays where it is."""
        shown = self.flow.take(self.top, self.room)
        at, first = next(((row, line) for row, line in enumerate(shown) if line.pieces), (0, None))
        is_same_width = width == self.flow.width
        self.flow = self.flow.with_frames(frames) if is_same_width else TextFlow(self.blocks, width, frames)
        if first is not None and self._shown:
            self.top = self.flow.moved(self.flow.line_at(Place(first.block, first.start)), -at)

    def render_line(self, y: int) -> Strip:
        height, columns = max(1, self.size.height), self.columns
        blank = self.rich_style
        segments = [Segment(" " * columns.left, blank)]
        for column in range(columns.number):
            index = column * height + y
            line = self._shown[index] if index < len(self._shown) else None
            if line is not None and line.picture_row is not None:
                segments += self._picture_row(line.block, line.picture_row, columns.measure)
                segments.append(Segment(" " * _GAP, blank))
                continue
            pieces = text_layout.with_ranges(line, self._ranges.get(line.block, ())) if line is not None else ()
            if line is not None and self._is_marked(line, self._shown[index - 1] if index else None):
                pieces = (Piece(PRINTED_MARK, "muted"), *pieces[1:])
            used = 0
            for piece in pieces:
                segments.append(Segment(piece.text, self.style_of(piece.style)))
                used += cell_len(piece.text)
            segments.append(Segment(" " * (columns.measure + _GAP - used), blank))
        # Pass the length of the strip, because Textual would take long to compute the width of the placeholders of
        # pictures.
        length = columns.left + columns.number * (columns.measure + _GAP)
        return Strip(segments, length).adjust_cell_length(self.size.width, blank)

    def _is_marked(self, line: TextLine, before: TextLine | None) -> bool:
        """Whether a line is the first line of an equation that can be shown as it is printed."""
        block = self.blocks[line.block]
        is_first = before is None or before.block != line.block or not before.pieces
        return block.kind == "equation" and bool(line.pieces) and is_first and self.has_printed_form(block)

    @property
    def shows_printed_mark(self) -> bool:
        """Whether an equation with `PRINTED_MARK` is on the screen."""
        return any(self._is_marked(line, None) for line in self._shown if line.picture_row is None)

    def _picture_row(self, block: int, row: int, measure: int) -> Sequence[Segment]:
        """A row of the picture of a block, centred in the column; blank before the picture is drawn."""
        blank, frame, picture = self.rich_style, self.flow.frames[block], self.pictures.get(block)
        if picture is None or picture.frame != frame:
            return [Segment(" " * measure, blank)]
        left = (measure - frame.columns) // 2
        return [
            Segment(" " * left, blank),
            *picture_cells.on(picture.rows[row], blank),
            Segment(" " * (measure - left - frame.columns), blank),
        ]

    # The mouse

    def on_click(self, event: events.Click) -> None:
        if target := self.target_at(event.x, event.y):
            self.post_message(self.Clicked(target))

    def target_at(self, x: int, y: int) -> str:
        """The target of the citation or link at a cell of the widget; "" when there is no citation or link."""
        column, inside = divmod(x - self.columns.left, self.columns.measure + _GAP)
        index = column * max(1, self.size.height) + y
        if not (0 <= column < self.columns.number and 0 <= index < len(self._shown)):
            return ""
        line = self._shown[index]
        if line.start == line.end:
            return ""
        at = line.start + characters_in(line.text[line.indent :], inside - line.indent)
        for start, end, target in text_layout.targets(self.blocks[line.block]):
            if start <= at < end:
                return target
        return ""
