"""The classes Paper, Author, Organization and Link, which describe a paper.

An unknown field is None (or an empty tuple), never 0 or "".
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from store.model.partial_date import PartialDate, Precision

LinkKind = Literal["page", "pdf", "code", "project", "model", "dataset"]


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """One author. `name` is spelled as in the listing, but with the given name first ("Ada Lovelace")."""

    name: str
    affiliations: tuple[str, ...] = ()


class Organization(msgspec.Struct, frozen=True, omit_defaults=True):
    """The organization that Hugging Face shows with a paper: slug "kaist-ai", name "KAIST AI"."""

    name: str
    slug: str | None = None


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address that belongs to a paper. `stars` is the number of stars of a code repository."""

    kind: LinkKind
    url: str
    stars: int | None = None


class Paper(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The description of a paper.

    Dates are calendar days without a time zone. `published` is the day of the first version, and `updated` the day of
    the version described here. When only the month or the year of publication is known, `published` is its first day
    and `published_to` is "month" or "year". `comment` is the comment that the authors submitted with the paper ("12
    pages, 3 figures"). `comment_count` is how many comments people wrote about the paper on the site from which the
    listing comes. `venue` is a journal or conference, possibly with volume, issue and pages. `arxiv_id` has no version.
    `categories` starts with the primary category. `decision` ("Oral", "Reject"), `track` and `scores` (one for each
    review) are from the conference to which the paper was submitted. `submitter` is the name of the person who
    submitted the paper to the site of the listing.
    """

    title: str
    abstract: str | None = None
    authors: tuple[Author, ...] = ()
    author_count: int | None = None
    organization: Organization | None = None
    published: date | None = None
    published_to: Precision = "day"
    updated: date | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    doi: str | None = None
    categories: tuple[str, ...] = ()
    venue: str | None = None
    comment: str | None = None
    decision: str | None = None
    track: str | None = None
    scores: tuple[float, ...] = ()
    upvotes: int | None = None
    comment_count: int | None = None
    links: tuple[Link, ...] = ()
    submitter: str | None = None
    ai_summary: str | None = None
    ai_keywords: tuple[str, ...] = ()

    @property
    def publication_date(self) -> PartialDate | None:
        """The date of publication with its precision; None when it is unknown."""
        return PartialDate(self.published, self.published_to) if self.published else None

    @property
    def stars(self) -> int | None:
        """The stars of the code repository with the most stars; None when no number of stars is known."""
        return max((link.stars for link in self.links if link.kind == "code" and link.stars is not None), default=None)

    @property
    def score(self) -> float | None:
        """The mean of the scores, rounded to hundredths; None when there are no scores."""
        return round(sum(self.scores) / len(self.scores), 2) if self.scores else None
