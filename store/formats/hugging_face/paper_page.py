"""Read the page of one paper on Hugging Face, copied as text: arXiv id, title, dates, authors and abstract.

The comments on the paper and the list of models that cite the paper are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from store.formats.hugging_face.addresses import paper_addresses
from store.formats.hugging_face.byline import printed_date
from store.formats.hugging_face.page_parts import DOT, Line
from store.formats.shared import ids_and_links
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item, ListingDay, Warned
from store.model.paper import Author, Paper
from store.model.partial_date import MonthDay

_ARXIV_LINE = re.compile(rf"arxiv:\s?({identifiers.NEW_ARXIV_ID})(?:v\d{{1,3}})?", re.I)
_DATED = r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:, ?\d{4})?"
_PUBLISHED = re.compile(rf"Published on ({_DATED})(?=\Z|\s)")
_SUBMITTED = re.compile(rf"\bon ({_DATED})(?=\Z|\s)")
_UPVOTE = re.compile(r"Upvote(?: (\d{1,7}|-))?")
_COUNT = re.compile(r"\d{1,7}|-")
_MORE = re.compile(r"\+\d{1,5}")
_SUMMARY = re.compile(r"AI-generated summary", re.I)
_BELOW_ABSTRACT = re.compile(
    r"(?:View arXiv page|View PDF|Project page|GitHub(?: [\d.,]+[kM]?)?|Add to collection)(?=\Z|\s)|Community|Upvote|"
    r"(?:Models|Datasets|Spaces|Collections) (?:citing|including) this paper.{0,12}|Get this paper in your agent:?",
)
_MOST_ABOVE_DATE = 6
_MOST_ABOVE_ABSTRACT = 3000
_SENTENCE_END = (".", "!", "?", "。", "”", ")", "$")


class PaperPage(NamedTuple):
    """The line indexes of a page's title, publication date, abstract heading and end, and the arXiv id of the paper."""

    title: int
    published: int
    abstract: int
    arxiv_id: str | None
    end: int = 0


def paper_pages(lines: Sequence[Line]) -> list[PaperPage]:
    """The pages of single papers in the text; an empty list when the text has none, as in a page that lists papers."""
    published = [at for at in range(1, len(lines)) if _PUBLISHED.match(lines[at].text)]
    places = pairwise([*published, len(lines)])
    pages = [page for at, after in places if (page := _page(lines, at, after))]
    starts = [*(page.title for page in pages), len(lines)]
    return [page._replace(end=end) for page, end in zip(pages, starts[1:], strict=True)]


def read_pages(lines: Sequence[Line], pages: Sequence[PaperPage], is_whole: bool) -> Iterator[Item]:
    """Yield the day on which the first paper was submitted, and an entry for each page.

    `is_whole` is True if the file ends with a line end, so that its last line is complete.
    """
    if day := _submitted(lines[pages[0].published : pages[0].abstract]):
        yield ListingDay(day)
    for page in pages:
        yield from _items(lines, page, is_whole or page is not pages[-1])


def _page(lines: Sequence[Line], published: int, after: int) -> PaperPage | None:
    """The paper page whose publication date is at index `published`; None when that line is not part of such a page."""
    below = range(published, min(published + _MOST_ABOVE_ABSTRACT, after))
    abstract = next((at for at in below if lines[at].text == "Abstract"), None)
    if abstract is None:
        return None
    for at in range(published - 1, max(-1, published - _MOST_ABOVE_DATE), -1):
        if (id_line := _ARXIV_LINE.fullmatch(lines[at].text)) and at + 1 < published:
            return PaperPage(at + 1, published, abstract, id_line[1])
    if not any(line.text.startswith("Authors:") for line in lines[published:abstract]):
        return None
    title = published - 1
    while title and published - title < _MOST_ABOVE_DATE and lines[title - 1].number == lines[title].number - 1:
        title -= 1
    return PaperPage(title, published, abstract, lines[published - 1].paper_id)


def _items(lines: Sequence[Line], page: PaperPage, is_whole: bool) -> Iterator[Item]:
    title = " ".join(line.text for line in lines[page.title : page.published])
    below = next((at for at in range(page.abstract, page.end) if _BELOW_ABSTRACT.match(lines[at].text)), None)
    texts = [line.text for line in lines[page.abstract + 1 : page.end if below is None else below]]
    summary = next((at for at, text in enumerate(texts) if _SUMMARY.fullmatch(text)), None)
    abstract = texts if summary is None else texts[summary + 1 :]
    if below is None and not (abstract and (is_whole or abstract[-1].endswith(_SENTENCE_END))):
        yield CutShort(f"the file ends in the middle of the abstract of “{title}”")
        return
    middle = lines[page.published : page.abstract]
    identity = ids_and_links.identity(arxiv_ids=[page.arxiv_id])
    authors = _authors(middle)
    published = _PUBLISHED.match(middle[0].text)
    printed = printed_date(published[1]) if published else None
    yield Entry(
        paper=Paper(
            title=title,
            abstract="\n\n".join(abstract) or None,
            authors=authors,
            author_count=len(authors) or None,
            arxiv_id=identity.arxiv_id,
            upvotes=_upvotes(middle),
            ai_summary=" ".join(texts[:summary]) if summary else None,
            links=ids_and_links.links(*paper_addresses(identity.arxiv_id, identity.arxiv_id)),
        ),
        line=lines[page.title].number,
        published_on=printed[0] if printed else None,
    )
    if below is None and not is_whole:
        yield Warned(f"the file ends without a line end: the abstract of “{title}” may go on")


def _submitted(lines: Sequence[Line]) -> MonthDay | None:
    """The day on which a paper was submitted to the site, which is the last date printed above its authors."""
    day = None
    for at, line in enumerate(lines):
        if line.text.startswith(("Authors", "Upvote")):
            break
        text = _PUBLISHED.sub("", line.text) if at == 0 else line.text
        if printed := printed_date(match[1]) if (match := _SUBMITTED.search(text)) else None:
            day = printed[0]
    return day


def _authors(lines: Sequence[Line]) -> tuple[Author, ...]:
    start = next((at for at, line in enumerate(lines) if line.text.startswith("Authors:")), None)
    if start is None:
        return ()
    names = " ".join(line.text for line in lines[start:]).removeprefix("Authors:").replace("•", ",").split(",")
    return tuple(Author(name) for each in names if (name := each.strip(f" {DOT}")) and not _MORE.fullmatch(name))


def _upvotes(lines: Sequence[Line]) -> int | None:
    for line, below in zip(lines, [*lines[1:], lines[-1]], strict=True):
        if vote := _UPVOTE.fullmatch(line.text):
            count = vote[1] or below.text
            return (0 if count == "-" else int(count)) if _COUNT.fullmatch(count) else None
    return None
