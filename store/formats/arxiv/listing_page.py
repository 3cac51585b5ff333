"""arXiv's listing pages, saved as HTML: new, recent, pastweek, a month, an author, and the results of a search.

A listing is a `dl` element. For each paper it has a `dt` (its number, its identifier, links to the PDF and other
formats) and a `dd` (title, authors, comments, subjects). The page of new papers also has abstracts, and headings for
new papers, cross-lists and replacements. On the page of recent papers, each heading is a day. The results of a search
are `li` elements with other classes. The listing day of an entry is the day on which arXiv announced the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser

from store.formats.arxiv.listed import ListedPaper, Page, arxiv_id, published_and_updated
from store.formats.shared import html_text, text_lines
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError

NAME = "arxiv-html"
TITLE = "arXiv listing and search pages, saved"
FAMILY = "arxiv"
EXAMPLE = "arxiv-cs.CL-new.html"
STREAMS = False

# Matches the elements of arXiv's lists, or the comment in which browsers store the address from which a page was saved.
_OWN = re.compile(
    r"""<dl\s+id=['"]?articles|class=['"]?list-(?:title|identifier|authors)\b|class=['"]?arxiv-result\b"""
    r"""|(?:saved from url=\(\d{1,6}\)|SingleFile\s{1,8}url:\s{1,4})https?://(?:www\.|export\.)?arxiv\.org/(?:list|search|a|catchup)/""",
    re.I,
)
_ON_ARXIV = re.compile(r"arxiv", re.I)
# The elements at which a page is divided: headings, entries of a listing, results of a search, and the ends of lists.
_DIVISION = re.compile(
    r"""<h[123]\b[^<>]{0,200}>(?P<heading>[^<>]{1,300})</h[123]>|<(?P<entry>dt)\b|<li\s[^<>]{0,100}"""
    r"""(?P<result>arxiv-result)|</(?P<end>dl|ol)\s*>""",
    re.I,
)
_ID_LINK = re.compile(r"(?:https?://(?:www\.|export\.)?arxiv\.org)?/abs/([^\s?#]{5,40})", re.I)
_VERSIONED = re.compile(r"(?:https?://(?:www\.|export\.)?arxiv\.org)?/(?:html|pdf)/([^\s?#]{5,40}v\d{1,3})\b", re.I)
_LABEL = re.compile(r"\s*(?:Title|Comments?|Subjects?|Journal-ref|Journal ref|Authors?|Abstract|DOI)\s*:\s*", re.I)
_NO_ENTRIES = re.compile(
    r"\b(?:No updates (?:today|for this time period)|produced no results|No listings found)\b", re.I
)
_LESS = re.compile(r"\s*(?:△ Less|▽ More|… ▽ More)\s*\Z")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a page with a list of arXiv: 0.95 or 0."""
    text = text_lines.text(head)
    if not html_text.is_html(text) or not _ON_ARXIV.search(text):
        return 0.0
    return 0.95 if _OWN.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the page, each with its listing day. Raises ListingError when the page has no list of papers."""
    page = html_text.read_page(stream)
    state = Page()
    index = line = at = 0
    for start, end, kind, heading in _parts(page):
        line += page.count("\n", at, start)
        at = start
        if heading:
            state.heading(" ".join(heading.split()))
            continue
        index += 1
        yield _entry(page[start:end], kind, state, index, line + 1)
    yield from _end(page, state, index)


def _end(page: str, state: Page, index: int) -> Iterator[Item]:
    if html_text.is_cut(page):
        yield CutShort("the page ends early; save it again")
    elif missing := state.missing():
        yield missing
    elif not index and _NO_ENTRIES.search(page):
        yield Warned("the page holds no papers: arXiv announces none on weekends and holidays")
    elif not index:
        raise ListingError("a page of arXiv without a list of papers")


def _parts(page: str) -> Iterator[tuple[int, int, str, str]]:
    """Each heading and each complete entry of a page: start offset, end offset, kind, and text if it is a heading.

    The kind is "heading", "dt" (an entry of a listing) or "arxiv-result" (a result of a search).
    """
    divisions = list(_DIVISION.finditer(page))
    for at, division in enumerate(divisions):
        if division["heading"]:
            yield division.start(), division.end(), "heading", division["heading"]
        elif kind := division["entry"] or division["result"]:
            end = divisions[at + 1].start() if at + 1 < len(divisions) else len(page)
            if at + 1 < len(divisions) or "</dd>" in page[division.start() :].lower():
                yield division.start(), end, kind.lower(), ""


def _entry(text: str, kind: str, state: Page, index: int, line: int) -> Entry | Refused:
    tree = html_text.part(html_text.with_addresses(text))
    if tree is None:
        return Refused(index, line, "an entry that is larger than any of arXiv's")
    addresses = [link.attributes.get("href") or "" for link in tree.css("a[href]")]
    identifiers = (arxiv_id(match[1]) for each in addresses if (match := _ID_LINK.match(each)))
    identifier = next(filter(None, identifiers), None)
    if identifier is None:
        return Refused(index, line, "an entry without an arXiv identifier")
    if identifier.version is None:
        versions = (arxiv_id(match[1]) for each in addresses if (match := _VERSIONED.match(each)))
        identifier = next((each for each in versions if each and each.id == identifier.id), identifier)
    listed = ListedPaper(identifier=identifier, line=line)
    if kind == "dt":
        _fill_from_listing(listed, tree)
    else:
        _fill_from_result(listed, tree, addresses)
    return state.entry(listed, index)


def _fill_from_listing(listed: ListedPaper, tree: LexborHTMLParser) -> None:
    listed.notes = html_text.line(tree.css_first("dt"))
    listed.title = _field(tree, ".list-title") or ""
    listed.authors = _field(tree, ".list-authors") or ""
    listed.comments = _field(tree, ".list-comments")
    listed.journal = _field(tree, ".list-journal-ref")
    listed.doi = _field(tree, ".list-doi")
    listed.subjects = _field(tree, ".list-subjects") or ""
    listed.abstract = html_text.paragraphs(tree.css_first("dd p.mathjax") or tree.css_first("dd p")) or None


def _fill_from_result(listed: ListedPaper, tree: LexborHTMLParser, addresses: list[str]) -> None:
    listed.title = html_text.line(tree.css_first("p.title"))
    listed.authors = html_text.line(tree.css_first("p.authors"))
    listed.doi = next((each for each in addresses if "doi.org/10." in each), None)
    listed.subjects = " ".join(html_text.line(tag) for tag in tree.css("span.tag[data-tooltip]"))
    abstract = tree.css_first("span.abstract-full") or tree.css_first("span.abstract-short")
    listed.abstract = _LESS.sub("", html_text.paragraphs(abstract)) or None
    for paragraph in tree.css("p.is-size-7"):
        text = html_text.line(paragraph)
        label = text.partition(":")[0].lower()
        if text.startswith("Submitted"):
            listed.published, listed.updated = published_and_updated(text)
        elif label == "comments":
            listed.comments = _LABEL.sub("", text, count=1)
        elif label == "journal ref":
            listed.journal = _LABEL.sub("", text, count=1)


def _field(tree: LexborHTMLParser, selector: str) -> str | None:
    """The text of a field of an entry without its label; None when the entry has no such field."""
    return _LABEL.sub("", html_text.line(tree.css_first(selector)), count=1) or None
