"""The header of a table: its line, its delimiter, and which of its columns hold what.

The names in the header decide the fields. Lines above it, such as "sep=;" or "About the data: …", are ignored. Some
programs leave names out of the header, so that every row has more cells than it.
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
# How many lines may precede the header.
_MOST_ABOVE = 20
# How many names a header may lack.
_MOST_MISSING = 3
# The names of at most so many columns are quoted in a message, each of at most so many characters.
_MOST_NAMES = 6
_LONGEST_NAME = 40

# What the cells of a column look like, by its field or, for columns without a field, by its name.
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
_NUMBERED = re.compile(r"(.*?\D)(\d{1,2})")


class Header(msgspec.Struct, frozen=True):
    """The header of a table.

    `width` is how many cells a row may have, and `least` how many it must have. `line` is the number of the header's
    last line, from 1. `columns` are the indexes of columns by field. `remark` is a sentence for the import report.
    """

    names: tuple[str, ...]
    delimiter: str
    line: int
    columns: dict[str, tuple[int, ...]]
    width: int
    least: int = 0
    remark: str | None = None


class _Split(NamedTuple):
    """The cells of a line, and how many lines they fill."""

    cells: list[str]
    lines: int


def find(lines: Sequence[str]) -> Header | None:
    """The header among the first lines of a table: the line, split by the delimiter, that names most known columns.

    None when no line names a column of titles.
    """
    best: Header | None = None
    for at in range(min(len(lines), _MOST_ABOVE + 1)):
        for delimiter in _DELIMITERS:
            if delimiter not in lines[at] and best:
                continue
            split = _split(lines, at, delimiter)
            known = columns(split.cells)
            if known and (best is None or len(known) > len(best.columns)):
                best = Header(tuple(split.cells), delimiter, at + split.lines, known, len(split.cells))
    return best


def unknown(lines: Sequence[str]) -> ListingError | None:
    """The error that names the columns of a table without a column of titles; None when it looks like no table."""
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
    """The header with the columns of the rows in `sample`, when all of them have more cells than it has names.

    The names behind the gap belong to later cells. Where the gap is, the cells tell: a column of DOIs holds DOIs.
    Columns of which they do not tell on which side of the gap they are, are left out. Without a certain column of
    titles, the header comes back unchanged, and every row is refused.
    """
    widths = Counter(len(row) for row in sample)
    if len(widths) != 1:
        return header
    (width,) = widths
    missing = width - header.width
    if not 0 < missing <= _MOST_MISSING or not any(cell.strip() for row in sample for cell in row[header.width :]):
        return header
    gaps = _gaps(header, missing, sample)
    first, last = min(gaps), max(gaps)
    certain = {
        field: tuple(each if each < first else each + missing for each in places if each < first or each >= last)
        for field, places in header.columns.items()
    }
    certain = {field: places for field, places in certain.items() if places}
    if "title" not in certain:
        return header
    more = "one cell more than the header" if missing == 1 else f"{missing} cells more than the header"
    names = header.names
    remark = f"every row has {more}"
    if first == last:
        place = f"behind “{names[first - 1].strip()[:_LONGEST_NAME]}”" if first else "at its beginning"
        remark += f": a name is missing {place}"
    else:
        remark += (
            f"; these columns were left out, because it is not certain what they hold: {_quoted(names[first:last])}"
        )
    return msgspec.structs.replace(header, columns=certain, width=width, least=width, remark=remark)


def _gaps(header: Header, missing: int, sample: Sequence[Sequence[str]]) -> list[int]:
    """The indexes in the header where the missing names may belong, by what the cells of `sample` look like."""
    patterns = _patterns(header)
    before = [_fit(patterns.get(at), [row[at] for row in sample]) for at in range(header.width)]
    behind = [_fit(patterns.get(at), [row[at + missing] for row in sample]) for at in range(header.width)]
    fits = [
        fit_before + fit_behind
        for fit_before, fit_behind in zip(
            accumulate(before, initial=0), reversed([*accumulate(reversed(behind), initial=0)]), strict=True
        )
    ]
    gaps = [gap for gap, fit in enumerate(fits) if fit == max(fits)]
    # R leaves out the name of the column that numbers the rows.
    if 0 in gaps and missing == 1 and _are_row_numbers([row[0] for row in sample]):
        return [0]
    # "Funding Text 1" without "Funding Text 2".
    names = {folded_name(name) for name in header.names}
    numbered = [gap for gap in gaps if gap and _lacks_next(folded_name(header.names[gap - 1]), names)]
    return numbered if len(numbered) == 1 else gaps


def _patterns(header: Header) -> dict[int, re.Pattern[str]]:
    """The pattern of the cells of each column that has one, by its index."""
    patterns = {at: _CELLS[name] for at, each in enumerate(header.names) if (name := folded_name(each)) in _CELLS}
    for field, places in header.columns.items():
        patterns.update(dict.fromkeys(places, _CELLS[field]) if field in _CELLS else {})
    return patterns


def _fit(pattern: re.Pattern[str] | None, cells: Sequence[str]) -> int:
    """How many cells have the pattern, less the cells that have another one. Empty cells do not count."""
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
    """The cells of the row that starts at the line with the index `at`. A quoted name may contain line ends."""
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
    shown = ", ".join(" ".join(name.split())[:_LONGEST_NAME] for name in names[:_MOST_NAMES])
    return f"{shown}, …" if len(names) > _MOST_NAMES else shown
