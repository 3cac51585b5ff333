"""If a listing was probably read wrongly (for example, all titles are equal), the report and the log have a warning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.importing import log, plausibility
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Paper

TODAY = date(2026, 7, 15)


def warnings(papers: list[Paper]) -> list[str]:
    def items() -> Iterator[Item]:
        yield Refused(1, 1, "no title")
        for paper in papers:
            yield Entry(paper=paper)

    generator = (item for item in items())
    checked_items = list(plausibility.checked(generator, TODAY))
    assert [item for item in checked_items if not isinstance(item, Warned)] == list(items())
    return [item.text for item in checked_items if isinstance(item, Warned)]


def by(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


def papers(count: int, titles: int) -> list[Paper]:
    """`count` papers that together have `titles` different titles."""
    return [
        Paper(title=f"Title {number % titles}", authors=by(f"Author {number}"), doi=f"10.1000/{number}")
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        (papers(3, 1), "all 3 titles are “Title 0”"),
        (papers(1_000, 1), "all 1,000 titles are “Title 0”"),
        (papers(100, 3), "only 3 different titles in 100 entries"),
        ([Paper(title=f"T{n}", doi="10.1000/1") for n in range(5)], "10.1000/1 stands at 3 or more different titles"),
        ([Paper(title=f"T{n}", arxiv_id="2601.00001") for n in range(3)], "2601.00001 stands at 3 or more"),
        (
            [Paper(title=f"T{n}", doi=f"10.1000/{n % 2}") for n in range(8)],
            "10.1000/0 stands at 3 or more different titles, and 1 more like it",
        ),
        (
            [Paper(title="T", authors=by("A", "B", "C"), author_count=2)],
            "1 author count is below the number of names (2 for 3 names in “T”)",
        ),
        (
            [Paper(title="T", published=date(2027, 1, 1), published_to="year")],
            "1 paper is dated in the future (2027 for “T”)",
        ),
        (
            [Paper(title=f"T{n}", published=date(2030, 1, n + 1)) for n in range(4)],
            "4 papers are dated in the future (2030-01-04 for “T3”)",
        ),
        ([Paper(title="T", authors=by("57190000001", "Ada"))], "1 author has a number for a name (“57190000001”)"),
    ],
)
def test_implausible_listings_give_a_warning(listing: list[Paper], words: str) -> None:
    (warning,) = warnings(listing)
    assert words in warning


@pytest.mark.parametrize(
    "listing",
    [
        [],
        [Paper(title="T")],
        papers(2, 1),
        papers(100, 100),
        papers(19, 1)[:2],
        # This is one paper that is listed several times.
        [Paper(title="T", authors=by("Ada"), published=date(2020, 1, 1))] * 30,
        # These are two parts of one paper, so they may have the same DOI.
        [Paper(title="Part I", doi="10.1000/1"), Paper(title="Part II", doi="10.1000/1")],
        [Paper(title="T", authors=by("A", "B"), author_count=2)],
        [Paper(title="T", authors=by("A", "B"), author_count=75)],
        [Paper(title="T", published=TODAY)],
        [Paper(title="T", published=date(2026, 7, 16))],
        [Paper(title="T", authors=by("The RIVER Collaboration", ":", "张三", "'t Hooft"))],
    ],
)
def test_plausible_listings_give_no_warning(listing: list[Paper]) -> None:
    assert warnings(listing) == []


def test_the_report_and_the_log_have_the_warnings(tmp_path: Path) -> None:
    path = tmp_path / "papers.csv"
    rows = "".join(f"Journal of Lists,57190{n},10.1000/{n},2031\n" for n in range(900))
    path.write_text(f"title,authors,doi,year\n{rows}", "utf-8")
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, path, Options(today=TODAY))
        logged, *_ = log.read(library.reader())
    assert report.entries == 900
    assert "all 900 titles are “Journal of Lists”" in report.warnings[0]
    assert "900 papers are dated in the future" in report.warnings[1]
    assert "900 authors have a number for a name" in report.warnings[2]
    assert logged.report.warnings == report.warnings
