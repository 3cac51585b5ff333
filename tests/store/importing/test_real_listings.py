"""Every real listing file is recognized and read completely, and the order of import does not change the papers.

For each format, a function that does not use the code under test counts the entries that a file must contain.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library
from tests.thorough import some

OPTIONS = Options(today=date(2026, 11, 21))


# Functions that count how many entries a file has.


def lines(pattern: str) -> Callable[[str], int]:
    """A function that counts the lines of a text that start with a match of `pattern`."""
    return lambda text: len(re.findall(f"^(?:{pattern})", text, re.MULTILINE))


def elements(*names: str) -> Callable[[str], int]:
    """A function that counts the XML elements with one of these names, in any namespace."""

    def count(text: str) -> int:
        return sum(each.tag.rpartition("}")[2] in names for each in ElementTree.fromstring(text.encode()).iter())

    return count


def array(*keys: str) -> Callable[[str], int]:
    """A function that counts the items of the JSON array under `keys`. An object without that array counts as one."""

    def count(text: str) -> int:
        value = json.loads(text)
        for key in keys:
            value = value.get(key, value) if isinstance(value, dict) else value
        return len(value) if isinstance(value, list) else 1

    return count


def mailing(text: str) -> int:
    return lines("arXiv:|Paper:")(text)


def bibtex(text: str) -> int:
    kinds = re.findall(r"^[ \t]*@(\w+)\s*\{", text, re.MULTILINE)
    return sum(kind.lower() not in ("string", "comment", "preamble") for kind in kinds)


def daily_papers(text: str) -> int:
    """The number of lines of 300 characters or more. In these files each such line is the abstract of one paper."""
    return sum(len(line.strip()) >= 300 for line in text.splitlines())


def saved_page(text: str) -> int:
    (data,) = re.findall(r'data-target="DailyPapers" data-props="([^"]*)"', text)
    return len(json.loads(unescape(data))["dailyPapers"])


def json_lines(text: str) -> int:
    return len([json.loads(line) for line in text.splitlines() if line.strip()])


def papers_of_rows(text: str) -> int:
    """The number of different papers in the rows, because several rows may be about one paper."""
    return len({row["paper_url"] for row in json.loads(text)})


def kinds_of_items(text: str) -> int:
    """The number of elements at the top level of a Zotero RDF file, except journals, files and collections."""
    return sum(
        each.tag.rpartition("}")[2] in ("Book", "Article", "Document", "Memo", "Attachment")
        for each in ElementTree.fromstring(text.encode())
    )


# The expected result for each file


class Expected(NamedTuple):
    """The format of a file, a function that counts its entries, and what the import must report.

    `refused` contains a part of the reason for each refused entry, in the order of the file. `left_out` is the number
    of counted entries that are no papers and are not reported as refused. `beside` is the number of entries that exist
    but are not counted by `count`. `warned` contains the start or a part of each warning. If `error` is set, the whole
    file is refused with this message, and `refused` contains the reasons for its entries.
    """

    format: str
    count: Callable[[str], int]
    refused: tuple[str, ...] = ()
    left_out: int = 0
    beside: int = 0
    warned: tuple[str, ...] = ()
    error: str | None = None
    partial: bool = False


def alike(folder: str, names: str, format: str, count: Callable[[str], int]) -> dict[str, Expected]:
    """The items of TABLE for files that are read without a warning.

    `names` is a file name with "#" and the texts to put in place of "#": "a-#.xml x y" means a-x.xml and a-y.xml.
    """
    pattern, _, parts = names.partition(" ")
    return {f"{folder}/{pattern.replace('#', part)}": Expected(format, count) for part in parts.split()}


ATOM = elements("entry")
RECORDS = elements("PubmedArticle", "PubmedBookArticle")
TYPES = lines(r"TY\s*-")
UNTITLED = "tmn4 alias1 alias2 alias5 url1 url2 pages1 pages2 pages3 pages4 pages5 pages6 pages7 pages8 pages9 us1"

TABLE: dict[str, Expected] = {
    "SOURCES.tsv": Expected("", lambda text: 0, error="not a listing that recto can read"),
    **alike(
        "arxiv-atom",
        "arxivpy-#.xml id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af id_astro-ph_0601001_s0_m100_3150dca9dc76"
        " q_testing_s0_m100_cfe7536492ca q_testing_s0_m10_bc5a6c384fe9 q_testing_s40_m10_96dd32eb854c"
        " q_testing_s50_m10_7f488ab8598c q_testing_s5_m10_c0e94a259d4a",
        "arxiv-atom",
        ATOM,
    ),
    "arxiv-atom/sotawhat-arxiv_transformer.xml": Expected("arxiv-atom", ATOM),
    "arxiv-atom/arxivpy-id_0808.05394_s0_m100_7b0c7d0a7cdd.xml": Expected(
        "arxiv-atom", ATOM, warned=("the feed holds no papers",)
    ),
    # The only entry of this feed is an error message of arXiv.
    "arxiv-atom/arxivpy-id_abc_s0_m100_b79c8dcf6bc3.xml": Expected(
        "arxiv-atom", ATOM, left_out=1, error="arXiv answered with an error: incorrect id format for abc"
    ),
    **alike("arxiv-email", "browse-astro-ph-#.txt month-0704 month-1401 new", "arxiv-email", mailing),
    **alike("arxiv-email", "browse-astro-ph-new.#.txt GA HE IM", "arxiv-email", mailing),
    **alike("arxiv-email", "browse-astro-ph-pastweek.#.txt CO EP GA HE SR", "arxiv-email", mailing),
    **alike("arxiv-email", "browse-q-fin-new.#.txt CP EC GN MF PM PR RM", "arxiv-email", mailing),
    **alike("arxiv-email", "#.txt browse-math-pastweek.AG browse-q-fin-new nsch-2026-01-23", "arxiv-email", mailing),
    # The refused entry has no line "arXiv:", so the function `mailing` does not count it.
    "arxiv-email/nsch-malformed.txt": Expected(
        "arxiv-email",
        mailing,
        refused=("“Paper Missing arXiv ID” has no arXiv identifier",),
        beside=1,
        warned=("the abstract of arXiv:2601.99002 has no end; it may be cut",),
    ),
    **alike(
        "arxiv-oai-pmh",
        "hepcrawl-#.xml arxiv-single sample_arxiv_record sample_arxiv_record6",
        "arxiv-oai-pmh",
        elements("record"),
    ),
    **alike("arxiv-rss", "distill-#.xml arxiv_cs_ai arxiv_cs_lg", "arxiv-rss", elements("item")),
    **alike(
        "bibtex",
        "bibtexparser1-#.bib article_multilines article_no_braces article_start_with_bom article_start_with_whitespace"
        " article_with_protection_braces article_with_special_characters book_bom comments_percentage"
        " multiple_entries_and_comments traps website",
        "bibtex",
        bibtex,
    ),
    "bibtex/bibtexparser1-biber-examples.bib": Expected(
        "bibtex",
        bibtex,
        refused=tuple(f"no title in the entry “{key}”" for key in (*UNTITLED.split(), "list1", "sn1")),
        # Three entries are @SET: they group other entries and are no papers.
        left_out=3,
        warned=("keys used more than once, all of their entries were read: tmn4", "only group others"),
    ),
    "bibtex/bibtexparser1-comments_only.bib": Expected("bibtex", bibtex, error="no entry in this BibTeX file"),
    "bibtex/bibtexparser1-common_strings.bib": Expected("bibtex", bibtex, error="no entry in this BibTeX file"),
    "bibtex/bibtexparser1-multiline_comments.bib": Expected("bibtex", bibtex, error="no entry in this BibTeX file"),
    "bibtex/bibtexparser1-empty.bib": Expected("", bibtex, error="an empty file"),
    "bibtex/bibtexparser1-wrong.bib": Expected(
        "bibtex",
        bibtex,
        refused=("no title in the entry “foo”", "no title in the entry “bar”"),
        error="none of its 2 entries could be read: no title in the entry “foo”",
    ),
    "bibtex/bibtexparser2-example.bib": Expected("bibtex", bibtex),
    **alike("bibtex", "cobib-example_#.bib duplicate_entry entry_umlaut literature", "bibtex", bibtex),
    "bibtex/papis-lib1.bib": Expected("bibtex", bibtex, warned=("keys used more than once",)),
    **alike("bibtex", "ztrans-BibTeX-#.bib 00 01 02 03 04 05 06 07 08 10 13 14 16 17 19 20 22 23", "bibtex", bibtex),
    "crossref/papis-crossref2.json": Expected("crossref", array("message", "items")),
    "csl-json/ztrans-CSLJSON-00.json": Expected("csl-json", array()),
    **alike("endnote-xml", "ztrans-EndnoteXML-#.xml 00 01", "endnote-xml", elements("record")),
    "hf-html/slbqc-huggingface_papers-2024-08.html": Expected("hf-html", saved_page),
    "hf-json/sotawhat-hf_daily_papers-2026-06-12.json": Expected("hf-json", array()),
    **alike(
        "hf-text",
        "#.txt 000_3482cb9537fa981e 001_b81247132ffd29cb 002_a0497c83f373ddcf 004_a17d058170aadc17",
        "hf-text",
        daily_papers,
    ),
    "kaggle-arxiv/wanng-arxiv-metadata-oai-snapshot.json": Expected("arxiv-snapshot", json_lines),
    "openalex/real-work-transcribed.json": Expected("openalex", array("results")),
    "paperswithcode/links-rows-transcribed.json": Expected("papers-with-code", papers_of_rows),
    "pubmed/sotawhat-pubmed_efetch.xml": Expected("pubmed", RECORDS),
    **alike("pubmed", "ztrans-PubMedXML-#.xml 00 01 02 03 04 05 07 08 09 10", "pubmed", RECORDS),
    **alike("refworks", "ztrans-RefWorksTagged-#.txt 00 01 02 03", "refworks", lines("RT ")),
    **alike("ris", "rispy-example_#.ris basic extraneous_data starting_newlines urls utf_chars", "ris", TYPES),
    "ris/rispy-example_bom.ris": Expected("ris", TYPES, refused=("no title",), error="its only entry"),
    "ris/rispy-example_custom_list_tags.ris": Expected("ris", TYPES, refused=("no title",), error="its only entry"),
    "ris/rispy-example_wos.ris": Expected("wos", lines("PT ")),
    "ris/zotero-book_and_child_note.ris": Expected("ris", TYPES),
    **alike("ris", "ztrans-RIS-#.ris 00 01 02 03 06 07 08 10 11", "ris", TYPES),
    "semantic-scholar/pysem-PaperWithNullValues.json": Expected(
        "semantic-scholar", array("data"), refused=("it has no title",), error="its only entry"
    ),
    "semantic-scholar/sotawhat-semantic_scholar_transformer.json": Expected(
        "semantic-scholar", array("data"), warned=("one page of a longer answer: 5 of 360,715 papers are in it",)
    ),
    "zotero/zotero-zotero_rdf.xml": Expected(
        "zotero-rdf", kinds_of_items, left_out=2, warned=("2 notes and attachments were left out",)
    ),
}


@pytest.fixture(scope="module")
def first_library(listings: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, ImportReport]]:
    """The path of a closed library into which all files were imported in the order of their names, and the reports."""
    path = tmp_path_factory.mktemp("listings") / "library.db"
    with Library.open(path) as library:
        return path, read(library, listings, files(listings))


@pytest.fixture
def first_read(first_library: tuple[Path, dict[str, ImportReport]]) -> dict[str, ImportReport]:
    """The report of each file, by its name. All files were imported into one library in the order of their names."""
    return first_library[1]


def files(listings: Path) -> list[str]:
    return sorted(path.relative_to(listings).as_posix() for path in listings.rglob("*") if path.is_file())


def read(library: Library, listings: Path, names: Iterable[str], format: str | None = None) -> dict[str, ImportReport]:
    """Import files and return their reports. If `format` is given, a file that was already imported is read again."""
    options = Options(today=OPTIONS.today, format=format)
    reports: dict[str, ImportReport] = {}
    for name in names:
        (reports[name],) = import_file(library, listings / name, options)
    return reports


def test_every_file_is_in_the_table(listings: Path) -> None:
    assert files(listings) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_a_real_file_gives_every_entry_that_is_in_it(
    name: str, listings: Path, first_read: dict[str, ImportReport]
) -> None:
    expected, report = TABLE[name], first_read[name]
    text = (listings / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    counted = expected.count(text) + expected.beside
    assert report.entries == counted - len(expected.refused) - expected.left_out
    assert report.added + report.merged + report.unchanged == report.entries
    assert report.partial is expected.partial
    if expected.error:
        assert report.error is not None
        assert report.error.startswith(expected.error)
        assert report.entries == 0
    else:
        assert (report.error, report.format) == (None, expected.format)
        assert report.entries or expected.warned
    assert len(report.refused) == len(expected.refused)
    for refused, reason in zip(report.refused, expected.refused, strict=True):
        assert reason in refused.reason
    assert len(report.warnings) == len(expected.warned)
    for warning, said in zip(report.warnings, expected.warned, strict=True):
        assert said in warning


def test_refused_entries_are_on_the_reported_lines(listings: Path, first_read: dict[str, ImportReport]) -> None:
    tried = 0
    for name, report in first_read.items():
        inside = (listings / name).read_bytes().decode("utf-8-sig").splitlines()
        for refused in report.refused:
            assert refused.line is not None
            if key := re.search("entry “(.+)”", refused.reason):
                assert f"{{{key[1]}," in inside[refused.line - 1]
                tried += 1
    assert tried == 20


# The library


def rows(library: Library, table: str) -> list[tuple[Any, ...]]:
    return library.reader().execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def test_the_files_are_about_as_many_papers(first_library: tuple[Path, dict[str, ImportReport]]) -> None:
    """Fewer papers would mean that different papers were joined; more would mean that a paper was stored twice."""
    with closing(sqlite3.connect(first_library[0])) as connection:
        assert connection.execute("SELECT count(*) FROM paper").fetchone() == (3_353,)


def test_a_second_run_changes_nothing(
    listings: Path, tmp_path: Path, first_library: tuple[Path, dict[str, ImportReport]]
) -> None:
    names = files(listings)
    path, first = first_library
    shutil.copy(path, tmp_path / "library.db")
    with Library.open(tmp_path / "library.db") as library:
        before = {table: rows(library, table) for table in ("paper", "body", "entry", "alias", "joined")}
        assert len(before["entry"]) == sum(report.entries for report in first.values())
        again = read(library, listings, names)
        # If the format is given, the file is read again although its content is already imported.
        for name in names:
            if TABLE[name].format:
                again[f"{name} again"] = read(library, listings, [name], TABLE[name].format)[name]
        for name, report in again.items():
            whole = first[name.removesuffix(" again")]
            assert (report.entries, report.unchanged) == (whole.entries, whole.entries), name
            assert (report.refused, report.error) == (whole.refused, whole.error), name
        assert {table: rows(library, table) for table in before} == before


def papers(path: Path) -> list[tuple[Any, ...]]:
    """All values of each paper and the listings that contain it, without ids, so that two libraries can be compared."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT p.title, p.title_key, p.byline, p.organization, p.published, p.first_listed, p.last_listed,"
            " p.upvotes, p.comment_count, p.author_count, p.arxiv_id, p.doi, p.categories, p.families, b.abstract,"
            " b.authors, b.organization_slug, b.updated, b.arxiv_version, b.venue, b.comment, b.links, b.ai_summary,"
            " b.ai_keywords, (SELECT json_group_array(place) FROM (SELECT l.path || ' ' || e.position AS place"
            " FROM entry e JOIN listing l ON l.id = e.listing_id WHERE e.paper_id = p.id ORDER BY place))"
            " FROM paper p JOIN body b ON b.paper_id = p.id"
        ).fetchall()
    return sorted(rows, key=repr)


@pytest.mark.thorough
@pytest.mark.parametrize("order", some(1, ["shuffled", "backwards", "small first"]))
def test_another_order_gives_the_same_papers(
    order: str, listings: Path, tmp_path: Path, first_library: tuple[Path, dict[str, ImportReport]]
) -> None:
    names = files(listings)
    others = {
        "backwards": names[::-1],
        "shuffled": random.Random(7).sample(names, len(names)),
        "small first": sorted(names, key=lambda name: (listings / name).stat().st_size),
    }
    with Library.open(tmp_path / "library.db") as library:
        read(library, listings, others[order])
    one, other = papers(first_library[0]), papers(tmp_path / "library.db")
    assert len(one) > 2_500
    assert one == other
