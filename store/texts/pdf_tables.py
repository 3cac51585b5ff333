"""Finds the tables among the lines of a PDF by the gaps between the words, and writes them as rows and cells."""

from __future__ import annotations

import bisect
import math
import re
import statistics
from collections.abc import Sequence

from store.texts.pdf_lines import Cell, Line
from store.texts.pdf_pages import Page

_CAPTION = re.compile(r"table\s+(?:S?\d|[IVX]+\b)", re.IGNORECASE)
# A table has at least _LEAST_ROWS rows with several cells. Without a caption beside it, it must have at least
# _LEAST_ROWS_ALONE rows and _LEAST_COLUMNS_ALONE columns.
_LEAST_ROWS, _LEAST_ROWS_ALONE, _LEAST_COLUMNS_ALONE = 2, 4, 3
# At most this many lines with a single cell may be between two rows of a table. Such a line may be the end of a long
# cell.
_MOST_SINGLE = 1
# Two lines are at the same height if their vertical overlap is at least this share (0 to 1) of the height of the
# smaller one.
_BESIDE = 0.4
# Rows in which more than this share of the words (0 to 1) is in mathematical fonts are a matrix and not a table.
_MOSTLY_MATH = 0.6
_DOTS = re.compile(r"(?:\s*\.){4,200}$")
# The caption of a table is at most this many lines before the first row or after the last one.
_NEAR = 4


def rows(page: Page) -> dict[int, int]:
    """Maps the `id` of each line of a page that is in a table to the number of the table on the page."""
    found: dict[int, int] = {}
    count = 0
    lines = page.lines
    start = 0
    while start < len(lines):
        end = _end(lines, start)
        run = lines[start:end]
        if _is_table(run, [*lines[max(0, start - _NEAR) : start], *lines[end : end + _NEAR]]):
            found.update((id(line), count) for line in run)
            count += 1
        start = max(end, start + 1)
    return found


def text(lines: Sequence[Line]) -> str:
    """A table as text: line feeds separate the rows, and tabs the cells. A cell is in the column above or below which
    it is printed.
    """
    columns = _columns(lines)
    return "\n".join("\t".join(_row(row, columns)) for row in _by_row(lines))


def _by_row(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each row of a table. A row may have several lines, because PDFium divides it at superscripts and
    subscripts.
    """
    result: list[list[Line]] = []
    for line in lines:
        if result and any(_are_beside(other, line) for other in result[-1]):
            result[-1].append(line)
        else:
            result.append([line])
    return result


def _row(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[str]:
    """The cells of a row: one for each column, empty if the row has none there. If a cell is in no column, only the
    cells that the row has.
    """
    found = sorted((cell.left, text) for line in lines for cell, text in zip(_parts(line), _cells(line), strict=True))
    row = [""] * len(columns)
    for left, text in found:
        place = bisect.bisect_right(columns, (left + 0.1, math.inf)) - 1
        if place < 0:
            return [text for _, text in found]
        row[place] = f"{row[place]} {text}".strip()
    return row


def _are_beside(one: Line, other: Line) -> bool:
    """Whether two lines are at the same height."""
    return one.shared_height(other) > _BESIDE * min(one.top - one.bottom, other.top - other.bottom)


def _end(lines: Sequence[Line], start: int) -> int:
    """The index of the first row after the table that may begin at `start`."""
    end = start
    singles = 0
    for index in range(start, len(lines)):
        line = lines[index]
        if _CAPTION.match(line.text):
            break
        if index > start and not 0 < line.size + lines[index - 1].bottom - line.bottom < 4 * line.size:
            break
        if len(line.cells) > 1:
            end, singles = index + 1, 0
        else:
            singles += not any(_are_beside(other, line) for other in lines[max(start, index - _NEAR) : index])
            if end == start or singles > _MOST_SINGLE:
                break
    return end


def _is_table(run: Sequence[Line], around: Sequence[Line]) -> bool:
    with_cells = [len(line.cells) for line in run if len(line.cells) > 1]
    if len(with_cells) < _LEAST_ROWS or statistics.median(line.math for line in run) > _MOSTLY_MATH:
        return False
    if any(_CAPTION.match(line.text) for line in around):
        return True
    return len(with_cells) >= _LEAST_ROWS_ALONE and statistics.median(with_cells) >= _LEAST_COLUMNS_ALONE


def _parts(line: Line) -> Sequence[Cell]:
    """The cells of a line. A line without a wide gap is a single cell."""
    return line.cells or (Cell(0, line.left, line.right),)


def _cells(line: Line) -> list[str]:
    """The texts of the cells of a line."""
    starts = [cell.start for cell in _parts(line)]
    ends = [*starts[1:], len(line.text)]
    return [_DOTS.sub("", " ".join(line.text[start:end].split())) for start, end in zip(starts, ends, strict=True)]


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The left and right edges of the columns of a table. Cells that are above each other are in one column."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for line in lines for cell in line.cells):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns
