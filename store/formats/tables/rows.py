"""The rows of a delimited table. If a quotation mark is missing, only one row is lost, not the rest of the table.

The csv module parses the cells. This module adds line numbers and notices a truncated table. When a quotation mark is
not closed, the csv module reads the following rows as part of one cell; this module recovers these rows.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from store.model import limits
from store.model.entry import CutShort, Refused

# The largest number of lines of a table that are parsed a second time to recover rows that became part of a cell.
_GIVEN_BACK = 500_000
# Rows are recovered only in tables with at least this many columns. In a narrower table, lines of prose could look like
# rows.
_WIDE = 3
_LINES_OF_A_CELL = 40

Quoting = Literal[0, 3]


class Row(NamedTuple):
    """One row of a table: the number of its first line, from 1, and its cells."""

    line: int
    cells: list[str]


def rows(
    lines: Iterable[str],
    *,
    line: int,
    width: int,
    delimiter: str,
    quoting: Quoting = csv.QUOTE_MINIMAL,
    aligned: Callable[[list[str]], list[str] | None] = lambda cells: cells,
) -> Iterator[Row | Refused | CutShort]:
    """The rows of a delimited table, without empty rows.

    `width` is the largest number of cells that a row may have, and `line` the line number of the first of `lines`.
    `aligned` is called with the cells of a row and returns one cell for each column, or None if it is not certain which
    cell belongs to which column. Such a row, and one with too many cells, becomes a Refused, whose index the caller
    must set. Any other row with too few cells is filled up with empty cells. There is one exception: if the last row
    has too few cells and no line end, and no row before it has too few, then the file is truncated and that row becomes
    a CutShort.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limits.TABLE_CELL))
    source = _Lines(lines, line - 1)
    reader = csv.reader(source, delimiter=delimiter, quoting=quoting)
    ragged = False
    while True:
        first = source.next_row()
        try:
            cells = next(reader)
            trouble = _trouble(cells, source.row, width, delimiter, quoting)
        except StopIteration:
            return
        except csv.Error:
            cells, trouble = [], f"a cell of more than {limits.TABLE_CELL:,} letters; a quotation mark may be missing"
        if source.ended:
            # The csv reader asks for a line after the last one only inside a quoted cell.
            trouble = "a quotation in it does not end"
        if trouble:
            again = _holds_rows(source.row[1:], width, delimiter) and source.give_back()
            if source.ended and not again:
                yield CutShort(f"the file ends inside a quotation, in the row on line {first}")
                return
            yield Refused(0, first, trouble)
        elif any(cell.strip() for cell in cells):
            # If a line ends in a quoted cell and a delimiter, its last cell is missing and not just empty, because a
            # table that quotes its cells also quotes an empty one.
            full = len(cells) >= width and not source.row[-1].endswith('"' + delimiter)
            if not full and not ragged and not source.row[-1].endswith("\n"):
                yield CutShort(f"the file ends in the middle of the row on line {first}")
                return
            ragged = ragged or len(cells) < width or not cells[-1]
            own = aligned(cells)
            if own is None:
                yield Refused(0, first, f"it has {len(cells)} cells where the other rows have {width}")
                continue
            yield Row(first, own + [""] * (width - len(own)))


def quoting(sample: Sequence[str], *, width: int, delimiter: str) -> Quoting:
    """How the csv module must treat quotation marks in the table that starts with `sample`: as quotes around cells, or
    as text.

    In a table whose delimiter is the tab, quotation marks may instead be part of titles. In any other table, quotation
    marks quote cells.
    """
    if delimiter != "\t" or not any('"' in line for line in sample):
        return csv.QUOTE_MINIMAL
    reader = csv.reader(sample, delimiter=delimiter, strict=True)
    read = 0
    try:
        for cells in reader:
            if len(cells) not in (0, width):
                return csv.QUOTE_NONE
            read = reader.line_num
    except csv.Error:
        # The sample may end inside a quoted cell that spans several lines.
        return csv.QUOTE_MINIMAL if 0 < len(sample) - read < min(_LINES_OF_A_CELL, len(sample)) else csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL


class _Lines:
    """An iterator over lines for the csv reader, which can yield the lines of a broken row a second time.

    `row` contains the lines of the current row. `ended` is whether the csv reader asked for a line after the last one.
    """

    def __init__(self, lines: Iterable[str], number: int) -> None:
        self._lines = iter(lines)
        self._number = number
        self._given_back: deque[str] = deque()
        self._may_give_back = _GIVEN_BACK
        self.row: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._given_back.popleft() if self._given_back else next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self._number += 1
        self.row.append(line)
        return line

    def next_row(self) -> int:
        """Begin a new row. Returns the number of its first line."""
        self.row.clear()
        return self._number + 1

    def give_back(self) -> bool:
        """Let the iterator yield all lines of the current row, except the first, a second time.

        Returns False and yields no line again when that would exceed the limit for the whole table.
        """
        again = self.row[1:]
        self._may_give_back -= len(again)
        if self._may_give_back < 0:
            return False
        self._given_back.extendleft(reversed(again))
        self._number -= len(again)
        self.ended = False
        return True


def _trouble(cells: list[str], text: list[str], width: int, delimiter: str, quoting: Quoting) -> str | None:
    if any(cell.strip() for cell in cells[width:]):
        return f"it has {len(cells)} cells where the header has {width}"
    if len(cells) < width and quoting == csv.QUOTE_MINIMAL and any('"' in line for line in text):
        try:
            list(csv.reader(text, delimiter=delimiter, strict=True))
        except csv.Error:
            return f"it has {len(cells)} cells where the header has {width}, and a quotation mark that does not fit"
    return None


def _holds_rows(lines: list[str], width: int, delimiter: str) -> bool:
    """Whether `lines` start with a row of the table and not with prose.

    The csv module read these lines as part of a cell of a broken row.
    """
    if width < _WIDE:
        return False
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        return next((len(cells) == width for cells in reader if cells), False)
    except csv.Error:
        return False
