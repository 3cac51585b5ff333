"""The lines of two compared texts: side by side if the screen is wide enough, otherwise one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from store.texts.blocks import Block
from store.texts.comparison import Range, Row
from tui.render import text_layout
from tui.render.cell_width import width as width_of
from tui.render.pieces import Line, Piece
from tui.render.text_flow import LineFlow

# The two texts are shown side by side if each can be at least _LEAST cells wide. No text is wider than _MOST cells.
_LEAST, _MOST = 48, 76
# The width of the column before each line (cells), in which a sign marks a changed line; and the separator between two
# texts that are side by side.
_MARK = 2
_BETWEEN = " │ "
_REMOVED, _ADDED = "removed", "added"


class ComparisonFlow(LineFlow[Line]):
    """The lines that show a comparison of two texts on a screen of `width` cells.

    A row of the comparison is a pair of paragraphs.
    """

    def __init__(self, before: Sequence[Block], after: Sequence[Block], rows: Sequence[Row], width: int) -> None:
        super().__init__(len(rows))
        self._before, self._after = before, after
        self.rows = rows
        room = (width - len(_BETWEEN)) // 2 - _MARK
        self.is_wide = room >= _LEAST
        self.measure = min(_MOST, room if self.is_wide else max(20, width - _MARK))

    @property
    def width(self) -> int:
        """The width of a line (cells)."""
        one = self.measure + _MARK
        return 2 * one + len(_BETWEEN) if self.is_wide else one

    def lay_out(self, block: int) -> list[Line]:
        row = self.rows[block]
        blank: list[Line] = (
            [(Piece(_BETWEEN.rjust(self.measure + _MARK + len(_BETWEEN)), "line"),)] if self.is_wide else [()]
        )
        gap = blank if block else []
        old = self._side(self._before, row.before, row.removed, _REMOVED, "-", row)
        new = self._side(self._after, row.after, row.added, _ADDED, "+", row)
        if not self.is_wide:
            return [*gap, *(old if row.is_changed else ()), *new]
        lines: list[Line] = []
        for number in range(max(len(old), len(new))):
            left = old[number] if number < len(old) else ()
            right = new[number] if number < len(new) else ()
            padding = self.measure + _MARK - sum(width_of(piece.text) for piece in left)
            lines.append((*left, Piece(" " * padding), Piece(_BETWEEN, "line"), *right))
        return [*gap, *lines]

    def _side(
        self, blocks: Sequence[Block], index: int | None, ranges: Sequence[Range], style: str, sign: str, row: Row
    ) -> list[Line]:
        """The lines that show one of the two texts in a row of the comparison."""
        if index is None:
            return []
        block = blocks[index]
        text = text_layout.display_text(block)
        # `ranges` are ranges of characters of the stored text. They are wrong for a displayed text of another length.
        # In that case, mark the whole block as changed.
        is_whole = len(text) != len(block.text)
        styled = [(0, len(text), style)] if ranges and is_whole else [(start, end, style) for start, end in ranges]
        mark = Piece(f"{sign} " if row.is_changed else "  ", style)
        lines: list[Line] = []
        for line in text_layout.block_lines([block], 0, self.measure):
            pieces = text_layout.with_ranges(line, styled)
            if ranges and line.start == line.end:
                pieces = [Piece(piece.text, style) for piece in line.pieces]
            lines.append((mark, *pieces))
        return lines


def changes(rows: Sequence[Row]) -> list[int]:
    """The indices of the rows at which a change begins. Adjacent changed rows count as one change."""
    return [
        index for index, row in enumerate(rows) if row.is_changed and (index == 0 or not rows[index - 1].is_changed)
    ]
