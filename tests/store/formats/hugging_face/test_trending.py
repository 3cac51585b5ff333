"""The trending page of Hugging Face, copied as text. Each card has a footer with its upvotes and GitHub stars."""

from __future__ import annotations

import io

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import detect
from store.model.entry import Entry, Item
from store.model.paper import Organization
from store.model.partial_date import MonthDay

BANNER = """\
new

Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
Subscribe

Trending Papers
byAK and the research community

"""
SHORT = "A multi-agent framework that simulates trading firms improves cumulative returns and the Sharpe ratio."
LONG = " ".join(["Kites that count their own turns come home sooner than kites that do not."] * 6)
FIRST = f"""\
Submitted by
ada
Kites That Count
{LONG}

kite-lab Kite Lab
·
Published on Oct 4, 2026
Upvote
117
GitHub
131
arXiv Page
"""
SECOND = f"""\
Agents That Trade
{SHORT}

  • 4 authors
· Published on Dec 28, 2024
Upvote

1.2k
GitHub 110k
arXiv Page
"""
THIRD = f"""\
Lamps That Dim
{LONG}

  • 12 authors
·
Published on Sep 12
Upvote
-
arXiv Page
"""


def read(text: str) -> list[Item]:
    return list(copied_page.read(io.BytesIO(text.encode())))


def test_cards_are_papers_and_their_footers_are_not() -> None:
    text = BANNER + "\n".join([FIRST, SECOND, THIRD])
    assert detect(text.encode(), "upload.bin") is copied_page
    kites, agents, lamps = read(text)
    assert isinstance(kites, Entry)
    assert isinstance(agents, Entry)
    assert isinstance(lamps, Entry)
    assert (kites.paper.title, kites.paper.abstract) == ("Kites That Count", LONG)
    assert kites.paper.organization == Organization("Kite Lab", "kite-lab")
    assert (kites.published_on, kites.paper.upvotes) == (MonthDay(10, 4, 2026), 117)
    assert (agents.paper.title, agents.paper.abstract) == ("Agents That Trade", SHORT)
    assert (agents.paper.author_count, agents.published_on) == (4, MonthDay(12, 28, 2024))
    assert agents.paper.upvotes == 1_200
    assert (lamps.paper.author_count, lamps.paper.upvotes, lamps.published_on) == (12, 0, MonthDay(9, 12))


def test_the_comment_count_is_unknown() -> None:
    (kites,) = read(BANNER + FIRST)
    assert isinstance(kites, Entry)
    assert kites.paper.comment_count is None


@pytest.mark.parametrize("tail", ["", "Upvote", "Upvote\n11", "Upvote\n117\nGitHub", "Upvote\n117\nGitHub\n131\n"])
def test_a_truncated_footer_loses_nothing(tail: str) -> None:
    (kites,) = read(BANNER + FIRST.partition("Upvote")[0] + tail)
    assert isinstance(kites, Entry)
    assert kites.paper.title == "Kites That Count"


def test_the_upvotes_of_a_card_without_a_byline_belong_to_it() -> None:
    bare = FIRST.replace("kite-lab Kite Lab\n·\nPublished on Oct 4, 2026\n", "")
    kites, lamps = read(BANNER + bare + "\n" + THIRD)
    assert isinstance(kites, Entry)
    assert isinstance(lamps, Entry)
    assert (kites.paper.upvotes, kites.published_on) == (117, None)
    assert lamps.paper.upvotes == 0
