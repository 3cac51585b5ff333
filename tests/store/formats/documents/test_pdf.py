"""A PDF is imported as a paper if its arXiv stamp, metadata and first page agree. Any other PDF is refused."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from store.formats.documents import pdf as format
from store.formats.documents import pdf_page
from store.model.entry import Entry
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from tests.store.formats.documents.pdfs import Text, page, pdf

pytest.importorskip("pypdfium2")

STAMP = Text("arXiv:2601.20001v2  [cs.CL]  25 Jan 2026", 20, 250, 30, turned=True)
TITLE = "Reading Lists in the Wild"


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read PDFs in this process, because starting a child process for each PDF takes a quarter of a second."""
    monkeypatch.setattr(format, "_first_page", pdf_page.first_page)


def paper(lines: Sequence[Text], info: Mapping[str, str] | None = None, xmp: str = "") -> Paper:
    data = pdf(lines, info, xmp)
    assert format.sniff(data[:65536], "x") > 0.9
    (entry,) = format.read(io.BytesIO(data))
    assert isinstance(entry, Entry)
    return entry.paper


def refusal(lines: Sequence[Text], info: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ListingError) as refused:
        paper(lines, info)
    return str(refused.value)


@pytest.mark.usefixtures("in_this_process")
class TestWhichPaperItIs:
    def test_the_stamp_of_arxiv_and_the_largest_letters(self) -> None:
        parsed = paper(page([TITLE, "and at Home"], STAMP))
        assert (parsed.title, parsed.authors) == (f"{TITLE} and at Home", ())
        assert (parsed.arxiv_id, parsed.arxiv_version, parsed.categories) == ("2601.20001", 2, ("cs.CL",))
        assert (parsed.published, parsed.updated) == (None, date(2026, 1, 25))
        assert parsed.links == (
            Link("page", "https://arxiv.org/abs/2601.20001"),
            Link("pdf", "https://arxiv.org/pdf/2601.20001"),
        )
        first = Text("arXiv:2601.20001v1  [cs.CL]  20 Jan 2026", 20, 250, 30, turned=True)
        assert paper(page(TITLE, first)).published == date(2026, 1, 20)

    def test_a_title_in_the_metadata_counts_when_it_is_on_the_page(self) -> None:
        info = {"Title": "Reading lists in the wild", "Author": "Ada Alpha, Bert Beta"}
        parsed = paper(page(TITLE, STAMP), info)
        assert parsed.title == "Reading lists in the wild"
        assert parsed.authors == (Author("Ada Alpha"), Author("Bert Beta"))
        for wrong in ("Microsoft Word - final.docx", "An Earlier Paper About Trees", "paper.tex", "untitled"):
            parsed = paper(page(TITLE, STAMP), {"Title": wrong, "Author": "Admin"})
            assert (parsed.title, parsed.authors) == (TITLE, ())

    def test_metadata_alone_is_enough_when_title_and_authors_are_on_the_page(self) -> None:
        parsed = paper(page(TITLE), {"Title": TITLE, "Author": "Alpha, Ada; Beta, Bert"})
        assert parsed.authors == (Author("Ada Alpha"), Author("Bert Beta"))
        assert (parsed.arxiv_id, parsed.doi) == (None, None)
        assert "no arXiv id or DOI" in refusal(page(TITLE), {"Title": TITLE, "Author": "Someone Else"})
        assert "no arXiv id or DOI" in refusal(page(TITLE), {"Title": TITLE})

    @pytest.mark.parametrize(
        "info",
        [
            {"doi": "10.1000/x.1"},
            {"WPS-ARTICLEDOI": "10.1000/x.1"},
            {"Subject": "Journal of Lists, 12 (2026) 3. doi:10.1000/x.1"},
            {"DOI": "https://doi.org/10.1000/x.1"},
        ],
    )
    def test_a_doi_in_the_metadata(self, info: dict[str, str]) -> None:
        assert paper(page(TITLE), info).doi == "10.1000/x.1"

    def test_a_doi_in_xmp(self) -> None:
        xmp = "<x:xmpmeta><prism:doi>10.1000/x.1</prism:doi></x:xmpmeta>"
        assert paper(page(TITLE), xmp=xmp).doi == "10.1000/x.1"

    def test_a_doi_on_the_page_counts_where_publishers_print_it(self) -> None:
        below = Text("https://doi.org/10.1000/x.1", 8, 40)
        assert paper(page(TITLE, below)).doi == "10.1000/x.1"
        # The arXiv id may be that of a cited work: it is in the middle of the page, or there are several ids. So it is
        # not used.
        cited = Text("As shown before (doi:10.1000/cited)", 10, 300)
        assert "no arXiv id or DOI" in refusal(page(TITLE, cited))
        assert "no arXiv id or DOI" in refusal(page(TITLE, below, Text("doi:10.1000/x.2", 8, 52)))

    def test_the_name_of_the_journal_in_larger_letters_is_not_the_title(self) -> None:
        assert paper(page(TITLE, Text("LISTS", 30, 750), STAMP)).title == TITLE

    def test_an_arxiv_id_that_is_cited_is_not_that_of_the_paper(self) -> None:
        assert "no arXiv id" in refusal(page(TITLE, Text("See arXiv:2601.99999 for more", 10, 300)))

    def test_the_sign_of_a_footnote_is_no_part_of_the_title(self) -> None:
        assert paper(page(f"{TITLE} †", STAMP)).title == TITLE

    def test_a_page_without_text_or_without_a_title_says_so(self) -> None:
        assert "no text, like a scan" in refusal([])
        assert "neither in the metadata nor in large letters" in refusal([*page()[1:], STAMP])

    def test_names_that_commas_may_separate_in_two_ways_are_left_out(self) -> None:
        assert paper(page(TITLE, STAMP), {"Title": TITLE, "Author": "Alpha, A., Beta, B."}).authors == ()

    @pytest.mark.parametrize("cut", [0.05, 0.3, 0.6, 0.9])
    def test_a_damaged_pdf_fails_with_a_known_error(self, cut: float) -> None:
        data = pdf(page(TITLE, STAMP))
        with pytest.raises(Exception, match=r"(?i)failed to load|not certain"):
            list(format.read(io.BytesIO(data[: int(cut * len(data))])))


def test_a_process_of_its_own_reads_the_pdf_and_a_damaged_one_is_refused() -> None:
    assert paper(page(TITLE, STAMP)).title == TITLE
    with pytest.raises(ListingError, match="cannot be read"):
        list(format.read(io.BytesIO(pdf(page(TITLE))[:200])))


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os; os.abort()", "cannot be read"),
        ("import sys; sys.exit(3)", "cannot be read"),
        ("print('{}x')", "cannot be read"),
        ('print(\'{"error": "ModuleNotFoundError: No module named pypdfium2"}\')', r"install recto\[pdf\]"),
        ("import time; time.sleep(60)", "was not read within"),
    ],
)
def test_a_process_that_fails_refuses_the_pdf(program: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "_COMMAND", (sys.executable, "-S", "-c", program))
    monkeypatch.setattr(format, "_SECONDS", 0.1 if "sleep" in program else 60)
    with pytest.raises(ListingError, match=message):
        list(format.read(io.BytesIO(pdf(page(TITLE)))))


def test_a_file_that_is_no_pdf_is_refused_without_starting_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "_COMMAND", ("/none",))
    with pytest.raises(ListingError, match="not a PDF"):
        list(format.read(io.BytesIO(b"nothing")))
