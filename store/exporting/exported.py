"""The type of an exported paper: its fields, its marks, its citation key and its kind of publication."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from store.matching import identifiers
from store.model.paper import Paper
from store.model.partial_date import PartialDate
from store.papers import addresses
from store.papers.paper_details import PaperDetails

Kind = Literal["article", "proceedings", "preprint", "other"]

_PROCEEDINGS = re.compile(r"(?i)\b(?:proceedings|proc\.|conference|conf\.|symposium|workshop|congress)(?!\w)")
# Matches a venue in the form in which recto stores it when it imports a bibliography: "Journal 12(3), 45–67". A venue
# in any other form is not split into name, volume, issue and pages.
_REFERENCE = re.compile(
    r"(?P<name>.*?[^\W\d].*?) (?P<volume>\d{1,5})(?:\((?P<issue>[^()]{1,20})\))?"
    r"(?:, (?P<pages>[A-Za-z]?\d+(?:–[A-Za-z]?\d+)?))?"
)
_LONGEST_REFERENCE = 400
# A byline names at most this many authors.
_MOST_AUTHORS = 20


class Venue(NamedTuple):
    """The place where a paper was published. If the text could not be split into parts, `name` is the whole text."""

    name: str
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None


class ExportedPaper(NamedTuple):
    """One paper of an export. `key` is its citation key, unique in the library."""

    details: PaperDetails
    key: str

    @property
    def paper(self) -> Paper:
        """The fields of the paper."""
        return self.details.paper

    @property
    def kind(self) -> Kind:
        """The kind of publication, derived from the venue, the DOI and the arXiv id. "other" if unknown."""
        paper = self.paper
        if paper.venue:
            if _PROCEEDINGS.search(paper.venue):
                return "proceedings"
            return "article" if paper.doi or (self.venue and self.venue.volume) else "other"
        return "preprint" if paper.arxiv_id else "other"

    @property
    def venue(self) -> Venue | None:
        """The place where the paper was published, or None when it is unknown."""
        text = self.paper.venue
        if not text:
            return None
        match = _REFERENCE.fullmatch(text) if len(text) <= _LONGEST_REFERENCE else None
        if match is None:
            return Venue(text)
        return Venue(match["name"], match["volume"], match["issue"], match["pages"])

    @property
    def date(self) -> PartialDate | None:
        """The date of publication, or else the month that the arXiv id contains. None when there is neither."""
        paper = self.paper
        return paper.publication_date or (identifiers.arxiv_month(paper.arxiv_id) if paper.arxiv_id else None)

    @property
    def byline(self) -> str:
        """The names of the authors; if there are many, of the first authors, and how many others there are."""
        names = [author.name for author in self.paper.authors]
        others = len(names) - _MOST_AUTHORS
        return ", ".join(names[:_MOST_AUTHORS]) + (f" and {others} more" if others > 0 else "")

    @property
    def decision(self) -> str:
        """The decision of the conference, its track and the mean score of the reviews; "" without all of them."""
        paper = self.paper
        score = f"score {paper.score:g}" if paper.score is not None else None
        return ", ".join(fact for fact in (paper.decision, paper.track, score) if fact)

    @property
    def retraction(self) -> str:
        """A text with the reasons for the retraction and the DOI of the notice. "" if no retraction of the paper is
        known.
        """
        found = self.details.retraction
        notice = f", see doi:{found.notice}" if found and found.notice else ""
        return f"{found.text[:1].upper()}{found.text[1:]}{notice}" if found else ""

    @property
    def url(self) -> str | None:
        """The web address of the paper. None if the paper has no address that is safe to open."""
        return addresses.may_open(addresses.page(self.paper) or "")
