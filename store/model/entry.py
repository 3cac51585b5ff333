"""The values that the readers of listing formats produce: entries, refusals, warnings, and a listing day.

A *listing* is the content of one file; an *entry* is the part of a listing that describes one paper.
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

    `line` is where the entry starts in the file, from 1. `listed_on` is the entry's own listing day, for listings that
    hold several days. `published_on` is a date whose year may still be unknown; the importer finds the year and turns
    it into `paper.published`.
    """

    paper: Paper
    line: int | None = None
    listed_on: date | None = None
    published_on: MonthDay | None = None
    announce_type: AnnounceType | None = None


class Refused(msgspec.Struct, frozen=True):
    """An entry that could not be read: its index in the file from 1, its line from 1, and the reason."""

    index: int
    line: int | None
    reason: str


class ListingDay(msgspec.Struct, frozen=True):
    """The day printed at the top of a listing, which holds for all its entries."""

    day: MonthDay


class Warned(msgspec.Struct, frozen=True):
    """A warning for the import report. No entry was refused because of it."""

    text: str


class CutShort(msgspec.Struct, frozen=True):
    """The file ends inside an entry. The incomplete entry is not produced."""

    reason: str


Item = Entry | Refused | ListingDay | Warned | CutShort
