"""The values that the code reading a listing yields: entries, refused entries, warnings, and a listing day.

A *listing* is the content of one file; an *entry* is the part of a listing that describes one paper. The *listing day*
is the day for which a site published the listing, for example the day of a mailing.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from store.model.paper import Paper
from store.model.partial_date import MonthDay

AnnounceType = Literal["new", "cross", "replaced"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The description of one paper in one listing.

    `line` is the line of the file on which the entry starts, counted from 1. `listed_on` is the listing day of this
    entry; it is set only in listings that have several days. `published_on` is the date of publication in formats that
    may print it without the year; the importer finds out the year and stores the date in `paper.published`.
    `citation_key` is the key of the paper in a bibliography, such as "ada2024".
    """

    paper: Paper
    line: int | None = None
    listed_on: date | None = None
    published_on: MonthDay | None = None
    announce_type: AnnounceType | None = None
    citation_key: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """An entry that could not be read: its index in the file and its line, both counted from 1, and the reason."""

    index: int
    line: int | None
    reason: str


class ListingDay(msgspec.Struct, frozen=True):
    """The day that is printed at the top of a listing.

    It is the listing day of every entry whose `listed_on` is None.
    """

    day: MonthDay


class Warned(msgspec.Struct, frozen=True):
    """A warning that the report of the import shows. It does not mean that an entry was refused."""

    text: str


class CutShort(msgspec.Struct, frozen=True):
    """Reports that the file ends too early, for example inside an entry. The incomplete entry is left out."""

    reason: str


Item = Entry | Refused | ListingDay | Warned | CutShort
