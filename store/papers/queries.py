"""Reads papers for lists and for the detail pane, and finds the paper that a text such as "2310.06770" names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from store.marks import queue_order, stored_marks
from store.marks.stored_marks import Addition, Marks, MarkTimes, Place, Status
from store.model.errors import LibraryError
from store.model.paper_fields import FIELDS

# The other modules of this package that read a paper are imported by the functions that use them, because the first
# list is shown before any paper is read.
if TYPE_CHECKING:
    from store.model.entry import AnnounceType
    from store.model.highlight import Highlight
    from store.model.paper import Paper
    from store.papers.retractions import Retraction
    from store.papers.revisions import Change, FactChange

# When a text fits several papers, the error message has the ids and the titles of at most this many of them.
_NAMED_IN_ERROR = 5
# A longer title is cut in an error message (characters).
_TITLE_IN_ERROR = 60
# A text with more digits than this cannot be the id of a paper.
_LONGEST_NUMBER = 12

_LIST_COLUMNS = (*(field.list_column for field in FIELDS if field.list_column), "last_listed")


class ListRow(msgspec.Struct, frozen=True):
    """The fields of a paper that a line of a list shows. `score` is in hundredths.

    If the list shows a collection, `addition` has the time at which the paper was put there, the person and the reason;
    otherwise it is None.

    `is_by_chance` is true if the list is sorted by the user's taste, but this paper was picked at random for its place.
    """

    id: int
    title: str
    byline: str | None
    author_count: int | None
    organization: str | None
    published: str | None
    last_listed: str | None
    upvotes: int | None
    comment_count: int | None
    bookmarked: bool
    status: Status
    queue_position: int | None
    tags: tuple[str, ...]
    announce_type: AnnounceType | None = None
    later: str | None = None
    decision: str | None = None
    score: int | None = None
    is_retracted: bool = False
    is_by_chance: bool = False
    rating: int | None = None
    queued_at: str | None = None
    queued_because: str | None = None
    addition: Addition | None = None
    later_because: str | None = None


class Appearance(msgspec.Struct, frozen=True):
    """One listing in which a paper appeared, with the values that this listing has for the paper."""

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
    until the paper is first exported or cited. `times` are the times at which the user made some of the marks.
    `collections` are the collections that contain the paper, with its positions there. `fact_changes` are its new
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


def list_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[ListRow]:
    """The values for the lines of the papers `ids`, in this order. Papers that do not exist any more are left out."""
    lines: dict[int, ListRow] = {}
    positions = queue_order.positions(connection, ids)
    for number, *values in connection.execute(
        "SELECT p.id, p.id IN (SELECT paper_id FROM retracted), m.bookmarked_at IS NOT NULL,"
        " coalesce(m.status, 'new'), m.later, m.later_because, m.rating, q.queued_at, q.because,"
        " (SELECT group_concat(name, ' ') FROM tag t WHERE t.paper_id = p.id),"
        " (SELECT announce_type FROM entry e WHERE e.paper_id = p.id ORDER BY e.listed_on DESC, e.id DESC LIMIT 1),"
        f" {', '.join(f'p.{column}' for column in _LIST_COLUMNS)}"
        " FROM json_each(?) i JOIN paper p ON p.id = i.value"
        " LEFT JOIN mark m ON m.paper_id = p.id LEFT JOIN queue q ON q.paper_id = p.id",
        (msgspec.json.encode(list(ids)).decode(),),
    ):
        (
            is_retracted,
            bookmarked,
            status,
            later,
            later_because,
            rating,
            queued_at,
            because,
            tags,
            announce_type,
            *columns,
        ) = values
        lines[number] = ListRow(
            id=number,
            is_retracted=bool(is_retracted),
            bookmarked=bool(bookmarked),
            status=status,
            queue_position=positions.get(number),
            tags=tuple(sorted((tags or "").split())),
            announce_type=announce_type,
            later=later,
            later_because=later_because,
            rating=rating,
            queued_at=queued_at,
            queued_because=because,
            **dict(zip(_LIST_COLUMNS, columns, strict=True)),
        )
    return [lines[number] for number in ids if number in lines]


def new_count(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    """How many of the papers `ids` the user has neither seen nor decided on."""
    return len(stored_marks.undecided(connection, ids, date.today()))


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

    Without `with_listings`, the fields `listings` and `sources` are empty, and a fifth of the time is saved.
    The number of SQL queries is the same for any number of papers, so it is faster to pass a few hundred at a time.
    """
    from store.marks import collections, exchange
    from store.papers import changed, highlights, retractions, revisions, stored_keys, stored_rows

    papers = stored_rows.read_all(connection, numbers)
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
    from store.papers.stored_rows import parse_day

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


def papers_to_refresh(connection: sqlite3.Connection, most: int) -> list[str]:
    """The arXiv ids of the first `most` papers in the reading queue that have one."""
    rows = connection.execute(
        "SELECT p.arxiv_id FROM queue q JOIN paper p ON p.id = q.paper_id WHERE p.arxiv_id IS NOT NULL"
        " ORDER BY q.key, q.identity LIMIT ?",
        (most,),
    )
    return [arxiv_id for (arxiv_id,) in rows]


def short_names(connection: sqlite3.Connection, ids: Sequence[int]) -> list[str]:
    """For each paper, a short text by which `find_paper` finds it: its arXiv id, or else its id in the library."""
    rows = connection.execute(
        "SELECT coalesce(p.arxiv_id, p.id) FROM json_each(?) i JOIN paper p ON p.id = i.value ORDER BY i.key",
        (msgspec.json.encode(list(ids)).decode(),),
    )
    return [str(name) for (name,) in rows]


def find_paper(connection: sqlite3.Connection, text: str) -> int:
    """The id of the paper that `text` names.

    `text` is the id of a paper in the library, an arXiv id, a DOI, a citation key, a title or the beginning of a title.
    Raises LibraryError when it fits no paper or several papers.
    """
    from store.matching import identifiers, identity
    from store.papers import stored_keys
    from store.text.clean import line

    name = line(text)
    if name.isascii() and name.isdigit() and len(name) <= _LONGEST_NUMBER:
        return stored_marks.resolve(connection, int(name))
    arxiv_id = identifiers.exact_arxiv_id(name)
    if arxiv_id and (numbers := _numbers_where(connection, "arxiv_id", arxiv_id.id)):
        return _only(connection, name, numbers)
    if (doi := identifiers.exact_doi(name)) and (numbers := _numbers_where(connection, "doi", doi)):
        return _only(connection, name, numbers)
    if (keyed := stored_keys.find(connection, name)) is not None:
        return stored_marks.resolve(connection, keyed)
    if not name:
        raise LibraryError("name a paper: its number, an arXiv id, a DOI, a citation key or the start of its title")
    numbers = _numbers_where(connection, "title_key", identity.title_key(name)) or _title_starts_with(connection, name)
    if not numbers:
        raise LibraryError(f"no paper is called {name!r}; look for it with: recto list")
    return _only(connection, name, numbers)


def find_papers(connection: sqlite3.Connection, names: Iterable[str]) -> list[int]:
    """The ids of the papers that `names` name, in this order, each once. Raises LibraryError as `find_paper` does."""
    return list(dict.fromkeys(find_paper(connection, name) for name in names))


def _numbers_where(connection: sqlite3.Connection, column: str, value: str | int) -> list[int]:
    return [
        number for (number,) in connection.execute(f"SELECT id FROM paper WHERE {column} = ? ORDER BY id", (value,))
    ]


def _title_starts_with(connection: sqlite3.Connection, start: str) -> list[int]:
    """The ids of at most 100 papers whose titles start with `start`. Ignores the case of ASCII letters."""
    numbers = connection.execute(
        "SELECT id FROM paper WHERE title LIKE ? ESCAPE '\\' ORDER BY id LIMIT 100", (f"{like_pattern(start)}%",)
    )
    return [number for (number,) in numbers]


def like_pattern(text: str) -> str:
    """A pattern for SQL's LIKE with ESCAPE '\\'. It matches `text` itself, in which % and _ have no special meaning."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _only(connection: sqlite3.Connection, name: str, numbers: list[int]) -> int:
    """The only id in `numbers`. Raises LibraryError, which names the first papers, when there are several."""
    if len(numbers) == 1:
        return numbers[0]
    found = [f"{number} “{_title_start(connection, number)}”" for number in numbers[:_NAMED_IN_ERROR]]
    more = ", …" if len(numbers) > _NAMED_IN_ERROR else ""
    raise LibraryError(f"{len(numbers)} papers fit {name!r}: {', '.join(found)}{more}; name one by its number")


def _title_start(connection: sqlite3.Connection, paper: int) -> str:
    """The title of a paper, cut if it is long."""
    (title,) = connection.execute("SELECT title FROM paper WHERE id = ?", (paper,)).fetchone()
    return title if len(title) <= _TITLE_IN_ERROR else f"{title[: _TITLE_IN_ERROR - 2].rstrip()} …"
