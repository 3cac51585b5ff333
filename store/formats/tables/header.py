"""Find the header of a table: its line, the delimiter, and the field of each column.

The field of a column is decided by its name in the header. Lines above the header, such as "sep=;" or "About the data:
…", are ignored. Some programs leave out names of the header, so that every row has more cells than the header has
names.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec

from store.formats.tables.columns import columns, folded_name
from store.model import limits
from store.model.errors import ListingError

_DELIMITERS = (",", "\t", ";", "|")
# The largest number of lines above the header.
_MOST_ABOVE = 20
# The largest number of names that may be missing from a header.
_MOST_MISSING = 3
# Names count as missing only if at least this share (from 0 to 1) of the rows have the same number of cells and this
# number is larger than the number of names. In a table with fewer such rows, commas inside cells without quotation
# marks are more likely the reason.
_SHARE_WITH_GAP = 0.5
# The largest number of column names that a message quotes, and the largest number of characters of each name.
_MOST_NAMES = 6
_LONGEST_NAME = 40

# Patterns of the cells of a column, by the field of the column or, for columns without a field, by the column's name.
_CELLS = {
    name: re.compile(pattern, re.IGNORECASE)
    for names, pattern in (
        ("year", r"(?:1[5-9]|20)\d\d(?:\.0)?"),
        ("doi", r"(?:\S*doi\.org/|doi:\s*)?10\.\d{4,9}/\S+"),
        ("page pdf code", r"https?://\S+"),
        ("volume issue first_page last_page article_number", r"\S{0,12}\d\S{0,12}"),
        ("pages", r"\S{0,12}\d\S{0,20}"),
        ("month", r"\d{1,2}|[A-Za-z]{3,9}"),
        ("author_count comment_count upvotes citedby cites pagecount pmid pubmedid", r"\d{1,9}(?:\.0)?"),
        ("issn eissn", r"(?:\d{4}-?\d{3}[\dX][;,\s]*+)++"),
        ("isbn", r"(?:[\dX-]{10,17}+[;,\s]*+)++"),
        ("eid", r"2-s2\.0-\d+"),
        ("openaccess", r"(?:all |green|gold|hybrid|bronze|closed|open|true|false|yes|no\b).*"),
        ("publicationstage", r"final|article in press"),
        (
            "kind",
            r"(?:(?:journal|review|research|conference|book|original|data|short|retracted) )*(?:article|review|paper"
            r"|chapter|book|editorial|letter|note|erratum|survey|preprint|thesis|report|proceedings?|abstract|j|c|s|b)",
        ),
    )
    for name in names.split()
}
_RULE = re.compile(r"\|?(?:\s?:?-{2,}:?\s?\|)+(?:\s?:?-{2,}:?)?")
_NUMBERED = re.compile(r"(.*?\D)(\d{1,2})")


class Gap(NamedTuple):
    """The place in a header where names are missing, so that rows have more cells than the header has names.

    The gap is before the name with the index `first`, or before a later name up to the one with the index `last`.
    `missing` is the number of missing names, and `names` the number of names in the header.
    """

    first: int
    last: int
    missing: int
    names: int

    @property
    def width(self) -> int:
        """The number of cells in a row that also has cells for all missing names."""
        return self.names + self.missing

    def aligned(self, cells: list[str]) -> list[str]:
        """The cells of a row that has `width` cells, one for each name of the header.

        If it is not certain on which side of the gap a cell belongs, the cell is empty in the result.
        """
        return [*cells[: self.first], *[""] * (self.last - self.first), *cells[self.last + self.missing :]]


class Header(msgspec.Struct, frozen=True):
    """The header of a table.

    `width` is the number of names. `line` is the number of the header's last line, from 1. `columns` contains the
    indexes of the columns for each field. `gap` is the place at which names are missing, None if no names are missing.
    `remark` is a sentence for the import report.
    """

    names: tuple[str, ...]
    delimiter: str
    line: int
    columns: dict[str, tuple[int, ...]]
    width: int
    gap: Gap | None = None
    remark: str | None = None

    def aligned(self, cells: list[str]) -> list[str] | None:
        """The cells of a row, one for each name; None when it is not certain which cell belongs to which name.

        In a table whose header has a gap, a row may also have exactly one cell for each name in the header: Scopus
        leaves out "Funding Text 2" in rows without a second text. The cells of such a row must look like the other
        cells of their columns.
        """
        if self.gap is None:
            return cells
        if len(cells) == self.gap.width:
            return self.gap.aligned(cells)
        patterns = _patterns(self).items()
        is_as_named = len(cells) == self.width and all(_fit(pattern, [cells[at]]) >= 0 for at, pattern in patterns)
        return cells if is_as_named else None


class _Split(NamedTuple):
    """The cells of one row, and the number of lines that the row takes up."""

    cells: list[str]
    lines: int


def find(lines: Sequence[str]) -> Header | None:
    """The header among the first lines of a table; None when no line contains the name of a column of titles.

    The header is the line that contains the most known column names when it is split by one of the delimiters.
    """
    best: Header | None = None
    for at in range(min(len(lines), _MOST_ABOVE + 1)):
        if at + 1 < len(lines) and is_rule(lines[at + 1]):
            # The header of a table in Markdown is the line above the rule, so prose above the table cannot be part of
            # it.
            return _of_markdown(lines[at], at)
        for delimiter in _DELIMITERS:
            if delimiter not in lines[at] and best:
                continue
            split = _split(lines, at, delimiter)
            field_columns = columns(split.cells)
            if field_columns and (best is None or len(field_columns) > len(best.columns)):
                best = Header(tuple(split.cells), delimiter, at + split.lines, field_columns, len(split.cells))
    return best


def is_rule(line: str) -> bool:
    """Whether `line` is the line "|---|:--:|" below the header of a table in Markdown."""
    return _RULE.fullmatch(line.strip()) is not None


def _of_markdown(line: str, at: int) -> Header | None:
    names = line.strip().split("|")
    field_columns = columns(names)
    return Header(tuple(names), "|", at + 1, field_columns, len(names)) if field_columns else None


def unknown(lines: Sequence[str]) -> ListingError | None:
    """The error for a table without a column of titles, with the names of its columns; None if it is not a table."""
    widths: list[tuple[int, str]] = []
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    for delimiter in _DELIMITERS:
        rows = [len(cells) for cells in _rows(lines[first:], delimiter) if cells]
        if rows and rows[0] > 1 and rows.count(rows[0]) == len(rows):
            widths.append((rows[0], delimiter))
    if not widths:
        return None
    _, delimiter = max(widths)
    return ListingError(
        f"a table whose header names no column of titles ({_quoted(_split(lines, first, delimiter).cells)});"
        " call that column “title”"
    )


def completed(header: Header, sample: Sequence[Sequence[str]]) -> Header:
    """`header` with a gap, if most rows of `sample` have the same number of cells, which is more than it has names.

    In such a table, names are missing from the header. Each name after the gap belongs to a column further to the right
    than its position in the header. The cells show where the gap is: for example, a column "DOI" must contain DOIs. A
    column is left out if the cells do not show on which side of the gap it is. If this leaves no column of titles,
    `header` is returned unchanged, so that `rows.rows` refuses the rows because they have too many cells.
    """
    width, count = Counter(map(len, sample)).most_common(1)[0] if sample else (0, 0)
    missing = width - header.width
    if not 0 < missing <= _MOST_MISSING or count < _SHARE_WITH_GAP * len(sample):
        return header
    wide = [row for row in sample if len(row) == width]
    if not any(cell.strip() for row in wide for cell in row[header.width :]):
        return header
    gaps = _gaps(header, missing, wide)
    first, last = min(gaps), max(gaps)
    if not any(at < first or at >= last for at in header.columns["title"]):
        return header
    rows = "every row has" if count == len(sample) else "most rows have"
    remark = f"{rows} {'one cell' if missing == 1 else f'{missing} cells'} more than the header"
    names = header.names
    if first == last:
        place = f"behind “{names[first - 1].strip()[:_LONGEST_NAME]}”" if first else "at its beginning"
        remark += f": a name is missing {place}"
    else:
        remark += (
            f"; these columns were left out, because it is not certain what they hold: {_quoted(names[first:last])}"
        )
    return msgspec.structs.replace(header, gap=Gap(first, last, missing, header.width), remark=remark)


def _gaps(header: Header, missing: int, sample: Sequence[Sequence[str]]) -> list[int]:
    """The indexes in the header at which the missing names may belong.

    The result contains the indexes for which the cells of `sample` fit the names best.
    """
    patterns = _patterns(header)
    before = [_fit(patterns.get(at), [row[at] for row in sample]) for at in range(header.width)]
    after_gap = [_fit(patterns.get(at), [row[at + missing] for row in sample]) for at in range(header.width)]
    fits = [
        fit_before + fit_behind
        for fit_before, fit_behind in zip(
            accumulate(before, initial=0), reversed([*accumulate(reversed(after_gap), initial=0)]), strict=True
        )
    ]
    gaps = [gap for gap, fit in enumerate(fits) if fit == max(fits)]
    # The language R leaves out the name of the first column, which contains the row numbers.
    if 0 in gaps and missing == 1 and _are_row_numbers([row[0] for row in sample]):
        return [0]
    # A name is probably missing after "Funding Text 1" or a similar name if the header has no "Funding Text 2".
    names = {folded_name(name) for name in header.names}
    numbered = [gap for gap in gaps if gap and _lacks_next(folded_name(header.names[gap - 1]), names)]
    return numbered if len(numbered) == 1 else gaps


def _patterns(header: Header) -> dict[int, re.Pattern[str]]:
    """The pattern that the cells of each column should have, by the index of the column. Some columns have none."""
    patterns = {at: _CELLS[name] for at, each in enumerate(header.names) if (name := folded_name(each)) in _CELLS}
    for field, places in header.columns.items():
        patterns.update(dict.fromkeys(places, _CELLS[field]) if field in _CELLS else {})
    return patterns


def _fit(pattern: re.Pattern[str] | None, cells: Sequence[str]) -> int:
    """How well `cells` fit the pattern of a column.

    The result is the number of cells that match minus the number of cells that do not match. Empty cells are ignored.
    """
    if pattern is None:
        return 0
    return sum(1 if pattern.fullmatch(text) else -1 for cell in cells if (text := cell.strip()))


def _lacks_next(name: str, names: set[str]) -> bool:
    match = _NUMBERED.fullmatch(name)
    return match is not None and f"{match[1]}{int(match[2]) + 1}" not in names


def _are_row_numbers(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal()]
    return len(numbers) == len(cells) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _split(lines: Sequence[str], at: int, delimiter: str) -> _Split:
    """The cells of the row that starts at the line with the index `at`. A quoted name may contain line breaks."""
    csv.field_size_limit(max(csv.field_size_limit(), limits.TABLE_CELL))
    reader = csv.reader(lines[at:], delimiter=delimiter)
    try:
        return _Split(next(reader, []), reader.line_num)
    except csv.Error:
        return _Split([], 1)


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _quoted(names: Sequence[str]) -> str:
    quoted_names = ", ".join(" ".join(name.split())[:_LONGEST_NAME] for name in names[:_MOST_NAMES])
    return f"{quoted_names}, …" if len(names) > _MOST_NAMES else quoted_names
