"""Hugging Face Daily Papers, copied from the page as text.

Two layouts. With bylines: a banner, the listing day, then title, abstract and a byline of three lines (who, "·",
date and comments) for each paper; the byline may be missing. Bare: title and abstract in turn, nothing else.
The site prints a year only when it is not the current one. Browsers differ in what they copy beside that: upvotes
above a title, comments on a line of their own, the cards of the front page, the navigation of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import BinaryIO, NamedTuple

from store.formats.hugging_face.byline import AUTHORS, Byline, byline, printed_date, prints_slugs
from store.formats.hugging_face.cards import is_card, straightened, without_feet
from store.formats.hugging_face.copied_lines import copied
from store.formats.hugging_face.markdown import is_markdown
from store.formats.hugging_face.page_parts import BANNER, DOT, NAVIGATION, RUN_TOGETHER, Line, is_long, pages_in
from store.formats.hugging_face.paper_page import paper_pages, read_pages
from store.formats.hugging_face.wrapped_lines import may_go_on, unwrap
from store.formats.shared import ids_and_links, text_lines
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Paper
from store.model.partial_date import MonthDay

NAME = "hf-text"
TITLE = "Hugging Face Daily Papers, copied page text"
FAMILY = "hf"
EXAMPLE = "daily-papers.txt"
STREAMS = False

# A line this short that does not end a sentence is a title (the longest title among the papers of arXiv has 245
# letters); between this and what is surely an abstract the place decides.
_MAYBE_TITLE = 250
_HEADING = re.compile(r"^### ", re.M)
# Words of the banner, of bylines, of links and of the page of one paper; what has none of them is no page.
_SIGNS = ("email inbox", "research community", DOT, "/papers/", "Published on ")
# What a page of a week or a month prints where that of a day has its day.
_PERIOD = re.compile(
    r"(?:\d{4}-)?W\d{1,2}|Week \d{1,2}(?:, \d{4})?|[A-Z][a-z]{2,8} \d{4}|"
    r"[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})? ?[-–—] ?(?:[A-Z][a-z]{2,8} )?\d{1,2}(?:, \d{4})?"
)
_MOST_ABOVE_DAY = 12
# Where no byline says what is a paper, one abstract at least has so many letters.
_SHORTEST_ABSTRACT = 60
_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]}$]*\Z""")


class _Found(NamedTuple):
    """One paper's lines. An abstract may have several, one for each paragraph."""

    title: Line | None
    abstract: list[Line]


def sniff(head: bytes, name: str) -> float:
    """Sure by the banner or by a byline. Titles and abstracts in turn say nothing: much prose looks so."""
    if b"\0" in head and not text_lines.encoding(head).startswith("utf-16"):
        return 0.0
    text = text_lines.text(head)
    if text.lstrip().startswith("<") or (_HEADING.search(text) and not is_markdown(text)):
        # The same page as HTML, or Markdown of another.
        return 0.0
    if not any(sign in text for sign in _SIGNS) and not RUN_TOGETHER.match(text.lstrip("\ufeff \t\r\n")):
        # Nearly every file of another format, at once.
        return 0.0
    plain = copied(text.replace("\r", "\n"))
    found = without_feet(plain)
    if any(BANNER.fullmatch(line.text) for line in found[:NAVIGATION]):
        return 0.95
    if paper_pages(plain):
        return 0.9
    dated = [at for at in range(len(found)) if (by := byline(found, at)) and by.length == 3]
    if any(AUTHORS.fullmatch(found[at].text) for at in dated):
        return 0.9
    if any(line.is_title and line.paper_id for line in found):
        return 0.8
    dated = [at for at in range(len(plain)) if (by := byline(plain, at)) and by.length == 3]
    if any(is_long(plain[at - 1]) for at in dated if at):
        # An organization and a date stand under many an article; under an abstract, less often.
        return 0.6
    bare = len(plain) > 1 and RUN_TOGETHER.match(plain[0].text) and is_long(plain[1])
    return 0.7 if bare else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The listing day where one is printed, then the entries. The file is read whole: a page is small."""
    content, broken = _content(stream)
    found = copied(content)
    if not found:
        raise broken or ListingError("an empty file")
    if papers := paper_pages(found):
        yield from read_pages(found, papers, content.endswith("\n"))
        if broken:
            raise broken
        return
    pages, closed = pages_in(found)
    index = count(1)
    for number, lines in enumerate(pages, 1):
        if number > 1:
            yield Warned(f"line {lines[0].number}: a second page starts; its papers count as the first one's")
        day, length = _listing_day(lines)
        if not length and _ends_byline(lines):
            yield Refused(next(index), lines[0].number, "a byline with no title above it")
            length = 1
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
    with text_lines.open_text(stream) as opened:
        try:
            # Not in one go: what an error interrupts is lost.
            lines.extend(opened)
        except ListingError as error:
            return "".join(lines), error
    return "".join(lines), None


def _listing_day(lines: Sequence[Line]) -> tuple[MonthDay | None, int]:
    """The day printed over a page, and how many lines lead to the papers. A date with an abstract below it is a title.

    Above the day may stand what was searched for and other parts of the site.
    """
    behind = 0
    for at in range(min(len(lines), _MOST_ABOVE_DAY)):
        text = lines[at].text
        for length in (1, 2):
            dated = printed_date(" ".join(line.text for line in lines[at : at + length]))
            if dated and dated[1] is None and not any(map(is_long, lines[at + length : at + length + 1])):
                return dated[0], at + length
        if any(map(is_long, lines[at : at + 2])) or text == DOT or is_card(lines, at) or lines[at].is_title:
            break
        if _PERIOD.fullmatch(text):
            behind = at + 1
    return None, behind


def _ends_byline(lines: Sequence[Line]) -> bool:
    """Whether a page that was copied from the middle on begins with the date of a byline."""
    dated = printed_date(lines[0].text)
    return dated is not None and dated[1] is not None and not any(map(is_long, lines[1:2]))


# -- papers


def _entries(lines: list[Line], index: Iterator[int], ends: str | None) -> Iterator[Item]:
    """The entries of one page. `ends` is the white space at the end of the file, None when the page is whole."""
    lines = without_feet(lines)
    unwrapped = unwrap(lines)
    if ends == "\n" and (unwrapped is not lines or may_go_on(lines)):
        # What ended may be one line of several.
        ends = ""
    lines = straightened(unwrapped)
    slugs = prints_slugs(lines)
    pending: list[Line] = []
    behind_byline = False
    at = 0
    while at < len(lines):
        by = byline(lines, at, slugs=slugs)
        if by is None:
            pending.append(lines[at])
            at += 1
            continue
        if not pending:
            yield Refused(next(index), lines[at].number, "a byline with no title above it")
        papers = _paired(pending)
        votes = (line.upvotes for line in lines[at : at + by.length])
        by = by._replace(upvotes=next((each for each in votes if each is not None), None))
        for paper in papers:
            yield _entry(paper, by if paper is papers[-1] else None, index)
        if by.unread:
            yield Warned(f"line {by.unread.number}: not a date: “{by.unread.text}”")
        pending = []
        at += by.length
        behind_byline = True
    if not behind_byline and all(len(line.text) < _SHORTEST_ABSTRACT for line in pending):
        # Words of the site, with which a page begins.
        yield CutShort("the page ends before its first paper")
        return
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
        if line.is_title:
            goes_on = False
        elif is_long(line):
            if not papers:
                papers.append(_Found(None, []))
            goes_on = True
        elif not papers:
            goes_on = False
        elif papers[-1].title and papers[-1].title.is_title:
            goes_on = True
        elif papers[-1].abstract:
            # One more paragraph ("Code: https://…"), or the next title.
            alone = "://" in text and " " not in text
            goes_on = alone or (not above_abstract and (text.endswith((".", "。")) or "://" in text))
        else:
            # The abstract, unless this is a title too and the one before it has none.
            goes_on = not above_abstract or len(text) > _MAYBE_TITLE or text.endswith((".", "。"))
        if goes_on:
            papers[-1].abstract.append(line)
        else:
            papers.append(_Found(line, []))
    return papers


def _entry(found: _Found, by: Byline | None, index: Iterator[int]) -> Entry | Refused:
    number = next(index)
    if found.title is None:
        return Refused(number, found.abstract[0].number, "an abstract with no title above it")
    votes = (found.title.upvotes, by.upvotes if by else None, *(line.upvotes for line in found.abstract))
    paper_id = found.title.paper_id
    identity = ids_and_links.identity(arxiv_ids=[paper_id])
    paper = Paper(
        title=found.title.text,
        abstract="\n\n".join(line.text for line in found.abstract) or None,
        author_count=by.authors if by else None,
        organization=by.organization if by else None,
        arxiv_id=identity.arxiv_id,
        upvotes=next((each for each in votes if each is not None), None),
        comment_count=by.comments if by else None,
        links=ids_and_links.links(
            ("page", f"https://huggingface.co/papers/{paper_id}" if paper_id else None),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
        ),
    )
    return Entry(paper=paper, line=found.title.number, published_on=by.date if by else None)
