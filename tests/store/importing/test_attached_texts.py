"""When a PDF is imported as a paper, it is also stored as the full text of that paper."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.texts import text_store
from tests.store.formats.documents.pdfs import Text, page, pdf
from tests.store.texts.pages import MARKDOWN

STAMP = Text("arXiv:2601.20001v2  [cs.CL]  25 Jan 2026", 20, 250, 30, turned=True)


@pytest.fixture(autouse=True)
def needs_pdfium() -> None:
    pytest.importorskip("pypdfium2")


def test_an_imported_pdf_is_the_text_of_its_paper(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(page("Reading Lists in the Wild", STAMP)))
    with Library.open(tmp_path / "library.db") as library:
        for _ in range(2):
            (report,) = take_in(library, [file], Options(today=date(2026, 2, 1)))
            assert report.complete
        (stored,) = text_store.of_paper(library.reader(), 1)
        assert (stored.format, stored.source) == ("pdf", str(file))
        assert "Reading Lists in the Wild" in text_store.load(library, stored).title


def test_other_listings_and_texts_that_cannot_be_stored_change_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(page("Reading Lists in the Wild", STAMP)))
    (tmp_path / "b.pdf").write_bytes(pdf(page("No Paper")))
    with Library.open(tmp_path / "library.db") as library:
        options = Options(today=date(2026, 2, 1), texts_limit=10)
        reports = list(take_in(library, [tmp_path / "a.pdf", tmp_path / "b.pdf"], options))
        assert [report.complete for report in reports] == [True, False]
        assert text_store.of_paper(library.reader(), 1) == []
        assert text_store.attach(library, 1, io.BytesIO(MARKDOWN.encode()), "a.md", limit=10**6).words
