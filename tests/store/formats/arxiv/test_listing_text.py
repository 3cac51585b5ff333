"""arXiv's listing pages copied as text, in the forms that several browsers produce."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.arxiv import listing_text
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, Item, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.arxiv.listing_pages import COPIED_RESULTS

ABOVE = "Computation and Language\nNew submissions\nCross-lists\nReplacements\nSee recent articles\n\n"
DAY = "Showing new listings for Monday, 26 January 2026\nTotal of 3 entries\n"
FIRST = "[1] arXiv:2601.20007 [pdf, html, other]\nTitle: Reading Lists at Scale\nAda Alpha, Bert Beta\n"
SUBJECTS = "Subjects: Computation and Language (cs.CL); Machine Learning (cs.LG)\n"


def read(text: str) -> list[Item]:
    assert detect(text.encode(), "page.txt") is listing_text
    return list(listing_text.read(io.BytesIO(text.encode())))


def entries(items: list[Item]) -> list[Entry]:
    return [clean.entry(each) for each in items if isinstance(each, Entry)]


def test_the_sections_of_the_page_give_the_announcement_types() -> None:
    second, third = FIRST.replace("20007 [", "20008 (cross-list from cs.IR) ["), FIRST.replace("20007 [", "20009 [")
    text = (
        f"{ABOVE}{DAY}New submissions (showing 1 of 1 entries)\n"
        f"{FIRST}{SUBJECTS}We look.\n\n"
        f"Cross submissions (showing 1 of 1 entries)\n{second}{SUBJECTS}We look again.\n\n"
        f"Replacement submissions (showing 1 of 1 entries)\n{third}Journal-ref: J. Looks 3\n{SUBJECTS}And again.\n"
        "Total of 3 entries\nShowing up to 2000 entries per page: fewer | more | all\nAbout Help\nContact\n"
    )
    items = read(text)
    assert len(items) == 3
    values = [(each.announce_type, each.listed_on, each.paper.abstract) for each in entries(items)]
    day = date(2026, 1, 26)
    assert values == [("new", day, "We look."), ("cross", day, "We look again."), ("replaced", day, "And again.")]
    assert entries(items)[2].paper.venue == "J. Looks 3"


def test_recent_papers_have_the_day_above_them_and_no_abstract() -> None:
    other = FIRST.replace("20007", "20008")
    text = (
        f"Mon, 26 Jan 2026 (showing 1 of 1 entries )\n{FIRST}{SUBJECTS}\n"
        f"Fri, 23 Jan 2026 (showing 1 of 1 entries )\n{other}{SUBJECTS}"
    )
    values = [(each.listed_on, each.paper.abstract) for each in entries(read(text))]
    assert values == [(date(2026, 1, 26), None), (date(2026, 1, 23), None)]


@pytest.mark.parametrize(
    "written",
    [
        FIRST.replace("Title: ", "Title:\n    "),
        FIRST.replace(" [pdf, html, other]", "\n[pdf, html, other]"),
        FIRST.replace("[1] ", "  [1]  ").replace("\n", "\r\n"),
        FIRST.replace("[1] arXiv:2601.20007 [", "[1] arXiv:2601.20007 \u00a0["),
        FIRST.replace("Ada Alpha, Bert Beta", "Authors: Ada Alpha, Bert Beta"),
        FIRST.replace("Ada Alpha, Bert Beta", "Ada Alpha,\nBert Beta"),
        FIRST.replace("[1]", "> [1]").replace("\n", "\n> "),
    ],
)
def test_browsers_break_lines_in_different_places(written: str) -> None:
    (entry,) = entries(read(written + SUBJECTS + "We look at\nlists.\nWe look again.\n"))
    assert entry.paper.title == "Reading Lists at Scale"
    assert [author.name for author in entry.paper.authors] == ["Ada Alpha", "Bert Beta"]
    assert entry.paper.categories == ("cs.CL", "cs.LG")
    assert entry.paper.abstract == "We look at lists.\n\nWe look again."


def test_the_results_of_a_search() -> None:
    first, second = (each.paper for each in entries(read(COPIED_RESULTS)))
    assert (first.title, first.doi, first.categories) == (
        "A Wind of $10^3$ Lists",
        "10.1000/res.1",
        ("cs.CL", "cs.LG"),
    )
    assert (first.published, first.updated) == (date(2023, 10, 10), date(2025, 5, 12))
    assert (first.abstract, first.comment) == ("The whole of it. It is longer.", "7 pages")
    assert (second.arxiv_id, second.arxiv_version, second.title) == ("hep-th/0601001", 2, "An Old One")
    assert (second.abstract, second.published) == ("It is old.", date(2006, 1, 2))


def test_a_line_of_an_abstract_that_looks_like_a_field_stays_in_it() -> None:
    (entry,) = entries(read(FIRST + SUBJECTS + "We look.\nComments: they are few.\n"))
    assert entry.paper.abstract == "We look.\n\nComments: they are few."
    assert entry.paper.comment is None


def test_a_copy_that_ends_early_is_reported() -> None:
    items = read(f"{DAY}New submissions (showing 3 of 3 entries)\n{FIRST}{SUBJECTS}We look.\n")
    assert items[1:] == [CutShort("the page counts 3 entries and holds 1")]
    assert read(FIRST + "Subjects: Computation and Lang") == [
        CutShort("the file ends in the middle of arXiv:2601.20007, line 1")
    ]
    (_, warning) = read(FIRST + SUBJECTS + "We look at li")
    assert isinstance(warning, Warned)
    with pytest.raises(ListingError):
        list(listing_text.read(io.BytesIO(b"nothing of the kind\n")))


MARKDOWN = """## New submissions (showing 2 of 2 entries)

[\\[1\\]](https://arxiv.org/list/cs.CL/new#item1) [arXiv:2601.20007](https://arxiv.org/abs/2601.20007 "Abstract") \
[[pdf](https://arxiv.org/pdf/2601.20007), [html](https://arxiv.org/html/2601.20007v1)]
:   Title: Reading Lists at Scale

    [Ada Alpha](https://arxiv.org/search/cs?query=Alpha,+A), [Bert Beta](https://arxiv.org/search/cs?query=Beta,+B)

    Subjects: Computation and Language (cs.CL)

    We look.

arXiv:2601.20008 (cross-list from cs.IR) [pdf, html, other]
:   Title: Other Lists

    Cara Gamma

    Subjects: Information Retrieval (cs.IR)

    We look again.
"""


def test_a_page_that_a_tool_made_into_markdown() -> None:
    first, second = entries(read(MARKDOWN))
    assert [author.name for author in first.paper.authors] == ["Ada Alpha", "Bert Beta"]
    assert (first.paper.title, first.paper.abstract) == ("Reading Lists at Scale", "We look.")
    assert (second.paper.title, second.announce_type) == ("Other Lists", "cross")


def test_a_result_of_a_search_may_have_all_marks_in_its_first_line() -> None:
    text = COPIED_RESULTS.replace(
        "  [pdf, other]\ncs.CL cs.LG\ndoi 10.1000/res.1\n", " [pdf, other] cs.CL cs.LG doi 10.1000/res.1\n"
    )
    paper = entries(read(text))[0].paper
    assert (paper.doi, paper.categories) == ("10.1000/res.1", ("cs.CL", "cs.LG"))
