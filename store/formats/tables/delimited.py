"""Tables with a header row: CSV, TSV, and tables with semicolons or vertical bars between the cells.

The delimiter is the one that splits the header into the most known columns. The module `header` finds the header,
`rows` repairs broken rows, and `entries` converts rows to papers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from store.formats.links import link_list, saved_links
from store.formats.shared import text_lines
from store.formats.tables import entries, header, labelled_lines, rows
from store.formats.tables.columns import certainty
from store.formats.tables.header import Header
from store.model.entry import Item, Warned
from store.model.errors import ListingError

NAME = "csv"
TITLE = "CSV and TSV with a header row"
FAMILY = "table"
EXAMPLE = "papers.csv"
STREAMS = True

# The name of a column that occurs only in the table of Retraction Watch.
_RETRACTIONS = "RetractionNature"
# The number of lines at the start of the file that are examined to find the header, whether cells are in quotation
# marks, and the number of cells in a row.
_SAMPLE_LINES = 220
_ENDINGS = (".csv", ".tsv")
_LINE_END = re.compile(r"\r\n|\r|\n")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a table of papers.

    The value is highest for a header with a title and two columns that only papers have. It is 0.5 for a table without
    a known header if the file name ends in .csv or .tsv: `read` then reads such a file and reports what is wrong with
    it.
    """
    if text_lines.is_binary(head):
        return 0.0
    text = text_lines.text(head[: 16 * 1024]).lstrip("\ufeff")
    if not text.strip() or text.lstrip()[0] in "{[<@%":
        return 0.0
    lines = _LINE_END.split(text)
    if saved_links.is_header(lines[0]):
        return 0.0
    if labelled_lines.are_labelled(lines):
        return 0.9
    is_named_table = name.lower().endswith(_ENDINGS)
    table_header = header.find(lines)
    if (
        table_header
        and table_header.line < len(lines)
        and header.is_rule(lines[table_header.line])
        and link_list.sniff(head, name)
    ):
        # The file is a reading list in Markdown, whose tables contain links to the papers. The format for lists of
        # links reads it.
        return 0.0
    if table_header is None:
        return 0.5 if is_named_table and header.unknown(lines[:-1] or lines) else 0.0
    return max(certainty(table_header.columns), 0.6 if is_named_table else 0.0)


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the rows, in order. Raises ListingError when no line is a header with a column of titles."""
    with text_lines.open_text(stream) as opened:
        sample = list(islice(opened, _SAMPLE_LINES))
        if not "".join(sample).strip():
            raise ListingError("an empty file")
        if any(_RETRACTIONS in line for line in sample[:1]):
            # The rows of the table of Retraction Watch look like papers, but each is a notice that a paper was
            # retracted.
            raise ListingError("the table of Retraction Watch; read it with: recto fetch retractions FILE")
        if labelled_lines.are_labelled(sample):
            yield from entries.entries(labelled_lines.rows(chain(sample, opened)), labelled_lines.COLUMNS)
            return
        table_header = header.find(sample)
        if table_header is None:
            raise header.unknown(sample) or ListingError(
                "a table whose header names no column of titles; call that column “title”"
            )
        below = sample[table_header.line :]
        if below and header.is_rule(below[0]):
            below[0] = "\n"
        yield from _entries(below, opened, table_header)


def _entries(sample: list[str], lines: Iterable[str], table_header: Header) -> Iterator[Item]:
    quoting = rows.quoting(sample, width=table_header.width, delimiter=table_header.delimiter)
    full = header.completed(table_header, _whole_rows(sample, table_header.delimiter, quoting))
    if full.remark:
        yield Warned(full.remark)
    table = rows.rows(
        chain(sample, lines),
        line=table_header.line + 1,
        width=full.gap.width if full.gap else full.width,
        delimiter=table_header.delimiter,
        quoting=quoting,
        aligned=full.aligned,
    )
    yield from entries.entries(table, full.columns)


def _whole_rows(sample: list[str], delimiter: str, quoting: rows.Quoting) -> list[list[str]]:
    """The complete rows in `sample`, the first lines below the header.

    The last row is left out if the table may be longer than the sample, because the sample may end inside that row.
    """
    try:
        split = [cells for cells in csv.reader(sample, delimiter=delimiter, quoting=quoting) if cells]
    except csv.Error:
        return []
    return split[:-1] if len(split) > 1 and len(sample) >= _SAMPLE_LINES - 20 else split
