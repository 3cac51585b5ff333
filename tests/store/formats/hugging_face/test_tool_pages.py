"""Pages of Daily Papers that a tool converted into text: bullets, addresses, Markdown, broken lines."""

from __future__ import annotations

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import SURE_ENOUGH, detect
from store.model.entry import CutShort, Entry, Item, ListingDay, Warned
from store.model.errors import ListingError
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.copied_pages import seconds
from tests.store.formats.hugging_face.tool_pages import (
    BANNER,
    GEESE,
    KITES,
    LAMPS,
    LONG_TITLE,
    PAGES,
    PAPERS,
    as_markdown,
    as_words,
    broken,
    read,
    whole,
)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_gives_the_same_papers_in_the_form_of_every_tool(kind: str) -> None:
    text = PAGES[kind]
    assert detect(text.encode()[:65536], "page.txt") is copied_page
    assert read(text)[0] == ListingDay(MonthDay(10, 30))
    papers = whole(text)
    assert [(e.paper.title, e.paper.abstract) for e in papers] == [(p.title, p.abstract) for p in PAPERS]
    assert [e.paper.author_count for e in papers] == [None, 3, 10, 1]
    assert [e.paper.upvotes for e in papers] == [101, 1200, 0, 0]
    assert [e.paper.comment_count for e in papers] == [6, 0, 2, 0]
    assert [e.published_on for e in papers] == [
        MonthDay(5, 29),
        MonthDay(2, 27, 2025),
        MonthDay(10, 14, 2024),
        MonthDay(10, 10, 2023),
    ]
    slug = "fjord-ai" if "Markdown" in kind or kind in ("saved text", "dump") else None
    assert [e.paper.organization for e in papers] == [Organization("Fjord AI", slug), None, None, None]


@pytest.mark.parametrize("kind", ["Markdown", "narrow Markdown", "saved text", "dump", "addresses"])
def test_arxiv_ids_come_from_the_links_of_a_page(kind: str) -> None:
    for entry, made in zip(whole(PAGES[kind]), PAPERS, strict=True):
        assert entry.paper.arxiv_id == made.id
        assert [(link.kind, link.url) for link in entry.paper.links] == [
            ("page", f"https://huggingface.co/papers/{made.id}"),
            ("pdf", f"https://arxiv.org/pdf/{made.id}"),
        ]


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind != "dump"])
def test_a_page_of_a_tool_may_be_cut_anywhere(kind: str) -> None:
    text = PAGES[kind]
    true = [(paper.title, paper.abstract) for paper in PAPERS]
    for size in range(0, len(text), 61):
        items: list[Item] = []
        try:
            items += read(text[:size])
        except ListingError:
            continue
        papers = [item for item in items if isinstance(item, Entry)]
        assert [(e.paper.title, e.paper.abstract) for e in papers[:-1]] == true[: len(papers) - 1]
        if papers and (papers[-1].paper.title, papers[-1].paper.abstract) != true[len(papers) - 1]:
            assert any(isinstance(item, CutShort | Warned) for item in items), (size, text[size - 60 : size])


@pytest.mark.parametrize("kind", ["Markdown", "narrow Markdown"])
def test_other_markdown_is_not_detected_as_a_page(kind: str) -> None:
    other = PAGES[kind].replace("huggingface.co", "example.org").replace("/papers/", "/notes/").replace("·", "|")
    other = other.replace("and the research community", "")
    for line in BANNER:
        other = other.replace(line, "What was new")
    assert copied_page.sniff(other.encode(), "page.md") < SURE_ENOUGH


@pytest.mark.parametrize(
    "title", ["Kites (/kaɪts/): A Study", "Attention to (/dev/null)", "Lamps <https://example.org/x>"]
)
def test_an_address_in_a_title_stays_in_the_title(title: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Oct 30", title, KITES, "Code (https://huggingface.co/fjord-ai/kites).", four]) + "\n"
    (entry,) = whole(text)
    assert entry.paper.title == title
    assert entry.paper.abstract == f"{KITES}\n\nCode (https://huggingface.co/fjord-ai/kites)."


def test_a_link_in_an_abstract_makes_a_page_no_markdown() -> None:
    four = "  • 4 authors\n·\nOct 29"
    linked = f"{KITES} See [here](https://huggingface.co/papers/2401.00001) and [code](https://example.org), *too*."
    text = "\n\n".join([*BANNER, "Oct 30", "-", "Kites", linked, four, "7", "Lamps", LAMPS, four]) + "\n"
    assert [(e.paper.abstract, e.paper.upvotes) for e in whole(text)] == [(linked, 0), (LAMPS, 7)]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_broken_abstract_may_stand_right_above_its_byline(width: int) -> None:
    four = "  • 4 authors\n·\nOct 29"
    papers = [("Kites", KITES), (LONG_TITLE, LAMPS), ("Geese", GEESE)]
    blocks = [f"{broken(title, width)}\n\n{broken(abstract, width)}\n{four}" for title, abstract in papers]
    text = "\n\n".join([*BANNER, "Oct 30", *blocks]) + "\n"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)] == papers
    assert all(entry.published_on == MonthDay(10, 29) for entry in whole(text))


def test_an_address_alone_on_a_line_stays_in_the_abstract() -> None:
    address = "https://huggingface.co/fjord-ai/kites-of-the-fjord"
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Oct 30", "Kites", f"{KITES}\n{address}\n{LAMPS}", four, "Lamps", LAMPS, four]) + "\n"
    kites, lamps = whole(text)
    assert (kites.paper.abstract, lamps.paper.abstract) == (f"{KITES}\n\n{address}\n\n{LAMPS}", LAMPS)


def test_a_title_that_fills_its_line_takes_no_words_of_the_abstract() -> None:
    title = "Kites and Lamps: How They Turn, How They Burn, and Why They Do at All"
    url = "https://example.org/a/rather/long/address/of/a/page/about/kites"
    abstract = f"Alignment of {KITES} Our code: {url} and {LAMPS}"
    lines = ["5", title, broken(abstract), "4 authors", "·", "Oct 29", "7", "Lamps", LAMPS, "1 authors", "·", "Oct 28"]
    text = "\n".join([*BANNER, "Oct 30", *lines]) + "\n"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)] == [(title, abstract), ("Lamps", LAMPS)]


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    [
        *(
            " ",
            "\t[",
            "\n",
            "[ [a] ",
            "[a]\n",
            "`",
            "[",
            "![",
            "](",
            "[](",
            "* ",
            "* \n",
            "### ",
            "\\",
            "[x](/papers/2606.00683)",
            "![a](b\n",
            "Submitted by\n",
        ),
        *(
            "Submitted by ada\n",
            "arxiv:2607.21783\n",
            "A\n",
            "10 authors\n",
            "Published on Jul 3\n",
            "Upvote",
            "GitHub",
        ),
        "A title of a paper that is broken at a width as long as\n",
        as_markdown(PAPERS[1]) + "\n\n",
        as_words(PAPERS[1]) + "\n",
    ],
)
@pytest.mark.parametrize("head", ["# Daily Papers\n[x](/papers/2606.00683)\n", ""])
def test_reading_takes_linear_time(unit: str, head: str) -> None:
    # Reading sixteen times the text may take at most forty times as long. Quadratic time would be 256 times as long.
    assert seconds(head, unit, 160_000) <= 40 * max(seconds(head, unit, 10_000), 0.0005)
