"""Hugging Face Daily Papers, copied from the page as text.

Two layouts. With bylines: a banner, the listing day, then title, abstract and a byline of three lines (who, "·",
date and comments) for each paper; the byline may be missing. Bare: title and abstract in turn, nothing else.
The site prints a year only when it is not the current one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from store.formats import _text
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
)

NAME = "hf-text"
FAMILY = "hf"
EXAMPLE = "daily-papers.txt"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"([A-Z][a-z]{2,8})\.? (\d{1,2})(?:, (\d{4}))?(?: (\d{1,7}))?")
_AUTHORS = re.compile(r"•\s*(\d{1,6}) authors?")
_ORGANIZATION = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*) (\S.*)")
_DOT = "·"
# Banner lines come first and in this order, any of them may be missing.
_BANNER = (
    re.compile(r"new", re.I),
    re.compile(r"Get trending papers in your email inbox(?: once a day)?!"),
    re.compile(r"Get trending papers in your email inbox(?: once a day)?!"),
    re.compile(r"Subscribe"),
    re.compile(r"Daily Papers"),
    re.compile(r"by\s?AK and the research community"),
)
_SUBSCRIBE = "Subscribe"
# Longest organization line: a slug and a display name. An abstract in its place is longer.
_LONGEST_ORGANIZATION = 120
# A line this long is an abstract, one this short that does not end a sentence is a title (the longest title among
# the papers of arXiv has 245 letters); between the two the place decides.
_SURELY_ABSTRACT = 300
_MAYBE_TITLE = 250
_SENTENCE_END = tuple(".!?…)\"'”’]}$") + ("。",)


class _Line(NamedTuple):
    number: int
    text: str


class _Byline(NamedTuple):
    authors: int | None
    organization: Organization | None
    date: MonthDay
    comments: int


def sniff(head: bytes, name: str) -> float:
    """Sure by the banner, or by a byline; by layout alone only half."""
    if b"\0" in head and not _text.encoding(head).startswith("utf-16"):
        return 0.0
    found = [line.strip() for line in _text.text(head).splitlines() if line.strip()]
    if not found or found[0][0] in "{[<@%":
        return 0.0
    start = _after_banner(found)
    if start and any(_BANNER[k].fullmatch(line) for line in found[:start] for k in (1, 4, 5)):
        return 0.95
    if any(text == _DOT and _DATE.fullmatch(after) for text, after in zip(found, found[1:], strict=False)):
        return 0.9
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The listing day where one is printed, then the entries. The file is read whole: a page is small."""
    found = [
        _Line(number, stripped)
        for number, raw in enumerate(_text.lines(stream), 1)
        if (stripped := raw.strip())
    ]
    texts = [line.text for line in found]
    start = _after_banner(texts)
    lines = found[start:]
    if lines and start and (run_together := _run_together(texts, start)):
        # "Subscribe" and the first title on one line.
        lines[0] = _Line(lines[0].number, run_together)
    if lines and start and (day := _date(lines[0].text)) and day[1] is None:
        yield ListingDay(day[0])
        lines = lines[1:]
    if not lines:
        if start:
            raise ListingError("a Daily Papers page with no papers in it")
        raise ListingError("an empty file")
    yield from _entries(lines)


def _after_banner(texts: Sequence[str]) -> int:
    """How many of the lines are the page's banner."""
    at = 0
    for pattern in _BANNER:
        if at < len(texts) and pattern.fullmatch(texts[at]):
            at += 1
    return at


def _run_together(texts: Sequence[str], start: int) -> str | None:
    """The first title of a bare page, when "Subscribe" stands right before it on its line."""
    first = texts[start]
    seen = any(_BANNER[1].fullmatch(text) for text in texts[:start])
    return first.removeprefix(_SUBSCRIBE) if seen and first.startswith(_SUBSCRIBE) else None


def _date(text: str) -> tuple[MonthDay, int | None] | None:
    """A printed date and the number after it; None when `text` is anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    name, day, year, number = match.groups()
    try:
        month = _MONTHS.index(name[:3].lower())
    except ValueError:
        return None
    if not 1 <= int(day) <= _DAYS_IN[month] or (year and not 1900 <= int(year) <= 2200):
        return None
    return MonthDay(month + 1, int(day), int(year) if year else None), int(number) if number else None


def _byline(lines: Sequence[_Line], at: int) -> _Byline | None:
    """The byline whose three lines start at `at`, if one does."""
    if at + 2 >= len(lines) or lines[at + 1].text != _DOT:
        return None
    dated = _date(lines[at + 2].text)
    if dated is None:
        return None
    who = lines[at].text
    date, comments = dated
    if match := _AUTHORS.fullmatch(who):
        return _Byline(int(match[1]), None, date, comments or 0)
    if len(who) <= _LONGEST_ORGANIZATION and (match := _ORGANIZATION.fullmatch(who)):
        return _Byline(None, Organization(name=match[2], slug=match[1]), date, comments or 0)
    return None


def _entries(lines: list[_Line]) -> Iterator[Item]:
    index = 0
    bylines = 0
    pending: list[_Line] = []
    at = 0
    while at < len(lines):
        byline = _byline(lines, at)
        if byline is None:
            pending.append(lines[at])
            at += 1
            continue
        if not pending:
            index += 1
            yield Refused(index, lines[at].number, "a byline with no title above it")
        papers = _pair(pending)
        for last, (title, abstract) in _marking_last(papers):
            index += 1
            yield _entry(title, abstract, byline if last else None)
        pending = []
        bylines += 1
        at += 3
    yield from _tail(pending, index, bylines)


def _tail(pending: list[_Line], index: int, bylines: int) -> Iterator[Item]:
    """What stands after the last byline: papers without one, the last of which may be cut."""
    cut = _cut_byline(pending)
    papers = _pair(pending[: len(pending) - cut])
    for last, (title, abstract) in _marking_last(papers):
        if last and cut:
            yield CutShort(f"the file ends in the middle of the byline of “{title.text}”")
        elif last and abstract and not _whole(abstract[-1].text):
            yield CutShort(f"the file ends in the middle of the abstract of “{title.text}”")
        elif last and not abstract and (bylines or index):
            yield CutShort(f"the file ends after the title “{title.text}”")
        else:
            index += 1
            yield _entry(title, abstract, None)


def _whole(text: str) -> bool:
    return text.endswith(_SENTENCE_END)


def _cut_byline(pending: Sequence[_Line]) -> int:
    """How many lines at the end are a byline that was cut: its first one, two or three."""
    texts = [line.text for line in pending[-3:]]
    if len(texts) == 3 and texts[1] == _DOT:
        return 3
    if texts and texts[-1] == _DOT:
        return 2
    if texts and texts[-1].startswith("•"):
        return 1
    return 0


def _marking_last(
    papers: list[tuple[_Line, list[_Line]]],
) -> Iterator[tuple[bool, tuple[_Line, list[_Line]]]]:
    for number, paper in enumerate(papers, 1):
        yield number == len(papers), paper


def _pair(lines: Sequence[_Line]) -> list[tuple[_Line, list[_Line]]]:
    """Titles with the lines of their abstracts. In turn, except where the lengths say otherwise."""
    papers: list[tuple[_Line, list[_Line]]] = []
    for at, line in enumerate(lines):
        long = len(line.text) >= _SURELY_ABSTRACT
        if not papers or (papers[-1][1] and not long):
            papers.append((line, []))
        elif papers[-1][1] or not _title_without_abstract(lines, at):
            papers[-1][1].append(line)
        else:
            papers.append((line, []))
    return papers


def _title_without_abstract(lines: Sequence[_Line], at: int) -> bool:
    """Whether the line at `at`, where an abstract should be, is the title of the next paper instead."""
    text = lines[at].text
    after = lines[at + 1].text if at + 1 < len(lines) else ""
    return len(text) <= _MAYBE_TITLE and not text.endswith(".") and len(after) >= _SURELY_ABSTRACT


def _entry(title: _Line, abstract: Sequence[_Line], byline: _Byline | None) -> Entry:
    paper = Paper(
        title=title.text,
        abstract="\n\n".join(line.text for line in abstract) or None,
        author_count=byline.authors if byline else None,
        organization=byline.organization if byline else None,
        comment_count=byline.comments if byline else None,
    )
    return Entry(paper=paper, line=title.number, published_on=byline.date if byline else None)
