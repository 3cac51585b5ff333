"""Read bookmarks in HTML: the bookmark files that browsers export, and the exports of Pocket and Instapaper.

Each bookmark is a link. An attribute of the link contains the time at which the bookmark was added. Links that do not
lead to a paper are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from typing import BinaryIO

from store.formats.links.linked_papers import LinkedPapers
from store.formats.links.page_titles import page_title
from store.formats.shared import html_text, text_lines
from store.model.entry import CutShort, Item, Warned
from store.model.errors import ListingError

NAME = "bookmarks"
TITLE = "Browser bookmarks, Pocket and Instapaper pages"
FAMILY = "links"
EXAMPLE = "bookmarks.html"
STREAMS = False

_OWN = re.compile(
    r"<!DOCTYPE NETSCAPE-Bookmark-file|<title>\s*(?:Pocket Export|Instapaper: Export)\s*</title>"
    r"|<DT>\s*<A\s[^<>]{0,2000}?\bADD_DATE=|<li>\s*<a\s[^<>]{0,2000}?\btime_added=",
    re.I,
)
# The text of a link may contain other elements, for example to print a part of it in italics.
_LINK = re.compile(r"<A\s(?P<attributes>[^<>]{1,100000})>(?P<text>(?:[^<]++|<(?!/?A[\s>]))*+)(?P<end></A>)?", re.I)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_LONGEST_TITLE = 4_000
_ADDRESS = re.compile(r"""\bHREF\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})')""", re.I)
_ADDED = re.compile(r"""\b(?:ADD_DATE|time_added)\s*=\s*["']?(\d{9,16})""", re.I)
_END = re.compile(r"</(?:html|dl|ol|ul)\s*>\s*(?:<p>\s*|</?(?:html|body|dl|ol|ul|p)>\s*)*\Z", re.I)
# The largest time in seconds since 1970. Some browsers write milliseconds or microseconds, which are larger numbers.
_MOST_SECONDS = 2**33


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file has bookmarks in HTML: 0.95 or 0."""
    text = text_lines.text(head)
    return 0.95 if html_text.is_html(text) and _OWN.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The bookmarked papers. Raises ListingError when the file has no links."""
    page = html_text.read_page(stream)
    papers = LinkedPapers()
    line = 1
    at = 0
    last_ends = True
    for link in _LINK.finditer(page):
        line += page.count("\n", at, link.start())
        at = link.start()
        address = _ADDRESS.search(link["attributes"])
        last_ends = link["end"] is not None
        if address is None or not last_ends:
            continue
        entry = papers.entry(
            unescape(address[1] or address[2]),
            page_title(_MARKUP.sub("", link["text"])[:_LONGEST_TITLE]),
            line=line,
            listed_on=_added(link["attributes"]),
        )
        if entry:
            yield entry
    if not last_ends or not _END.search(page[-400:]):
        yield CutShort("the file ends early; export it again")
    elif not papers.has_links:
        if not _OWN.search(page):
            raise ListingError("a page without bookmarks")
        yield Warned("the file holds no bookmarks")
    yield from papers.remarks()


def _added(attributes: str) -> date | None:
    """The day on which a bookmark was added; None when the attributes contain no time."""
    match = _ADDED.search(attributes)
    if match is None:
        return None
    seconds = int(match[1])
    while seconds > _MOST_SECONDS:
        seconds //= 1000
    return datetime.fromtimestamp(seconds, UTC).date() if seconds else None
