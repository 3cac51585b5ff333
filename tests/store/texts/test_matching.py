"""The paper to which a file belongs is found only by arXiv id, DOI or title."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library.library import Library
from store.matching import title_merging
from store.texts import matching
from store.texts.worker import TextFormat
from tests.store.formats.documents.pdfs import Text, page, pdf
from tests.store.texts.libraries import MadeRow, library_with

TITLE = "Cranes That Count Better Than Herons"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_with(
        tmp_path / "library.db",
        MadeRow(1, TITLE, "2601.20001"),
        MadeRow(2, "Herons and Their Habits", doi="10.1000/herons"),
        MadeRow(3, "Storks"),
    )


def find(library: Library, data: bytes | str, name: str = "x.pdf", format: TextFormat = "pdf") -> int | None:
    return matching.find(library.reader(), Path(name), data.encode() if isinstance(data, str) else data, format)


@pytest.mark.parametrize("name", ["2601.20001.pdf", "2601.20001v3.pdf", "arXiv_2601.20001v1 alpha.pdf"])
def test_the_name_of_a_file_has_the_arxiv_id(library: Library, name: str) -> None:
    assert find(library, b"", name) == 1


def test_a_pdf_has_a_stamp_a_doi_or_a_title(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdfium2")
    # The damaged PDF is read in a child process, because it may crash that process. The other PDFs are then read in
    # this process, which is faster.
    from store.formats.documents import pdf as format
    from store.formats.documents import pdf_page

    assert find(library, b"%PDF-1.4 damaged") is None
    monkeypatch.setattr(format, "_first_page", pdf_page.first_page)
    stamp = Text("arXiv:2601.20001v2  [cs.CL]  25 Jan 2026", 20, 250, 30, turned=True)
    assert find(library, pdf(page("Another Title Altogether", stamp))) == 1
    assert find(library, pdf(page("Another Title Altogether"), {"doi": "10.1000/herons"})) == 2
    assert find(library, pdf(page(["Cranes That Count", "Better Than Herons"]))) == 1
    assert find(library, pdf(page("Nothing Like These Titles"))) is None
    small = [
        Text("Journal of Birds 1", 10, 740),
        Text("Cranes That Count", 10, 720),
        Text("Better Than Herons", 10, 708),
    ]
    assert find(library, pdf([*small, *page()])) == 1


def test_a_page_has_a_canonical_address_metadata_or_a_title(library: Library) -> None:
    head = '<link rel="canonical" href="https://arxiv.org/abs/2601.20001v1">'
    assert find(library, f"<html><head>{head}</head><body><h1>Other</h1>", "a.html", "html") == 1
    head = '<meta name="citation_doi" content="10.1000/HERONS">'
    assert find(library, f"<html><head>{head}</head>", "a.html", "html") == 2
    assert find(library, f"<html><body><h1>{TITLE}</h1>", "a.html", "html") == 1
    assert find(library, "<html><body><h1>Other</h1>", "a.html", "html") is None


def test_markdown_has_a_title_that_is_long_enough(library: Library) -> None:
    assert find(library, f"# {TITLE}\n\nText", "a.md", "markdown") == 1
    assert find(library, "# Storks\n\nText", "a.md", "markdown") is None


def test_a_title_of_two_papers_matches_neither(library: Library) -> None:
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title_key = ? WHERE id = 3", (title_merging.title_key(TITLE),))
    assert find(library, f"# {TITLE}\n\nText", "a.md", "markdown") is None
