"""Everything about one paper, for the detail pane, for commands and for exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from store.marks import stored_marks
from store.marks.stored_marks import Marks, MarkTimes, Place
from store.model.errors import LibraryError

# Functions import the other modules of this package that they need to read a paper: recto shows its first list before
# it reads any paper, and importing these modules here would delay that list.
if TYPE_CHECKING:
    from store.model.entry import AnnounceType
    from store.model.highlight import Highlight
    from store.model.paper import Paper
    from store.papers.retractions import Retraction
    from store.papers.revisions import Change, FactChange


class Appearance(msgspec.Struct, frozen=True):
    """One listing in which a paper appeared, with what this listing states about the paper, such as its upvotes."""

    path: str
    format: str
    listed_on: date | None
    position: int
    upvotes: int | None
    comments: int | None
    announce_type: AnnounceType | None


class PaperDetails(msgspec.Struct, frozen=True):
    """Everything about one paper: its fields, the listings in which it appeared, and the user's marks.

    For a paper with several entries, `sources` maps the name of a field to the path of the listing from which its value
    comes. `changes` are the changes of the title and the abstract between versions of the paper. `citation_key` is None
    until the paper is first exported or cited. `times` contains the times at which the user set some of the marks.
    `collections` are the collections that contain the paper, with its position in each. `fact_changes` are its new
    versions and venues. `lost_notes` are texts of notes that were replaced by a note from another machine
    (store/marks/exchange.py).
    """

    id: int
    paper: Paper
    first_listed: date | None
    last_listed: date | None
    marks: Marks
    listings: tuple[Appearance, ...]
    sources: dict[str, str]
    changes: tuple[Change, ...] = ()
    citation_key: str | None = None
    retraction: Retraction | None = None
    highlights: tuple[Highlight, ...] = ()
    times: MarkTimes = MarkTimes()
    collections: tuple[Place, ...] = ()
    fact_changes: tuple[FactChange, ...] = ()
    lost_notes: tuple[str, ...] = ()


def details(connection: sqlite3.Connection, number: int) -> PaperDetails:
    """Everything about the paper with the id `number`. Raises LibraryError when there is no such paper."""
    number = stored_marks.resolve(connection, number)
    found = details_of_all(connection, [number])
    if not found:
        raise LibraryError(f"paper {number} is damaged: its text is missing")
    return found[0]


def details_of_all(
    connection: sqlite3.Connection, numbers: Sequence[int], *, with_listings: bool = True
) -> list[PaperDetails]:
    """Everything about the papers with the ids `numbers`, in this order. Papers that do not exist are left out.

    If `with_listings` is false, the fields `listings` and `sources` stay empty, which saves a fifth of the time. The
    number of SQL queries is the same for any number of papers, so it is faster to pass a few hundred at a time.
    """
    from store.marks import collections, exchange
    from store.papers import changed, highlights, retractions, revisions, stored_keys, stored_papers

    papers = stored_papers.read_all(connection, numbers)
    marks = stored_marks.read_all(connection, numbers)
    times = stored_marks.times_of_all(connection, numbers)
    changes = revisions.of_all(connection, numbers)
    facts = changed.fact_changes(connection, numbers)
    keys = stored_keys.read(connection, numbers)
    retracted = retractions.of_all(connection, numbers)
    highlighted = highlights.of_all(connection, numbers)
    places = collections.places(connection, numbers)
    lost_notes = exchange.lost_texts(connection, numbers)
    listings, path_by_entry = _listings(connection, numbers) if with_listings else ({}, {})
    return [
        PaperDetails(
            id=number,
            paper=stored.paper,
            first_listed=stored.first_listed,
            last_listed=stored.last_listed,
            marks=marks[number],
            listings=tuple(listings.get(number, ())),
            sources={field: path_by_entry[entry] for field, entry in stored.sources.items() if entry in path_by_entry},
            changes=changes.get(number, ()),
            citation_key=keys.get(number),
            retraction=retracted.get(number),
            highlights=highlighted.get(number, ()),
            times=times[number],
            collections=places.get(number, ()),
            fact_changes=facts.get(number, ()),
            lost_notes=lost_notes.get(number, ()),
        )
        for number in numbers
        if (stored := papers.get(number))
    ]


def _listings(
    connection: sqlite3.Connection, numbers: Sequence[int]
) -> tuple[dict[int, list[Appearance]], dict[int, str]]:
    """The listings of each of the papers `numbers`, and for each entry of these papers the path of its listing."""
    from store.papers.stored_papers import parse_day

    listings: dict[int, list[Appearance]] = {}
    path_by_entry: dict[int, str] = {}
    for paper_id, entry_id, path, format, listed_on, position, upvotes, comments, announce_type in connection.execute(
        "SELECT e.paper_id, e.id, l.path, l.format, e.listed_on, e.position, e.upvotes, e.comment_count,"
        " e.announce_type FROM json_each(?) i JOIN entry e ON e.paper_id = i.value"
        " JOIN listing l ON l.id = e.listing_id ORDER BY e.listed_on DESC, l.id DESC, e.position",
        (msgspec.json.encode(list(numbers)).decode(),),
    ):
        path_by_entry[entry_id] = path
        day = parse_day(listed_on)
        listings.setdefault(paper_id, []).append(
            Appearance(path, format, day, position, upvotes, comments, announce_type)
        )
    return listings, path_by_entry
