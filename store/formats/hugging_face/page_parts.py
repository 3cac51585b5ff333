"""Separate the lines of papers in text copied from Hugging Face from the lines of the site, such as navigation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

DOT = "·"
# A line of at least this many characters is an abstract.
SURELY_ABSTRACT = 300
_SUBSCRIBE = "Subscribe"
# On a page without bylines, the first title follows "Subscribe" without a space. If the page has no banner, the title
# is separated from "Subscribe" only if it starts with a capital letter or a digit.
RUN_TOGETHER = re.compile(r"Subscribe(?=[^\Wa-z_])")
_SURELY_RUN_TOGETHER = re.compile(r"Subscribe(?=\S)")

# Lines that occur only on pages of Daily Papers.
BANNER = re.compile(
    r"Get trending papers in your email inbox(?: once a day)?!|by\s?(?:AK\s?){1,2}and the research community"
)
# A line that consists of these words belongs to the site, not to a paper, if it is next to the banner, or if several
# such lines are at the end of the page.
_WORDS = (
    "trending papers ranked by github stars activity|"
    "new|subscribe|(?:daily|trending) papers(?: - hugging face)?|by|ak|and the research community|daily|weekly|monthly|"
    "previous|next|search by arxiv id or title|"
    "search any paper with ai|submit a paper|system theme|toggle theme|©|hugging face['’]s logo|hugging face(?: pro)?|"
    "models|datasets|spaces|buckets|posts|community|docs|(?:team & )?enterprise(?: support)?|solutions|pricing|"
    "log in|sign up|company|tos|privacy|about|careers|jobs|website|tasks|huggingchat|collections|languages|"
    "organizations|blog|learn|discord|forum|github|inference (?:providers|endpoints)|storage buckets|changelog|status"
)
# The words may be joined without a space between them, for example "PreviousNext".
_AROUND = re.compile(rf"[•*]?\s*(?:(?:{_WORDS})[\s·|]*)++", re.I)
# The banner is within this many lines from the start of a page. The lines above the banner are navigation.
NAVIGATION = 80
_LONGEST_NAVIGATION = 60
_SURELY_FOOTER = 2
_LONGEST_WORD = 12
# A line that programs write above a page that they downloaded, for example "url: https://…" or "- Title: …".
_ABOVE_PAGE = re.compile(r"(?:- )?[A-Za-z][\w ()-]{0,24}: .{0,200}\Z")


class Card(NamedTuple):
    """The values that a card shows below its title: the numbers of authors and comments, and the organization."""

    authors: int | None
    organization: str | None
    comments: int | None


class Line(NamedTuple):
    """A line that is not blank, without white space at its start and end.

    `number` is the line number in the file, from 1. `upvotes` is the count that the page prints above the line, or in
    the footer of its card. `paper_id` is the arXiv id in the address of its link. `is_title` is True for a heading.
    """

    number: int
    text: str
    upvotes: int | None = None
    paper_id: str | None = None
    is_title: bool = False
    is_indented: bool = False
    card: Card | None = None


def pages_in(lines: Sequence[Line]) -> tuple[list[list[Line]], bool]:
    """The lines of papers on each page, and whether the footer of the site follows the last page.

    A file has several pages if the user joined several copied pages.
    """
    pages: list[list[Line]] = [[]]
    runs = [(site, list(run)) for site, run in groupby(lines, key=_of_the_site)]
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
        elif (at == len(runs) - 1 and len(run) > 1) or (at == len(runs) - 2 and _is_cut_footer(run, runs[-1][1])):
            closed = True
            break
        elif at or any(is_long(below[0]) for _, below in runs[1:2]):
            pages[-1] += run
    return [page for page in pages if page], closed


def is_long(line: Line) -> bool:
    """Whether a line is so long that it can only be an abstract."""
    return len(line.text) >= SURELY_ABSTRACT


def _of_the_site(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_NAVIGATION and bool(_AROUND.fullmatch(text) or BANNER.fullmatch(text))


def _is_cut_footer(run: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether `run` is the footer of the site, and the single word in `below` the start of the footer's next line."""
    return len(run) >= _SURELY_FOOTER and len(below) == 1 and len(below[0].text) <= _LONGEST_WORD


def _navigation(lines: Sequence[Line]) -> bool:
    """Whether the lines above a banner are navigation of the site, and not a page of papers."""
    return len(lines) <= NAVIGATION and all(
        line.text != DOT and (len(line.text) <= _LONGEST_NAVIGATION or _ABOVE_PAGE.match(line.text)) for line in lines
    )
