"""Lays out the blocks (paragraphs, tables, …) of a full text as lines of a given width.

The functions have no side effects.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from store.texts.blocks import Block, Span, SpanKind
from tui.render.cell_width import first_break, wrapped
from tui.render.cell_width import width as width_of
from tui.render.display_text import drawable
from tui.render.pieces import Piece

# Indentations (cells): of equations, captions, notes, each level of a list, and the second and later lines of an entry
# of the bibliography.
_EQUATION_INDENT = 4
_CAPTION_INDENT = 2
_NOTE_INDENT = 4
_LIST_INDENT = 2
_REFERENCE_INDENT = 4
# The gap between two columns of a table, and the smallest width of a column (cells).
_TABLE_GAP = 2
_LEAST_COLUMN = 4
# Tables with at most this many rows and columns are aligned. A larger table is not aligned: its cells are separated by
# bars.
_MOST_ROWS, _MOST_COLUMNS = 500, 30
_LEAST_WIDTH = 20
_STYLES: dict[SpanKind, str] = {
    "text": "plain",
    "emphasis": "emphasis",
    "strong": "strong",
    "math": "math",
    "code": "code",
    "link": "link",
    "citation": "citation",
}
# The style of the text of each kind of block. A span with another style, such as a citation, keeps that style.
_BLOCK_STYLES = {
    "equation": "math",
    "caption": "caption",
    "note": "note",
    "reference": "plain",
    "code": "code",
    "table": "plain",
}
# Two adjacent blocks whose kinds are one of these pairs have no blank line between them.
_CLOSE = frozenset((("list", "list"), ("paragraph", "note"), ("note", "note"), ("list", "note"), ("table", "caption")))


class TextLine(NamedTuple):
    """One line on the screen: the index of its block, and the range of the block's text that the line shows.

    The range is empty for a blank line and for a line with text from several places of the block, such as a line of a
    table. All other lines begin with a blank piece that is `indent` cells wide, unless `indent` is 0. A line with a row
    of a picture has no pieces; `picture_row` is the index of that row.
    """

    block: int
    start: int
    end: int
    pieces: tuple[Piece, ...]
    indent: int = 0
    picture_row: int | None = None

    @property
    def text(self) -> str:
        """The text of the line without styles."""
        return "".join(piece.text for piece in self.pieces).rstrip()


def lines(blocks: Sequence[Block], width: int) -> Iterator[TextLine]:
    """All lines of a text, with blank lines between the blocks."""
    for index in range(len(blocks)):
        yield from block_lines(blocks, index, width)


def block_lines(blocks: Sequence[Block], index: int, width: int) -> list[TextLine]:
    """The lines of the block `index`, after the blank lines that separate it from the block before it."""
    block = blocks[index]
    before = blocks[index - 1] if index else None
    return [
        *(TextLine(index, 0, 0, ()) for _ in range(_gap(before, block))),
        *_lines(block, index, max(width, _LEAST_WIDTH)),
    ]


def display_text(block: Block) -> str:
    """The text of a block as `block_lines` shows it. The ranges in `TextLine` are ranges of characters of this text."""
    return "".join(text for text, _ in _safe(block.spans))


def targets(block: Block) -> list[tuple[int, int, str]]:
    """The citations and links in a block.

    Each citation or link is a tuple: the start and the end of its range in the text of the block, and its target.
    """
    found: list[tuple[int, int, str]] = []
    at = 0
    for span, (text, _) in zip(block.spans, _safe(block.spans), strict=True):
        if span.target:
            found.append((at, at + len(text), span.target))
        at += len(text)
    return found


def with_ranges(line: TextLine, ranges: Iterable[tuple[int, int, str]]) -> Sequence[Piece]:
    """The pieces of a line with the styles of `ranges`. A range is a start, an end (in the block's text) and a style.

    A character that is in two ranges gets the style of the later one in `ranges`. Lines of tables, equations and code
    are returned unchanged.
    """
    inside_line = [each for each in ranges if each[0] < line.end and each[1] > line.start]
    if not inside_line or line.start == line.end:
        return line.pieces
    pieces: list[Piece] = []
    at = line.start - line.indent
    for piece in line.pieces:
        end = at + len(piece.text)
        cuts = {at, end, *(cut for start, stop, _ in inside_line for cut in (start, stop) if at < cut < end)}
        for start, stop in itertools.pairwise(sorted(cuts)):
            inside = [style for first, last, style in inside_line if first <= start and stop <= last]
            pieces.append(Piece(piece.text[start - at : stop - at], inside[-1] if inside else piece.style))
        at = end
    return pieces


def _gap(before: Block | None, block: Block) -> int:
    """The number of blank lines between two blocks."""
    if before is None or (before.kind, block.kind) in _CLOSE:
        return 0
    return 2 if block.kind == "heading" and block.level <= 2 and before.kind != "heading" else 1


def _lines(block: Block, index: int, width: int) -> Iterable[TextLine]:
    match block.kind:
        case "heading":
            style = "title" if block.level <= 1 else "heading" if block.level <= 2 else "subheading"
            return _wrapped(block, index, width, 0, 0, style)
        case "list":
            indent = _LIST_INDENT * max(0, block.level - 1)
            label = block.text.partition(" ")[0]
            hanging = indent + (width_of(label) + 1 if width_of(label) <= 6 else _LIST_INDENT)
            return _wrapped(block, index, width, indent, hanging, "plain")
        case "reference":
            return _wrapped(block, index, width, 0, _REFERENCE_INDENT, "plain")
        case "caption":
            return _wrapped(block, index, width, _CAPTION_INDENT, _CAPTION_INDENT, "caption")
        case "note":
            return _wrapped(block, index, width, _NOTE_INDENT, _NOTE_INDENT + 2, "note")
        case "equation":
            return _equation(block, index, width)
        case "table":
            return _table(block, index, width)
        case "code":
            return _code(block, index, width)
        case _:
            return _wrapped(block, index, width, 0, 0, "plain")


def _wrapped(block: Block, index: int, width: int, first: int, further: int, style: str) -> Iterator[TextLine]:
    """The text of a block, wrapped. `first` and `further` indent the first line and the other lines (cells)."""
    parts = _safe(block.spans)
    text = "".join(part for part, _ in parts)
    start = number = 0
    while True:
        indent = further if number else first
        end, following = first_break(text, max(10, width - indent), start=start)
        yield TextLine(index, start, end, _pieces(parts, start, end, indent, style), indent)
        if following >= len(text):
            return
        start, number = following, number + 1


def _pieces(parts: Sequence[tuple[str, SpanKind]], start: int, end: int, indent: int, style: str) -> tuple[Piece, ...]:
    """The pieces of the range from `start` to `end` of the joined `parts`, after a blank piece of `indent` cells."""
    pieces = [Piece(" " * indent, "plain")] if indent else []
    at = 0
    for text, kind in parts:
        if at >= end:
            break
        if at + len(text) > start:
            piece = text[max(0, start - at) : end - at]
            pieces.append(Piece(piece, style if kind == "text" else _style(kind, style)))
        at += len(text)
    return tuple(pieces)


def _style(kind: SpanKind, block_style: str) -> str:
    """The style of a span in a block. In headings, every span gets the style of the heading."""
    return block_style if block_style in ("title", "heading", "subheading") else _STYLES[kind]


def _safe(spans: Sequence[Span]) -> list[tuple[str, SpanKind]]:
    """The text of each span, made safe to display, and the kind of the span."""
    return [(_drawable_line(span.text), span.kind) for span in spans]


def _drawable_line(text: str) -> str:
    """`text` safe to display, with a space for each line break and tab. Unlike `safe`, it keeps repeated spaces."""
    return drawable(text).replace("\n", " ").replace("\t", " ")


def _equation(block: Block, index: int, width: int) -> Iterator[TextLine]:
    """The lines of an equation. A row of it may have a number, which is put at the end of the last line of the row.

    In the stored text, the number follows the formula after a tab.
    """
    for row in block.text.split("\n"):
        formula, _, number = (_drawable_line(part) for part in row.partition("\t"))
        room = max(10, width - _EQUATION_INDENT - (width_of(number) + 2 if number else 0))
        ranges = wrapped(formula, room)
        for position, (start, end) in enumerate(ranges):
            indent = _EQUATION_INDENT if position == 0 else _EQUATION_INDENT + 2
            text = formula[start:end]
            pieces = [Piece(" " * indent), Piece(text, "math")]
            if number and position == len(ranges) - 1:
                pieces += [
                    Piece(" " * max(1, width - indent - width_of(text) - width_of(number))),
                    Piece(number, "muted"),
                ]
            yield TextLine(index, 0, 0, tuple(pieces))


def _code(block: Block, index: int, width: int) -> Iterator[TextLine]:
    for line in block.text.replace("\t", "    ").split("\n"):
        text = _drawable_line(line)
        for start, end in wrapped(text, max(10, width - _CAPTION_INDENT)):
            yield TextLine(index, 0, 0, (Piece(" " * _CAPTION_INDENT), Piece(text[start:end], "code")))


def _table(block: Block, index: int, width: int) -> Iterator[TextLine]:
    """The lines of a table with aligned columns. Long cells are wrapped, and a line follows the first row."""
    rows = [[_drawable_line(cell) for cell in row.split("\t")] for row in block.text.split("\n")]
    columns = max(map(len, rows))
    room = width - _TABLE_GAP * (columns - 1)
    if len(rows) > _MOST_ROWS or columns > _MOST_COLUMNS or room < columns * _LEAST_COLUMN:
        for row in rows:
            text = " │ ".join(row)
            for start, end in wrapped(text, width):
                yield TextLine(index, 0, 0, (Piece(text[start:end]),))
        return
    widths = _column_widths(rows, columns, room)
    for number, row in enumerate(rows):
        for pieces in _table_row(row, widths, "strong" if number == 0 and len(rows) > 1 else "plain"):
            yield TextLine(index, 0, 0, pieces)
        if number == 0 and len(rows) > 1:
            yield TextLine(index, 0, 0, (Piece("─" * (sum(widths) + _TABLE_GAP * (columns - 1)), "line"),))


def _column_widths(rows: Sequence[Sequence[str]], columns: int, room: int) -> list[int]:
    """The widths of the columns of a table.

    If their sum exceeds `room` (cells), the widest columns are made narrower.
    """
    natural = [
        max([_LEAST_COLUMN, *(width_of(row[column]) for row in rows if column < len(row))]) for column in range(columns)
    ]
    if sum(natural) <= room:
        return natural
    # Limit the widths of the columns to a maximum. Find the largest maximum with which all columns together fit into
    # `room`.
    low, high = _LEAST_COLUMN, max(natural)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(each, middle) for each in natural) <= room:
            low = middle
        else:
            high = middle - 1
    return [min(each, low) for each in natural]


def _table_row(row: Sequence[str], widths: Sequence[int], style: str) -> Iterator[tuple[Piece, ...]]:
    cells = [
        [cell[start:end] for start, end in wrapped(cell, cells)]
        for cell, cells in zip([*row, *[""] * (len(widths) - len(row))], widths, strict=True)
    ]
    for line in range(max(map(len, cells))):
        pieces: list[Piece] = []
        for cell, width in zip(cells, widths, strict=True):
            text = cell[line] if line < len(cell) else ""
            pieces.append(Piece(text + " " * (width - width_of(text) + _TABLE_GAP), style))
        yield tuple(pieces)
