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
BANNER = re.compile(r"Get trending papers in your email inbox(?: once a day)?!|by\s?AK and the research community")
# Lines that are the site's when they stand beside one of those, or several together at the end.
_AROUND = re.compile(
    "new|subscribe|(daily|trending) papers|by|ak|and the research community|daily|weekly|monthly|previous|next|"
    "trending papers ranked by github stars activity|search by arxiv id or title|submit a paper|system theme|"
    "(© )?hugging face|models|datasets|spaces|buckets( new)?|posts|community|docs|enterprise|solutions|pricing|"
    "log in|sign up|company|tos|privacy|about|careers|jobs|website",
    re.I,
)
# What closes a card of the trending page, in this order: "Upvote", "117", "GitHub", "3.29k", "arXiv Page".
_UPVOTE = re.compile(r"Upvote(?:\s+([\d.,]{1,9}[kM]?|-))?")
_FOOT = re.compile(r"GitHub(?:\s*([\d.,]{1,9}[kM]?))?|(?:arXiv|Project) Page(?P<page>)")
_SHORT_COUNT = re.compile(r"([\d.,]{1,9})([kM]?)|-")
_IN_ONE_LINE = re.compile(
    r"(?:(\S.{0,150}?)\s*)?·\s*((?:Published on )?[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s?\d{4})?(?:\s\d{1,7})?)"
)
_TIMES = {"": 1, "k": 1_000, "M": 1_000_000}
# The banner stands among so many first lines; what is above it is navigation.
NAVIGATION = 80
_LONGEST_NAVIGATION = 60


class Line(NamedTuple):
    """A line that holds something, without the space around it. `upvotes` stood above it, or in the card's foot."""

    number: int
    text: str
    upvotes: int | None = None


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
        elif at == len(runs) - 1 and len(run) > 1:
            closed = True
        elif at or any(is_long(below[0]) for _, below in runs[1:2]):
            pages[-1] += run
    return [page for page in pages if page], closed


def without_feet(lines: Sequence[Line]) -> list[Line]:
    """The lines of the trending page as those of a day: no feet of cards, whose upvotes go to the line above, and a
    byline that was copied as one line in three."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if (vote := _UPVOTE.fullmatch(line.text)) and out:
            said = vote[1]
            if said is None and at < len(lines) and _SHORT_COUNT.fullmatch(lines[at].text):
                said, at = lines[at].text, at + 1
            while at < len(lines) and (foot := _FOOT.fullmatch(lines[at].text)):
                at += 1
                stars_below = foot["page"] is None and foot[1] is None
                at += stars_below and at < len(lines) and bool(_SHORT_COUNT.fullmatch(lines[at].text))
            out[-1] = out[-1]._replace(upvotes=_counted(said))
        elif one := _IN_ONE_LINE.fullmatch(line.text):
            out += [line._replace(text=text) for text in (one[1], DOT, one[2]) if text]
        else:
            out.append(line)
    return out


def _counted(said: str | None) -> int | None:
    """ "3.29k" is 3,290, "-" is none yet; None for what is no count."""
    count = _SHORT_COUNT.fullmatch(said or "")
    if count is None:
        return None
    try:
        return round(float((count[1] or "0").replace(",", "")) * _TIMES[count[2] or ""])
    except ValueError:
        return None


def unwrap(lines: list[Line]) -> list[Line]:
    """Lines broken at a width, joined again: a page where only whole blocks are as long as an abstract."""
    if any(map(is_long, lines)):
        return lines
    blocks: list[list[Line]] = []
    for line in lines:
        if not blocks or line.number > blocks[-1][-1].number + 1:
            blocks.append([])
        blocks[-1].append(line)
    joined = [
        block
        if any(line.text == DOT for line in block)
        else [block[0]._replace(text=" ".join(line.text for line in block))]
        for block in blocks
    ]
    unwrapped = [line for block in joined for line in block]
    return unwrapped if len(blocks) > 1 and any(map(is_long, unwrapped)) else lines


def is_long(line: Line) -> bool:
    """Whether a line can be nothing but an abstract."""
    return len(line.text) >= SURELY_ABSTRACT


def _of_the_site(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_NAVIGATION and bool(_AROUND.fullmatch(text) or BANNER.fullmatch(text))


def _navigation(lines: Sequence[Line]) -> bool:
    """Whether lines above a banner are the site's own rather than a page of papers."""
    return len(lines) <= NAVIGATION and all(
        len(line.text) <= _LONGEST_NAVIGATION and line.text != DOT for line in lines
    )
