"""The page of one paper on Hugging Face, copied as text."""

from __future__ import annotations

from store.formats.hugging_face import copied_page
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, ListingDay, Warned
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.tool_pages import KITES, read

PAPER_PAGE = f"""\
new

Get trending papers in your email inbox!

Subscribe

Papers
arxiv:2607.21783

Kites of the Fjord: How They
Turn

Published on Jul 31
· Submitted by
ada on Aug 1, 2026
#1 Paper of the day

Upvote

94

  •
  •
+89

Authors:

Ada Quill
,

Bo Rook,
Cy de Swan

Abstract

Kites turn when the wind does.

AI-generated summary

{KITES}

View arXiv page View PDF GitHub 12 Add to collection

Community

ada
Paper submitter
Aug 1, 2026

Our code is at https://example.org/kites

Reply

Models citing this paper 3

quill/kites-8b
Text Generation • Updated Sep 1 • 12k • 300

Datasets citing this paper 0

No dataset linking this paper
"""


def test_the_page_of_one_paper_gives_that_paper_only() -> None:
    assert detect(PAPER_PAGE.encode(), "page.txt") is copied_page
    day, entry = read(PAPER_PAGE)
    assert day == ListingDay(MonthDay(8, 1, 2026))
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.abstract) == ("Kites of the Fjord: How They Turn", KITES)
    assert (entry.paper.arxiv_id, entry.published_on, entry.line) == ("2607.21783", MonthDay(7, 31), 10)
    assert [author.name for author in entry.paper.authors] == ["Ada Quill", "Bo Rook", "Cy de Swan"]
    assert (entry.paper.author_count, entry.paper.upvotes) == (3, 94)
    assert entry.paper.ai_summary == "Kites turn when the wind does."


def test_the_page_of_one_paper_needs_no_summary_and_no_banner() -> None:
    plain = PAPER_PAGE.replace("Kites turn when the wind does.\n\nAI-generated summary\n\n", "")
    text = plain.partition("Subscribe\n\n")[2].replace(
        "\n· Submitted by\nada on Aug 1, 2026", " · Submitted by ada on Aug 1"
    )
    assert detect(text.encode(), "page.txt") is copied_page
    day, entry = read(text)
    assert day == ListingDay(MonthDay(8, 1))
    assert isinstance(entry, Entry)
    assert (entry.paper.abstract, entry.paper.ai_summary, entry.published_on) == (KITES, None, MonthDay(7, 31))


def test_the_page_of_one_paper_may_lack_its_arxiv_id() -> None:
    for above in ("Papers\narxiv:2607.21783\n", PAPER_PAGE.partition("Kites of")[0]):
        text = PAPER_PAGE.replace(above, "")
        assert detect(text.encode(), "page.txt") is copied_page
        papers = [item for item in read(text) if isinstance(item, Entry)]
        assert [(entry.paper.title, entry.paper.abstract) for entry in papers] == [
            ("Kites of the Fjord: How They Turn", KITES)
        ]
        assert papers[0].paper.arxiv_id is None


def test_the_pages_of_two_papers_give_two_papers() -> None:
    second = PAPER_PAGE.replace("2607.21783", "2607.21784").replace("Kites of the Fjord", "Lamps of the Fjord")
    papers = [item for item in read(PAPER_PAGE + second) if isinstance(item, Entry)]
    assert [entry.paper.arxiv_id for entry in papers] == ["2607.21783", "2607.21784"]
    assert [entry.paper.abstract for entry in papers] == [KITES, KITES]


def test_a_cut_page_of_one_paper_is_reported() -> None:
    whole_size = PAPER_PAGE.index("View arXiv")
    start = PAPER_PAGE.index(KITES)
    for size in range(start, start + len(KITES) - 1, 13):
        items = read(PAPER_PAGE[:size])
        assert isinstance(items[-1], CutShort | Warned)
        assert isinstance(items[-1], CutShort) or PAPER_PAGE[:size].endswith(".")
    assert isinstance(read(PAPER_PAGE[:whole_size])[-1], Entry)
