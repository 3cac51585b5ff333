"""Copied pages of Daily Papers: bylines, abstracts, cards, and the parts of the site around them."""

from __future__ import annotations

import textwrap

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, ListingDay, Refused, Warned
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.copied_pages import (
    BANNER,
    FOUR,
    GEESE,
    KITES,
    LAMPS,
    bare,
    entries,
    other_items,
    page,
    read,
    titles,
    whole,
)


def test_a_page_gives_its_day_and_its_papers_in_order() -> None:
    items = read(page("Kites", KITES, "  • 4 authors\n·\nAug 24 2", "Lamps", LAMPS, "  • 12 authors\n·\nMar 29, 2024"))
    day, kites, lamps = items
    assert day == ListingDay(MonthDay(10, 30))
    assert isinstance(kites, Entry)
    assert isinstance(lamps, Entry)
    assert (kites.paper.title, kites.paper.abstract, kites.line) == ("Kites", KITES, 13)
    assert (kites.paper.author_count, kites.paper.comment_count, kites.published_on) == (4, 2, MonthDay(8, 24))
    assert (lamps.paper.author_count, lamps.paper.comment_count) == (12, 0)
    assert lamps.published_on == MonthDay(3, 29, 2024)
    assert lamps.line == 21


def test_one_author_may_be_written_in_the_plural() -> None:
    both = whole(page("Kites", KITES, "  • 1 authors\n·\nOct 29", "Lamps", LAMPS, "  • 1 author\n·\nOct 29"))
    assert [entry.paper.author_count for entry in both] == [1, 1]


@pytest.mark.parametrize(
    ("who", "slug", "name"),
    [
        ("kaist-ai KAIST AI", "kaist-ai", "KAIST AI"),
        ("Character-lab Character-lab", "Character-lab", "Character-lab"),
        ("UCAS ucas", "UCAS", "ucas"),
        ("ecole.x_1 École d’été (Zürich)", "ecole.x_1", "École d’été (Zürich)"),
        ("Quillfish", None, "Quillfish"),
    ],
)
def test_an_organization_may_stand_in_place_of_the_authors(who: str, slug: str | None, name: str) -> None:
    (entry,) = whole(page("Kites", KITES, f"{who}\n·\nOct 24, 2025 1"))
    assert entry.paper.organization == Organization(name=name, slug=slug)
    assert entry.paper.author_count is None
    assert (entry.published_on, entry.paper.comment_count) == (MonthDay(10, 24, 2025), 1)


def test_a_paper_without_a_byline_does_not_take_the_byline_of_the_next_paper() -> None:
    kites, lamps, geese = whole(page("Kites", KITES, "Lamps", LAMPS, "Geese", GEESE, "  • 7 authors\n·\nFeb 3 5"))
    for lone in (kites, lamps):
        assert lone.published_on is None
        assert lone.paper.author_count is None
        assert lone.paper.comment_count is None
    assert (lamps.paper.title, lamps.paper.abstract) == ("Lamps", LAMPS)
    assert (geese.published_on, geese.paper.author_count, geese.paper.comment_count) == (MonthDay(2, 3), 7, 5)


def test_a_paper_whose_byline_lacks_the_authors_keeps_its_date() -> None:
    (entry,) = whole(page("Kites", KITES, "·\nFeb 3 5"))
    assert (entry.paper.abstract, entry.paper.organization) == (KITES, None)
    assert (entry.published_on, entry.paper.author_count, entry.paper.comment_count) == (MonthDay(2, 3), None, 5)


@pytest.mark.parametrize(
    "title",
    [
        "What are human values, and how do we align AI to them?",
        "The Kite Benchmark:Would a Kite Choose to Fall?",
        "Neurosymbolic Kites -- Why, What, and How",
        "May 4",
        "May 4, 2024",
        "Oct 30 2",
        "March 2031",
        "2048",
        "Subscriber Churn in Kite Clubs",
        "new",
        "Datasets",
        "4 authors walk into a bar",
        "Attention Is Expensive.",
        "$10^{-3}$ Kites",
        "俳句と凧",
        "الطائرات الورقية",
        "-",
    ],
)
def test_titles_that_look_like_other_lines_are_titles(title: str) -> None:
    dated = page("Kites", KITES, FOUR, title, LAMPS, FOUR)
    assert [(e.paper.title, e.paper.abstract) for e in whole(dated)][1] == (title, LAMPS)
    first = page(title, LAMPS, FOUR, "Kites", KITES, FOUR)
    assert [e.paper.title for e in whole(first)] == [title, "Kites"]
    undated = page("Kites", KITES, title, LAMPS, FOUR)
    assert [e.published_on for e in whole(undated)] == [None, MonthDay(10, 29)]
    assert [e.paper.title for e in whole(bare("Kites", KITES, title, LAMPS))] == ["Kites", title]


def test_a_title_that_looks_like_a_date_is_not_a_listing_day() -> None:
    day_missing = BANNER + "\n\n".join(["May 4", KITES, FOUR])
    assert not any(isinstance(item, ListingDay) for item in read(day_missing))
    assert titles(day_missing) == ["May 4"]


@pytest.mark.parametrize(
    ("printed", "date", "comments"),
    [
        ("Oct 29", MonthDay(10, 29), 0),
        ("Oct 9, 2025", MonthDay(10, 9, 2025), 0),
        ("Oct 1, 2025 20", MonthDay(10, 1, 2025), 20),
        ("October 29 3", MonthDay(10, 29), 3),
        ("Sept. 3, 2023", MonthDay(9, 3, 2023), 0),
        ("Feb 29", MonthDay(2, 29), 0),
        ("Feb 29, 2024", MonthDay(2, 29, 2024), 0),
        ("Oct\u00a029 3", MonthDay(10, 29), 3),
        # The layout of the trending page, which prints no comment counts.
        ("Published on Oct 4, 2026", MonthDay(10, 4, 2026), None),
        ("Aug 24\n2", MonthDay(8, 24), 2),
    ],
)
def test_every_form_of_a_date_is_read(printed: str, date: MonthDay, comments: int | None) -> None:
    for after in ((), ("Lamps", LAMPS, FOUR)):
        entry = whole(page("Kites", KITES, f"  • 4 authors\n·\n{printed}", *after))[0]
        assert (entry.published_on, entry.paper.comment_count) == (date, comments)


@pytest.mark.parametrize("printed", ["Feb 30", "Feb 29, 2023", "Octopus 3", "Oct 32", "yesterday", "Jan 1, 0000"])
def test_an_invalid_date_gives_a_warning_and_costs_nothing_else(printed: str) -> None:
    text = page("Kites", KITES, f"  • 4 authors\n·\n{printed}", "Lamps", LAMPS, FOUR)
    kites, lamps = entries(text)
    assert (kites.published_on, kites.paper.author_count, kites.paper.comment_count) == (None, 4, None)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", MonthDay(10, 29))
    assert [type(item) for item in other_items(text)] == [Warned]
    assert printed in other_items(text)[0].text  # type: ignore[union-attr]


def test_a_byline_without_a_date_does_not_take_the_next_title_as_its_date() -> None:
    kites, lamps = whole(page("Kites", KITES, "  • 4 authors\n·", "Lamps", LAMPS, FOUR))
    assert (kites.published_on, kites.paper.author_count) == (None, 4)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", MonthDay(10, 29))


def test_a_byline_without_a_title_is_refused_with_its_line() -> None:
    items = read(page("Kites", KITES, FOUR, FOUR, "Lamps", LAMPS, FOUR))
    refused = [item for item in items if isinstance(item, Refused)]
    assert [(item.index, item.line) for item in refused] == [(2, 21)]
    assert titles(page("Kites", KITES, FOUR, FOUR, "Lamps", LAMPS, FOUR)) == ["Kites", "Lamps"]


def test_an_abstract_without_a_title_is_refused_and_does_not_become_a_title() -> None:
    text = page("Kites", KITES, FOUR, LAMPS, FOUR, "Geese", GEESE, FOUR)
    assert titles(text) == ["Kites", "Geese"]
    assert [(item.index, item.line) for item in other_items(text) if isinstance(item, Refused)] == [(2, 21)]


def test_an_abstract_in_several_paragraphs_is_one_abstract() -> None:
    (entry,) = whole(page("Kites", KITES, LAMPS, "Code: https://example.org/kites", "We fly at dawn.", FOUR))
    assert entry.paper.abstract == "\n\n".join([KITES, LAMPS, "Code: https://example.org/kites", "We fly at dawn."])
    assert entry.published_on == MonthDay(10, 29)


@pytest.mark.parametrize("opening", ["We study kites.", "k" * 255 + " and more of them"])
def test_the_first_paragraph_of_an_abstract_may_be_short(opening: str) -> None:
    (entry,) = whole(page("Kites", opening, LAMPS, FOUR))
    assert entry.paper.abstract == f"{opening}\n\n{LAMPS}"


def test_a_title_without_an_abstract_does_not_take_the_next_title_as_its_abstract() -> None:
    for text in (
        page("Kites", KITES, FOUR, "Bare Title", "Lamps", LAMPS, FOUR),
        page("Kites", KITES, FOUR, "Bare Title", FOUR, "Lamps", LAMPS, FOUR),
        page("Kites", KITES, "Bare Title", FOUR, "Lamps", LAMPS, FOUR),
        bare("Kites", KITES, "Bare Title", "Lamps", LAMPS),
    ):
        assert [(e.paper.title, bool(e.paper.abstract)) for e in whole(text)] == [
            ("Kites", True),
            ("Bare Title", False),
            ("Lamps", True),
        ]


@pytest.mark.parametrize("short", ["We study kites.", "A kite!", "Kites, explained at https://example.org/k"])
def test_a_very_short_abstract_is_an_abstract(short: str) -> None:
    for text in (
        page("Kites", short, FOUR, "Lamps", LAMPS, FOUR),
        page("Kites", short, "Lamps", LAMPS, FOUR),
        page("Lamps", LAMPS, FOUR, "Kites", short, FOUR),
        bare("Kites", short, "Lamps", LAMPS),
    ):
        assert ("Kites", short) in [(e.paper.title, e.paper.abstract) for e in whole(text)]
        assert sorted(titles(text)) == ["Kites", "Lamps"]


def test_lines_broken_at_a_width_are_joined() -> None:
    def wrapped(text: str) -> str:
        return textwrap.fill(text, 78)

    kites, lamps = whole(page("Kites", wrapped(KITES), FOUR, "Lamps", wrapped(LAMPS), "Quillfish\n·\nOct 3 1"))
    assert (kites.paper.title, kites.paper.abstract) == ("Kites", KITES)
    assert (lamps.paper.abstract, lamps.paper.comment_count) == (LAMPS, 1)
    cut = page("Kites", wrapped(KITES), FOUR, "Lamps", "\n".join(wrapped(LAMPS).split("\n")[:5]) + "\n")
    assert titles(cut) == ["Kites"]
    assert [type(item) for item in other_items(cut)] == [CutShort]


def test_subscribe_is_removed_from_the_first_title_of_a_page_without_bylines() -> None:
    assert titles(bare("Kites", KITES, "Lamps", LAMPS)) == ["Kites", "Lamps"]
    assert titles(bare("k-Means for Kites", KITES)) == ["k-Means for Kites"]
    assert [(e.line, e.published_on) for e in whole(bare("Kites", KITES, "Lamps", LAMPS))] == [(3, None), (5, None)]


def test_a_title_that_starts_with_subscribe_is_unchanged() -> None:
    for title in ("Subscribers and Their Kites", "SubscribeNet"):
        assert titles(page(title, KITES, FOUR)) == [title]
        assert titles("\n\n".join([BANNER, title, KITES, FOUR])) == [title]
    for title in ("Subscribe to a Kite", "Subscribers and Their Kites"):
        assert titles(f"{title}\n{KITES}\n") == [title]


def test_a_page_without_bylines_has_no_listing_day() -> None:
    assert not any(isinstance(item, ListingDay) for item in read(bare("Kites", KITES)))


@pytest.mark.parametrize("missing", range(32))
def test_any_part_of_the_banner_may_be_missing(missing: int) -> None:
    parts = BANNER.strip().split("\n\n")
    remaining = [part for at, part in enumerate(parts) if not missing >> at & 1]
    text = "\n\n".join([*remaining, "Oct 30", "Kites", KITES, FOUR, "Lamps", LAMPS, FOUR])
    assert [item for item in read(text) if isinstance(item, ListingDay)] == [ListingDay(MonthDay(10, 30))]
    assert [e.paper.title for e in whole(text)] == ["Kites", "Lamps"]
    assert copied_page.sniff(text.encode(), "x.txt") >= SURE_ENOUGH


@pytest.mark.parametrize("day", ["October 30", "Oct 30, 2024", "Oct. 30", "Oct\n30"])
def test_the_listing_day_may_be_printed_in_full(day: str) -> None:
    (listing_day,) = [item for item in read(page("Kites", KITES, FOUR, day=day)) if isinstance(item, ListingDay)]
    assert (listing_day.day.month, listing_day.day.day) == (10, 30)
    assert titles(page("Kites", KITES, FOUR, day=day)) == ["Kites"]
    assert listing_day.day.year == (2024 if "2024" in day else None)


def test_the_navigation_of_the_site_is_not_a_paper() -> None:
    above = "Hugging Face\n\nModels\n\nBuckets new\n\nSomething the Site Adds\n\nLog In\n\nSign Up\n\n"
    tabs = BANNER + "Daily\n\nWeekly\n\nMonthly\n\nTrending Papers\n\n"
    below = "\n\nPrevious\n\nNext\n\nCompany\n\nTOS\n\nPrivacy\n\nWebsite\n\nModels\n\n"
    text = above + tabs + "\n\n".join(["Oct 30", "Kites", KITES, FOUR, "Lamps", LAMPS]) + below
    assert [e.paper.title for e in whole(text)] == ["Kites", "Lamps"]
    assert read(text)[0] == ListingDay(MonthDay(10, 30))


def test_a_page_that_ends_in_the_footer_of_the_site_is_not_cut() -> None:
    text = page("Kites", KITES, FOUR, "Lamps Without an Abstract") + "\n\nPrevious\n\nNext"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)][1] == ("Lamps Without an Abstract", None)


@pytest.mark.parametrize("by", ["by AK and the research community", "by\n\nAK\n\nand the research community"])
def test_the_words_of_the_banner_may_stand_on_several_lines(by: str) -> None:
    text = page("Kites", KITES, FOUR).replace("byAK and the research community", by)
    assert [e.paper.title for e in whole(text)] == ["Kites"]


def test_upvotes_belong_to_the_title_below_them() -> None:
    text = page(
        *("101", "Kites", KITES, "  • 4 authors\n·\nOct 29 2"),
        *("-", "Lamps", LAMPS, "  • 5 authors\n·\nOct 28, 2025\n3"),
        *("7", "2048", GEESE, FOUR),
    )
    assert [(e.paper.title, e.paper.upvotes, e.paper.comment_count) for e in whole(text)] == [
        ("Kites", 101, 2),
        ("Lamps", 0, 3),
        ("2048", 7, 0),
    ]


def test_a_number_below_a_date_is_the_comment_count_on_a_page_without_upvotes() -> None:
    two = whole(page("2048", KITES, "  • 4 authors\n·\nOct 29\n2", "Lamps", LAMPS, FOUR))
    assert [(e.paper.title, e.paper.comment_count, e.paper.upvotes) for e in two] == [
        ("2048", 2, None),
        ("Lamps", 0, None),
    ]


def test_a_number_in_another_place_is_not_a_comment_count() -> None:
    assert whole(page("Kites", KITES, FOUR, "May 4", "17", FOUR))[1].paper.abstract == "17"
    cut = page("5", "Kites", KITES, FOUR, "-")
    assert [(e.published_on, e.paper.comment_count) for e in entries(cut)] == [(MonthDay(10, 29), 0)]
    assert [type(item) for item in other_items(cut)] == [CutShort]


def test_upvotes_are_unknown_on_a_page_without_upvotes() -> None:
    assert [e.paper.upvotes for e in whole(page("Kites", KITES, FOUR))] == [None]


def test_the_cards_of_the_front_page_are_read_without_abstracts() -> None:
    text = page(
        *("Submitted by", "somebody", "94", "Kites", "·", "533 authors", "5"),
        *("Submitted by", "someone", "24", "Lamps: A Study", "  • ·", "1 authors"),
        *("Submitted by", "somebody", "8", "Geese", "·", "6 authors", "2"),
        *("Previous", "Next", "Company", "TOS"),
    )
    values = [(e.paper.title, e.paper.upvotes, e.paper.author_count, e.paper.comment_count) for e in whole(text)]
    assert values == [("Kites", 94, 533, 5), ("Lamps: A Study", 24, 1, 0), ("Geese", 8, 6, 2)]
    assert all(e.paper.abstract is None for e in entries(text))


def test_two_pages_in_one_file_are_both_read_with_a_warning() -> None:
    text = page("Kites", KITES, FOUR, "Lamps", LAMPS) + "\n" + page("Geese", GEESE, FOUR, day="Oct 31")
    assert titles(text) == ["Kites", "Lamps", "Geese"]
    assert [type(item) for item in other_items(text)] == [Warned]
    assert [item for item in read(text) if isinstance(item, ListingDay)] == [ListingDay(MonthDay(10, 30))]
    cards = page("Submitted by", "somebody", "Lamps: A Study", "·", "3 authors")
    assert titles(f"{cards}\n{cards}") == ["Lamps: A Study"] * 2
    without_banner = "\n".join(["Submitted by", "somebody", "Kites", "·", "3 authors", cards])
    assert titles(without_banner) == ["Kites", "Lamps: A Study"]
