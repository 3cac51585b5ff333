"""A saved HTML page of Daily Papers: its JSON data, its cards if there is no data, and truncated pages."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.hugging_face import saved_page
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Link, Organization
from store.model.partial_date import MonthDay
from tests.timing import shortest_time

REAL = "hf-html/slbqc-huggingface_papers-2024-08.html"
DATA = b'data-target="DailyPapers"'


def read(page: str | bytes) -> list[Item]:
    return list(saved_page.read(io.BytesIO(page.encode() if isinstance(page, str) else page)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def item(number: int) -> dict[str, Any]:
    paper = {
        "id": f"2606.{number:05}",
        "title": f"Paper {number}",
        "summary": 'With <i>tags</i>, "quotation marks", an apostrophe\'s & an ampersand.',
        "publishedAt": "2026-06-10T00:00:00.000Z",
        "submittedOnDailyAt": "2026-06-12T00:00:00.000Z",
        "upvotes": number,
    }
    return {"paper": paper, "title": f"Paper {number}", "numComments": 0}


def page(papers: list[dict[str, Any]], **around: Any) -> str:
    data = html.escape(json.dumps({"dateString": "2026-06-12", "periodType": "day", **around, "dailyPapers": papers}))
    return (
        "<!doctype html>\n<html><head><title>Daily Papers - Hugging Face</title></head>\n<body>"
        '<div class="x" data-target="DailyPapersBannerSubscribe" data-props="{&quot;isLoggedIn&quot;:false}"></div>\n'
        f'<div class="x" data-target="DailyPapers" data-props="{data}"><main></main></div></body></html>'
    )


def card(number: int, *, title: str | None = None) -> str:
    return f"""<article class="relative">
<a href="/papers/2606.{number:05}"><img src="x"></a>
<a href="/login?next=%2Fpapers%2F2606.{number:05}"><div><input type="checkbox"><div>{number}</div></div></a>
<h3><a href="/papers/2606.{number:05}">{title or f"Paper &amp; {number}"}</a></h3>
<ul><li>·
  5 authors</li></ul><a href="/papers/2606.{number:05}#community"><svg></svg>
  2</a></article>"""


def cards(count: int, before: str = "") -> str:
    between = "\n".join(card(number) for number in range(count))
    return f"<!doctype html>{before}<html><title>Daily Papers - Hugging Face</title><body>{between}</body></html>"


def test_the_real_page_gives_an_entry_for_each_card(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    expected = re.findall(rb'<h3[^>]*><a href="/papers/(\d{4}\.\d{5})"', content)
    assert len(expected) == 13
    items = read(content)
    assert items[0] == ListingDay(MonthDay(8, 1, 2024))
    assert [entry.paper.arxiv_id for entry in entries(items)] == [each.decode() for each in expected]
    assert len(items) == 14
    assert saved_page.sniff(content[:65536], "x") > 0.9


def test_the_real_page_gives_every_field(listings: Path) -> None:
    papers = entries(read((listings / REAL).read_bytes()))
    assert {entry.listed_on for entry in papers} == {date(2024, 8, 1)}
    llama, _, moma, *_ = (entry.paper for entry in papers)
    assert llama.title == "The Llama 3 Herd of Models"
    assert (len(llama.authors), llama.author_count) == (533, 533)
    assert (llama.authors[0].name, llama.authors[4].name) == ("Abhimanyu Dubey", "Ahmad Al-Dahle")
    assert (llama.upvotes, llama.comment_count, llama.published) == (94, 5, date(2024, 7, 31))
    assert llama.abstract is not None
    assert llama.abstract.startswith("Modern artificial intelligence (AI) systems")
    assert llama.links == (
        Link("page", "https://huggingface.co/papers/2407.21783"),
        Link("pdf", "https://arxiv.org/pdf/2407.21783"),
    )
    assert moma.title == "MoMa: Efficient Early-Fusion Pre-training with Mixture of Modality-Aware Experts"
    assert (moma.upvotes, moma.comment_count, moma.author_count) == (19, 5, 8)
    last = papers[-1].paper
    assert (last.arxiv_id, last.published, last.upvotes, last.author_count) == ("2404.01300", date(2024, 4, 1), 3, 6)


def test_the_cards_of_the_real_page_agree_with_its_data(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    whole = [entry.paper for entry in entries(read(content))]
    items = read(content.replace(DATA, b'data-target="Other"'))
    assert isinstance(items[0], Warned)
    card_papers = [entry.paper for entry in entries(items)]
    for field in ("title", "arxiv_id", "author_count", "upvotes", "comment_count", "links"):
        assert [getattr(paper, field) for paper in card_papers] == [getattr(paper, field) for paper in whole], field
    assert {paper.abstract for paper in card_papers} == {None}


def test_text_in_the_data_is_unescaped() -> None:
    (_, entry) = read(page([item(0)]))
    assert isinstance(entry, Entry)
    assert entry.paper.abstract == 'With <i>tags</i>, "quotation marks", an apostrophe\'s & an ampersand.'
    assert (entry.line, entry.listed_on) == (4, date(2026, 6, 12))


def test_the_attribute_may_have_single_quotation_marks_and_any_place() -> None:
    data = json.dumps({"dailyPapers": [item(1)]}).replace("'", "&#39;")
    items = read(f"<html><div data-props='{data}' id=x data-target=DailyPapers></div></html>")
    assert [entry.paper.title for entry in entries(items)] == ["Paper 1"]


def test_only_data_with_exactly_this_target_is_read() -> None:
    other = page([item(0)]).replace('"DailyPapers"', '"DailyPapersBanner"')
    with pytest.raises(ListingError, match="not a page of Daily Papers"):
        read(other)


def test_a_page_without_papers_gives_a_warning() -> None:
    assert read(page([])) == [ListingDay(MonthDay(6, 12, 2026)), Warned("the list holds no papers")]


def test_one_invalid_paper_costs_one() -> None:
    bad = item(5)
    bad["paper"]["upvotes"] = "many"
    items = read(page([item(4), bad, item(6)]))
    assert [entry.paper.title for entry in entries(items)] == ["Paper 4", "Paper 6"]
    (refused,) = [each for each in items if isinstance(each, Refused)]
    assert (refused.index, refused.line) == (2, 4)


def test_a_page_cut_inside_its_data_gives_the_papers_before_the_cut() -> None:
    whole = page([item(number) for number in range(4)])
    start, end = whole.index("dailyPapers&quot;"), whole.index("><main>")
    for cut in range(start, end):
        items = read(whole[:cut])
        titles = [entry.paper.title for entry in entries(items)]
        assert titles == [f"Paper {number}" for number in range(len(titles))]
        assert isinstance(items[-1], CutShort) or (len(titles) == 4 and whole[:cut].endswith("}"))
        assert whole[:cut].count("numComments&quot;: 0}") == len(titles)


def test_a_page_cut_before_its_papers_is_an_error() -> None:
    whole = page([item(0)])
    for cut in range(whole.index("<html>") + 6, whole.index("{&quot;dateString")):
        with pytest.raises(ListingError, match="cut before its papers begin; save it again"):
            read(whole[:cut])


def test_a_page_cut_behind_its_data_gives_all_papers() -> None:
    whole = page([item(0), item(1)])
    items = read(whole[: whole.index("<main>") + 3])
    assert len(entries(items)) == 2
    assert not [each for each in items if isinstance(each, CutShort)]


def test_the_cards_of_a_page_without_data_are_read() -> None:
    items = read(cards(3))
    assert isinstance(items[0], Warned)
    assert "abstracts" in items[0].text
    paper = entries(items)[2].paper
    assert (paper.title, paper.arxiv_id) == ("Paper & 2", "2606.00002")
    assert (paper.upvotes, paper.author_count, paper.comment_count) == (2, 5, 2)
    assert [entry.line for entry in entries(items)] == [1, 8, 15]


def test_the_cards_of_a_search_have_abstracts_dates_and_organizations() -> None:
    abstract = "We fly 400 kites over a fjord and ask each of them where the wind will turn."
    foot = (
        '<a href="/fjord-ai"><img alt="fjord-ai" src="o.png"><span>Fjord AI</span></a><div>·</div><div>May 29 '
        '<a href="/papers/2606.00683#community">6</a></div>'
    )
    text = (
        "<!doctype html><html><head><title>Daily Papers - Hugging Face</title></head><body><article>"
        '<a href="/login?next=%2Fpapers%2F2606.00683"><div>1.2k</div></a>'
        f'<h3><a href="/papers/2606.00683">Kites</a></h3><a href="/papers/2606.00683"><p>{abstract}</p></a>{foot}'
        '</article><article><a href="/login?next=x"><div>-</div></a><h3><a href="/papers/2606.00684">Lamps</a></h3>'
        "<p>3 authors</p><div>·</div><div>Feb 27, 2025</div></article></body></html>"
    )
    assert saved_page.sniff(text.replace("Daily", "Trending").encode(), "page.html") > SURE_ENOUGH
    kites, lamps = entries(read(text))
    assert (kites.paper.abstract, kites.paper.organization) == (abstract, Organization("Fjord AI", "fjord-ai"))
    assert (kites.paper.upvotes, kites.paper.comment_count) == (1200, 6)
    assert kites.published_on == MonthDay(5, 29)
    assert (lamps.paper.abstract, lamps.paper.organization, lamps.paper.author_count) == (None, None, 3)
    assert (lamps.paper.upvotes, lamps.published_on) == (0, MonthDay(2, 27, 2025))


def test_the_page_of_one_paper_gives_that_paper() -> None:
    text = page([item(0)]).replace("DailyPapersBannerSubscribe", "MainHeader").replace("Daily Papers", "Paper page")
    data = {**item(7), "comments": [{"id": "a"}], "models": [{"id": "a/b"}], "relatedPapers": [item(8)]}
    text = re.sub(
        r'data-target="DailyPapers" data-props="[^"]*"',
        lambda _: f'data-target="PaperContent" data-props="{html.escape(json.dumps(data))}"',
        text,
    )
    assert saved_page.sniff(text.encode(), "page.html") > SURE_ENOUGH
    (entry,) = read(text)
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.arxiv_id) == ("Paper 7", "2606.00007")
    assert entry.paper.abstract == item(7)["paper"]["summary"]


def test_the_listing_day_comes_from_the_address_of_the_page() -> None:
    saved = "<!-- saved from url=(0046)https://huggingface.co/papers/date/2024-08-01 -->"
    items = read(cards(1, before=saved))
    assert items[0] == ListingDay(MonthDay(8, 1, 2024))
    assert entries(items)[0].listed_on == date(2024, 8, 1)
    assert not [each for each in read(cards(1, saved.replace("08-01", "13-41"))) if isinstance(each, ListingDay)]


def test_a_page_cut_in_a_card_does_not_produce_that_card() -> None:
    whole = cards(3)
    for cut in range(whole.index("</article>") + 10, len(whole) - len("</html>") + 1):
        items = read(whole[:cut])
        assert len(entries(items)) == whole[:cut].count("</article")
        assert isinstance(items[-1], CutShort), cut


def test_a_card_without_a_title_is_refused() -> None:
    items = read(cards(1).replace("Paper &amp; 0", " "))
    assert [each for each in items if isinstance(each, Refused)] == [Refused(1, 1, "a card with no title")]


def test_other_pages_are_not_detected() -> None:
    for text in (
        "<html><title>Daily News</title></html>",
        "<?xml version='1.0'?><feed><title>Daily Papers</title></feed>",
        '{"html": "<div data-target=\\"DailyPapers\\">"}',
        "Daily Papers\n<html>",
        "",
        "<",
        '<a href="/papers/2401.00001">',
    ):
        assert saved_page.sniff(text.encode(), "x.html") == 0.0, text
    assert saved_page.sniff(cards(1).replace("Daily Papers", "huggingface.co").encode(), "x") >= 0.5
    assert saved_page.sniff(page([item(0)]).encode("utf-16"), "x") > 0.9


def test_a_file_that_is_not_such_a_page_is_an_error_of_one_line() -> None:
    for text in ("", "  \n", "hello", "<html></html>", "[]", page([]).replace("{&quot;dateString", "@"), "\0" * 100):
        with pytest.raises(ListingError) as raised:
            read(text)
        assert str(raised.value)
        assert "\n" not in str(raised.value)


SHAPES: dict[str, Callable[[int], str]] = {
    "a page": lambda size: page([item(number) for number in range(size // 100)]),
    "cards": lambda size: cards(size // 100),
    "tags that do not end": lambda size: "<a " * size,
    "elements in elements": lambda size: "<html>" + "<div>" * size,
    "cards in cards": lambda size: "<html>" + '<article><a href="/papers/2401.00001"><h3>t</h3>' * (size // 50),
    "data tags that do not end": lambda size: f"<div {DATA.decode()} " * (size // 10),
    "attributes that do not end": lambda size: "<div a='\"" * size,
    "names of pages": lambda size: "<html><meta og:url " * (size // 10),
    "deep cards": lambda size: (
        "<html>" + ("<article>" + '<a href="/papers/2401.00001">' + "<div>" * 900) * (size // 900)
    ),
}


@pytest.mark.timing
@pytest.mark.parametrize("shape", SHAPES)
def test_reading_takes_linear_time(shape: str) -> None:
    def seconds(text: bytes) -> float:
        return shortest_time(lambda: read(text))

    small, large = (seconds(SHAPES[shape](size).encode()) for size in (8_000, 32_000))
    assert large < 4 * 2.5 * small + 0.02


_PIECES = [
    "<",
    ">",
    '"',
    "'",
    "<div",
    "</article>",
    "<article>",
    "&quot;",
    "&#",
    "{",
    "]",
    "-->",
    "<!--",
    "\0",
    "<h3>",
    "é",
]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_mutated_pages_never_raise_anything_but_listing_error(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([page([item(0), item(1)]), cards(2)]))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(_PIECES)) + text[at + data.draw(st.integers(0, 30)) :]
    saved_page.sniff(text.encode(), "x")
    try:
        assert read(text)
    except ListingError as error:
        assert str(error)


@settings(max_examples=100, deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.lists(st.sampled_from(_PIECES), max_size=30).map(lambda parts: "".join(parts).encode())
)
def test_random_bytes_never_raise_anything_but_listing_error(content: bytes) -> None:
    saved_page.sniff(content, "x")
    with contextlib.suppress(ListingError):
        assert read(content)
