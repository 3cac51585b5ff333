"""Daily Papers pages as people have them: whole, cut, wrapped, joined, and in any encoding."""

from __future__ import annotations

import io
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.hugging_face import copied_page
from store.formats.registry import SURE_ENOUGH, detect
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from store.text import clean
from tests.thorough import examples, some

SAMPLES = Path(__file__).parents[4] / "assets" / "listings"
BANNER = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\n"
)
BARE_BANNER = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
FOUR = "  • 4 authors\n·\nOct 29"
KITES = " ".join(["We fly 400 kites over a fjord and ask each of them where the wind will turn."] * 8)
LAMPS = " ".join(["Lamps that dim themselves save energy (12% on average) but annoy readers of “long” novels!"] * 8)
GEESE = " ".join(["Geese know the way: $O(n \\log n)$ turns, or naïvely $n^2$, and no map at all."] * 8)


def page(*blocks: str, day: str = "Oct 30") -> str:
    return BANNER + "\n\n".join([day, *blocks])


def bare(*lines: str) -> str:
    return BARE_BANNER + "\n".join([*lines, "\t\t\t ", "\t \n"])


def read(content: str | bytes) -> list[Item]:
    raw = content.encode() if isinstance(content, str) else content
    return list(copied_page.read(io.BytesIO(raw)))


def entries(content: str | bytes) -> list[Entry]:
    return [item for item in read(content) if isinstance(item, Entry)]


def the_rest(content: str | bytes) -> list[Item]:
    return [item for item in read(content) if not isinstance(item, Entry | ListingDay)]


def titles(content: str | bytes) -> list[str]:
    return [entry.paper.title for entry in entries(content)]


def whole(content: str | bytes) -> list[Entry]:
    """The entries of a page of which nothing may be refused, warned of or cut."""
    assert the_rest(content) == []
    return entries(content)


# -- the page with bylines


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


def test_one_author_is_written_in_the_plural_on_the_site() -> None:
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
def test_an_organization_stands_where_the_authors_do(who: str, slug: str | None, name: str) -> None:
    (entry,) = whole(page("Kites", KITES, f"{who}\n·\nOct 24, 2025 1"))
    assert entry.paper.organization == Organization(name=name, slug=slug)
    assert entry.paper.author_count is None
    assert (entry.published_on, entry.paper.comment_count) == (MonthDay(10, 24, 2025), 1)


def test_a_paper_without_a_byline_does_not_take_the_next_ones() -> None:
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
def test_any_title_is_a_title(title: str) -> None:
    dated = page("Kites", KITES, FOUR, title, LAMPS, FOUR)
    assert [(e.paper.title, e.paper.abstract) for e in whole(dated)][1] == (title, LAMPS)
    first = page(title, LAMPS, FOUR, "Kites", KITES, FOUR)
    assert [e.paper.title for e in whole(first)] == [title, "Kites"]
    undated = page("Kites", KITES, title, LAMPS, FOUR)
    assert [e.published_on for e in whole(undated)] == [None, MonthDay(10, 29)]
    assert [e.paper.title for e in whole(bare("Kites", KITES, title, LAMPS))] == ["Kites", title]


def test_a_title_that_looks_like_a_date_is_not_taken_for_a_missing_listing_day() -> None:
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
        # The trending page, which prints no comments.
        ("Published on Oct 4, 2026", MonthDay(10, 4, 2026), None),
        ("Aug 24\n2", MonthDay(8, 24), 2),
    ],
)
def test_dates_of_every_shape_are_read(printed: str, date: MonthDay, comments: int | None) -> None:
    for after in ((), ("Lamps", LAMPS, FOUR)):
        entry = whole(page("Kites", KITES, f"  • 4 authors\n·\n{printed}", *after))[0]
        assert (entry.published_on, entry.paper.comment_count) == (date, comments)


@pytest.mark.parametrize("printed", ["Feb 30", "Feb 29, 2023", "Octopus 3", "Oct 32", "yesterday", "Jan 1, 0000"])
def test_a_date_that_is_none_is_said_and_costs_nothing_else(printed: str) -> None:
    text = page("Kites", KITES, f"  • 4 authors\n·\n{printed}", "Lamps", LAMPS, FOUR)
    kites, lamps = entries(text)
    assert (kites.published_on, kites.paper.author_count, kites.paper.comment_count) == (None, 4, None)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", MonthDay(10, 29))
    assert [type(item) for item in the_rest(text)] == [Warned]
    assert printed in the_rest(text)[0].text  # type: ignore[union-attr]


def test_a_byline_whose_date_is_missing_does_not_take_the_next_title_for_it() -> None:
    kites, lamps = whole(page("Kites", KITES, "  • 4 authors\n·", "Lamps", LAMPS, FOUR))
    assert (kites.published_on, kites.paper.author_count) == (None, 4)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", MonthDay(10, 29))


def test_a_byline_under_no_title_is_refused_with_its_line() -> None:
    items = read(page("Kites", KITES, FOUR, FOUR, "Lamps", LAMPS, FOUR))
    refused = [item for item in items if isinstance(item, Refused)]
    assert [(item.index, item.line) for item in refused] == [(2, 21)]
    assert titles(page("Kites", KITES, FOUR, FOUR, "Lamps", LAMPS, FOUR)) == ["Kites", "Lamps"]


def test_an_abstract_under_no_title_is_refused_and_not_made_a_title() -> None:
    text = page("Kites", KITES, FOUR, LAMPS, FOUR, "Geese", GEESE, FOUR)
    assert titles(text) == ["Kites", "Geese"]
    assert [(item.index, item.line) for item in the_rest(text) if isinstance(item, Refused)] == [(2, 21)]


# -- abstracts


def test_an_abstract_in_several_paragraphs_is_one_abstract() -> None:
    (entry,) = whole(page("Kites", KITES, LAMPS, "Code: https://example.org/kites", "We fly at dawn.", FOUR))
    assert entry.paper.abstract == "\n\n".join([KITES, LAMPS, "Code: https://example.org/kites", "We fly at dawn."])
    assert entry.published_on == MonthDay(10, 29)


@pytest.mark.parametrize("opening", ["We study kites.", "k" * 255 + " and more of them"])
def test_the_first_paragraph_of_an_abstract_may_be_short(opening: str) -> None:
    (entry,) = whole(page("Kites", opening, LAMPS, FOUR))
    assert entry.paper.abstract == f"{opening}\n\n{LAMPS}"


def test_a_title_without_an_abstract_does_not_take_the_next_title_for_one() -> None:
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
    assert [type(item) for item in the_rest(cut)] == [CutShort]


# -- the bare page


def test_the_first_title_of_a_bare_page_is_freed_from_subscribe() -> None:
    assert titles(bare("Kites", KITES, "Lamps", LAMPS)) == ["Kites", "Lamps"]
    assert titles(bare("k-Means for Kites", KITES)) == ["k-Means for Kites"]
    assert [(e.line, e.published_on) for e in whole(bare("Kites", KITES, "Lamps", LAMPS))] == [(3, None), (5, None)]


def test_a_title_that_begins_with_subscribe_is_left_alone() -> None:
    for title in ("Subscribers and Their Kites", "SubscribeNet"):
        assert titles(page(title, KITES, FOUR)) == [title]
        assert titles("\n\n".join([BANNER, title, KITES, FOUR])) == [title]
    for title in ("Subscribe to a Kite", "Subscribers and Their Kites"):
        assert titles(f"{title}\n{KITES}\n") == [title]


def test_a_bare_page_has_no_listing_day() -> None:
    assert not any(isinstance(item, ListingDay) for item in read(bare("Kites", KITES)))


# -- what stands around the papers


@pytest.mark.parametrize("missing", range(32))
def test_any_part_of_the_banner_may_be_missing(missing: int) -> None:
    parts = BANNER.strip().split("\n\n")
    kept = [part for at, part in enumerate(parts) if not missing >> at & 1]
    text = "\n\n".join([*kept, "Oct 30", "Kites", KITES, FOUR, "Lamps", LAMPS, FOUR])
    assert [item for item in read(text) if isinstance(item, ListingDay)] == [ListingDay(MonthDay(10, 30))]
    assert [e.paper.title for e in whole(text)] == ["Kites", "Lamps"]
    assert copied_page.sniff(text.encode(), "x.txt") >= SURE_ENOUGH


@pytest.mark.parametrize("day", ["October 30", "Oct 30, 2024", "Oct. 30", "Oct\n30"])
def test_the_listing_day_may_be_printed_in_full(day: str) -> None:
    (found,) = [item for item in read(page("Kites", KITES, FOUR, day=day)) if isinstance(item, ListingDay)]
    assert (found.day.month, found.day.day) == (10, 30)
    assert titles(page("Kites", KITES, FOUR, day=day)) == ["Kites"]
    assert found.day.year == (2024 if "2024" in day else None)


def test_the_navigation_of_the_site_is_no_paper() -> None:
    above = "Hugging Face\n\nModels\n\nBuckets new\n\nSomething the Site Adds\n\nLog In\n\nSign Up\n\n"
    tabs = BANNER + "Daily\n\nWeekly\n\nMonthly\n\nTrending Papers\n\n"
    below = "\n\nPrevious\n\nNext\n\nCompany\n\nTOS\n\nPrivacy\n\nWebsite\n\nModels\n\n"
    text = above + tabs + "\n\n".join(["Oct 30", "Kites", KITES, FOUR, "Lamps", LAMPS]) + below
    assert [e.paper.title for e in whole(text)] == ["Kites", "Lamps"]
    assert read(text)[0] == ListingDay(MonthDay(10, 30))


def test_below_the_last_paper_the_foot_of_the_site_says_that_nothing_is_cut() -> None:
    text = page("Kites", KITES, FOUR, "Lamps Without an Abstract") + "\n\nPrevious\n\nNext"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)][1] == ("Lamps Without an Abstract", None)


@pytest.mark.parametrize("by", ["by AK and the research community", "by\n\nAK\n\nand the research community"])
def test_the_words_of_the_banner_may_be_apart(by: str) -> None:
    text = page("Kites", KITES, FOUR).replace("byAK and the research community", by)
    assert [e.paper.title for e in whole(text)] == ["Kites"]


def test_upvotes_go_to_the_title_below_them() -> None:
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


def test_a_number_under_a_date_is_its_comments_where_the_page_shows_no_upvotes() -> None:
    two = whole(page("2048", KITES, "  • 4 authors\n·\nOct 29\n2", "Lamps", LAMPS, FOUR))
    assert [(e.paper.title, e.paper.comment_count, e.paper.upvotes) for e in two] == [
        ("2048", 2, None),
        ("Lamps", 0, None),
    ]


def test_a_number_that_stands_elsewhere_is_no_comment() -> None:
    assert whole(page("Kites", KITES, FOUR, "May 4", "17", FOUR))[1].paper.abstract == "17"
    cut = page("5", "Kites", KITES, FOUR, "-")
    assert [(e.published_on, e.paper.comment_count) for e in entries(cut)] == [(MonthDay(10, 29), 0)]
    assert [type(item) for item in the_rest(cut)] == [CutShort]


def test_upvotes_are_unknown_where_the_page_shows_none() -> None:
    assert [e.paper.upvotes for e in whole(page("Kites", KITES, FOUR))] == [None]


def test_the_cards_of_the_front_page_are_read_without_abstracts() -> None:
    text = page(
        *("Submitted by", "somebody", "94", "Kites", "·", "533 authors", "5"),
        *("Submitted by", "someone", "24", "Lamps: A Study", "  • ·", "1 authors"),
        *("Submitted by", "somebody", "8", "Geese", "·", "6 authors", "2"),
        *("Previous", "Next", "Company", "TOS"),
    )
    found = [(e.paper.title, e.paper.upvotes, e.paper.author_count, e.paper.comment_count) for e in whole(text)]
    assert found == [("Kites", 94, 533, 5), ("Lamps: A Study", 24, 1, 0), ("Geese", 8, 6, 2)]
    assert all(e.paper.abstract is None for e in entries(text))


def test_two_pages_in_one_file_are_both_read_and_it_is_said() -> None:
    text = page("Kites", KITES, FOUR, "Lamps", LAMPS) + "\n" + page("Geese", GEESE, FOUR, day="Oct 31")
    assert titles(text) == ["Kites", "Lamps", "Geese"]
    assert [type(item) for item in the_rest(text)] == [Warned]
    assert [item for item in read(text) if isinstance(item, ListingDay)] == [ListingDay(MonthDay(10, 30))]
    cards = page("Submitted by", "somebody", "Lamps: A Study", "·", "3 authors")
    assert titles(f"{cards}\n{cards}") == ["Lamps: A Study"] * 2
    without_banner = "\n".join(["Submitted by", "somebody", "Kites", "·", "3 authors", cards])
    assert titles(without_banner) == ["Kites", "Lamps: A Study"]


# -- bytes


TWO = page("Kites", KITES, FOUR, "Lamps", LAMPS, "Quillfish Quill & Fish\n·\nAug 24, 2025 2", "Geese", GEESE, FOUR)


@pytest.mark.parametrize("text", [TWO, bare("Kites", KITES, "Geese", GEESE)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_change_nothing(text: str, encoding: str, line_end: str) -> None:
    raw = text.replace("\n", line_end).encode(encoding)
    assert read(raw) == read(text)
    assert detect(raw[:65536], "x.txt") is copied_page


@pytest.mark.parametrize("bullet", ["\x95", "*", "-", ""])
def test_latin_1_is_read_although_it_has_no_bullet(bullet: str) -> None:
    text = page("Köpfe", GEESE, FOUR).replace("•", bullet)
    (entry,) = whole(text.encode("latin-1"))
    assert (entry.paper.title, entry.paper.author_count) == ("Köpfe", 4)
    assert entry.paper.abstract == GEESE
    assert entry.published_on == MonthDay(10, 29)
    assert detect(text.encode("latin-1"), "x.txt") is copied_page


def test_a_page_whose_utf_8_was_read_as_windows_1252_is_mended() -> None:
    text = page("Köpfe “über” 风筝", GEESE, "école École\n·\nOct 29 3", "Kites", KITES, FOUR) + "\n"
    misread = text.encode().decode("latin-1")
    for sign in range(0x80, 0xA0):
        if sign not in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
            misread = misread.replace(chr(sign), bytes([sign]).decode("cp1252"))
    assert misread != text
    assert read(misread) == read(text)
    assert detect(misread.encode(), "x.txt") is copied_page


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\n\t\t\t \n\t \n\t\t\t", "\r\n \r\n", "\n\u00a0\n"])
def test_blank_lines_at_the_end_are_nothing(end: str) -> None:
    assert read(TWO + end) == read(TWO)
    assert read(bare("Kites", KITES) + end) == read(bare("Kites", KITES))


@pytest.mark.parametrize("content", ["", "\n\n", "\t \r\n", "\ufeff", BANNER, BANNER + "Oct 30\n", "hello", "hello\n"])
def test_a_file_without_papers_is_an_error(content: str) -> None:
    with pytest.raises(ListingError):
        read(content)


# -- cut files


def _honest(prefix: bytes, of: list[Entry]) -> None:
    """A cut file gives the first papers of the whole one, and no half abstract without a word."""
    items: list[Item] = []
    try:
        for item in copied_page.read(io.BytesIO(prefix)):
            items.append(item)
    except ListingError:
        return
    found = [item for item in items if isinstance(item, Entry)]
    assert found[:-1] == of[: len(found) - 1]
    if not found:
        return
    last, true = found[-1].paper, of[len(found) - 1].paper
    assert last.title == true.title
    if last.abstract != true.abstract:
        assert last.abstract
        assert true.abstract
        assert true.abstract.startswith(last.abstract)
        assert last.abstract.rstrip('”’")]}$»')[-1] in ".!?"
        assert isinstance(items[-1], Warned)
        assert last.title in items[-1].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        page(
            "Kites",
            KITES[:300],
            FOUR,
            "Lamps",
            LAMPS[:300] + "end.",
            "quill Quill\n·\nAug 24, 2025 2",
            "Geese",
            GEESE,
            FOUR,
        ),
        bare("Kites", KITES[:312], "Lamps", LAMPS[:299] + "(or not.)", "Geese", GEESE),
    ],
)
@pytest.mark.thorough
def test_a_file_cut_at_any_byte_is_honest(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "replace")
    of = entries(raw)
    assert len(of) == 3
    for size in some(60, range(len(raw))):
        _honest(raw[:size], of)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["daily-papers-2026-10-28.txt", "daily-papers-2026-10-29.txt", "trending.txt"])
def test_the_samples_cut_anywhere_are_honest(name: str) -> None:
    raw = (SAMPLES / name).read_bytes()
    of = entries(raw)
    for size in some(25, range(0, len(raw), 97)):
        _honest(raw[:size], of)


@pytest.mark.thorough
def test_the_real_pages_cut_anywhere_are_honest(listings: Path) -> None:
    for path in sorted((listings / "hf-text").glob("*.txt")):
        raw = path.read_bytes()
        of = entries(raw)
        for size in some(20, range(0, len(raw), len(raw) // 150)):
            _honest(raw[:size], of)


@pytest.mark.parametrize("end", [KITES[:100], KITES[:310], KITES[:76] + " see https://exam", LAMPS[:57], LAMPS[:79]])
def test_a_cut_abstract_is_said_and_not_given_out(end: str) -> None:
    for text in (page("Lamps", LAMPS, FOUR, "Kites", end), BARE_BANNER + "\n".join(["Lamps", LAMPS, "Kites", end])):
        assert titles(text) == ["Lamps"]
        (cut,) = the_rest(text)
        assert isinstance(cut, CutShort)
        assert "abstract of “Kites”" in cut.reason


@pytest.mark.parametrize(
    "end",
    ["  •", "  • 4 aut", "  • 4 authors", "  • 4 authors\n·", "quill Quill\n·\nOct 1, 202", "  • 4 authors\n·\nO"],
)
def test_a_cut_byline_is_said_and_its_paper_not_given_out(end: str) -> None:
    text = page("Lamps", LAMPS, FOUR, "Kites", KITES, end)
    assert titles(text) == ["Lamps"]
    (cut,) = the_rest(text)
    assert isinstance(cut, CutShort)
    assert "byline of “Kites”" in cut.reason


def test_a_file_cut_inside_the_bullet_of_a_byline_is_said() -> None:
    raw = page("Lamps", LAMPS, FOUR, "Kites", KITES, "  •").encode()
    for size in (1, 2):
        assert titles(raw[:-size]) == ["Lamps"]
        (cut,) = the_rest(raw[:-size])
        assert isinstance(cut, CutShort)
        assert "byline of “Kites”" in cut.reason


def test_an_abstract_cut_behind_the_space_after_a_sentence_is_said() -> None:
    text = page("Lamps", LAMPS, FOUR, "Kites", KITES + " ")
    assert titles(text) == ["Lamps"]
    assert [type(item) for item in the_rest(text)] == [CutShort]


def test_a_cut_byline_under_no_title_is_said() -> None:
    text = page("Lamps", LAMPS, FOUR, "  • 4 authors")
    assert titles(text) == ["Lamps"]
    assert [type(item) for item in the_rest(text)] == [CutShort]


def test_a_cut_title_is_said_and_not_given_out() -> None:
    for text in (
        page("Lamps", LAMPS, FOUR, last)
        for last in ("Kit", "Kites\n", "Datasets", "Submitted by", "Submitted by\nme\n")
    ):
        assert titles(text) == ["Lamps"]
        assert [type(item) for item in the_rest(text)] == [CutShort]


def test_an_abstract_whose_line_ended_is_whole_whatever_it_ends_with() -> None:
    link = KITES + " Code: https://example.org/kites"
    (entry,) = whole(page("Kites", link) + "\n")
    assert entry.paper.abstract == link


def test_papers_before_a_damaged_end_of_an_archive_are_kept() -> None:
    class Damaged(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._content = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            part = self._content.read(min(len(buffer), 512))
            if not part:
                raise ListingError("damaged")
            buffer[: len(part)] = part
            return len(part)

    content = page("Kites", KITES, FOUR, "Lamps", LAMPS, FOUR, "Geese", GEESE[:100])
    found: list[Item] = []
    with pytest.raises(ListingError, match="damaged"):
        for item in copied_page.read(io.BufferedReader(Damaged(content.encode()))):
            found.append(item)
    assert [item.paper.title for item in found if isinstance(item, Entry)] == ["Kites", "Lamps"]


# -- anything at all


def _safely(raw: bytes) -> None:
    copied_page.sniff(raw[:65536], "x.txt")
    try:
        items = read(raw)
    except ListingError:
        return
    assert items
    for item in items:
        if isinstance(item, Entry):
            assert item.paper.title
            clean.entry(item)


@examples(60, 600)
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_but_listing_error(raw: bytes) -> None:
    _safely(raw)


PIECES = [
    *("\n", "\n\n", "·", "•", "  • 4 authors", "1 authors", "Oct 30", "Oct 29 3", "Feb 31", "Aug 1, 2024", "-", "17"),
    *("new", "Subscribe", "SubscribeX", "Daily Papers", "byAK and the research community", "Submitted by", "Next"),
    *(
        "Get trending papers in your email inbox!",
        "Title",
        "acme Acme",
        KITES,
        LAMPS,
        "x" * 299,
        "\t ",
        "\x00",
        "\ufffd",
    ),
]


@examples(100, 1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["\n", "", " "]))
def test_the_parts_of_a_page_in_any_order_raise_nothing_but_listing_error(parts: list[str], between: str) -> None:
    _safely(between.join(parts).encode())


@examples(60, 600)
@given(st.data())
def test_random_damage_raises_nothing_but_listing_error(data: st.DataObject) -> None:
    raw = bytearray(TWO.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 30))
        raw[at : at + length] = data.draw(st.binary(max_size=30) | st.sampled_from([b"\n", b"\r", b"\n\xc2\xb7\n"]))
    _safely(bytes(raw))


def seconds(head: str, unit: str, size: int) -> float:
    """How long it takes, at best, to tell and to read a text of `unit` over and over, `size` letters of it (s)."""
    raw = (head + unit * (size // len(unit))).encode()
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        copied_page.sniff(raw[:65536], "x.txt")
        try:
            for _item in copied_page.read(io.BytesIO(raw)):
                pass
        except ListingError:
            pass
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    [
        TWO,
        "·\n",
        "\n \t",
        "•",
        "Oct 30\n",
        "SubscribeSubscribe",
        "new\nSubscribe\n",
        BANNER,
        FOUR + "\n",
        "17\n",
        "Submitted by\n",
        "a.)\n\n",
        ".)",
        "A short line without an end\n",
    ],
)
def test_reading_takes_time_in_proportion_to_the_size(unit: str) -> None:
    # Sixteen times the size in at most forty times the time: a quadratic step would take 256.
    assert seconds("", unit, 80_000) <= 40 * max(seconds("", unit, 5_000), 0.0005)


# -- which files are ours


PROSE = "Notes on kites\n\n" + KITES + "\n\nNotes on lamps\n\n" + LAMPS + "\n\n"
OTHERS = {
    "prose": PROSE * 5,
    "a blog's article": f"How to fly\n\nAda Quill\n·\nOct 4, 2025\n\n5 min read\n·\nOct 4\n\n{KITES}",
    "a dated paragraph": f"How to fly\n\n{KITES}\n\n·\nOct 4, 2025\n\n{LAMPS}",
    "Markdown": f"# Daily\n\n### [Kites](https://example.org)\n\nby AK and the research community\n\n{KITES}",
    "RIS": f"TY  - JOUR\nTI  - Kites\nAB  - {KITES}\nPY  - 2024\nER  - \n",
    "BibTeX": f"@article{{kites,\n  title = {{Kites}},\n  abstract = {{{KITES}}}\n}}\n",
    "BibTeX with a comment": f"% my list\n@article{{kites, title = {{Kites}}, abstract = {{{KITES}}}}}\n",
    "a mail": f"From: list@example.org\nTo: me@example.org\nSubject: Daily Papers\nDate: Thu, 29 Oct 2026\n\n{KITES}",
    "an arXiv mailing": f"Subject: cs daily\n\\\\\narXiv:2610.00001\nDate: Thu, 1 Oct 2026\nTitle: K\n\\\\\n{KITES}\n",
    "CSV": "title,abstract,date\n" + f'Kites,"{KITES}","Oct 29"\n' * 3,
    "TSV": f"title\tabstract\nKites\t{KITES}\n",
    "PDF": "%PDF-1.7\n%\x80\x81\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "JSON": '[{"paper": {"title": "Kites", "summary": "Get trending papers in your email inbox!"}}]',
    "JSONL": '{"title": "Kites"}\n{"title": "Lamps"}\n',
    "HTML": "<!doctype html>\n<p>\nbyAK and the research community\n</p>",
    "XML": '<?xml version="1.0"?>\n<feed>\n·\nOct 3\n</feed>',
    "nothing": "",
    "blank lines": "\n\n\n",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_of_text_are_not_claimed(kind: str) -> None:
    for name in ("daily-papers.txt", "file"):
        assert copied_page.sniff(OTHERS[kind].encode(), name) < SURE_ENOUGH
        assert copied_page.sniff(OTHERS[kind].encode("utf-16"), name) < SURE_ENOUGH


def test_binary_files_are_not_claimed() -> None:
    assert copied_page.sniff(b"\x00\x01" + TWO.encode(), "x.txt") == 0.0
    assert copied_page.sniff(b"SQLite format 3\x00" + bytes(200), "x.txt") == 0.0
    assert copied_page.sniff(b"\x1f\x8b\x08\x00" + bytes(range(256)), "x.txt") == 0.0


def test_no_real_file_of_another_format_is_claimed(listings: Path) -> None:
    looked_at = 0
    for path in sorted(listings.glob("*/*")):
        if path.is_file():
            claimed = copied_page.sniff(path.read_bytes()[:65536], path.name) >= SURE_ENOUGH
            assert claimed == (path.parent.name == "hf-text"), path.name
            looked_at += 1
    assert looked_at > 20


@pytest.mark.parametrize(
    "text",
    [
        page("Kites", KITES, FOUR),
        bare("Kites", KITES),
        "\n\n".join(["Kites", KITES, FOUR, "Lamps", LAMPS, FOUR]),
        "\n\n".join(["Kites", KITES, "acme Acme\n·\nOct 29"]),
        f"SubscribeKites\n{KITES}\nLamps\n{LAMPS}\n",
        "Hugging Face\nModels\nDatasets\n" + page("Kites", KITES),
    ],
)
def test_a_page_is_known_by_what_it_holds_not_by_its_name(text: str) -> None:
    for name in ("x.txt", "papers", "x.json"):
        assert detect(text.encode(), name) is copied_page
    assert "Kites" in titles(text)


# -- the samples


def test_the_samples_are_read_as_they_were_meant() -> None:
    found = {path.name: whole(path.read_bytes()) for path in sorted(SAMPLES.iterdir())}
    assert {name: len(papers) for name, papers in found.items()} == {
        "daily-papers-2026-10-28.txt": 25,
        "daily-papers-2026-10-29.txt": 25,
        "trending.txt": 22,
    }
    everything = [entry for papers in found.values() for entry in papers]
    assert len({entry.paper.title for entry in everything}) == 67
    assert all(100 <= len((entry.paper.abstract or "").split()) <= 200 for entry in everything)
    for name, day in (("daily-papers-2026-10-28.txt", 28), ("daily-papers-2026-10-29.txt", 29)):
        assert read((SAMPLES / name).read_bytes())[0] == ListingDay(MonthDay(10, day))
        papers = found[name]
        assert sum(entry.published_on is None for entry in papers) == 3
        assert sum(entry.paper.organization is not None for entry in papers) >= 3
        assert sum(entry.paper.author_count == 1 for entry in papers) == 1
        assert sum(bool(entry.paper.comment_count) for entry in papers) >= 10
        dates = [entry.published_on for entry in papers if entry.published_on]
        assert {date.year for date in dates} >= {None, 2025, 2024}
        assert all((date.month, date.day) < (10, day) for date in dates if date.year is None)
    assert not any(entry.published_on for entry in found["trending.txt"])


# -- the real pages


def _by_length(path: Path) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """The lines of a real page, and title, abstract and byline of each paper by a rule of its own: there, every
    abstract has more than 600 letters and no other line has; its byline is there if "·" is two lines below.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    long = [at for at, line in enumerate(lines) if len(line) > 600]
    papers = [
        (lines[at - 1], lines[at], lines[at + 1 : at + 4] if lines[at + 2 : at + 3] == ["·"] else []) for at in long
    ]
    return lines, papers


@pytest.mark.parametrize(
    ("start", "count", "without", "organizations", "yearless", "commented", "comments", "day"),
    [
        ("000", 87, 6, 2, 34, 23, 48, MonthDay(10, 30)),
        ("001", 53, 0, 1, 0, 11, 25, MonthDay(1, 7)),
        ("002", 46, 2, 2, 6, 12, 20, MonthDay(7, 2)),
        ("004", 182, 182, 0, 0, 0, 0, None),
    ],
)
def test_the_real_pages_are_read_whole(
    listings: Path,
    start: str,
    count: int,
    without: int,
    organizations: int,
    yearless: int,
    commented: int,
    comments: int,
    day: MonthDay | None,
) -> None:
    (path,) = (listings / "hf-text").glob(f"{start}_*.txt")
    lines, papers = _by_length(path)
    bylines = [byline for _, _, byline in papers if byline]
    after_date = [byline[2].split(", ")[-1].split()[(1 if ", " in byline[2] else 2) :] for byline in bylines]
    assert len(papers) == count
    assert len(papers) - lines.count("·") == without
    assert sum(not byline[0].startswith("•") for byline in bylines) == organizations
    assert sum(", " not in byline[2] for byline in bylines) == yearless
    assert sum(map(len, after_date)) == commented
    assert sum(int(number) for numbers in after_date for number in numbers) == comments

    items = read(path.read_bytes())
    found = [item for item in items if isinstance(item, Entry)]
    assert [item for item in items if not isinstance(item, Entry)] == ([ListingDay(day)] if day else [])
    assert [(e.paper.title, e.paper.abstract) for e in found] == [
        (title.removeprefix("Subscribe"), abstract) for title, abstract, _ in papers
    ]
    raw = path.read_text(encoding="utf-8").split("\n")
    for entry, (_, _, byline) in zip(found, papers, strict=True):
        assert raw[(entry.line or 0) - 1].endswith(entry.paper.title)
        assert (entry.published_on is not None) == bool(byline)
        if byline:
            assert entry.published_on
            printed = byline[2].split()
            assert entry.published_on.day == int(printed[1].strip(","))
            assert entry.published_on.month == time.strptime(printed[0], "%b").tm_mon
            assert (entry.published_on.year is None) == (", " not in byline[2])
            assert str(entry.published_on.year or "") in byline[2]
            if byline[0].startswith("•"):
                assert entry.paper.author_count == int(byline[0].split()[1])
            else:
                assert entry.paper.organization
                assert f"{entry.paper.organization.slug} {entry.paper.organization.name}" == byline[0]
    assert sum(bool(entry.paper.comment_count) for entry in found) == commented
    assert sum(entry.paper.comment_count or 0 for entry in found) == comments


def test_the_real_pages_hold_368_entries_about_286_papers(listings: Path) -> None:
    papers = [entry.paper for path in (listings / "hf-text").glob("*.txt") for entry in entries(path.read_bytes())]
    assert len(papers) == 368
    assert len({paper.title.casefold() for paper in papers}) == 286
    wordings = {(paper.title.casefold(), paper.abstract) for paper in papers}
    assert len(wordings) == 288
