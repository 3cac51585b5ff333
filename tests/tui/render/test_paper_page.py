"""The page of a paper shows every field of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import pytest
from rich.cells import cell_len

from store.marks.stored_marks import Marks
from store.model.paper import Author, Link, Organization, Paper
from store.model.paper_fields import FIELDS
from store.papers.addresses import of as addresses_of
from store.papers.paper_details import PaperDetails
from store.search.highlighting import Highlights
from store.search.parser import parse
from tui.render import paper_filters, paper_page
from tui.render.page_layout import MATCH_STYLE, Page

VALUES = {
    "title": "Bees",
    "abstract": "Bees find their way by the sun.",
    "authors": (Author("Ada Lovelace"),),
    "author_count": 7,
    "organization": Organization("KAIST AI"),
    "published": date(2024, 5, 17),
    "updated": date(2025, 2, 2),
    "arxiv_id": "2405.00001",
    "arxiv_version": 3,
    "doi": "10.1000/bees",
    "categories": ("cs.CL",),
    "venue": "Journal of Bees",
    "comment": "12 pages",
    "decision": "Oral",
    "track": "main",
    "scores": (6.0, 8.0),
    "upvotes": 41,
    "comment_count": 5,
    "links": (Link("code", "https://github.com/a/b"),),
    "submitter": "Ada",
    "ai_summary": "Bees count.",
    "ai_keywords": ("insects",),
}
KEYS = paper_page.PageKeys("o", "p", "f", "e", "n", "=", "+", "-")


def laid_out(paper: Paper, width: int = 70, words: Sequence[str] = (), note: str | None = None) -> Page:
    known = PaperDetails(1, paper, None, None, Marks(note=note), (), {})
    return paper_page.paper(known, Highlights.exactly(words), width, KEYS)


def page(paper: Paper) -> str:
    return laid_out(paper).content.plain


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_the_page_shows_the_field(name: str) -> None:
    # The version of the paper is shown next to the arXiv id.
    paper = Paper(title="T", arxiv_id="2405.00002" if name == "arxiv_version" else None)
    with_value = msgspec.structs.replace(paper, **{name: VALUES[name]})
    assert page(with_value) != page(paper)


def test_the_page_shows_the_citation_key() -> None:
    known = PaperDetails(1, Paper(title="T"), None, None, Marks(), (), {}, citation_key="ada2024size")
    shown = paper_page.paper(known, Highlights.exactly(()), 70, KEYS).content.plain
    assert "Cited as    ada2024size" in shown


WHOLE = Paper(**VALUES)  # type: ignore[arg-type]
WIDTHS = (20, 36, 55, 56, 92)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page(width: int) -> None:
    long = msgspec.structs.replace(
        WHOLE,
        title="蜂の巣 " * 30,
        comment="word " * 60,
        links=(Link("code", f"https://github.com/{'a' * 120}"),),
        ai_keywords=("k" * 150, *("keyword",) * 30),
    )
    assert max(line.cell_length for line in laid_out(long, width).lines) <= width


def test_the_summary_is_above_the_abstract_and_each_part_has_a_heading() -> None:
    headings = [line.strip("─ ").split(" ─")[0] for line in page(WHOLE).split("\n") if line.startswith("─")]
    assert headings == ["In short", "Abstract", "Facts", "Keywords", "Links", "Appeared in"]


def test_facts_are_in_two_columns_where_two_fit() -> None:
    lines = page(WHOLE).split("\n")
    assert "Published   17 May 2024             Revised     2 Feb 2025" in [line.rstrip() for line in lines]
    narrow = [line.plain for line in laid_out(WHOLE, 50).lines]
    assert "Published   17 May 2024" in narrow


def test_a_wrapped_value_keeps_its_indent() -> None:
    paper = Paper(title="T", comment="one two three four five six seven eight nine ten eleven twelve")
    lines = [line.plain for line in laid_out(paper, 40).lines]
    start = next(number for number, line in enumerate(lines) if line.startswith("Comment"))
    assert lines[start : start + 3] == [
        "Comment     one two three four five six",
        "            seven eight nine ten eleven",
        "            twelve",
    ]


def test_links_have_their_keys_and_can_be_clicked_on_each_of_their_lines() -> None:
    shown = laid_out(WHOLE, 30)
    lines = [line.plain for line in shown.lines]
    assert [line[:13].rstrip() for line in lines if "http" in line] == ["   o page", "   p PDF", " f 3 code"]
    for choice in shown.choices:
        if choice.kind == "link":
            part = lines[choice.line][choice.start : choice.end]
            assert part and part in choice.value
            assert shown.choice_at(choice.line, choice.start) == choice
            assert shown.choice_at(choice.line, choice.start - 1) is None
    assert {choice.value for choice in shown.choices if choice.kind == "link"} == {
        link.url for link in addresses_of(WHOLE)
    }


def test_keywords_can_be_clicked_where_they_are() -> None:
    paper = Paper(title="T", ai_keywords=("蜂", "graph retrieval", "honey", "flight of the bees"))
    shown = laid_out(paper, 24)
    lines = [line.plain for line in shown.lines]
    choices = [choice for choice in shown.choices if choice.kind == "filter"]
    assert [choice.value for choice in choices] == list(paper.ai_keywords)
    for choice in choices:
        before = lines[choice.line].partition(choice.value)[0]
        assert (choice.start, choice.end) == (cell_len(before), cell_len(before + choice.value))


def test_matches_are_lit_in_every_part() -> None:
    paper = Paper(
        title="Bees",
        abstract="Of bees.",
        authors=(Author("Ada Beesley"),),
        organization=Organization("Institute of Bees"),
        venue="Journal of Bees",
        ai_summary="Bees count.",
        ai_keywords=("bees",),
    )
    shown = laid_out(paper, words=["bees"], note="My bees").content
    lit = [shown.plain[: span.start].count("\n") for span in shown.spans if span.style == MATCH_STYLE]
    lines = shown.plain.split("\n")
    assert [lines[number] for number in lit] == [line for line in lines if "bees" in line.casefold()]


def test_an_author_that_matches_is_shown_below_the_title_however_many_there_are() -> None:
    authors = tuple(Author(f"Author {number}") for number in range(40))
    paper = Paper(title="T", authors=(*authors, Author("Ada Lovelace")))
    below = laid_out(paper, 400, ["lovelace"]).lines[1].plain
    assert below.endswith("Author 11, Ada Lovelace and 28 more")
    assert page(paper).count("Author 39") == 1


def test_every_filter_that_a_paper_suggests_is_understood() -> None:
    paper = msgspec.structs.replace(
        WHOLE,
        authors=(Author('Ada "Countess" Lovelace'),),
        ai_keywords=("text-to-image", "this or that", "  ", "is:new"),
    )
    filters = paper_filters.of(paper)
    assert [each.filter for each in filters] == [
        "text to image", 'this "or" that', "is new", 'org:"KAIST AI"', "cat:cs.CL", 'author:"Ada Countess Lovelace"'
    ]  # fmt: skip
    assert [parse(each.filter, date(2026, 7, 2)).misread for each in filters] == [()] * len(filters)
