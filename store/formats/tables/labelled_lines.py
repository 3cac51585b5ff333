"""Embase's CSV with one field on each line: `"TITLE","…"`, `"AUTHOR NAMES","…","…"`. Each record becomes one row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from store.formats.tables.columns import columns
from store.formats.tables.rows import Row
from store.model import limits
from store.model.errors import ListingError

_TITLE = "TITLE"
# The labels of the lines that are read. The other CSV format of Embase has columns with the same names.
_LABELS = (
    _TITLE, "AUTHOR NAMES", "SOURCE TITLE", "CONFERENCE NAME", "PUBLICATION YEAR", "DATE OF PUBLICATION", "VOLUME",
    "ISSUE", "FIRST PAGE", "LAST PAGE", "PUBLICATION TYPE", "ABSTRACT", "AUTHOR KEYWORDS", "DOI", "EMBASE LINK",
)  # fmt: skip
COLUMNS = columns(_LABELS)
# If at least this many different labels occur at the starts of lines, the file has this format. In an ordinary table,
# only the first line could start with one of these words.
_ENOUGH = 3
_SAMPLE = 40


def are_labelled(lines: Sequence[str]) -> bool:
    """Whether the lines at the start of a file begin with labels of Embase."""
    # A line that contains only a label, without a value, shows that the file is in another format, such as the text of
    # Ovid.
    firsts = {line.partition(",")[0].strip(' "\ufeff').upper() for line in lines[:_SAMPLE] if "," in line}
    return _TITLE in firsts and len(firsts.intersection(_LABELS)) >= _ENOUGH


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """A row for each record, with one cell for each column in `COLUMNS`.

    If a line has several values, the values are joined by "; " in one cell.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limits.TABLE_CELL))
    reader = csv.reader(lines)
    record: dict[str, str] = {}
    start = 1
    try:
        for cells in reader:
            label = cells[0].strip(" \ufeff").upper() if cells else ""
            if label == _TITLE and record:
                yield _row(start, record)
                record = {}
            if label == _TITLE:
                start = reader.line_num
            if label in _LABELS:
                record[label] = "; ".join(filter(None, (cell.strip() for cell in cells[1:])))
    except csv.Error:
        raise ListingError("a cell is too long; a quotation mark may be missing") from None
    if record:
        yield _row(start, record)


def _row(line: int, record: dict[str, str]) -> Row:
    return Row(line, [record.get(label, "") for label in _LABELS])
