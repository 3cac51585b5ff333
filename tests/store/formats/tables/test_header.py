"""Header rows with fewer names than the rows have cells, and header rows that are not understood."""

from __future__ import annotations

import io

import pytest

from store.formats.registry import detect
from store.formats.tables import delimited
from store.model.entry import Entry, Item, Refused, Warned
from store.model.errors import ListingError

HEADER = (
    "Authors,Title,Year,Source title,DOI,Abstract,Funding Details,Funding Text 1,Document Type,Publication Stage,EID"
)
ROWS = (
    "Alpha A.,First,2022,Lists,10.1000/1,We list.,Fund,Once.,Twice.,Article,Final,2-s2.0-85000000150\n"
    'Beta B.,Second,2021,Lists,10.1000/2,We list.,"","","",Article,Final,2-s2.0-85000000151\n'
)


def read(text: str) -> list[Item]:
    return list(delimited.read(io.BytesIO(text.encode())))


def test_a_name_that_is_missing_in_the_header_shifts_only_the_columns_behind_it() -> None:
    remark, *entries = read(f"{HEADER}\n{ROWS}")
    assert isinstance(remark, Warned)
    assert "every row has one cell more than the header" in remark.text
    assert "“Funding Text 1”" in remark.text
    papers = [entry.paper for entry in entries if isinstance(entry, Entry)]
    assert [(paper.title, paper.doi, paper.venue) for paper in papers] == [
        ("First", "10.1000/1", "Lists"),
        ("Second", "10.1000/2", "Lists"),
    ]
    assert papers[0].abstract == "We list."


def test_columns_that_may_be_on_either_side_of_the_gap_are_left_out() -> None:
    remark, *entries = read(
        "Title,Year,DOI,Abstract,Comment,URL\nT,2020,10.1000/1,Which,of these,is it?,https://a.example/1\n"
    )
    assert isinstance(remark, Warned)
    assert "not certain" in remark.text
    assert "Abstract, Comment" in remark.text
    (entry,) = entries
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.abstract, entry.paper.comment) == ("T", None, None)
    assert entry.paper.links[0].url == "https://a.example/1"


def test_the_numbers_of_rows_that_r_writes_have_no_name() -> None:
    _, *entries = read('"title","year","doi"\n"1","A",2020,"10.1000/a"\n"2","B",2021,"10.1000/b"\n')
    assert [entry.paper.title for entry in entries if isinstance(entry, Entry)] == ["A", "B"]


def test_every_row_is_refused_when_the_title_is_not_certain() -> None:
    items = read("Title,Abstract\nA,B,C\nD,E,F\n")
    assert [type(item) for item in items] == [Refused, Refused]


SHORT = "Gamma C.,Third,2020,Lists,10.1000/3,We list.,Fund,Once.,Article,Final,2-s2.0-1\n"


@pytest.mark.parametrize("rows", [ROWS + SHORT + ROWS, ROWS * 300 + SHORT + ROWS])
def test_a_row_may_have_exactly_the_cells_that_the_header_names(rows: str) -> None:
    """Scopus leaves out the cell of "Funding Text 2" in rows without a second text."""
    remark, *entries = read(f"{HEADER}\n{rows}")
    assert isinstance(remark, Warned)
    papers = [entry.paper for entry in entries if isinstance(entry, Entry)]
    assert len(papers) == len(entries)
    (third,) = [paper for paper in papers if paper.title == "Third"]
    assert (third.doi, third.venue) == ("10.1000/3", "Lists")
    assert {paper.doi for paper in papers} == {"10.1000/1", "10.1000/2", "10.1000/3"}


@pytest.mark.parametrize(
    "row",
    [
        # Each example is one row: without its first cell, without a cell in the middle, with too many cells, and with
        # only three cells.
        "Third,2020,Lists,10.1000/3,We list.,Fund,Once.,Twice.,Article,Final,2-s2.0-1\n",
        "Gamma C.,Third,Lists,10.1000/3,We list.,Fund,Once.,Twice.,Article,Final,2-s2.0-1\n",
        "Gamma C.,Third,2020,Lists,10.1000/3,We, list.,Fund,Once.,Twice.,Article,Final,2-s2.0-1\n",
        "Gamma C.,Third,2020\n",
    ],
)
def test_a_row_is_refused_when_its_cells_do_not_fit_the_columns(row: str) -> None:
    items = read(f"{HEADER}\n{ROWS}{row}{ROWS}")
    (refused,) = [item for item in items if isinstance(item, Refused)]
    assert refused.line == 4
    assert sum(isinstance(item, Entry) for item in items) == 4


def test_a_few_wide_rows_are_refused() -> None:
    """These rows probably contain commas inside cells without quotation marks. So it is not likely that the header
    lacks names.
    """
    items = read(f"{HEADER}\n{SHORT * 5}{ROWS}")
    assert [type(item) for item in items] == [Entry] * 5 + [Refused] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Rank,Name of it,Whose\n1,Lists,Ada\n2,More lists,Bert\n",
        "Rank\tName of it\tWhose\n1\tLists\tAda\n",
        "Rank;Name of it;Whose\r\n1;Lists;Ada\r\n",
    ],
)
def test_a_header_that_is_not_understood_is_quoted(text: str) -> None:
    for name in ("papers.csv", "papers.tsv"):
        assert detect(text.encode(), name) is delimited  # type: ignore[comparison-overlap]
    with pytest.raises(ListingError, match="Rank, Name of it, Whose"):
        read(text)


@pytest.mark.parametrize("text", ["Once upon a time, there was a list.\nIt was long.\n", "a\nb\n", "x"])
def test_prose_is_no_table(text: str) -> None:
    assert delimited.sniff(text.encode(), "notes.csv") == 0.0
    assert delimited.sniff(text.encode(), "notes.txt") == 0.0


MARKDOWN = (
    "# Reading, and more\n\n| Date | Title | Authors | Year |\n|:---|:--:|---|---|\n"
    "| 2024-01 | Lists in Markdown | Ada Alpha, Bert Beta | 2024 |\n| 2024-02 | More Lists | Cara Gamma | 2025 |\n"
)


def test_a_table_in_markdown_has_no_row_of_dashes() -> None:
    assert detect(MARKDOWN.encode(), "reading.md") is delimited  # type: ignore[comparison-overlap]
    papers = [item.paper for item in read(MARKDOWN) if isinstance(item, Entry)]
    assert [(paper.title, len(paper.authors)) for paper in papers] == [("Lists in Markdown", 2), ("More Lists", 1)]


def test_a_reading_list_with_tables_of_links_is_a_list_of_links() -> None:
    text = (
        "# Lists\n\n- [A Survey of Lists](https://arxiv.org/abs/2601.00001) (2026)\n\n| Date | Title | Venue |\n"
        "|---|---|---|\n| 2026-01 | [Tables of Lists](https://arxiv.org/abs/2601.00004) | LISTS 2026 |\n"
        "| 2026-02 | **Lists in Tables** ([paper](https://arxiv.org/abs/2601.00005)) | |\n"
    )
    for name in ("README.md", "papers.csv"):
        assert detect(text.encode(), name).NAME == "links"
    entries = [
        item.paper for item in detect(text.encode(), "x.md").read(io.BytesIO(text.encode())) if isinstance(item, Entry)
    ]
    assert [(paper.title, paper.arxiv_id) for paper in entries] == [
        ("A Survey of Lists", "2601.00001"),
        ("Tables of Lists", "2601.00004"),
        ("Lists in Tables", "2601.00005"),
    ]
