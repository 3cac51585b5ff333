"""The pages in text copied from Hugging Face: which lines are the site's own, and which ones hold papers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

DOT = "·"
# A line with so many letters can be nothing but an abstract.
SURELY_ABSTRACT = 300
_SUBSCRIBE = "Subscribe"
# On a bare page the first title stands right behind it. Where no banner is left, only a capital tells.
RUN_TOGETHER = re.compile(r"Subscribe(?=[^\Wa-z_])")
_SURELY_RUN_TOGETHER = re.compile(r"Subscribe(?=\S)")

# Lines that only this page prints.
BANNER = re.compile(
    r"Get trending papers in your email inbox(?: once a day)?!|by\s?(?:AK\s?){1,2}and the research community"
)
# Lines that are the site's when they stand beside one of those, or several together at the end.
_WORDS = (
    "trending papers ranked by github stars activity|"
    "new|subscribe|(?:daily|trending) papers(?: - hugging face)?|by|ak|and the research community|daily|weekly|monthly|"
    "previous|next|search by arxiv id or title|"
    "search any paper with ai|submit a paper|system theme|toggle theme|©|hugging face['’]s logo|hugging face(?: pro)?|"
    "models|datasets|spaces|buckets|posts|community|docs|(?:team & )?enterprise(?: support)?|solutions|pricing|"
    "log in|sign up|company|tos|privacy|about|careers|jobs|website|tasks|huggingchat|collections|languages|"
    "organizations|blog|learn|discord|forum|github|inference (?:providers|endpoints)|storage buckets|changelog|status"
)
# Some run together: "PreviousNext".
_AROUND = re.compile(rf"[•*]?\s*(?:(?:{_WORDS})[\s·|]*)++", re.I)
# The banner stands among so many first lines; what is above it is navigation.
NAVIGATION = 80
_LONGEST_NAVIGATION = 60
_SURELY_FOOT = 2
_LONGEST_WORD = 12
# What tools that fetch a page write over it: "url: https://…", "- Title: …".
_ABOVE_PAGE = re.compile(r"(?:- )?[A-Za-z][\w ()-]{0,24}: .{0,200}\Z")


class Card(NamedTuple):
    """What a card says below its title."""

    authors: int | None
    organization: str | None
    comments: int | None


class Line(NamedTuple):
    """A line that holds something, without the space around it. `upvotes` stood above it, or in the card's foot.

    `paper_id` is the arXiv id of the paper that its link, or an address beside it, led to. `is_title` is a heading.
    """

    number: int
    text: str
    upvotes: int | None = None
    paper_id: str | None = None
    is_title: bool = False
    is_indented: bool = False
    card: Card | None = None


def pages_in(found: Sequence[Line]) -> tuple[list[list[Line]], bool]:
    """The papers' lines of each page (files put together hold several), and whether the site's foot closes them."""
    pages: list[list[Line]] = [[]]
    runs = [(site, list(run)) for site, run in groupby(found, key=_of_the_site)]
    run_together: re.Pattern[str] | None = RUN_TOGETHER
    banner = closed = False
    for at, (site, run) in enumerate(runs):
        if not site:
            if run_together and not pages[-1]:
                run[0] = run[0]._replace(text=run_together.sub("", run[0].text, count=1))
            pages[-1] += run
        elif any(BANNER.fullmatch(line.text) for line in run):
            run_together = None if any(line.text == _SUBSCRIBE for line in run) else _SURELY_RUN_TOGETHER
            if not banner and _navigation(pages[0]):
                pages[0].clear()
            if pages[-1]:
                pages.append([])
            banner = True
        elif (at == len(runs) - 1 and len(run) > 1) or (at == len(runs) - 2 and _is_cut_foot(run, runs[-1][1])):
            closed = True
            break
        elif at or any(is_long(below[0]) for _, below in runs[1:2]):
            pages[-1] += run
    return [page for page in pages if page], closed


def is_long(line: Line) -> bool:
    """Whether a line can be nothing but an abstract."""
    return len(line.text) >= SURELY_ABSTRACT


def _of_the_site(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_NAVIGATION and bool(_AROUND.fullmatch(text) or BANNER.fullmatch(text))


def _is_cut_foot(run: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether so much of the site's foot stands in a run that the one word below it is a part of another."""
    return len(run) >= _SURELY_FOOT and len(below) == 1 and len(below[0].text) <= _LONGEST_WORD


def _navigation(lines: Sequence[Line]) -> bool:
    """Whether lines above a banner are the site's own rather than a page of papers."""
    return len(lines) <= NAVIGATION and all(
        line.text != DOT and (len(line.text) <= _LONGEST_NAVIGATION or _ABOVE_PAGE.match(line.text)) for line in lines
    )
