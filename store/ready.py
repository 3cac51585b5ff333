"""An entry made ready: all that can be worked out of it before it meets the library.

Nothing here needs a connection, so that a process of its own can do it (store/apart.py).
"""

from __future__ import annotations

from datetime import date

import msgspec

from store import clean, identity, merge, shelf
from store.merge import Said
from store.newcomers import Keys
from store.paper import CutShort, Entry, Item, ListingDay, MonthDay, Paper, Refused, Warned
from store.years import exists, on

# Columns of `entry` from the listing day on: listed_on, published, yearless, upvotes, comment_count, announce_type.
EntryRow = tuple[str | None, str | None, int, int | None, int | None, str | None]

_paper = msgspec.msgpack.Decoder(Paper)
_packed = msgspec.msgpack.Encoder()


class ListingKey(msgspec.Struct, frozen=True):
    """The listing that entries are stored under. `year` is what its dates without one mean."""

    id: int
    path: str
    family: str
    listed_on: date | None
    year: int | None


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A cleaned entry with what is stored of it when it is about a new paper.

    `rows` are those of the paper, `row` its own columns. `listed_on` is the entry's own listing day. `said` is the
    paper in normal form, for who has to compare it; packed when it came from another process.
    """

    keys: Keys
    rows: shelf.Rows
    row: EntryRow
    line: int | None
    listed_on: date | None
    said: Paper | bytes

    def paper(self) -> Paper:
        """The paper as the entry tells it."""
        return _paper.decode(self.said) if isinstance(self.said, bytes) else self.said

    def packed(self) -> Ready:
        """The same, to be sent to another process."""
        said = self.said if isinstance(self.said, bytes) else _packed.encode(self.said)
        return Ready(self.keys, self.rows, self.row, self.line, self.listed_on, said)


class Untitled(msgspec.Struct, frozen=True):
    """An entry that has no title left when it is cleaned."""

    line: int | None


Prepared = Ready | Untitled | Refused | Warned | CutShort | ListingDay


def prepared(item: Item, listing: ListingKey, today: date) -> Prepared:
    """An item of `listing` as it is stored or reported."""
    if not isinstance(item, Entry):
        return item
    entry = clean.entry(item)
    return ready(listing, entry, today) if entry.paper.title else Untitled(entry.line)


def ready(listing: ListingKey, entry: Entry, today: date) -> Ready:
    """The cleaned `entry` of `listing`, ready to be stored."""
    paper = identity.normal(entry.paper)
    if entry.published_on is not None:
        day = _dated(entry.published_on, listing, today)
        paper = msgspec.structs.replace(paper, published=day, published_to="day")
    yearless = entry.published_on is not None and entry.published_on.year is None
    listed_on = entry.listed_on or listing.listed_on
    alone = merge.fold(
        [Said(entry_id=0, family=listing.family, paper=paper, listed_on=listed_on, year_printed=not yearless)]
    )
    row = (
        shelf.stored_day(listed_on),
        shelf.stored_when(paper.when),
        int(yearless),
        paper.upvotes,
        paper.comment_count,
        entry.announce_type,
    )
    rows = shelf.rows(alone, listing.family)
    return Ready(Keys(rows.paper[1], paper.arxiv_id, paper.doi), rows, row, entry.line, entry.listed_on, paper)


def _dated(day: MonthDay, listing: ListingKey, today: date) -> date | None:
    year = day.year or listing.year
    if year is None or not exists(day):
        return None
    return on(year, day, None if day.year else today)
