"""Tables of papers: which column names are recognized, how rows are split into cells, and that bad rows are refused."""

from __future__ import annotations

import contextlib
import csv
import io
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.tables import delimited
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Link, Organization, Paper


def read(text: str | bytes) -> list[Item]:
    return list(delimited.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [item.paper for item in read(text) if isinstance(item, Entry)]


def titles(text: str | bytes) -> list[str]:
    return [paper.title for paper in papers(text)]


def authors(cell: str) -> list[str]:
    written = io.StringIO()
    csv.writer(written).writerows([["title", "authors"], ["T", cell]])
    return [author.name for author in papers(written.getvalue())[0].authors]


def of(kind: type[Item], found: list[Item]) -> list[Item]:
    return [item for item in found if isinstance(item, kind)]


SCOPUS = (
    '\ufeff"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Page start",'
    '"Page end","Cited by","DOI","Link","Abstract","Author Keywords"\n'
    '"Lovelace A.; Turing A.","Lovelace, Ada (57190000000); Turing, Alan (57190000001)","1;2","On Computing","2020",'
    '"Journal of Things","12","3","45","67","5","10.1000/xyz","https://www.scopus.com/x","An abstract.","a; b"\n'
)

WEB_OF_SCIENCE = (
    "PT\tAU\tAF\tTI\tSO\tAB\tBP\tEP\tDI\tPY\tVL\tIS\n"
    "J\tLovelace, A; Turing, A\tLovelace, Ada; Turing, Alan\tOn Computing\tJOURNAL OF THINGS\tAn abstract.\t45\t67"
    "\t10.1000/xyz\t2020\t12\t3\n"
)


def test_the_fuller_of_two_columns_of_authors_is_taken() -> None:
    assert [author.name for author in papers(SCOPUS)[0].authors] == ["Ada Lovelace", "Alan Turing"]
    assert [author.name for author in papers(WEB_OF_SCIENCE)[0].authors] == ["Ada Lovelace", "Alan Turing"]


def test_a_table_of_arxiv_papers_as_data_frames_write_it() -> None:
    (paper,) = papers(
        "id,title,authors,categories,abstract,published,updated,doi\n"
        '2401.00001v2,On Computing,"[\'Ada Lovelace\', ""Alan O\'Turing""]","[\'cs.LG\', \'cs.CL\']",An abstract.,'
        "2024-01-01 12:00:00+00:00,2024-02-03,nan\n"
    )
    assert (paper.arxiv_id, paper.arxiv_version, paper.doi) == ("2401.00001", 2, None)
    assert [author.name for author in paper.authors] == ["Ada Lovelace", "Alan O'Turing"]
    assert paper.categories == ("cs.LG", "cs.CL")
    assert (paper.published, paper.updated) == (date(2024, 1, 1), date(2024, 2, 3))
    assert [link.url for link in paper.links] == [
        "https://arxiv.org/abs/2401.00001",
        "https://arxiv.org/pdf/2401.00001",
    ]


def test_a_table_of_daily_papers() -> None:
    (entry,) = read(
        "title,upvotes,comments,github,stars,arxiv_id,listed_on,organization,project page,ai_summary,ai keywords\n"
        "On Computing,12,3.0,github.com/a/b,5.0,2401.00001,2026-06-12,KAIST AI,https://p.example/x,Short.,one; two\n"
    )
    assert isinstance(entry, Entry)
    paper = entry.paper
    assert entry.listed_on == date(2026, 6, 12)
    assert (paper.upvotes, paper.comment_count, paper.comment) == (12, 3, None)
    assert Link("code", "https://github.com/a/b", 5) in paper.links
    assert Link("project", "https://p.example/x") in paper.links
    assert paper.organization == Organization("KAIST AI")
    assert (paper.ai_summary, paper.ai_keywords) == ("Short.", ("one", "two"))


def test_comments_of_the_authors_are_no_count() -> None:
    (paper,) = papers("title,comments,abstract\nT,12 pages,A\n")
    assert (paper.comment, paper.comment_count) == ("12 pages", None)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Lovelace, Ada", ["Ada Lovelace"]),
        ("Ada Lovelace, Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace, Alan Turing, and Kurt Gödel", ["Ada Lovelace", "Alan Turing", "Kurt Gödel"]),
        ("Lovelace, Ada; Turing, Alan", ["Ada Lovelace", "Alan Turing"]),
        ("Lovelace, A., Turing, A. M.", ["A. Lovelace", "A. M. Turing"]),
        ("Lovelace, Ada and Turing, Alan", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace|Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace\nAlan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Lovelace A, Turing AM, de la Cruz M.", ["A Lovelace", "AM Turing", "M de la Cruz"]),
        ("Jian LI, Wei XU", ["Jian LI", "Wei XU"]),
        ("Li Wei, Xu Bo", ["Li Wei", "Xu Bo"]),
        ("Anders Sand, Bo Land", ["Anders Sand", "Bo Land"]),
        ("Lovelace, Ada; et al.", ["Ada Lovelace"]),
        ("['Ada Lovelace']", ["Ada Lovelace"]),
        ("[]", []),
        ("nan", []),
        ("", []),
        ("Ada Lovelace ; ; Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace ,  , Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace \n and Alan Turing", ["Ada Lovelace", "Alan Turing"]),
    ],
)
def test_names_however_they_are_separated(cell: str, names: list[str]) -> None:
    assert authors(cell) == names


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_delimiter_is_recognized(delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(
        [["Title", "Authors", "DOI"], ["One, two; three | four\tfive", "Ada", "10.1000/1"], ["B", "", ""]]
    )
    assert titles(text.getvalue()) == ["One, two; three | four\tfive", "B"]
    assert delimited.sniff(text.getvalue().encode(), "x") >= 0.7


def test_lines_above_the_header_are_passed_over() -> None:
    text = 'sep=;\n"About the data: exported on Jan 1, 2024"\n\ntitle;authors;doi\nA;B;\n'
    (entry,) = read(text)
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.line) == ("A", 5)
    assert delimited.sniff(text.encode(), "x") >= 0.7


def test_rows_know_the_line_they_start_on() -> None:
    items = read('title,abstract\n"A","one\ntwo"\n\nB,x\n,y\n')
    assert [item.line for item in items if isinstance(item, Entry)] == [2, 5]
    assert of(Refused, items) == [Refused(3, 6, "it has no title")]


def test_apostrophes_that_protect_against_formulas_are_removed() -> None:
    assert titles("title,doi\n'=1+1,\n'@x,\n' -x,\n'quoted',\nthe 'normal' - case,\n") == [
        "=1+1",
        "@x",
        "-x",
        "'quoted'",
        "the 'normal' - case",
    ]


def test_dois_and_arxiv_ids_wherever_they_stand() -> None:
    header = "title,doi,url,id\n"
    assert papers(header + "T,https://doi.org/10.1000/ABC,,\n")[0].doi == "10.1000/abc"
    assert papers(header + "T,,https://doi.org/10.1000/ABC,\n")[0].doi == "10.1000/abc"
    assert papers(header + "T,,,10.1000/ABC\n")[0].doi == "10.1000/abc"
    paper = papers(header + "T,10.48550/arXiv.2401.00001,,\n")[0]
    assert (paper.arxiv_id, paper.doi) == ("2401.00001", None)
    assert papers(header + "T,,http://arxiv.org/abs/2401.00001v3,\n")[0].arxiv_version == 3
    assert papers(header + "T,,,17\n")[0].arxiv_id is None
    assert papers(header + "T,,javascript:alert(1),\n")[0].links == ()


def test_quotation_marks_in_a_table_with_tabs_may_be_part_of_a_title() -> None:
    assert titles('TI\tAU\tAB\n"Quantum" leaps\tA B\tt\n"Open\tC\tu\n') == ['"Quantum" leaps', '"Open']
    assert titles('title\tabstract\tdoi\n"a ""b"" c"\t"one\ntwo"\t\n') == ['a "b" c']


GOOD = [f'"Paper {number}","Ada Lovelace, Alan Turing","An abstract, and more."' for number in range(100)]
HEADER = "title,authors,abstract\n"


@pytest.mark.parametrize(
    "bad",
    [
        '"Paper 50,"Ada Lovelace","An abstract."',
        '"Paper 50","Ada Lovelace","An abstract.',
        "Paper 50,Ada,An abstract,with,commas",
        '"","Ada Lovelace","An abstract."',
        '"Paper 50","Ada","An abstract.""',
    ],
)
def test_one_bad_row_among_a_hundred_costs_one(bad: str) -> None:
    items = read(HEADER + "\n".join([*GOOD[:50], bad, *GOOD[51:]]) + "\n")
    read_titles = [item.paper.title for item in items if isinstance(item, Entry)]
    assert read_titles == [f"Paper {number}" for number in range(100) if number != 50]
    (refused,) = of(Refused, items)
    assert isinstance(refused, Refused)
    assert (refused.index, refused.line) == (51, 52)
    assert not of(CutShort, items)


def test_a_missing_quotation_mark_where_only_some_cells_are_quoted_costs_one_row() -> None:
    items = read(HEADER + 'A,B,C\n"D,E,F\nG,H,I\n\nJ,K,L\n')
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A", "G", "J"]
    assert [item.line for item in items if isinstance(item, Entry)] == [2, 4, 6]
    assert of(Refused, items) == [Refused(2, 3, "a quotation in it does not end")]


def test_a_table_cut_anywhere_gives_no_row_that_is_cut() -> None:
    text = HEADER + "\n".join(GOOD[:4]) + "\n"
    for cut in range(len(HEADER) + 1, len(text)):
        items = read(text[:cut])
        whole = text[:cut].count('more."')
        assert [item.paper.title for item in items if isinstance(item, Entry)] == [
            f"Paper {n}" for n in range(whole)
        ], text[:cut]
        at_an_end = text[:cut].endswith(('more."', "\n"))
        assert bool(of(CutShort, items)) != at_an_end, text[:cut]
        assert not of(Refused, items)


def test_a_cut_cell_of_several_lines_is_no_row() -> None:
    items = read(HEADER + 'A,B,C\nD,E,"one,\ntwo, and\nthree, four')
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A"]
    assert of(CutShort, items) == [CutShort("the file ends inside a quotation, in the row on line 3")]


def test_rows_that_leave_out_empty_cells_at_the_end_are_whole() -> None:
    items = read(HEADER + "A\nB,x\nC")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A", "B", "C"]
    assert titles(HEADER + "A,B,C,,\n") == ["A"]


def test_encodings_and_line_ends() -> None:
    text = "title,authors,abstract\nMåns,Zoë Ü,naïve\nB,,\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        for end in ("\n", "\r\n", "\r"):
            content = text.replace("\n", end).encode(encoding)
            assert titles(content) == ["Måns", "B"], (encoding, end)
            assert delimited.sniff(content, "x") >= 0.7, (encoding, end)


def test_a_cell_of_a_megabyte_is_read() -> None:
    assert len(papers(f'title,authors,abstract\nT,"{"Ada Lovelace; " * 80_000}",x\n')[0].authors) == 80_000


def test_a_table_with_nothing_below_its_header_says_so() -> None:
    (warned,) = read("title,authors,abstract\n\n")
    assert isinstance(warned, Warned)
    assert "holds no papers" in warned.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "hello",
        "a,b\n1,2\n",
        "folder\tfile\tcommit\n1\t2\t3\n",
        "\0\0\0",
        '{"title": "x", "doi": "y"}',
        "name,description,price\nx,y,1\n",
    ],
)
def test_text_that_is_no_table_of_papers_is_not_accepted(text: str) -> None:
    assert delimited.sniff(text.encode(), "papers.txt") == 0.0
    if not text.startswith("{"):
        with pytest.raises(ListingError) as raised:
            read(text)
        assert "\n" not in str(raised.value)


def test_tables_of_other_things_with_titles_are_not_taken() -> None:
    for header in ("title,url", "id,title,url,points", "date,title,path", "title", "title,price,category"):
        assert delimited.sniff(f"{header}\n1,2,3,4\n".encode(), "list.txt") < 0.5, header
        assert delimited.sniff(f"{header}\n1,2,3,4\n".encode(), "list.csv") >= 0.5, header


def test_real_listings_of_other_formats_are_not_claimed(listings: Path) -> None:
    for path in listings.rglob("*"):
        if path.is_file():
            assert delimited.sniff(path.read_bytes()[:65536], path.name) == 0.0, path.name


SHAPES: dict[str, Callable[[int], str]] = {
    "rows": lambda size: HEADER + "\n".join(GOOD[number % 100] for number in range(size // 50)),
    "a quotation that does not end": lambda size: HEADER + 'A,"' + "b,c\nd," * size,
    "quotation marks": lambda size: HEADER + '"' * size,
    "rows with a mark too few": lambda size: HEADER + '"A,B,C\nD,E,F\n' * (size // 8),
    "rows with a mark too many": lambda size: HEADER + 'A,B","C\n' * (size // 8),
    "delimiters": lambda size: HEADER + "," * size,
    "lists that do not end": lambda size: HEADER + "A,[" + "'" * size + ",C\n",
    "escapes in a list": lambda size: HEADER + "A,['" + "\\'" * size + "],C\n",
    "names": lambda size: HEADER + 'A,"' + "a, " * size + '",C\n',
    "a header": lambda size: "title" + ",x" * size + "\n",
    "identifiers": lambda size: "title,doi,id,url\nT," + "10." * size + "," + "arxiv:" * size + "," + "http://" * size,
}


@pytest.mark.timing
@pytest.mark.parametrize("shape", SHAPES)
def test_reading_takes_time_in_proportion_to_the_length(shape: str) -> None:
    def seconds(text: bytes) -> float:
        best = 99.0
        for _ in range(3):
            started = time.process_time()
            with contextlib.suppress(ListingError):
                read(text)
            best = min(best, time.process_time() - started)
        return best

    small, large = (seconds(SHAPES[shape](size).encode()) for size in (5_000, 20_000))
    assert large < 4 * 2.5 * small + 0.02


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(_CELL.filter(lambda cell: cell.strip(" \n\t'\ufeff") != ""), _CELL, _CELL), min_size=1, max_size=5
    ),
    delimiter=st.sampled_from([",", ";", "|", "\t"]),
)
def test_any_cells_come_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("title", "abstract", "doi"), *rows])
    items = read(text.getvalue())
    read_titles = [
        item.paper.title if isinstance(item, Entry) else None for item in items if not isinstance(item, Warned)
    ]
    assert len(read_titles) == len(rows)
    for title, (written, _, _) in zip(read_titles, rows, strict=True):
        if title is not None and not written.strip().startswith("'"):
            assert title.split() == written.split()


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text("title,autorsbc;\t|\n\r\"'[]=0.é", max_size=200).map(lambda text: ("title,abstract\n" + text).encode())
)
def test_random_bytes_never_raise_anything_but_listing_error(content: bytes) -> None:
    delimited.sniff(content, "x.csv")
    with contextlib.suppress(ListingError):
        assert read(content)
