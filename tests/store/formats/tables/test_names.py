"""Names in a column of authors: the separator and the order ("Yann LeCun" or "LeCun, Yann") follow from all rows."""

from __future__ import annotations

import csv
import io
import time

import pytest

from store.formats.tables import delimited
from store.formats.tables.names import name_style, names
from store.model.entry import Entry
from store.text import clean

# Each example: the cells of a column, and the names in each of the cells.
COLUMNS: dict[str, tuple[list[str], list[list[str]]]] = {
    "Scopus": (
        ["García López, María (57190000001); de la Gamma, Juan (57190000002)", "Núñez Gamma, Cara (57190000003)"],
        [["María García López", "Juan de la Gamma"], ["Cara Núñez Gamma"]],
    ),
    "Scopus, short": (
        ["García López M.; de la Gamma J.; Alpha A.N.", "van der Berg J.-P."],
        [["M. García López", "J. de la Gamma", "A.N. Alpha"], ["J.-P. van der Berg"]],
    ),
    "Scopus, 2021": (["Alpha A., Beta B.C.", "Delta D."], [["A. Alpha", "B.C. Beta"], ["D. Delta"]]),
    "Zotero": (
        ["Di Alpha, Ada; Le Beta, Bert", "Núñez Gamma, Cara", "World Health Organization"],
        [["Ada Di Alpha", "Bert Le Beta"], ["Cara Núñez Gamma"], ["World Health Organization"]],
    ),
    "a single row with a second author, the last": (
        [*["Núñez Gamma, Cara Inés"] * 300, "Alpha, Ada; Beta, Bert"],
        [*[["Cara Inés Núñez Gamma"]] * 300, ["Ada Alpha", "Bert Beta"]],
    ),
    "JabRef": (
        ["García López, María; Alpha, Ada & Beta, Bert", "García López, María & Alpha, Ada", "Núñez Gamma, Cara"],
        [["María García López", "Ada Alpha", "Bert Beta"], ["María García López", "Ada Alpha"], ["Cara Núñez Gamma"]],
    ),
    "JabRef, commas": (
        ["Alpha, Ada, Beta, Bert & Gamma, Cara", "García López, María & Alpha, Ada"],
        [["Ada Alpha", "Bert Beta", "Cara Gamma"], ["María García López", "Ada Alpha"]],
    ),
    "BibTeX": (
        ["García López, María and Alpha, Ada and Beta, Bert", "Núñez Gamma, Cara", "Physics and Astronomy Department"],
        [["María García López", "Ada Alpha", "Bert Beta"], ["Cara Núñez Gamma"], ["Physics and Astronomy Department"]],
    ),
    "APA": (
        ["García López, M., Alpha, A., & Beta, B.", "Núñez Gamma, C."],
        [["M. García López", "A. Alpha", "B. Beta"], ["C. Núñez Gamma"]],
    ),
    "prose": (
        ["Ada Alpha, Bert Beta, and Cara Gamma", "Ada Alpha and Bert Beta", "María García López, Ada Alpha"],
        [["Ada Alpha", "Bert Beta", "Cara Gamma"], ["Ada Alpha", "Bert Beta"], ["María García López", "Ada Alpha"]],
    ),
    "PubMed": (
        ["García López M, de la Gamma JA.", "Alpha A, WHO Study Group.", "Beta BC.", "Gamma C, Delta D, et al."],
        [["M García López", "JA de la Gamma"], ["A Alpha", "WHO Study Group"], ["BC Beta"], ["C Gamma", "D Delta"]],
    ),
    "IEEE Xplore": (["A. Alpha; B. Le Beta", "C. Gamma"], [["A. Alpha", "B. Le Beta"], ["C. Gamma"]]),
    "Publish or Perish": (["A Alpha, B Beta…", "C Gamma"], [["A Alpha", "B Beta"], ["C Gamma"]]),
    "Google Scholar": (
        ["Alpha, Ada; Beta, Bert; ", "Núñez Gamma, Cara; "],
        [["Ada Alpha", "Bert Beta"], ["Cara Núñez Gamma"]],
    ),
    "pairs": (["Alpha, A., Beta, B.", "Núñez Gamma, C."], [["A. Alpha", "B. Beta"], ["C. Núñez Gamma"]]),
    "single names, family name first": (["Alpha, Ada", "Núñez Gamma, Cara"], [["Ada Alpha"], ["Cara Núñez Gamma"]]),
    "full names": (["Ada Alpha, Bert Beta, Plato", "Ada Alpha"], [["Ada Alpha", "Bert Beta", "Plato"], ["Ada Alpha"]]),
    "suffixes": (
        ["Alpha, Ada, Jr.; Beta, Bert", "King, Martin Luther, III"],
        [["Ada Alpha Jr.", "Bert Beta"], ["Martin Luther King III"]],
    ),
    "Chinese": (["张三, 李四", "王五"], [["张三", "李四"], ["王五"]]),
    "Chinese signs": (["张三；李四", "王五、赵六"], [["张三", "李四"], ["王五", "赵六"]]),
    "groups": (
        [
            "H.E.S.S. Collaboration; Alpha, Ada",
            "Collaboration, DOME; National Institute of Health, USA",
            "Johnson & Johnson",
            "Centers for Disease Control and Prevention",
        ],
        [
            ["H.E.S.S. Collaboration", "Ada Alpha"],
            ["DOME Collaboration", "National Institute of Health, USA"],
            ["Johnson & Johnson"],
            ["Centers for Disease Control and Prevention"],
        ],
    ),
    "SpringerLink": (
        [
            "Ada AlphaBert BetaCara Gamma",
            "Datong WeiXiaolong (Luke) ZhangXiaoru Yuan",
            "Yann LeCunAda McDonaldJan van DiekenÉric Ölander",
            "J. A. Smith Jr.Bert Beta",
            "Ada Alpha",
            # It is unknown where the first name ends, so the cell stays one name.
            "PlatoAda Alpha",
        ],
        [
            ["Ada Alpha", "Bert Beta", "Cara Gamma"],
            ["Datong Wei", "Xiaolong (Luke) Zhang", "Xiaoru Yuan"],
            ["Yann LeCun", "Ada McDonald", "Jan van Dieken", "Éric Ölander"],
            ["J. A. Smith Jr.", "Bert Beta"],
            ["Ada Alpha"],
            [],
        ],
    ),
    "camel case in a table with separators": (
        ["Ada DalMolin, Yann LeCun", "Bo DeVoe"],
        [["Ada DalMolin", "Yann LeCun"], ["Bo DeVoe"]],
    ),
    "others": (
        ["Ada Alpha; et al.", "Bert Beta; 72 others", "Cara Gamma; :"],
        [["Ada Alpha"], ["Bert Beta"], ["Cara Gamma"]],
    ),
}


def table(cells: list[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(
        [["title", "authors", "doi"], *([f"T{at}", cell, ""] for at, cell in enumerate(cells))]
    )
    return written.getvalue().encode()


def read(cells: list[str]) -> list[list[str]]:
    """The names in each of the cells of a column, as the importer stores them."""
    entries = [clean.entry(item) for item in delimited.read(io.BytesIO(table(cells))) if isinstance(item, Entry)]
    return [[author.name for author in entry.paper.authors] for entry in entries]


@pytest.mark.parametrize("program", COLUMNS)
def test_the_names_in_a_column(program: str) -> None:
    cells, expected = COLUMNS[program]
    assert read(cells) == expected


@pytest.mark.parametrize("program", COLUMNS)
def test_the_order_of_the_rows_does_not_matter(program: str) -> None:
    cells, expected = COLUMNS[program]
    assert read(cells[::-1]) == expected[::-1]


@pytest.mark.timing
@pytest.mark.parametrize("cell", ["Ab", "A, ", "A and ", " and", "aB", "A.", "&", "; ", "Ada AlphaBert"])
def test_the_time_is_linear_in_the_length_of_a_cell(cell: str) -> None:
    def seconds(count: int) -> float:
        long = cell * count
        started = time.perf_counter()
        names(long, name_style([long]))
        return time.perf_counter() - started

    few, many = (min(seconds(count) for _ in range(3)) for count in (5_000, 20_000))
    assert many < 12 * few + 0.01


@pytest.mark.parametrize(
    ("cell", "count", "expected"),
    [
        # Publish or Perish reports only the names that Google Scholar shows.
        ("A Alpha, B Beta, ...", "2", None),
        ("A Alpha, B Beta…", "", None),
        ("A Alpha, B Beta, et al.", "", None),
        ("A Alpha, B Beta, ...", "12", 12),
        ("A Alpha, B Beta", "", 2),
        ("A Alpha, B Beta", "2", 2),
    ],
)
def test_a_list_of_names_that_is_cut_gives_no_count(cell: str, count: str, expected: int | None) -> None:
    text = f'Title,Authors,AuthorCount\nLists,"{cell}",{count}\n'
    (entry,) = delimited.read(io.BytesIO(text.encode()))
    assert isinstance(entry, Entry)
    paper = clean.entry(entry).paper
    assert ([author.name for author in paper.authors], paper.author_count) == (["A Alpha", "B Beta"], expected)
