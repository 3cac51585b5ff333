"""Paper, Entry, Author: the values every part of recto hands to the next.

A *listing* is one file's worth of *entries*; a *paper* is what entries are about. A field that is unknown is
None (or an empty tuple), never 0 or "".
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

LinkKind = Literal["page", "pdf", "code", "project", "dataset"]
AnnounceType = Literal["new", "cross", "replaced"]
Precision = Literal["day", "month", "year"]

# How much of an ISO 8601 day says that much.
_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}
_FIRST = {7: "-01", 4: "-01-01"}


class When(NamedTuple):
    """A day, or the first day of a month or a year of which no more is known."""

    first: date
    to: Precision = "day"

    @property
    def text(self) -> str:
        """ISO 8601 of that precision: "2024-06-15", "2024-06", "2024"."""
        return self.first.isoformat()[: _LENGTHS[self.to]]

    @classmethod
    def read(cls, text: str) -> When:
        """What `text` gives for it. Raises ValueError for anything else."""
        first = date.fromisoformat(text + _FIRST.get(len(text), ""))
        return cls(first, "year" if len(text) == _LENGTHS["year"] else "month" if len(text) in _FIRST else "day")


# `published` and `published_to` of a paper without a date.
UNDATED: Final[tuple[None, Precision]] = (None, "day")


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """One author, as the listing names them ("Ada Lovelace", given name first)."""

    name: str
    affiliations: tuple[str, ...] = ()


class Organization(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who a paper is tagged with on Hugging Face: slug "kaist-ai", name "KAIST AI"."""

    name: str
    slug: str | None = None


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where more of a paper is. `stars` are those of a code repository."""

    kind: LinkKind
    url: str
    stars: int | None = None


class Paper(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a paper.

    Dates are calendar days without a time zone. `published` is the first version's day, `updated` that of the
    version at hand. Where only the month or the year of the first is known, `published_to` says so, and `published`
    is the first day of it. `comment` is the authors' own ("12 pages, 3 figures"); `comment_count` counts a listing's.
    `venue` is a journal or its reference. `arxiv_id` has no version. `categories` has the primary one first.
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
    upvotes: int | None = None
    comment_count: int | None = None
    links: tuple[Link, ...] = ()
    ai_summary: str | None = None
    ai_keywords: tuple[str, ...] = ()

    @property
    def when(self) -> When | None:
        """When it was published, as far as that is known."""
        return When(self.published, self.published_to) if self.published else None


class MonthDay(msgspec.Struct, frozen=True):
    """A date as Hugging Face prints it in the current year: "Oct 30". `year` is set when it was printed."""

    month: int
    day: int
    year: int | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one listing says about one paper.

    `line` is where it starts in the file, from 1. `listed_on` is the entry's own listing day, for listings that
    hold several. `published_on` is a date whose year may still have to be found; the importer turns it into
    `paper.published`.
    """

    paper: Paper
    line: int | None = None
    listed_on: date | None = None
    published_on: MonthDay | None = None
    announce_type: AnnounceType | None = None


class Refused(msgspec.Struct, frozen=True):
    """An entry that could not be read: its index in the file from 1, its line from 1, and why."""

    index: int
    line: int | None
    reason: str


class ListingDay(msgspec.Struct, frozen=True):
    """The day printed over a whole listing."""

    day: MonthDay


class Warned(msgspec.Struct, frozen=True):
    """Something a reader of the import report should know; nothing was refused for it."""

    text: str


class CutShort(msgspec.Struct, frozen=True):
    """The file ends in the middle of something; the entry that was cut is not given out."""

    reason: str


Item = Entry | Refused | ListingDay | Warned | CutShort


class ListingError(Exception):
    """A file that cannot be read as a listing. The message is one line a reader can act on."""


class LibraryError(Exception):
    """A library that cannot be opened or written. The message is one line a reader can act on."""
