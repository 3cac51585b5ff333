"""Hugging Face Daily Papers, copied from the page as text.

There are two layouts. A page with bylines has a banner, the listing day, and then, for each paper, a title, an abstract
and usually a byline of three lines: the authors or the organization, "·", and the date with the comment count. A page
without bylines has only titles and abstracts in turn. The site prints the year of a date only when it is not the
current year. Some browsers also copy other text of the page: the upvotes above a title, comment counts on separate
lines, the cards of the front page, and the navigation of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import BinaryIO, NamedTuple

from store.formats.alerts.mails import is_mail
from store.formats.hugging_face.addresses import paper_addresses
from store.formats.hugging_face.byline import AUTHORS, Byline, byline, printed_date, prints_slugs
from store.formats.hugging_face.cards import is_card, without_cards, without_footers
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

# A line of at most this length (characters) that does not end a sentence may be a title: the longest title on arXiv
# has 245 characters. A longer line is a title or an abstract, depending on the lines around it.
_MAYBE_TITLE = 250
_HEADING = re.compile(r"^### ", re.M)
# Strings from the banner, the bylines, the links and the page of one paper. Every page contains at least one of these
# strings.
_SIGNS = ("email inbox", "research community", DOT, "/papers/", "Published on ")
# Matches the week or month that a weekly or monthly page contains in place of the listing day.
_PERIOD = re.compile(
    r"(?:\d{4}-)?W\d{1,2}|Week \d{1,2}(?:, \d{4})?|[A-Z][a-z]{2,8} \d{4}|"
    r"[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})? ?[-–—] ?(?:[A-Z][a-z]{2,8} )?\d{1,2}(?:, \d{4})?"
)
_MOST_ABOVE_DAY = 12
# A page without bylines has papers only if at least one abstract is this long.
_SHORTEST_ABSTRACT = 60
_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]}$]*\Z""")


class _PaperLines(NamedTuple):
    """The lines of one paper. An abstract has a line for each paragraph."""

    title: Line | None
    abstract: list[Line]


def sniff(head: bytes, name: str) -> float:
    """The certainty that the text is a copied page of Daily Papers: near 1 if it has the banner or a byline.

    A text in which short and long lines alternate, like titles and abstracts, is not accepted for that reason alone,
    because other texts also have such lines.
    """
    if text_lines.is_binary(head):
        return 0.0
    if is_mail(head):
        # Another format, `alerts.mail_alert`, reads the digest of Daily Papers that is sent by mail.
        return 0.0
    text = text_lines.text(head)
    if text.lstrip().startswith("<") or (_HEADING.search(text) and not is_markdown(text)):
        # HTML is read by the format `saved_page`. Text with headings in Markdown, but without the links of Daily
        # Papers, is from another site.
        return 0.0
    if not any(sign in text for sign in _SIGNS) and not RUN_TOGETHER.match(text.lstrip("\ufeff \t\r\n")):
        # This fast path returns early for nearly every file of another format.
        return 0.0
    plain = copied(text.replace("\r", "\n"))
    lines = without_footers(plain)
    if any(BANNER.fullmatch(line.text) for line in lines[:NAVIGATION]):
        return 0.95
    if paper_pages(plain):
        return 0.9
    if any(AUTHORS.fullmatch(lines[at].text) for at in _whole_bylines(lines)):
        return 0.9
    if any(line.is_title and line.paper_id for line in lines):
        return 0.8
    if any(is_long(plain[at - 1]) for at in _whole_bylines(plain) if at):
        # Many other articles end in an organization and a date, but rarely with an abstract above these lines.
        return 0.6
    bare = len(plain) > 1 and RUN_TOGETHER.match(plain[0].text) and is_long(plain[1])
    return 0.7 if bare else 0.0


def _whole_bylines(lines: Sequence[Line]) -> list[int]:
    """The index of each line at which a byline of three lines starts."""
    return [at for at in range(len(lines)) if (by := byline(lines, at)) and by.length == 3]


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a ListingDay if the page prints its day, and then the entries. The whole file is read into memory."""
    content, broken = _content(stream)
    all_lines = copied(content)
    if not all_lines:
        raise broken or ListingError("an empty file")
    if papers := paper_pages(all_lines):
        yield from read_pages(all_lines, papers, content.endswith("\n"))
        if broken:
            raise broken
        return
    pages, closed = pages_in(all_lines)
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
    """The text up to the first error, and the error, for example of a damaged archive; None without an error."""
    lines: list[str] = []
    with text_lines.open_text(stream) as opened:
        try:
            # Read line by line, because an error during one call to `read` would lose all the text before it.
            lines.extend(opened)
        except ListingError as error:
            return "".join(lines), error
    return "".join(lines), None


def _listing_day(lines: Sequence[Line]) -> tuple[MonthDay | None, int]:
    """The day printed above a page, and the number of lines before the first paper.

    The page may print search terms and navigation above the day. A line with a date directly above an abstract is the
    title of a paper, not the day.
    """
    skipped = 0
    for at in range(min(len(lines), _MOST_ABOVE_DAY)):
        text = lines[at].text
        for length in (1, 2):
            date_line = printed_date(" ".join(line.text for line in lines[at : at + length]))
            if date_line and date_line[1] is None and not any(map(is_long, lines[at + length : at + length + 1])):
                return date_line[0], at + length
        if any(map(is_long, lines[at : at + 2])) or text == DOT or is_card(lines, at) or lines[at].is_title:
            break
        if _PERIOD.fullmatch(text):
            skipped = at + 1
    return None, skipped


def _ends_byline(lines: Sequence[Line]) -> bool:
    """Whether the page starts with the date line of a byline, because the user did not copy the lines above it."""
    date_line = printed_date(lines[0].text)
    return date_line is not None and date_line[1] is not None and not any(map(is_long, lines[1:2]))


# The functions below convert the lines of a page to entries.


def _entries(lines: list[Line], index: Iterator[int], ends: str | None) -> Iterator[Item]:
    """The entries of one page.

    `ends` is the white space at the end of the file, which shows whether the last paper is complete. None means that
    the page is complete, because another page or the footer of the site follows.
    """
    lines = without_footers(lines)
    unwrapped = unwrap(lines)
    if ends == "\n" and (unwrapped is not lines or may_go_on(lines)):
        # The last abstract is broken into several lines, so further lines may be missing although the file ends with a
        # line end.
        ends = ""
    lines = without_cards(unwrapped)
    slugs = prints_slugs(lines)
    pending: list[Line] = []
    has_byline = False
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
        has_byline = True
    if not has_byline and all(len(line.text) < _SHORTEST_ABSTRACT for line in pending):
        # The page contains only lines that the site prints above the first paper.
        yield CutShort("the page ends before its first paper")
        return
    yield from _last_entries(pending, index, ends)


def _last_entries(pending: list[Line], index: Iterator[int], ends: str | None) -> Iterator[Item]:
    """The entries of the papers below the last byline, which have no byline. The last one may be incomplete."""
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
    """The number of lines at the end that form the start of a byline; 0 when the lines do not end inside a byline."""
    texts = [line.text for line in pending[-3:]]
    if len(texts) == 3 and texts[1] == DOT:
        return 3
    if len(texts) > 1 and texts[-1] == DOT:
        return 2
    # A bullet has three bytes in UTF-8. If the file ends after the first or second byte, the bullet is read as U+FFFD.
    return 1 if texts and texts[-1].startswith(("•", "\ufffd")) else 0


def _paired(lines: Sequence[Line]) -> list[_PaperLines]:
    """Pair each title with its abstract.

    Titles and abstracts alternate, unless the lengths of the lines show otherwise.
    """
    papers: list[_PaperLines] = []
    for at, line in enumerate(lines):
        text = line.text
        above_abstract = at + 1 < len(lines) and is_long(lines[at + 1])
        if line.is_title:
            continues = False
        elif is_long(line):
            if not papers:
                papers.append(_PaperLines(None, []))
            continues = True
        elif not papers:
            continues = False
        elif papers[-1].title and papers[-1].title.is_title:
            continues = True
        elif papers[-1].abstract:
            # This line is either another paragraph, for example "Code: https://…", or the next title.
            alone = "://" in text and " " not in text
            continues = alone or (not above_abstract and (text.endswith((".", "。")) or "://" in text))
        else:
            # This line is normally the abstract. But if the title above it has no abstract, this line may be the next
            # title.
            continues = not above_abstract or len(text) > _MAYBE_TITLE or text.endswith((".", "。"))
        if continues:
            papers[-1].abstract.append(line)
        else:
            papers.append(_PaperLines(line, []))
    return papers


def _entry(paper_lines: _PaperLines, by: Byline | None, index: Iterator[int]) -> Entry | Refused:
    number = next(index)
    title, abstract = paper_lines
    if title is None:
        return Refused(number, abstract[0].number, "an abstract with no title above it")
    votes = (title.upvotes, by.upvotes if by else None, *(line.upvotes for line in abstract))
    paper_id = title.paper_id
    identity = ids_and_links.identity(arxiv_ids=[paper_id])
    paper = Paper(
        title=title.text,
        abstract="\n\n".join(line.text for line in abstract) or None,
        author_count=by.authors if by else None,
        organization=by.organization if by else None,
        arxiv_id=identity.arxiv_id,
        upvotes=next((each for each in votes if each is not None), None),
        comment_count=by.comments if by else None,
        links=ids_and_links.links(*paper_addresses(paper_id, identity.arxiv_id)),
    )
    return Entry(paper=paper, line=title.number, published_on=by.date if by else None)
