"""Divide the description of a feed item into the abstract and the lines before it: journal, authors, date, DOI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from store.formats.feeds import names
from store.formats.shared import markup

# ScienceDirect writes the fields of an item as paragraphs: "Publication date: March 2026", "Source: …", "Author(s): …".
_LABELLED = re.compile(r"(Publication date|Source|Author\(s\)|Authors?|DOI|Journal)\s*:\s*(.+)", re.I)
# Matches a line with journal, date and DOI, as PubMed and Nature write it: "J Lists. 2026 Jan 20. doi: 10.1000/x.
# Online ahead of print.", "Nature, Published online: 20 January 2026; doi:10.…".
_SOURCE = re.compile(
    r"(?=.{0,300}\b(?:doi\s?:|doi\.org/|Online ahead of print|Published online))"
    r"(?:[^\n]{1,80}?[.,] )?(?:\d{4}\b|Published online|Publication date|Volume |[^\n]{0,60}\d{4} [A-Z][a-z]{2})"
    r"[^\n]{0,400}"
)
_PUBLISHED_ONLINE = re.compile(r"([^\n,;]{2,120}),? Published online:?\s*([^;|\n]{4,40})", re.I)
# Matches the line with journal and date in feeds of Wiley, Taylor & Francis and Science: "Journal of Lists, Volume 5,
# Issue 3, Page 1-10, March 2026.", or "…, EarlyView."
_ISSUE = re.compile(
    r"(?:(?P<journal>[^\n]{2,120}?), )?(?:Volume \d+, Issue \w+[^\n]{0,100}|EarlyView\.?|Ahead of Print\.?"
    r"|Accepted Article\.?|Just Accepted\.?)[^\n]{0,60}",
    re.I,
)
# Matches the line with journal and DOI in feeds of ACS and MDPI: "Journal of Lists DOI: 10.1021/…".
_WITH_DOI = re.compile(r"(?P<journal>[^\n:]{0,100}?)\s*\bdoi:?\s*10\.\S{3,200}", re.I)
# Only this many characters at the end of a line are searched for the date of an issue.
_LAST = 40
_HEADING = re.compile(r"(?:abstract|summary|graphical abstract|author\(s\))\s*[.:]?", re.I)
_HEADING_BEFORE = re.compile(r"\A\s*(?:ABSTRACT|Abstract)\s*[.:]?\s+(?=[A-Z\d])")
# Matches the line with journal and date in feeds of the American Physical Society: "[Phys. Rev. Lett. 136, 1234]
# Published Tue Jan 20, 2026".
_REFERENCE = re.compile(r"\[([^\[\]\n]{3,80})\] Published (.{4,40})")
_BELOW = re.compile(r"PMID:.{0,200}|Read more\b.{0,40}|Continue reading.{0,80}", re.I)
# The line with the authors in feeds of PLOS: "by Ada Alpha, Bert Beta".
_BY = re.compile(r"by ([^\n]{5,2000})")
# The journal, volume and pages that MDPI writes before the title of a paper.
BEFORE_TITLE = re.compile(r"\A[A-Z][\w &,:'-]{2,80}, Vol\. \d{1,4}, Pages? [\w–-]{1,20}: ")
# Elements that separate paragraphs. `markup.plain` does not handle them.
_BREAK = re.compile(
    r"</?(?:br|h[1-6]|hr|img|table|tbody|tr|td|th|section|article|figure|blockquote)\b[^<>]{0,2000}>", re.I
)


class Described(NamedTuple):
    """The parts of a description. `source` is the line that contains the journal, the date and the DOI."""

    abstract: str | None
    source: str | None
    journal: str | None
    date: str | None
    names: tuple[str, ...]


class _Parts:
    """The values that were found in the descriptions of one item, other than the abstract."""

    def __init__(self) -> None:
        self.source: str | None = None
        self.journal: str | None = None
        self.date: str | None = None
        self.names: tuple[str, ...] = ()

    def store(self, line: str, *, is_first: bool) -> bool:
        """Store the values in `line`, a paragraph of the description. Returns False if it is part of the abstract.

        `is_first` is True for a paragraph above the abstract.
        """
        if not line or _HEADING.fullmatch(line) or _BELOW.fullmatch(line):
            return True
        if reference := _REFERENCE.fullmatch(line):
            self.journal, self.date = reference[1], reference[2]
        elif labelled := _LABELLED.fullmatch(line):
            self._take_field(labelled[1].lower(), labelled[2], line)
        elif is_first and BEFORE_TITLE.match(line):
            return True
        elif is_first and (by := _BY.fullmatch(line)) and names.in_line(by[1]).authors:
            self.names = (by[1],)
        else:
            return is_first and self._store_source(line)
        return True

    def _take_field(self, label: str, value: str, line: str) -> None:
        if label in ("source", "journal"):
            self.journal = value
        elif label == "publication date":
            self.date = value
        elif label.startswith("author"):
            self.names = (value,)
        else:
            self.source = self.source or line

    def _store_source(self, line: str) -> bool:
        """Store the journal, issue, date or DOI in `line`. Returns False for any other line."""
        if issue := _ISSUE.fullmatch(line):
            # The date is at the end of the line.
            self.journal = self.journal or issue["journal"]
            self.date = self.date or line[-_LAST:]
        elif match := _WITH_DOI.fullmatch(line):
            self.journal = self.journal or match["journal"] or None
        elif not _SOURCE.fullmatch(line):
            return False
        elif published := _PUBLISHED_ONLINE.match(line):
            self.journal, self.date = self.journal or published[1], self.date or published[2]
        self.source = self.source or line
        return True


def described(texts: Sequence[str]) -> Described:
    """The parts of `texts`, which are the descriptions of one item. The first abstract that is found is used."""
    parts = _Parts()
    abstract: str | None = None
    for text in texts:
        abstract_lines: list[str] = []
        for paragraph in (markup.plain(_BREAK.sub("\n\n", text)) or "").split("\n\n"):
            line = " ".join(paragraph.split())
            if not parts.store(line, is_first=not abstract_lines):
                abstract_lines.append(_HEADING_BEFORE.sub("", line))
        abstract = abstract or "\n\n".join(abstract_lines) or None
    return Described(abstract, parts.source, parts.journal, parts.date, parts.names)


def journal_of(source: str | None) -> str | None:
    """The name of the journal in the element `dc:source`, to which some publishers append the date and the DOI."""
    if not source:
        return None
    published = _PUBLISHED_ONLINE.match(source)
    name = (published[1] if published else source).strip()
    return None if "://" in name or len(name) > 150 else name
