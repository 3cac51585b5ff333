"""Retractions: reading the table of Retraction Watch, matching its rows to papers, and showing retracted papers."""

from __future__ import annotations

import csv
import io
import json
import os
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.fetching import retraction_watch
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.papers import list_rows, paper_details, retractions
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.store.fetching.servers import Run, Site, reply
from tests.store.listings import add_listing

TODAY = date(2026, 7, 15)
# The columns of the table that Retraction Watch publishes, in the order of that table.
COLUMNS = tuple(
    [
        "Record ID",
        "Title",
        "Subject",
        "Institution",
        "Journal",
        "Publisher",
        "Country",
        "Author",
        "URLS",
        "ArticleType",
        "RetractionDate",
        "RetractionDOI",
        "RetractionPubMedID",
        "OriginalPaperDate",
        "OriginalPaperDOI",
        "OriginalPaperPubMedID",
        "RetractionNature",
        "Reason",
        "Paywalled",
        "Notes",
    ]
)


def table(*notices: dict[str, str]) -> bytes:
    """A CSV table of retractions, in the layout in which Crossref publishes Retraction Watch's data."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for number, notice in enumerate(notices, 1):
        usual = {
            "Record ID": str(number),
            "Title": "Another Paper",
            "Author": "Grace Hopper",
            "RetractionDate": "5/24/2021 0:00",
            "OriginalPaperDate": "3/2/2020 0:00",
            "OriginalPaperDOI": "unavailable",
            "RetractionNature": "Retraction",
            "Reason": "+Error in Data;+Falsification/Fabrication of Data;",
        }
        writer.writerow(usual | notice)
    return text.getvalue().encode()


PAPERS = (
    Paper(title="Bees by the Sun", doi="10.1000/bees", authors=(Author("Ada Lovelace"),)),
    Paper(title="Moths by the Moon", arxiv_id="2001.00001"),
    Paper(title="Wasps by Night", authors=(Author("Émile Noether"),)),
    Paper(title="Ants by Day", authors=(Author("Somebody Else"),)),
    Paper(title="Flies by Year", published=date(2020, 5, 1)),
    Paper(title="Gnats by Year", published=date(2011, 5, 1)),
)
NOTICES = (
    {"OriginalPaperDOI": "10.1000/BEES", "RetractionDOI": "10.1000/bees.notice"},
    {"OriginalPaperDOI": "10.48550/arXiv.2001.00001"},
    {"Title": "Wasps by night", "Author": "A. Byron;E. Noether"},
    {"Title": "Ants by Day"},
    {"Title": "Flies by Year", "Author": ""},
    {"Title": "Gnats by Year"},
)
RETRACTED = {1, 2, 3, 5}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        add_listing(opened, TODAY, *PAPERS, family="bibtex")
        yield opened


def retracted(library: Library) -> set[int]:
    return set(Search(library).answer(View("all"), parse("is:retracted", TODAY)).ids)


def test_papers_are_matched_by_doi_arxiv_id_and_title_with_an_author_or_the_year(library: Library) -> None:
    assert retraction_watch.store(library, table(*NOTICES)) == len(NOTICES)
    assert retracted(library) == RETRACTED
    assert set(Search(library).answer(View("retracted"), parse("", TODAY)).ids) == RETRACTED
    retraction = paper_details.details(library.reader(), 1).retraction
    assert retraction is not None
    assert (retraction.day, retraction.notice) == (date(2021, 5, 24), "10.1000/bees.notice")
    assert retraction.text == "retracted on 2021-05-24: Error in Data; Falsification/Fabrication of Data"
    rows = list_rows.read(library.reader(), range(1, len(PAPERS) + 1))
    assert {row.id for row in rows if row.is_retracted} == RETRACTED


def test_only_retractions_that_were_not_taken_back_count(library: Library) -> None:
    bees = {"OriginalPaperDOI": "10.1000/bees"}
    moths = {"OriginalPaperDOI": "10.48550/arxiv.2001.00001"}
    notices = (
        *(bees | {"RetractionNature": nature} for nature in ("Correction", "Expression of concern")),
        bees,
        bees | {"RetractionNature": "Reinstatement", "RetractionDate": "6/1/2022 0:00"},
        moths | {"RetractionNature": "Reinstatement", "RetractionDate": "6/1/2020 0:00"},
        moths,
    )
    retraction_watch.store(library, table(*notices))
    assert retracted(library) == {2}


def test_a_paper_that_is_imported_later_is_marked_too(library: Library, tmp_path: Path) -> None:
    retraction_watch.store(library, table({"OriginalPaperDOI": "10.1000/late"}))
    assert retracted(library) == set()
    (tmp_path / "late.bib").write_text("@article{late, title={Late Lamps}, doi={10.1000/late}, author={Ada Quill}}\n")
    list(take_in(library, [tmp_path / "late.bib"], Options(today=TODAY)))
    assert len(retracted(library)) == 1


def test_each_retracted_paper_with_marks_is_reported_once(library: Library) -> None:
    marking.queue(library, [1])
    marking.status(library, [2], "hidden")
    retraction_watch.store(library, table(*NOTICES))
    own = retractions.not_shown(library.reader())
    assert [each.title for each in own] == ["Bees by the Sun"]
    retractions.note_shown(library, own)
    retraction_watch.store(library, table(*NOTICES))
    assert retractions.not_shown(library.reader()) == []
    marking.bookmark(library, [3])
    assert [each.paper_id for each in retractions.not_shown(library.reader())] == [3]


@pytest.mark.parametrize(
    "content", [b"", b"Title,DOI\nBees,10.1000/bees\n", b"\xff\x00\n", table(), b'"' + b"x" * (1 << 21)]
)
def test_a_table_of_another_kind_is_refused_and_changes_nothing(library: Library, content: bytes) -> None:
    retraction_watch.store(library, table(*NOTICES))
    with pytest.raises(ListingError):
        retraction_watch.store(library, content)
    assert retracted(library) == RETRACTED


def test_the_table_is_not_imported_as_a_listing(library: Library, tmp_path: Path) -> None:
    (tmp_path / "retraction_watch.csv").write_bytes(table(*NOTICES))
    (report,) = take_in(library, [tmp_path / "retraction_watch.csv"], Options(today=TODAY))
    assert report.error == "the table of Retraction Watch; read it with: recto fetch retractions FILE"


def test_hostile_cells_are_stored_as_harmless_text(library: Library) -> None:
    hostile = {
        "OriginalPaperDOI": "10.1000/bees",
        "Reason": "+\x1b[31mred;" + "x" * 10_000,
        "RetractionDate": "99/99/1",
    }
    retraction_watch.store(library, table(hostile, {"Record ID": "9" * 100}, {"Record ID": "-"}))
    retraction = paper_details.details(library.reader(), 1).retraction
    assert retraction is not None and retraction.day is None
    assert "\x1b" not in retraction.reasons and len(retraction.reasons) <= 500


def test_the_command_fetches_the_table_when_it_has_changed(
    recto: Run, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_RETRACTIONS_URL", f"{site.url}/retraction_watch.csv")
    (tmp_path / "bees.bib").write_text("@article{bees, title={Bees}, doi={10.1000/bees}, author={Ada Quill}}\n")
    recto("import", str(tmp_path / "bees.bib"))
    recto("mark", "1", "--queue")
    site.answers(reply(table(*NOTICES), ETag='"one"'), reply(b"", 304))
    fetched = recto("fetch", "retractions")
    assert fetched.out.splitlines() == [
        "fetched 6 retractions",
        "1 paper of the library was retracted: recto list is:retracted",
        "  one of yours: Bees",
    ]
    assert recto("fetch", "retractions").out.startswith("nothing new: ")
    assert site.requests[-1].headers["If-None-Match"] == '"one"'
    assert "RETRACTED Bees" in recto("list", "is:retracted").out
    assert json.loads(recto("show", "1", "--json").out)["retraction"]["notice"] == "10.1000/bees.notice"
    assert "RETRACTED:    retracted on 2021-05-24: Error in Data" in recto("show", "1").out
    for format in ("bibtex", "biblatex", "ris", "csl-json", "csv", "markdown", "html"):
        path = tmp_path / f"out.{format}"
        recto("export", "-o", str(path), "--format", format)
        assert "etracted" in path.read_text("utf-8") and "Error in Data" in path.read_text("utf-8"), format


# The first lines of a table, in the layout in which it is published: an empty column at the end, months first, "0" for
# an unknown PubMed id, cells with quotes, commas and line breaks, several DOIs, and a line in Windows-1252.
PUBLISHED = b"""\
Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,\
RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes,
60001,Bees by the Sun,(BLS) Zoology;(ENV) Ecology;,"Institute of Bees, Delft, Netherlands;Another, Leiden;",Apidology,\
Wiley,Netherlands;,Ada Lovelace;Charles Babbage,,Research Article;,12/3/2021 0:00,10.1000/bees.r,0,1/31/2020 0:00,\
10.1000/BEES,0,Retraction,+Error in Data;+Investigation by Journal/Publisher;,No,"See also: ""Bees"", a note
in two lines",
60002,"Wasps, ""moths"" and others",,,J,P,US,Grace Hopper;,https://a.example/1;https://b.example/2,Review Article;,\
7/4/2023 0:00,Unavailable,0,5/6/2019 0:00,10.1000/wasps;10.1002/(SICI)1096(1998)49:8<693::AID-X4>3.0.CO;2-O,0,\
Retraction,+Euphemisms for Plagiarism;,Yes,,
60003,Wasps by Night,,,J,P,FR,\xc9mile Noether;,,Letter;,2/2/2022 14:05,unavailable,123,2/2/2020 0:00,unavailable,0,\
Retraction,+Notice - Limited or No Information;,No,,
60004,Moths by the Moon,,,J,P,US,Grace Hopper;,,Preprint;,2/2/2022 0:00,10.1000/c,0,2/2/2020 0:00,\
10.48550/arXiv.2001.00001,0,Expression of concern,+Concerns/Issues About Data;,No,,
60005,Moths by the Moon,,,J,P,US,Grace Hopper;,,Preprint;,3/2/2022 0:00,10.1000/d,0,2/2/2020 0:00,\
10.48550/arXiv.2001.00001,0,Correction,+Upgrade/Update of Prior Notice(s);,No,,
60006,Flies by Year,,,J,P,US,;,,Preprint;,3/2/2022 0:00,10.1000/e,0,5/1/2020 0:00,Unavailable,0,Retraction,,No,,
60007,Flies by Year,,,J,P,US,;,,Preprint;,4/2/2022 0:00,10.1000/f,0,5/1/2020 0:00,Unavailable,0,Reinstatement,,No,,
60008,Gnats by Year,,,J,P,US,;,,Article;,3/2/2012 0:00,10.1000/g,0,5/1/2011 0:00,unavailable,0,Retraction,,No,,
60009,Gnats by Year,,,J,P,US,;,,Article;,3/2/2017 0:00,10.1000/h,0,5/1/2011 0:00,unavailable,0,Correction,,No,,
"""


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_table_is_read_as_it_is_published(library: Library, line_end: bytes) -> None:
    wasps = Paper(title="One of two", doi="10.1002/(SICI)1096(1998)49:8<693::AID-X4>3.0.CO;2-O")
    add_listing(library, TODAY, wasps, Paper(title="The other", doi="10.1000/wasps"), family="bibtex")
    assert retraction_watch.store(library, PUBLISHED.replace(b"\n", line_end)) == 5
    titles = {paper_details.details(library.reader(), paper_id).paper.title for paper_id in retracted(library)}
    assert titles == {"Bees by the Sun", "One of two", "The other", "Wasps by Night", "Gnats by Year"}
    bees = paper_details.details(library.reader(), 1).retraction
    assert bees is not None
    assert bees.text == "retracted on 2021-12-03: Error in Data; Investigation by Journal/Publisher"
    assert bees.notice == "10.1000/bees.r"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("_MOST_LINES", table() + b"\n" * 30, "more than 20 lines"),
        ("_MOST_NOTICES", table(*NOTICES * 10), "more than 20 notices"),
        ("_LONGEST_LINE", table() + b"x" * 1000, "a line that is too long"),
    ],
)
def test_a_table_that_is_larger_than_any_real_one_is_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, reason: str
) -> None:
    monkeypatch.setattr(retraction_watch, name, 900 if name == "_LONGEST_LINE" else 20)
    with pytest.raises(ListingError, match=reason):
        retraction_watch.store(library, content)
    assert not retractions.are_known(library.reader())


def test_a_large_table_is_not_copied_as_a_whole() -> None:
    content = table(*NOTICES) + b'"a","b"\n' * 20_000
    tracemalloc.start()
    try:
        assert len(list(retraction_watch.rows(content))) == len(NOTICES)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(content)
    finally:
        tracemalloc.stop()


def test_a_row_that_ends_early_is_no_error() -> None:
    columns = [
        "RetractionNature",
        "Record ID",
        *(name for name in COLUMNS if name not in ("RetractionNature", "Record ID")),
    ]
    content = f"{','.join(columns)}\nRetraction,1\nReinstatement,2\nRetraction\n".encode()
    assert [row.record for row in retraction_watch.rows(content)] == [1]


def test_a_table_is_read_only_from_a_regular_file(recto: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(1 << 40)
    for name, reason in (("pipe.csv", "a named pipe"), ("sparse.csv", "larger than"), ("none.csv", "No such file")):
        outcome = recto("fetch", "retractions", str(tmp_path / name))
        assert outcome.code == 1 and reason in outcome.err
