"""The rows of a delimited table, past rows that are broken: a quotation mark that is missing costs one row.

The csv module reads; what is added is where a row starts, whether the table is cut, and the rows that a quotation
without an end took in.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from store.paper import CutShort, Refused

# The authors and affiliations of a large collaboration fill a megabyte.
_LARGEST_CELL = 2 * 2**20
# How often the rows inside a broken one are looked for: each time costs as much as reading them.
_RETRIES = 20
# In a narrower table lines of prose could be taken for rows.
_WIDE = 3
_LINES_OF_A_CELL = 40

Quoting = Literal[0, 3]


class Row(NamedTuple):
    """One row: the line it starts on, from 1, and its cells."""

    line: int
    cells: list[str]


def rows(
    lines: Iterable[str], *, line: int, width: int, delimiter: str, quoting: Quoting = csv.QUOTE_MINIMAL
) -> Iterator[Row | Refused | CutShort]:
    """The rows of a table of `width` columns whose first line is number `line`; empty ones are left out.

    A row with cells beyond the last column is refused, its index still open; one with fewer is filled up, except
    the last one of a table whose other rows are full: that one is cut.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST_CELL))
    source = _Lines(lines, line - 1)
    reader = csv.reader(source, delimiter=delimiter, quoting=quoting)
    ragged = False
    retries = _RETRIES
    while True:
        first = source.next_row()
        try:
            cells = next(reader)
            trouble = _trouble(cells, source.row, width, delimiter, quoting)
        except StopIteration:
            return
        except csv.Error:
            cells, trouble = [], f"a cell of more than {_LARGEST_CELL:,} letters; a quotation mark may be missing"
        if source.ended:
            # The reader asks for one more line only inside a quotation.
            trouble = "a quotation in it does not end"
        if trouble:
            below = _below(source.row, first, width, delimiter) if retries else []
            retries -= 1
            if source.ended and not below:
                yield CutShort(f"the file ends inside a quotation, in the row on line {first}")
                return
            yield Refused(0, first, trouble)
            yield from below
        elif any(cell.strip() for cell in cells):
            # Where cells are quoted, so are empty ones.
            full = len(cells) >= width and not source.row[-1].endswith('"' + delimiter)
            if not full and not ragged and not source.row[-1].endswith("\n"):
                yield CutShort(f"the file ends in the middle of the row on line {first}")
                return
            ragged = ragged or len(cells) < width or not cells[-1]
            yield Row(first, cells + [""] * (width - len(cells)))


def quoting(sample: Sequence[str], *, width: int, delimiter: str) -> Quoting:
    """Whether quotation marks quote in a table that starts so. With tabs they often are only part of a title."""
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
        # The sample may end inside a cell of several lines.
        return csv.QUOTE_MINIMAL if 0 < len(sample) - read < min(_LINES_OF_A_CELL, len(sample)) else csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL


class _Lines:
    """Lines that remember the text of a row, how many were taken, and whether all were."""

    def __init__(self, lines: Iterable[str], number: int) -> None:
        self._lines = lines
        self._number = number
        self.row: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._number += 1
            self.row.append(line)
            yield line
        self.ended = True

    def next_row(self) -> int:
        """Forget the row before. The number of the line that comes next."""
        self.row.clear()
        return self._number + 1


def _trouble(cells: list[str], text: list[str], width: int, delimiter: str, quoting: Quoting) -> str | None:
    if any(cell.strip() for cell in cells[width:]):
        return f"it has {len(cells)} cells where the header has {width}"
    if len(cells) < width and quoting == csv.QUOTE_MINIMAL and any('"' in line for line in text):
        try:
            list(csv.reader(text, delimiter=delimiter, strict=True))
        except csv.Error:
            return f"it has {len(cells)} cells where the header has {width}, and a quotation mark that does not fit"
    return None


def _below(taken: list[str], first: int, width: int, delimiter: str) -> list[Row]:
    """The rows that a broken one on line `first` took in: those of its lines after the first one.

    None unless all of them are as wide as the table.
    """
    if width < _WIDE or len(taken) < 2:
        return []
    lines = _Lines(taken[1:], first)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found: list[Row] = []
    try:
        start = lines.next_row()
        for cells in reader:
            if cells and len(cells) != width:
                return []
            if any(cell.strip() for cell in cells):
                found.append(Row(start, cells))
            start = lines.next_row()
    except csv.Error:
        return []
    return found
