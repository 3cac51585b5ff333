"""Copied pages are read without the additions of some browsers: organizations, initials, periods, rules."""

from __future__ import annotations

import pytest

from store.model.entry import Entry, ListingDay, Refused
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.tool_pages import BANNER, KITES, LAMPS, TABS, read, whole


@pytest.mark.parametrize(
    ("who", "organization"),
    [
        ("KAIST AI", Organization("KAIST AI")),
        ("Hugging Face", Organization("Hugging Face")),
        ("AI at Meta", Organization("AI at Meta")),
        ("Carnegie Mellon University", Organization("Carnegie Mellon University")),
        ("CarnegieMellonU Carnegie Mellon University", Organization("Carnegie Mellon University", "CarnegieMellonU")),
        ("Mininglamp-2718 Mininglamp Technology", Organization("Mininglamp Technology", "Mininglamp-2718")),
        ("UMass University of Massachusetts Amherst", Organization("University of Massachusetts Amherst", "UMass")),
        ("facebook AI at Meta", Organization("AI at Meta", "facebook")),
    ],
)
def test_an_organization_without_a_slug_keeps_its_first_word(who: str, organization: Organization) -> None:
    (entry,) = whole("\n\n".join([*BANNER, "Subscribe", "Kites", KITES, f"{who}\n·\nOct 24, 2025 1"]))
    assert entry.paper.organization == organization


def test_a_byline_may_name_an_organization_and_count_the_authors() -> None:
    both = "Fjord AI\n·\n12 authors\n·\nOct 24, 2025 1"
    alone = "  • ·\n    4 authors\n·\nOct 29"
    kites, lamps = whole("\n\n".join([*BANNER, "Subscribe", "Kites", KITES, both, "Lamps", LAMPS, alone]))
    assert (kites.paper.organization, kites.paper.author_count) == (Organization("Fjord AI"), 12)
    assert (kites.published_on, kites.paper.comment_count) == (MonthDay(10, 24, 2025), 1)
    assert (lamps.paper.organization, lamps.paper.author_count) == (None, 4)
    assert lamps.published_on == MonthDay(10, 29)


def test_a_page_with_bullets_has_a_slug_before_every_organization() -> None:
    text = "\n\n".join([*BANNER, "Kites", KITES, "THUDM Z.ai\n·\nOct 2", "Lamps", LAMPS, "  • 4 authors\n·\nOct 29"])
    assert whole(text)[0].paper.organization == Organization("Z.ai", "THUDM")


def test_the_initials_of_authors_are_not_papers() -> None:
    text = "\n".join(
        [*BANNER, "Subscribe", "Kites", KITES, "A", "BR", "KJ", "+3", "6 authors", "·", "Oct 29 3", "Lamps", LAMPS]
    )
    kites, lamps = whole(text + "\n")
    assert (kites.paper.title, kites.paper.author_count, kites.paper.comment_count) == ("Kites", 6, 3)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", None)


@pytest.mark.parametrize("period", ["Week 43", "2025-W43", "October 2025", "Oct 20 - Oct 26", "Oct 27 – Nov 2, 2025"])
def test_a_page_of_a_week_or_a_month_has_no_day(period: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join(
        [*BANNER, "Subscribe", *TABS, "Trending Papers", period, "Kites", KITES, four, "Lamps", LAMPS, four]
    )
    assert not any(isinstance(item, ListingDay) for item in read(text))
    assert [entry.paper.title for entry in whole(text)] == ["Kites", "Lamps"]
    titled = "\n\n".join([*BANNER, "Subscribe", period, KITES, four])
    assert [entry.paper.title for entry in whole(titled)] == [period]


def test_the_search_words_above_the_papers_are_not_a_paper() -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Subscribe", "kites that fly", "Daily", "Weekly", "Oct 30", "Kites", KITES, four])
    assert read(text)[0] == ListingDay(MonthDay(10, 30))
    assert [entry.paper.title for entry in whole(text)] == ["Kites"]


def test_a_copy_that_starts_inside_a_byline_makes_no_paper_of_it() -> None:
    four = "  • 4 authors\n·\nOct 29"
    for start in ("Oct 29 3", "·\nOct 29 3", four):
        items = read("\n\n".join([start, "Kites", KITES, four, "Lamps", LAMPS, four]))
        assert [type(item) for item in items] == [Refused, Entry, Entry]
        assert items[0] == Refused(1, 1, "a byline with no title above it")


def test_rules_between_papers_are_not_papers() -> None:
    papers = [f"{title}\n\n{KITES}\n\n  • 4 authors\n·\nOct 29" for title in ("Kites", "Lamps")]
    for rule in ("---", "=====", "* * *"):
        assert [entry.paper.title for entry in whole(f"\n\n{rule}\n\n".join(papers))] == ["Kites", "Lamps"]
