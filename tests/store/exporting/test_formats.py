"""Each export format writes the expected fields of a paper and escapes hostile text."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from store.exporting import formats
from store.exporting.formats import BY_NAME, FORMATS, Options
from store.formats.registry import detect
from store.marks.stored_marks import Marks
from store.model.paper import Author, Paper
from tests.store.exporting.samples import ATTENTION, HOSTILE, exported

MARKS = Marks(tags=("toread",), note="Compare with $x$.\nAsk Bert.", bookmarked="2026-07-02T10:00:00+00:00")


def written(name: str, *papers: Paper, options: Options | None = None) -> str:
    """The text of an export of these papers."""
    rows = (exported(paper, f"key{number}", MARKS) for number, paper in enumerate(papers, 1))
    return b"".join(BY_NAME[name].pieces(rows, options or Options())).decode()


def test_a_bibtex_entry_has_every_field() -> None:
    assert written("bibtex", ATTENTION) == (
        "@article{key1,\n"
        "  title = {Attention in {BERT}: 50\\% of $O(n^2)$ \\& more},\n"
        "  author = {van der Alpha, Ada and Beta, Jr., Bert and {H.E.S.S. Collaboration} and 李, 明},\n"
        "  abstract = {First line. Second line with a\\_b and \\textbraceleft{}one brace.},\n"
        "  keywords = {toread},\n  annotation = {Compare with $x$. Ask Bert.},\n"
        "  year = {2024},\n  month = jun,\n  journal = {Annals of Examples},\n  volume = {12},\n"
        "  number = {3},\n  pages = {45--67},\n"
        "  doi = {10.1000/a_b},\n  eprint = {2406.00001},\n  archiveprefix = {arXiv},\n  primaryclass = {cs.CL},\n"
        "  url = {https://example.org/a?b=1&c=2},\n}\n\n"
    )


def test_bibtex_can_sort_a_paper_without_authors() -> None:
    assert "  key = {key2},\n" in written("bibtex", ATTENTION, Paper(title="A preprint"))
    assert "  key = " not in written("bibtex", ATTENTION)


def test_biblatex_has_its_own_names_for_dates_and_journals() -> None:
    text = written("biblatex", ATTENTION, Paper(title="A preprint", arxiv_id="2301.00001"))
    assert "date = {2024-06}" in text and "journaltitle = {Annals of Examples}" in text
    assert "eprinttype = {arXiv}" in text
    assert "@online{key2" in text and "date = {2023-01}" in text


def test_a_ris_record_has_the_expected_tags() -> None:
    lines = written("ris", ATTENTION).split("\r\n")
    assert lines[:2] == ["TY  - JOUR", "ID  - key1"]
    assert "AU  - van der Alpha, Ada" in lines and "AU  - H.E.S.S. Collaboration," in lines
    assert "PY  - 2024" in lines and "DA  - 2024/06//" in lines and "SP  - 45" in lines and "EP  - 67" in lines
    assert lines[-3:] == ["ER  - ", "", ""]


def test_a_csl_item_has_every_field() -> None:
    (item,) = json.loads(written("csl-json", ATTENTION))
    assert item["title"] == "Attention in BERT: 50% of O(n²) & more"
    assert item["author"][0] == {"family": "Alpha", "given": "Ada", "non-dropping-particle": "van der"}
    assert item["author"][2] == {"literal": "H.E.S.S. Collaboration"}
    assert item["issued"] == {"date-parts": [[2024, 6]]}
    assert (item["container-title"], item["volume"], item["page"]) == ("Annals of Examples", "12", "45-67")
    assert json.loads(written("csl-json")) == []


def test_csv_has_no_cell_that_a_spreadsheet_could_evaluate() -> None:
    rows = list(csv.reader(io.StringIO(written("csv", ATTENTION, HOSTILE).removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["Key", "key1", "key2"]
    assert rows[2][1].startswith("'=cmd")
    assert not [cell for row in rows for cell in row if cell.strip().startswith(("=", "+", "-", "@"))]
    blanks = msgspec.structs.replace(HOSTILE, title=f"  {HOSTILE.title}", venue=f" \u3000{HOSTILE.venue}")
    (_, row) = csv.reader(io.StringIO(written("csv", blanks).removeprefix("\ufeff")))
    assert not [cell for cell in row if cell.strip().startswith(("=", "+", "-", "@"))]
    live = written("csv", HOSTILE, options=Options(formulas=True))
    assert list(csv.reader(io.StringIO(live)))[1][1].startswith("=cmd")


def test_the_decision_of_a_conference_is_in_tables_and_pages() -> None:
    paper = Paper(title="Decided", decision="Oral <b>", track="Main", scores=(6.0, 8.0, 8.5))
    (header, row) = csv.reader(io.StringIO(written("csv", paper).removeprefix("\ufeff")))
    cells = dict(zip(header, row, strict=True))
    assert (cells["Decision"], cells["Track"], cells["Score"]) == ("Oral <b>", "Main", "7.5")
    assert "Oral &lt;b&gt;, Main, score 7.5" in written("html", paper)
    assert "Oral \\<b\\>, Main, score 7.5" in written("markdown", paper)


def test_markdown_contains_only_links_and_html_that_recto_wrote() -> None:
    from markdown_it import MarkdownIt

    text = written("markdown", ATTENTION, HOSTILE, options=Options("<b>Queue</b>"))
    tokens = [child for token in MarkdownIt().parse(text) for child in (token, *(token.children or ()))]
    assert [token.attrs["href"] for token in tokens if token.type == "link_open"] == ["https://example.org/a?b=1&c=2"]
    assert not [token for token in tokens if token.type.startswith(("html", "image", "code", "fence", "bullet"))]
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2"]
    shown = "".join(token.content for token in tokens if token.type == "text")
    assert "<script>alert(1)</script>" in shown


def test_html_loads_and_runs_nothing() -> None:
    page = LexborHTMLParser(written("html", ATTENTION, HOSTILE, options=Options("<b>Queue</b>")))
    assert page.css_first("h1").text() == "<b>Queue</b>"
    assert not page.css("script, img, iframe, link, object, embed, b")
    assert [attribute for node in page.css("*") for attribute in node.attributes if attribute.startswith("on")] == []
    assert all(node.attributes["href"].startswith("https://") for node in page.css("a"))
    assert "default-src 'none'" in page.html


def test_epub_is_a_zip_of_well_formed_pages_in_order() -> None:
    data = b"".join(BY_NAME["epub"].pieces((exported(paper) for paper in (ATTENTION, HOSTILE)), Options("My queue")))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.infolist()[0].filename == "mimetype" and book.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert book.read("mimetype") == b"application/epub+zip"
        for name in book.namelist():
            if name.endswith(("xhtml", "opf", "xml")):
                ET.fromstring(book.read(name).replace(b"<!DOCTYPE html>", b""))
        assert re.findall(rb'idref="(\w+)"', book.read("book.opf")) == [b"contents", b"p1", b"p2"]
        assert b"My queue" in book.read("contents.xhtml")


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.name not in ("epub", "html", "markdown")])
def test_recto_reads_back_what_it_wrote(name: str) -> None:
    papers = (ATTENTION, Paper(title="Another Paper", authors=(Author("Cleo Gamma"),), doi="10.1000/c"))
    data = written(name, *papers).encode()
    reader = detect(data, f"papers{BY_NAME[name].endings[0]}")
    entries = [item.paper for item in reader.read(io.BytesIO(data)) if hasattr(item, "paper")]
    assert [paper.doi for paper in entries] == ["10.1000/a_b", "10.1000/c"]
    assert entries[0].title.replace("$O(n^2)$", "O(n²)") == "Attention in BERT: 50% of O(n²) & more"
    assert [author.name for author in entries[1].authors] == ["Cleo Gamma"]


def test_the_ending_of_a_file_shows_its_format() -> None:
    assert [formats.of_file(f"x/{name}") for name in ("a.BIB", "a.md", "a")] == [
        BY_NAME["bibtex"],
        BY_NAME["markdown"],
        None,
    ]


def test_csl_json_has_the_arxiv_id_as_a_number_only_for_preprints() -> None:
    article, preprint = json.loads(written("csl-json", ATTENTION, Paper(title="A preprint", arxiv_id="2301.00001")))
    assert "number" not in article and article["archive_location"] == "arXiv:2406.00001"
    assert preprint["number"] == "arXiv:2301.00001" and "archive_location" not in preprint
