"""Excel workbooks, `.xlsx`: each sheet with a header row is read like a CSV table.

openpyxl reads the cells. It streams the rows of a sheet. Faster libraries reserve memory for all cells up to the last
one, so that a hostile workbook with one distant cell could exhaust the memory of the process.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers import expat

from store.formats.tables import entries
from store.formats.tables.columns import columns
from store.formats.tables.rows import Row
from store.model import limits
from store.model.entry import Item, Warned
from store.model.errors import ListingError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

NAME = "xlsx"
TITLE = "Excel workbook (.xlsx)"
FAMILY = "table"
EXAMPLE = "savedrecs.xlsx"
STREAMS = False

# The header of one file in a zip archive, followed by a name in the folder `xl`, which every workbook has.
_IN_WORKBOOK = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
# The largest number of rows above the header, and the largest number of columns that are read.
_MOST_ABOVE = 20
_MOST_COLUMNS = 1_000
_CHUNK = 64 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE_ERRORS = (
    OSError, ValueError, EOFError, RuntimeError, IndexError, OverflowError, zipfile.BadZipFile, zlib.error,
    struct.error,
)  # fmt: skip
_DAMAGED = "the workbook is damaged or cut short; save it again, or save the sheet as CSV"


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a workbook.

    The value is 0.95 for a zip archive with a file in the folder `xl`, and 0 for any other file.
    """
    return 0.95 if head.startswith(b"PK\x03\x04") and _IN_WORKBOOK.search(head) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of all sheets that have a column of titles. Raises ListingError when no sheet has one."""
    data = stream.read(limits.WHOLE_FILE + 1)
    if len(data) > limits.WHOLE_FILE:
        raise ListingError(f"larger than {limits.WHOLE_FILE // 2**20} MiB; save the sheet as CSV")
    _check(data)
    # openpyxl raises errors of any type for a damaged file, and warns about every feature that it does not support.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import openpyxl

            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except (MemoryError, ImportError):
            raise
        except Exception:
            raise ListingError(_DAMAGED) from None
    yield from _tables(workbook)


def _tables(workbook: Workbook) -> Iterator[Item]:
    others: list[str] = []
    is_empty = True
    for sheet in workbook.worksheets:
        # Some programs write a wrong size of the sheet, and openpyxl would read only the cells within that size. So
        # discard the size.
        sheet.reset_dimensions()
        rows = _rows(sheet)
        above = list(islice(rows, _MOST_ABOVE + 1))
        header = max(above, key=lambda row: len(columns(row.cells)), default=None)
        field_columns = columns(header.cells) if header else {}
        if header is None or not field_columns:
            others += [sheet.title] if above else []
            continue
        is_empty = False
        below = (row for row in chain(above, rows) if row.line > header.line)
        width = len(header.cells)
        yield from entries.entries((Row(row.line, _filled(row.cells, width)) for row in below), field_columns)
    if is_empty:
        raise ListingError("no sheet whose header names a column of titles; call that column “title”")
    if others:
        names = ", ".join(" ".join(name.split())[:40] for name in others[:5])
        yield Warned(f"sheets without a column of titles were left out: {names}")


def _rows(sheet: Any) -> Iterator[Row]:
    """The rows of a sheet that are not empty, with their row numbers. Raises ListingError when the sheet is damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = sheet.iter_rows(values_only=True)
        for number in range(1, 2**31):
            try:
                values = next(rows, None)
            except (ListingError, MemoryError):
                raise
            except Exception:
                raise ListingError(_DAMAGED) from None
            if values is None:
                return
            cells = [_text(value) for value in values[:_MOST_COLUMNS]]
            if any(cells):
                yield Row(number, cells)


def _text(value: object) -> str:
    """The value of a cell as text.

    Dates are written as ISO 8601 and whole numbers without a point. An error such as "#N/A" becomes "".
    """
    match value:
        case None:
            return ""
        case str():
            return "" if value.startswith("#") and value.rstrip("!?").isupper() else value
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _check(data: bytes) -> None:
    """Raise ListingError for a workbook that is too large when unpacked, or whose XML declares a document type."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > limits.ARCHIVE_MEMBERS or sum(info.file_size for info in infos) > limits.UNPACKED:
                raise ListingError(
                    f"the workbook unpacks to more than {limits.UNPACKED // 2**20} MiB, the limit; save it as CSV"
                )
            if any(info.flag_bits & 1 or info.compress_type not in _METHODS for info in infos):
                raise ListingError("the workbook is encrypted or packed in an unusual way; save the sheet as CSV")
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(info) as member:
                        _refuse_declarations(member)
    except ListingError:
        raise
    except _DAMAGE_ERRORS:
        raise ListingError(_DAMAGED) from None


class _Root(Exception):
    """Raised at the first element of an XML document.

    All declarations come before this element, so the rest of the document need not be parsed.
    """


def _refuse_declarations(member: Any) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ListingError("a workbook whose XML declares a document type, which Excel never writes")

    def stop(*_: object) -> None:
        raise _Root

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := member.read(_CHUNK):
            parser.Parse(chunk, False)
    except (_Root, expat.ExpatError):
        return
