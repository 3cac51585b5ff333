"""Code for both saved and copied listing pages of arXiv: headings, fields of papers, and counts of entries."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from store.formats.arxiv import fields
from store.formats.arxiv.authors import author_list
from store.matching import identifiers
from store.matching.identifiers import ArxivId
from store.model.entry import AnnounceType, CutShort, Entry, Refused, Warned
from store.model.paper import Paper

_SECTIONS: tuple[tuple[str, AnnounceType], ...] = (("new sub", "new"), ("cross", "cross"), ("replace", "replaced"))
# The counts in a heading such as "New submissions (showing 50 of 62 entries)" or
# "Mon, 26 Jan 2026 (continued, showing last 12 of 93 entries )".
_SHOWING = re.compile(r"\(\s*(?:continued,\s*)?showing\s+(?:first\s+|last\s+)?(\d{1,6})\s+of\s+(\d{1,6})\s+entr")
_ANNOUNCED = re.compile(r"\bannounced\b(.*)")
_CATEGORY = re.compile(r"\(([a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?)\)")
_CROSS_FROM = re.compile(r"\(\s*cross-?list from\s+([\w.-]{2,24})\s*\)", re.I)
_REPLACED = re.compile(r"\(\s*replaced\s*\)", re.I)
_AUTHORS_LABEL = re.compile(r"\s*Authors?:\s*")
_NO_AUTHORS = "(author list is unavailable)"


class ListedPaper(msgspec.Struct, kw_only=True):
    """The fields of one paper as a page shows them, each on one line.

    `notes` is the text after the identifier, for example "(cross-list from cs.LG)".
    """

    identifier: ArxivId
    line: int
    notes: str = ""
    title: str = ""
    authors: str = ""
    comments: str | None = None
    journal: str | None = None
    subjects: str = ""
    doi: str | None = None
    abstract: str | None = None
    published: date | None = None
    updated: date | None = None


class Page:
    """The state while a listing page is read: the contents of its headings, and the number of entries read so far.

    `day` and `section` come from the last heading and apply to the entries below it. `shown` and `total` are the
    numbers of entries on this page and in the whole listing, according to the headings. `entries` is the number of
    entries read.
    """

    def __init__(self) -> None:
        self.day: date | None = None
        self.section: AnnounceType | None = None
        self.shown = 0
        self.total = 0
        self.entries = 0

    def heading(self, text: str) -> bool:
        """Store the day, section and counts that the heading `text` contains.

        Returns False if `text` is not a heading of a listing page.
        """
        lower = text.lower()
        section = next((kind for start, kind in _SECTIONS if lower.startswith(start)), None)
        showing = _SHOWING.search(lower)
        announced = _ANNOUNCED.search(text)
        day = fields.day(announced[1] if announced else text)
        if not (section or showing or day):
            return False
        self.section = section
        self.day = day or self.day
        if showing:
            self.shown += int(showing[1])
            self.total += int(showing[2])
        return True

    def entry(self, listed: ListedPaper, index: int) -> Entry | Refused:
        """The entry that `listed` describes, in the current section; a Refused when it has no title."""
        self.entries += 1
        name = f"arXiv:{listed.identifier.id}"
        title = fields.line(listed.title)
        if title is None:
            return Refused(index, listed.line, f"{name} has no title")
        cross = _CROSS_FROM.search(listed.notes)
        kind: AnnounceType | None = self.section
        if cross:
            kind = "cross"
        elif _REPLACED.search(listed.notes):
            kind = "replaced"
        elif self.day and kind is None:
            kind = "new"
        names = _AUTHORS_LABEL.sub("", listed.authors, count=1).strip()
        authors = author_list("" if names == _NO_AUTHORS else names)
        paper = Paper(
            title=title,
            abstract=fields.abstract(listed.abstract),
            authors=authors.authors,
            author_count=authors.total,
            published=listed.published,
            updated=listed.updated,
            arxiv_id=listed.identifier.id,
            arxiv_version=listed.identifier.version,
            doi=fields.doi(listed.doi),
            categories=categories(listed.subjects, cross[1] if cross else None),
            venue=fields.line(listed.journal),
            comment=fields.line(listed.comments),
            links=fields.links(listed.identifier.id),
        )
        return Entry(paper=paper, line=listed.line, listed_on=self.day, announce_type=kind)

    def missing(self) -> Warned | CutShort | None:
        """The report for the user about entries that were not read; None when there are none.

        It is a CutShort if the page has fewer entries than its headings announce. It is a Warned if, according to the
        headings, other pages have more entries of the same listing.
        """
        if self.entries < self.shown:
            return CutShort(f"the page counts {self.shown} entries and holds {self.entries}")
        if self.shown < self.total:
            return Warned(
                f"the page shows {self.shown} of the {self.total} entries of its listing; to read all, save it again"
                " with “all” entries per page"
            )
        return None


def categories(subjects: str, primary: str | None = None) -> tuple[str, ...]:
    """The categories in "Computation and Language (cs.CL); Machine Learning (cs.LG)" or in "cs.CL cs.LG".

    `primary` comes first if it is one of them.
    """
    codes = _CATEGORY.findall(subjects) or subjects.split()
    known_codes = fields.categories(codes)
    return (
        fields.categories(known_codes, primary if primary and primary in known_codes else None) if known_codes else ()
    )


def published_and_updated(submitted: str) -> tuple[date | None, date | None]:
    """The days of the first and of the last version in `submitted`, each None if `submitted` does not contain it.

    The text `submitted` comes from the results of a search, for example
    "Submitted 12 May, 2025; v1 submitted 10 October, 2023; originally announced October 2023".
    """
    text = submitted.replace(",", "").partition("originally announced")[0]
    last, _, first = text.partition("v1 submitted")
    if first:
        return fields.day(first), fields.day(last)
    return fields.day(last), None


def arxiv_id(text: str) -> ArxivId | None:
    """The arXiv id in a text such as "arXiv:2601.20007"; None if the text has another form."""
    return identifiers.arxiv_id(text.strip())
