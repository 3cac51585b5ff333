"""arXiv's listing pages, copied from the browser as text: new, recent, a month, an author, and the results of a search.

An entry of a listing starts with "[1] arXiv:2601.20007 [pdf, html, other]". The next lines are its title ("Title: …"),
its authors, other fields with labels, and, on the page of new papers, its abstract. A result of a search starts with
"1. arXiv:2601.20007 [pdf, other]". Its categories, title, authors, abstract and dates follow in this order. The listing
day of an entry is the day on which arXiv announced the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.arxiv.listed import ListedPaper, Page, arxiv_id, categories, published_and_updated
from store.formats.shared import text_lines
from store.matching import identifiers
from store.matching.identifiers import NEW_ARXIV_ID, OLD_ARXIV_ID
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError

NAME = "arxiv-text"
TITLE = "arXiv listing and search pages, copied text"
FAMILY = "arxiv"
EXAMPLE = "arxiv-cs.CL.txt"
STREAMS = False

_ID = rf"arXiv:\s?(?P<id>(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,3}})?)"
_FORMATS = r"\[\s?(?:pdf|ps|html|other|abs|src|tex)\b[^\[\]\n]{0,60}\]"
# The first line of an entry. Some browsers put the links to the PDF and other formats ("[pdf, html, other]") on the
# next line.
_FIRST = re.compile(
    rf"(?:\[(?P<listing>\d{{1,6}})\]|(?P<result>\d{{1,6}})[.)]|[•*-])?\s*{_ID}"
    rf"(?P<notes>(?:\s*\([^()\n]{{0,80}}\)){{0,3}})\s*(?P<formats>{_FORMATS})?\s*(?P<rest>[^\n]{{0,300}})",
    re.I,
)
_FORMATS_ALONE = re.compile(_FORMATS)
_ANY_ID = _ID.replace("?P<id>", "?:")
# The start of an entry in one of three forms: as browsers copy it; converted to Markdown; or text without the entry's
# number "[1]" that still has the links to the PDF and other formats.
_SNIFFED = re.compile(
    rf"^[ \t>]{{0,8}}(?:\[\d{{1,6}}\][ \t]*{_ANY_ID}|\[\\?\[\d{{1,6}}\\?\]\]\([^()\s]{{0,200}}\)[ \t]*\[arXiv:"
    rf"|(?:\d{{1,6}}[.)][ \t]*)?{_ANY_ID}(?:[ \t]*\([^()\n]{{0,80}}\))?[ \t\xa0]*{_FORMATS})",
    re.I | re.M,
)
_LABEL = re.compile(
    r"(Title|Authors?|Comments?|Subjects?|Journal-ref|Journal ref|Abstract|DOI|Report-no|Report number|MSC Class"
    r"|ACM Class|MSC-class|ACM-class|Related DOI|doi)\s*(?::\s*|(?<=doi)\s+)(.*)"
)
# Lines that belong to the web site and not to an entry. They are after the last entry or between two entries.
_OF_THE_SITE = re.compile(
    r"\[?\s?total of \d+ entries.*|Showing up to \d+ entries per page.*|fewer|more|all|\|"
    r"|\[?\s?showing (?:up to )?\d+ entries per page.*|Showing \d+[–-]\d+ of [\d,]+ results.*"
    r"|About Help|About|Help|Contact|Subscribe|contact arXiv.*|subscribe to arXiv mailings.*|Copyright|Privacy Policy"
    r"|Web Accessibility Assistance|arXiv Operational Status.*|Next|Previous|Links to:.*"
    r"|No updates for this time period\.",
    re.I,
)
_MARKDOWN_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,400})\]\([^()\s]{0,2000}(?: \"[^\"]{0,200}\")?\)")
_MARKDOWN_MARK = re.compile(r"\A(?:#{1,6} |:[ \t]+)")
_DOI_BEHIND = re.compile(r"\s*\bdoi\s+(10\.\S+)\s*")
_HEADING = re.compile(
    r"(?:(?:New|Cross|Replacement) submissions?|Cross-lists?|Replacements?)\b.{0,60}"
    r"|Showing new listings for\b.{0,60}"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}, \d{1,2} [A-Z][a-z]{2,8} \d{2,4}(?:\s*\(.{0,60}\))?"
    r"|Submissions received from .{0,120}"
)
_NO_ENTRIES = re.compile(r"No updates (?:today|for this time period)|produced no results", re.I)
_CATEGORIES = re.compile(r"(?:[a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?\s*)+")
_LESS = re.compile(r"\s*(?:△ Less|… ▽ More|▽ More)\s*\Z")
_SENTENCE_END = (".", "!", "?", "。", "”", '"', ")", "$", "}", "…")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a copied page of arXiv.

    The value is 0.9 if an entry starts in the form that entries have on such pages, and 0 otherwise.
    """
    text = text_lines.text(head).replace("\r", "\n")
    if text.lstrip("\ufeff \t\n")[:1] in ("<", "{"):
        return 0.0
    return 0.9 if _SNIFFED.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the page, each with its listing day. Raises ListingError when the text has no list of papers."""
    reading = _Reading()
    last = ""
    is_empty = True
    number = 0
    with text_lines.open_text(stream) as opened:
        while raw := opened.readline(limits.MAIL_LINE):
            number += 1
            last = raw
            text = _plain(raw)
            is_empty = is_empty and not text
            yield from reading.line(number, text)
    if is_empty:
        raise ListingError("an empty file")
    yield from reading.end(last.endswith("\n"))


def _plain(raw: str) -> str:
    """A line without the ">" of a quoted mail, and without Markdown, to which some tools convert a page."""
    text = raw.replace("\xa0", " ").strip("\ufeff \t\r\n>")
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text.replace("\\[", "[").replace("\\]", "]"))
    return _MARKDOWN_MARK.sub("", text, count=1)


class _Reading:
    """The state while the lines of one file are read, with the entry that is being collected."""

    def __init__(self) -> None:
        self.page = Page()
        self.index = 0
        self.listed: ListedPaper | None = None
        self.is_result = False
        # `lines` are the lines of the current entry that have no label. `awaited` is the field whose label was alone on
        # the line before, so that the next line is the text of this field.
        self.lines: list[str] = []
        self.awaited: str | None = None
        self.has_abstracts = False
        self.says_empty = False
        self.is_closed = False

    def line(self, number: int, text: str) -> Iterator[Item]:
        """Read a line. If the line shows that the entry before it is complete, yields that entry."""
        first = _FIRST.fullmatch(text) if "arxiv:" in text[:24].lower() else None
        if first and (first["listing"] or first["result"] or first["formats"]):
            yield from self._finish(is_last=False)
            self._begin(number, first)
        elif _HEADING.fullmatch(text) or _OF_THE_SITE.fullmatch(text):
            if self.listed is None or self._is_complete():
                yield from self._finish(is_last=False)
                self.page.heading(text)
                self.is_closed = True
            else:
                self.lines.append(text)
        elif self.listed is not None:
            self._add(text)
        else:
            self.says_empty = self.says_empty or _NO_ENTRIES.search(text) is not None

    def end(self, is_whole: bool) -> Iterator[Item]:
        """The last entry, and reports about entries that the headings of the page count but the page does not contain.

        `is_whole` is True if the file ends in a line end. If it is False, the last entry may be incomplete. Raises
        ListingError when the text has no list of papers.
        """
        name = f"arXiv:{self.listed.identifier.id}" if self.listed else ""
        text = self.lines[-1] if self.lines else ""
        yield from self._finish(is_last=True)
        if missing := self.page.missing():
            yield missing
        elif name and not is_whole and text and not text.endswith(_SENTENCE_END):
            yield Warned(f"the file ends without a line end: the abstract of {name} may go on")
        if not self.index and self.says_empty:
            yield Warned("the page holds no papers: arXiv announces none on weekends and holidays")
        elif not self.index:
            raise ListingError("a text without a list of arXiv's papers")

    def _begin(self, number: int, first: re.Match[str]) -> None:
        self.index += 1
        self.lines = []
        self.awaited = None
        self.is_closed = False
        self.is_result = first["listing"] is None
        identifier = arxiv_id(first["id"])
        if identifier is None:
            return
        self.listed = ListedPaper(identifier=identifier, line=number, notes=first["notes"] or "")
        rest = first["rest"].strip()
        if doi := _DOI_BEHIND.search(rest):
            self.listed.doi = doi[1]
            rest = _DOI_BEHIND.sub(" ", rest).strip()
        if rest:
            self._add(rest)

    def _add(self, text: str) -> None:
        """Add a line to the current entry."""
        assert self.listed is not None
        listed = self.listed
        if not text or _FORMATS_ALONE.fullmatch(text):
            return
        label = _LABEL.fullmatch(text)
        field = label[1].lower() if label else None
        if field == "title":
            # The label "Title:" occurs only in listings, not in the results of a search.
            self.is_result = False
        if field == "abstract" and label and self.is_result:
            self.lines.append(label[2])
        elif self.is_result and text.startswith("Submitted "):
            listed.published, listed.updated = published_and_updated(text)
        elif field and label and self._fill(listed, field, label[2].strip()):
            self.awaited = None if label[2].strip() else field
        elif self.awaited:
            self._fill(listed, self.awaited, text)
            self.awaited = None
        elif self.is_result and not listed.subjects and not listed.title and self._are_categories(text):
            listed.subjects = text
        elif self.is_result and not listed.title:
            listed.title = text
        elif not self.is_result and listed.title and not listed.authors and not listed.subjects:
            listed.authors = text
        elif not self.is_result and listed.title and not listed.subjects and not listed.comments and not listed.journal:
            # A text-mode browser breaks a long list of authors into several lines.
            listed.authors += f" {text}"
        else:
            self.lines.append(text)

    @staticmethod
    def _are_categories(text: str) -> bool:
        words = text.split()
        return bool(_CATEGORIES.fullmatch(text)) and all(map(identifiers.is_category, words))

    def _fill(self, listed: ListedPaper, field: str, text: str) -> bool:
        """Store `text` in the field with the label `field`.

        Returns False when the line belongs to the abstract instead.
        """
        if listed.subjects and not self.is_result:
            # In a listing, the abstract comes after the subjects. A line of the abstract may start with a word such as
            # "Comments:".
            return False
        if field == "title":
            listed.title = text
        elif field in ("author", "authors"):
            listed.authors = text
        elif field in ("comment", "comments"):
            listed.comments = text
        elif field in ("subject", "subjects"):
            listed.subjects = text
        elif field in ("journal-ref", "journal ref"):
            listed.journal = text
        elif field in ("doi", "related doi"):
            listed.doi = text
        elif field == "abstract":
            return False
        return True

    def _is_complete(self) -> bool:
        """Whether the current entry has all fields that it must have.

        A line after an incomplete entry is always part of that entry, even if it looks like a line of the web site.
        """
        listed = self.listed
        if listed is None or not listed.title:
            return False
        return listed.published is not None if self.is_result else bool(categories(listed.subjects))

    def _finish(self, *, is_last: bool) -> Iterator[Item]:
        """The current entry, with a warning if fields are missing; a CutShort if the file ends inside the entry."""
        complete = self._is_complete()
        listed, self.listed = self.listed, None
        if listed is None:
            return
        name = f"arXiv:{listed.identifier.id}"
        listed.abstract = _LESS.sub("", _paragraphs(self.lines)) or None
        if is_last and not self.is_closed and (not complete or (self.has_abstracts and not listed.abstract)):
            yield CutShort(f"the file ends in the middle of {name}, line {listed.line}")
            return
        self.has_abstracts = self.has_abstracts or listed.abstract is not None
        item: Entry | Refused = self.page.entry(listed, self.index)
        yield item
        if isinstance(item, Entry) and not complete:
            missing = "date" if self.is_result else "subjects"
            yield Warned(f"line {listed.line}: {name} has no {missing}; it may be cut")


def _paragraphs(lines: list[str]) -> str:
    """The lines of an abstract, joined to paragraphs.

    A paragraph ends at a line that ends a sentence. A text-mode browser broke any other line, so the next line is
    joined to it.
    """
    text = ""
    for each in lines:
        text += ("\n\n" if text.endswith(_SENTENCE_END) else " " if text else "") + each
    return text
