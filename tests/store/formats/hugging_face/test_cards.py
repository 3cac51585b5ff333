"""The cards (one box for each paper) of the front page and of the trending page."""

from __future__ import annotations

import pytest

from store.model.entry import ListingDay
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.tool_pages import BANNER, KITES, LAMPS, read, whole


def card(by: str, title: str, *below: str) -> str:
    return "\n".join([f"Submitted by {by}", *title.split("\n"), *below])


def test_the_submitter_of_a_card_may_stand_on_one_line() -> None:
    text = "\n".join(
        [
            *(
                *BANNER,
                "Subscribe",
                "",
                "Daily Papers",
                "",
                "by AK and the research community",
                "Submit a paper",
                "Aug 1",
            ),
            card("ada", "94\n\nKites of the Fjord\n", "  • ·", "    533 authors", "5"),
            card("bo.rook", "-\n\n2048\n", "  • ·", "    12 authors"),
            card("cy_swan", "1.2k\n\nLamps\n", "* ", "* ", "* ·", "1 authors", "1"),
            *("Previous", "Next"),
        ]
    )
    assert [(e.paper.title, e.paper.upvotes, e.paper.author_count, e.paper.comment_count) for e in whole(text)] == [
        ("Kites of the Fjord", 94, 533, 5),
        ("2048", 0, 12, 0),
        ("Lamps", 1200, 1, 1),
    ]
    assert read(text)[0] == ListingDay(MonthDay(8, 1))


def test_a_card_may_name_an_organization() -> None:
    text = "\n".join(
        [
            *(*BANNER, "Subscribe", "Daily Papers", "byAK and the research community", "Aug 1"),
            card("ada", "94\nKites of the Fjord", "Carnegie Mellon University", "5"),
            card("bo", "7\nLamps", "Fjord AI", "·", "12 authors", "3"),
            card("cy", "6\nGeese", "fjord-ai Fjord AI 2"),
            card("di", "5\nSwans\n  of the North", "·", "4 authors"),
            *("Previous", "Next"),
        ]
    )
    kites, lamps, geese, swans = whole(text)
    assert kites.paper.organization == Organization("Carnegie Mellon University")
    assert (kites.paper.comment_count, kites.paper.author_count) == (5, None)
    assert lamps.paper.organization == Organization("Fjord AI")
    assert (lamps.paper.comment_count, lamps.paper.author_count) == (3, 12)
    assert (geese.paper.organization, geese.paper.comment_count) == (Organization("Fjord AI", "fjord-ai"), 2)
    assert (swans.paper.title, swans.paper.author_count) == ("Swans of the North", 4)
    assert all(entry.paper.abstract is None for entry in whole(text))


def test_a_card_may_have_a_title_that_looks_like_a_footer() -> None:
    names = ["GitHub", "Project", "arXiv"]
    cards = [card("ada", f"5\n{name}", "·", "4 authors", "2") for name in names]
    text = "\n".join([*BANNER, "Subscribe", "Daily Papers", "byAK and the research community", "Aug 1", *cards]) + "\n"
    assert [(entry.paper.title, entry.paper.comment_count) for entry in whole(text)] == [(name, 2) for name in names]


def test_a_title_that_looks_like_a_submitter_is_a_title() -> None:
    text = "\n\n".join([*BANNER, "Submitted by Force", KITES, "  • 4 authors\n·\nOct 29", "Lamps", LAMPS]) + "\n"
    assert [entry.paper.title for entry in whole(text)] == ["Submitted by Force", "Lamps"]


@pytest.mark.parametrize(
    "footer",
    [
        "Upvote 117\nGitHub 3.29k arXiv Page",
        "Upvote117GitHub3.29karXiv Page",
        "Upvote\n117\nGitHub\n3.29k\nProject Page\narXiv Page",
        "Upvote\n117\n\nGitHub 3.29karXiv Page",
        "Upvote 117 GitHub 3.29k arXiv\nPage",
        "GitHub 3.29k\narXiv Page",
    ],
)
def test_the_words_of_a_cards_footer_may_stand_without_spaces(footer: str) -> None:
    byline = "· Published on Oct 4, 2026"
    cards = [
        f"Submitted by ada\n\n{title}\n\n{LAMPS}\n\n  • 4 authors\n{byline}\n{footer}\n" for title in ("Kites", "Lamps")
    ]
    text = "\n".join([*BANNER, "Subscribe", "Trending Papers", "byAK and the research community", *cards])
    values = [(e.paper.title, e.paper.author_count, e.published_on, e.paper.upvotes) for e in whole(text)]
    votes = 117 if "Upvote" in footer else None
    assert values == [(title, 4, MonthDay(10, 4, 2026), votes) for title in ("Kites", "Lamps")]


@pytest.mark.parametrize("byline", ["Fjord AI· Published on May 29", "fjord-ai Fjord AI · Published on May 29"])
def test_a_byline_on_one_line_is_not_joined_with_a_footer(byline: str) -> None:
    cards = [f"Submitted by ada\n\n{title}\n\n{LAMPS}\n\n{byline}\nUpvote\n\n101\n" for title in ("Kites", "Lamps")]
    text = "\n".join([*BANNER, "Subscribe", "Trending Papers", "byAK and the research community", *cards])
    for entry in whole(text):
        assert (entry.paper.abstract, entry.paper.upvotes, entry.published_on) == (LAMPS, 101, MonthDay(5, 29))
        assert entry.paper.organization == Organization("Fjord AI", "fjord-ai" if "fjord-ai" in byline else None)


@pytest.mark.parametrize("title", ["Upvote", "GitHub", "arXiv Page", "Published", "1.2k"])
def test_a_title_that_looks_like_a_footer_is_a_title(title: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Subscribe", "Oct 30", "Kites", KITES, four, title, LAMPS, four]) + "\n"
    assert [entry.paper.title for entry in whole(text)] == ["Kites", title]
