"""Excel workbooks: sheets, kinds of cells, and workbooks that are damaged or hostile."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from store.formats.tables import excel
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model import limits
from store.model.entry import Entry, Item, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from tests.store.formats.tables.workbooks import MAIN, packed, parts, workbook

HEADER = ("Authors", "Article Title", "Publication Year", "DOI")
ROW = ("Alpha, Ada; Beta, Bert", "Lists in Cells", 2026, "10.1000/x.1")


def read(data: bytes) -> list[Item]:
    return list(excel.read(io.BytesIO(data)))


def papers(data: bytes) -> list[Paper]:
    return [item.paper for item in read(data) if isinstance(item, Entry)]


def test_a_row_becomes_a_paper_as_in_csv() -> None:
    data = workbook(HEADER, ROW)
    assert excel.sniff(data[:65536], "x") > 0.9
    (item,) = read(data)
    assert isinstance(item, Entry)
    assert (item.paper.title, item.paper.doi) == ("Lists in Cells", "10.1000/x.1")
    assert item.paper.authors == (Author("Ada Alpha"), Author("Bert Beta"))
    assert (item.paper.published, item.paper.published_to) == (date(2026, 1, 1), "year")
    assert item.line == 2


def test_rows_above_the_header_and_empty_rows_are_no_papers() -> None:
    (paper,) = papers(workbook(("Exported by hand",), (), HEADER, (), ROW, (None, None)))
    assert paper.title == "Lists in Cells"


def test_cells_may_be_days_numbers_and_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["title", "date", "upvotes", "abstract", "keywords"])
    sheet.append(["With a day", datetime(2026, 1, 5), 12, "#N/A", True])
    sheet.append([2048, date(2025, 3, 1), 3.0, "It is.", None])
    book.save(tmp_path / "book.xlsx")
    with_day, number = papers((tmp_path / "book.xlsx").read_bytes())
    assert (with_day.published, with_day.upvotes, with_day.abstract) == (date(2026, 1, 5), 12, None)
    assert (number.title, number.published, number.upvotes) == ("2048", date(2025, 3, 1), 3)


def test_every_sheet_with_a_known_header_is_read_and_the_others_are_named() -> None:
    sheets = {
        "First": [HEADER, ROW],
        "Notes": [["Read me"]],
        "Second": [("title", "doi"), ("Two", "10.1000/2")],
        "E": [],
    }
    items = read(packed(parts(sheets)))
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["Lists in Cells", "Two"]
    assert items[-1] == Warned("sheets without a column of titles were left out: Notes")


def test_a_workbook_without_titles_is_refused_with_what_to_do() -> None:
    with pytest.raises(ListingError, match=r"no sheet whose header names a column of titles; call that column “title”"):
        read(workbook(("a", "b"), (1, 2)))


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_is_refused(cut: float) -> None:
    data = workbook(HEADER, *[ROW] * 50)
    with pytest.raises(ListingError, match="damaged"):
        read(data[: int(cut * len(data))])


def test_a_damaged_sheet_is_refused_and_does_not_end_the_import() -> None:
    damaged = {**parts({"S": [HEADER, ROW]}), "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c t='s'><v>9"}
    with pytest.raises(ListingError, match="damaged"):
        read(packed(damaged))
    without_sheet = {name: text for name, text in parts({"S": [HEADER]}).items() if "sheet1" not in name}
    with pytest.raises(ListingError):
        read(packed(without_sheet))


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData/></worksheet>'
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
        with pytest.raises(ListingError, match="declares a document type"):
            read(packed({**parts({"S": [HEADER, ROW]}), name: bomb}))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 2**20)
    files: dict[str, str | bytes] = {**parts({"S": [HEADER, ROW]}), "xl/media/x.bin": bytes(2**21)}
    with pytest.raises(ListingError, match="1 MiB, the limit"):
        read(packed(files))


def test_other_packings_are_refused() -> None:
    with pytest.raises(ListingError, match="unusual way"):
        read(packed(parts({"S": [HEADER, ROW]}), zipfile.ZIP_LZMA))


def test_a_cell_in_the_last_corner_needs_no_memory() -> None:
    title = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    rows = title + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    assert papers(packed({**parts({"S": []}), "xl/worksheets/sheet1.xml": sheet})) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (packed({"xl/workbook.bin": "", "[Content_Types].xml": ""}), "binary Excel workbook"),
        (packed({"word/document.xml": ""}), "Word document"),
        (packed({"content.xml": "", "META-INF/manifest.xml": ""}), "OpenDocument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
    ],
)
def test_other_office_files_say_what_to_do_in_one_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, file, Options(today=date(2026, 11, 1)))
    assert message in (report.error or "")
