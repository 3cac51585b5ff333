"""Hugging Face Daily Papers, copied from the page as text.

Two layouts. With bylines: a banner, the listing day, then title, abstract and a byline of three lines (who, "·",
date and comments) for each paper; the byline may be missing. Bare: title and abstract in turn, nothing else.
The site prints a year only when it is not the current one. Browsers differ in what they copy beside that: upvotes
above a title, comments on a line of their own, the cards of the front page, the navigation of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from typing import BinaryIO, NamedTuple

from store.formats import _text
from store.formats._hf_page import (
    BANNER,
    DOT,
    NAVIGATION,
    RUN_TOGETHER,
    SURELY_ABSTRACT,
    Line,
    is_long,
    pages_in,
    unwrap,
    without_feet,
)
from store.paper import (
    CutShort,
    Entry,
    Item,
    ListingDay,
    ListingError,
    MonthDay,
    Organization,
    Paper,
    Refused,
    Warned,
)

NAME = "hf-text"
FAMILY = "hf"
EXAMPLE = "daily-papers.txt"

_SUBMITTED = "Submitted by"
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PUBLISHED = "Published on "
_DATE = re.compile(rf"(?:{_PUBLISHED})?" + r"([A-Z][a-z]{2,8})\.?\s(\d{1,2})(?:,\s?(\d{4}))?(?:\s(\d{1,7}))?")
# \x95 is the bullet of a Windows-1252 file that was read as Latin-1.
_AUTHORS = re.compile(r"(?:[•\x95*-]\s*)?(\d{1,6}) authors?(?:\s(\d{1,7}))?")
_ORGANIZATION = re.compile(r"(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s)?(\S.*)")
_COUNT = re.compile(r"\d{1,7}|-")

# A slug and a display name. An abstract in their place is longer.
_LONGEST_ORGANIZATION = 120
_LONGEST_DATE = 40
# A line this short that does not end a sentence is a title (the longest title among the papers of arXiv has 245
# letters); between this and what is surely an abstract the place decides.
_MAYBE_TITLE = 250
_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]}$]*\Z""")


class _Byline(NamedTuple):
    """`length` in lines. `unread` is a date that is none."""

    length: int
    authors: int | None = None
    organization: Organization | None = None
    date: MonthDay | None = None
    comments: int | None = None
    upvotes: int | None = None
    unread: Line | None = None


class _Found(NamedTuple):
    """One paper's lines. An abstract may have several, one for each paragraph."""

    title: Line | None
    abstract: list[Line]


def sniff(head: bytes, name: str) -> float:
    """Sure by the banner or by a byline. Titles and abstracts in turn say nothing: much prose looks so."""
    if b"\0" in head and not _text.encoding(head).startswith("utf-16"):
        return 0.0
    found = [line.strip() for line in _text.text(head).splitlines() if line.strip()]
    if not found or found[0].startswith("<") or any(line.startswith("### ") for line in found):
        # The same page as HTML or as Markdown.
        return 0.0
    if any(BANNER.fullmatch(line) for line in found[:NAVIGATION]):
        return 0.95
    lines = [Line(number, text) for number, text in enumerate(found, 1)]
    dated = [at for at in range(len(lines)) if (byline := _byline(lines, at)) and byline.length == 3]
    if any(_AUTHORS.fullmatch(found[at]) for at in dated):
        return 0.9
    if any(len(found[at - 1]) >= SURELY_ABSTRACT for at in dated if at):
        # An organization and a date stand under many an article; under an abstract, less often.
        return 0.6
    bare = len(found) > 1 and RUN_TOGETHER.match(found[0]) and len(found[1]) >= SURELY_ABSTRACT
    return 0.7 if bare else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The listing day where one is printed, then the entries. The file is read whole: a page is small."""
    content, broken = _content(stream)
    found = [Line(number, line) for number, raw in enumerate(content.split("\n"), 1) if (line := raw.strip())]
    if not found:
        raise broken or ListingError("an empty file")
    pages, closed = pages_in(found)
    index = count(1)
    for number, lines in enumerate(pages, 1):
        if number > 1:
            yield Warned(f"line {lines[0].number}: a second page starts; its papers count as the first one's")
        day, length = _listing_day(lines)
        if day and number == 1:
            yield ListingDay(day)
        last = number == len(pages) and not closed
        yield from _entries(lines[length:], index, content[len(content.rstrip()) :] if last else None)
    if broken:
        raise broken
    if next(index) == 1:
        raise ListingError("no whole paper in it")


def _content(stream: BinaryIO) -> tuple[str, ListingError | None]:
    """The text, as far as it can be had: a damaged archive breaks off with an error."""
    lines: list[str] = []
    with _text.open_text(stream) as opened:
        try:
            # Not in one go: what an error interrupts is lost.
            lines.extend(opened)
        except ListingError as error:
            return "".join(lines), error
    return "".join(lines), None


def _listing_day(lines: Sequence[Line]) -> tuple[MonthDay | None, int]:
    """The day printed over a page, and how many lines it takes. A date with an abstract below it is a title."""
    for length in (1, 2):
        dated = _date(" ".join(line.text for line in lines[:length]))
        if dated and dated[1] is None and not any(map(is_long, lines[length : length + 1])):
            return dated[0], length
    return None, 0


def _straightened(lines: Sequence[Line]) -> list[Line]:
    """The lines with counts where they belong: upvotes with the title below, comments on the line of the date.

    A card of the front page ("Submitted by", a name, upvotes, title, "·", authors, comments) becomes a title and a
    byline of one line.
    """
    first = lines[2:] if lines and lines[0].text == _SUBMITTED else lines
    voted = len(first) > 1 and _COUNT.fullmatch(first[0].text) and not is_long(first[1])
    out: list[Line] = []
    upvotes: int | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        counted = _COUNT.fullmatch(line.text) and len(below) < SURELY_ABSTRACT
        if line.text == _SUBMITTED and at + 2 >= len(lines):
            # The file ends in a card.
            out.append(line)
            break
        if line.text == _SUBMITTED:
            at += 1
        elif line.text.lstrip("• ") == DOT and _AUTHORS.fullmatch(below):
            pass
        elif (
            counted
            and line.text != "-"
            and _takes_comments(out)
            and (not voted or not below or below == _SUBMITTED or _COUNT.fullmatch(below))
        ):
            out[-1] = out[-1]._replace(text=f"{out[-1].text} {line.text}")
        elif counted and voted and below:
            upvotes = 0 if line.text == "-" else int(line.text)
        else:
            out.append(line if upvotes is None else line._replace(upvotes=upvotes))
            upvotes = None
        at += 1
    return out


def _takes_comments(lines: Sequence[Line]) -> bool:
    """Whether a number below these lines is a byline's comments."""
    if lines and (authors := _AUTHORS.fullmatch(lines[-1].text)):
        return authors[2] is None
    dated = _date(lines[-1].text) if len(lines) > 1 and lines[-2].text == DOT else None
    return dated is not None and dated[1] is None


# -- bylines


def _date(text: str) -> tuple[MonthDay, int | None] | None:
    """A printed date and the number after it; None when `text` is anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    name, day, year, number = match.groups()
    month = next((at for at, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())), 0)
    try:
        # Without a year, 29 February may be meant.
        date(int(year or 2024), month, int(day))
    except ValueError:
        return None
    return MonthDay(month, int(day), int(year) if year else None), int(number) if number else None


def _byline(lines: Sequence[Line], at: int) -> _Byline | None:
    """The byline that starts at `at`, if one does and the file does not end in it."""
    who = lines[at].text
    if len(who) > _LONGEST_ORGANIZATION:
        return None
    below = lines[at + 1 : at + 4]
    if who == DOT:
        dated = _date(below[0].text) if below else None
        return _Byline(2, date=dated[0], comments=_comments(below[0].text, dated[1])) if dated else None
    if authors := _AUTHORS.fullmatch(who):
        by = _Byline(1, authors=int(authors[1]))
    elif (organization := _ORGANIZATION.fullmatch(who)) and below and below[0].text == DOT:
        by = _Byline(1, organization=Organization(name=organization[2], slug=organization[1]))
    else:
        return None
    if not below or below[0].text != DOT:
        # A card's byline has one line. A bullet promises more of them.
        return by._replace(comments=int(authors[2] or 0)) if authors and (below or who[0].isdigit()) else None
    if len(below) > 1 and (dated := _date(below[1].text)):
        return by._replace(length=3, date=dated[0], comments=_comments(below[1].text, dated[1]))
    if len(below) > 2 and len(below[1].text) <= _LONGEST_DATE and not is_long(below[2]):
        return by._replace(length=3, unread=below[1])
    return by._replace(length=2) if len(below) > 2 else None


def _comments(text: str, number: int | None) -> int | None:
    """How many comments the line of a date says: none without a number, but the trending page does not tell them."""
    return number if number is not None or text.startswith(_PUBLISHED) else 0


# -- papers


def _entries(lines: list[Line], index: Iterator[int], ends: str | None) -> Iterator[Item]:
    """The entries of one page. `ends` is the white space at the end of the file, None when the page is whole."""
    unwrapped = unwrap(lines)
    if unwrapped is not lines and ends == "\n":
        # What ended may be one line of several.
        ends = ""
    lines = _straightened(without_feet(unwrapped))
    pending: list[Line] = []
    at = 0
    while at < len(lines):
        byline = _byline(lines, at)
        if byline is None:
            pending.append(lines[at])
            at += 1
            continue
        if not pending:
            yield Refused(next(index), lines[at].number, "a byline with no title above it")
        papers = _paired(pending)
        votes = (line.upvotes for line in lines[at : at + byline.length])
        byline = byline._replace(upvotes=next((each for each in votes if each is not None), None))
        for paper in papers:
            yield _entry(paper, byline if paper is papers[-1] else None, index)
        if byline.unread:
            yield Warned(f"line {byline.unread.number}: not a date: “{byline.unread.text}”")
        pending = []
        at += byline.length
    yield from _last_entries(pending, index, ends)


def _last_entries(pending: list[Line], index: Iterator[int], ends: str | None) -> Iterator[Item]:
    """What stands below the last byline: papers without one, the last of which may be cut."""
    cut = _cut_byline(pending)
    papers = _paired(pending[: len(pending) - cut])
    if cut and not papers:
        yield CutShort("the file ends in the middle of a byline")
    for paper in papers:
        title = paper.title.text if paper.title else ""
        if paper is not papers[-1]:
            yield _entry(paper, None, index)
        elif cut:
            yield CutShort(f"the file ends in the middle of the byline of “{title}”")
        elif ends is None:
            yield _entry(paper, None, index)
        elif not paper.abstract:
            yield CutShort(f"the file ends after the title “{title}”")
        elif "\n" in ends:
            yield _entry(paper, None, index)
        elif ends or not _SENTENCE_END.search(paper.abstract[-1].text):
            yield CutShort(f"the file ends in the middle of the abstract of “{title}”")
        else:
            yield _entry(paper, None, index)
            yield Warned(f"the file ends without a line end: the abstract of “{title}” may go on")


def _cut_byline(pending: Sequence[Line]) -> int:
    """How many lines at the end are a byline that was cut: its first one, two or three."""
    texts = [line.text for line in pending[-3:]]
    if len(texts) == 3 and texts[1] == DOT:
        return 3
    if len(texts) > 1 and texts[-1] == DOT:
        return 2
    # U+FFFD is what a part of a bullet decodes to.
    return 1 if texts and texts[-1].startswith(("•", "\ufffd")) else 0


def _paired(lines: Sequence[Line]) -> list[_Found]:
    """Titles with their abstracts. They come in turn, except where the lengths say otherwise."""
    papers: list[_Found] = []
    for at, line in enumerate(lines):
        text = line.text
        above_abstract = at + 1 < len(lines) and is_long(lines[at + 1])
        if is_long(line):
            if not papers:
                papers.append(_Found(None, []))
            goes_on = True
        elif not papers:
            goes_on = False
        elif papers[-1].abstract:
            # One more paragraph ("Code: https://…"), or the next title.
            goes_on = not above_abstract and (text.endswith((".", "。")) or "://" in text)
        else:
            # The abstract, unless this is a title too and the one before it has none.
            goes_on = not above_abstract or len(text) > _MAYBE_TITLE or text.endswith((".", "。"))
        if goes_on:
            papers[-1].abstract.append(line)
        else:
            papers.append(_Found(line, []))
    return papers


def _entry(found: _Found, byline: _Byline | None, index: Iterator[int]) -> Entry | Refused:
    number = next(index)
    if found.title is None:
        return Refused(number, found.abstract[0].number, "an abstract with no title above it")
    votes = (found.title.upvotes, byline.upvotes if byline else None, *(line.upvotes for line in found.abstract))
    paper = Paper(
        title=found.title.text,
        abstract="\n\n".join(line.text for line in found.abstract) or None,
        author_count=byline.authors if byline else None,
        organization=byline.organization if byline else None,
        upvotes=next((each for each in votes if each is not None), None),
        comment_count=byline.comments if byline else None,
    )
    return Entry(paper=paper, line=found.title.number, published_on=byline.date if byline else None)
