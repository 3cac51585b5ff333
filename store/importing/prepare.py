"""Preparing an entry: cleaning its text, completing its dates, and computing the rows to store.

Preparing needs no connection to the library, so a worker process can do it (store/importing/worker.py).
"""

from __future__ import annotations

from datetime import date

import msgspec

from store.importing.unseen import Keys
from store.importing.years import exists, on
from store.matching import merge, same_paper
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.paper import Link, Paper
from store.model.partial_date import MonthDay
from store.papers import stored_papers
from store.papers.stored_papers import Rows
from store.text import clean

# Six columns of the table `entry`, in the order of the table: listed_on, published, yearless, upvotes, comment_count,
# announce_type.
EntryRow = tuple[str | None, str | None, int, int | None, int | None, str | None]


class ListingKey(msgspec.Struct, frozen=True):
    """The listing that entries belong to.

    `family` is the source site of its format, for example "arxiv". `year` is added to dates that the listing prints
    without a year; None means that this year is unknown.
    """

    id: int
    path: str
    family: str
    listed_on: date | None
    year: int | None


class ReadyEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A cleaned entry, with the rows to store if no stored paper matches it.

    `keys` (the title key and the ids) are compared with those of stored papers, to find the paper of the entry.
    `paper_rows` are the rows of a new paper, and `row` is the row of the entry. `line` is the entry's line in the file.
    `listed_on` is the listing day printed in the entry itself, or None. `author_count` and `links` are the values of
    the entry, which may differ from those in `paper_rows`; `links` is None when `paper_rows` contain the same links.
    `citation_key` is the key of the paper in the listing, if the listing is a bibliography.
    """

    keys: Keys
    paper_rows: Rows
    row: EntryRow
    line: int | None
    listed_on: date | None
    author_count: int | None
    links: tuple[Link, ...] | None
    citation_key: str | None = None

    def paper(self) -> Paper:
        """The paper as the entry describes it, in normal form."""
        stored = stored_papers.paper_of(self.paper_rows)
        links = stored.links if self.links is None else self.links
        return msgspec.structs.replace(stored, author_count=self.author_count, links=links)


class Untitled(msgspec.Struct, frozen=True):
    """An entry whose title is empty after cleaning."""

    line: int | None


Prepared = ReadyEntry | Untitled | Refused | Warned | CutShort | ListingDay


def prepare(item: Item, listing: ListingKey, today: date) -> Prepared:
    """Prepare an item of `listing`. An entry becomes a ReadyEntry or Untitled; any other item is returned unchanged."""
    if not isinstance(item, Entry):
        return item
    entry = clean.entry(item)
    return prepare_entry(listing, entry, today) if entry.paper.title else Untitled(entry.line)


def prepare_entry(listing: ListingKey, entry: Entry, today: date) -> ReadyEntry:
    """The entry with the rows to store for it. The text of `entry`, an entry of `listing`, must have been cleaned."""
    paper = same_paper.normalized(entry.paper)
    if entry.published_on is not None:
        day = _dated(entry.published_on, listing, today)
        paper = msgspec.structs.replace(paper, published=day, published_to="day")
    yearless = entry.published_on is not None and entry.published_on.year is None
    listed_on = entry.listed_on or listing.listed_on
    alone = merge.merge_one(paper)
    links = None if alone.links == paper.links else paper.links
    stored = stored_papers.rows_of(merge.MergedPaper(alone, {}, listed_on, listed_on), listing.family)
    row = (
        stored_papers.day_text(listed_on),
        stored.paper.published,
        int(yearless),
        paper.upvotes,
        paper.comment_count,
        entry.announce_type,
    )
    return ReadyEntry(
        Keys(stored.paper.title_key, paper.arxiv_id, paper.doi),
        stored,
        row,
        entry.line,
        entry.listed_on,
        paper.author_count,
        links,
        entry.citation_key,
    )


def _dated(day: MonthDay, listing: ListingKey, today: date) -> date | None:
    """The date of a printed day, with the year printed with it, or else the year of the listing.

    None when neither year is known, or when the day does not exist, for example 31 June.
    """
    year = day.year or listing.year
    if year is None or not exists(day):
        return None
    return on(year, day, None if day.year else today)
