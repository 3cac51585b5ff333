"""Reads the marks of a paper: bookmark, position in the queue, status, tags, note, rating and postponement.

The tables that are read here are computed by store/marks/derived_marks.py. To change marks, use the journal
(store/marks/journal.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from store.marks import queue_order
from store.marks.queue_order import QUEUE_END as QUEUE_END
from store.model.errors import NoPaperError

Status = Literal["new", "seen", "reading", "done", "hidden"]
STATUSES: tuple[Status, ...] = ("new", "seen", "reading", "done", "hidden")

# Selects the papers that the user has hidden.
HIDDEN = "SELECT paper_id FROM mark WHERE status = 'hidden'"
# Selects postponed papers whose day has come, but which recto does not show again yet, because too many came back on
# one day (store/marks/returning.py).
_HELD_BACK = "SELECT value FROM json_each((SELECT value FROM setting WHERE key = 'held_back'), '$.papers')"
# WAITING is a condition on the table `mark`. It is true for papers that are postponed and have not come back. DECIDED
# selects the papers that the user has seen or decided on. BACK selects the papers that were postponed and have come
# back; these count as new again. The SQL parameter ?1 of all three is today's date.
WAITING = f"(later > ?1 OR (later IS NOT NULL AND paper_id IN ({_HELD_BACK})))"
DECIDED = (
    f"SELECT paper_id FROM mark WHERE status IS NOT NULL OR {WAITING} OR (bookmarked_at IS NOT NULL AND later IS NULL)"
    " UNION ALL SELECT paper_id FROM queue"
)
BACK = f"SELECT paper_id FROM mark WHERE later <= ?1 AND paper_id NOT IN ({_HELD_BACK})"


class Marks(msgspec.Struct, frozen=True, omit_defaults=True):
    """The user's marks on one paper.

    `bookmarked` is when the user bookmarked the paper (ISO 8601 in UTC). `queue_position` counts from 1. `later` is the
    day ("2026-07-02") until which the user postponed the paper, or "similar" until a similar paper arrives. After a
    similar paper has arrived, `later` is the day of its arrival, and `later_because` is its title. `rating` is 1 to 5.
    `queued_because` is the reason for which the paper is in the queue. A field that is None, or the status "new", means
    that the user has not set this mark.
    """

    bookmarked: str | None = None
    queue_position: int | None = None
    status: Status = "new"
    tags: tuple[str, ...] = ()
    note: str | None = None
    later: str | None = None
    rating: int | None = None
    queued_because: str | None = None
    later_because: str | None = None

    def waits(self, today: date) -> bool:
        """Whether the paper is postponed until a date later than `today`, or until a similar paper arrives."""
        return self.later is not None and self.later > today.isoformat()


class MarkTimes(msgspec.Struct, frozen=True):
    """When the user gave a paper its status, and when the user put it into the queue (ISO 8601 in UTC)."""

    status: str | None = None
    queued: str | None = None


class Place(msgspec.Struct, frozen=True):
    """The name of a collection that contains a paper, and the position of the paper in it, counted from 1.

    `added_at` is when the paper was put into the collection (ISO 8601 in UTC), `added_by` the name of the person who
    put it into a collection that several people share, and `because` the reason. Each is None if it is unknown.
    """

    name: str
    position: int
    added_at: str | None = None
    added_by: str | None = None
    because: str | None = None


class Addition(msgspec.Struct, frozen=True):
    """How a paper came into a collection: when (ISO 8601 in UTC), who added it, and why. Unknown values are None."""

    at: str | None
    by: str | None
    because: str | None


class FieldChange(NamedTuple):
    """A new value for a field (store/marks/registers.py lists the fields).

    `paper` is None for a field without a paper.
    """

    paper: int | None
    field: str
    value: Any


def timestamp() -> str:
    """The current time (ISO 8601 in UTC). Its microseconds keep the order of marks made in quick succession."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def resolve(connection: sqlite3.Connection, number: int) -> int:
    """The id of the paper that has the id `number`, or that had it before it was joined to another paper.

    If the paper was joined to another one, the id of the other one is returned; otherwise `number` itself. Raises
    NoPaperError when no paper has or had this id.
    """
    row = None
    if abs(number) < QUEUE_END:
        row = connection.execute(
            "SELECT id FROM paper WHERE id = ?1 UNION ALL SELECT kept FROM joined WHERE gone = ?1 LIMIT 1",
            (number,),
        ).fetchone()
    if row is None:
        raise NoPaperError(f"there is no paper {number}; recto list shows the numbers")
    return int(row[0])


def resolve_all(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[int]:
    """The ids that `resolve` returns for each of `numbers`, in their order, each id only once."""
    return list(dict.fromkeys(resolve(connection, number) for number in numbers))


def undecided(connection: sqlite3.Connection, papers: Sequence[int], today: date) -> list[int]:
    """Those ids in `papers` whose papers the user has neither seen nor decided on, in the same order."""
    decided = {number for (number,) in connection.execute(DECIDED, (today.isoformat(),))}
    return [number for number in papers if number not in decided]


def read(connection: sqlite3.Connection, number: int) -> Marks:
    """The marks of the paper with the id `number`, or the default `Marks()` if the user has set no marks on it."""
    return read_all(connection, [number])[number]


def read_all(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Marks]:
    """The marks of the papers with the ids `numbers`, by id. The number of queries does not depend on their number."""
    wanted = (msgspec.json.encode(list(numbers)).decode(),)
    positions = queue_order.positions(connection, numbers)
    tags: dict[int, list[str]] = {}
    for number, name in connection.execute(
        "SELECT paper_id, name FROM json_each(?) i JOIN tag ON paper_id = i.value ORDER BY name", wanted
    ):
        tags.setdefault(number, []).append(name)
    rows = connection.execute(
        "SELECT i.value, m.bookmarked_at, m.status, m.note, m.later, m.rating, q.because, m.later_because"
        " FROM json_each(?) i"
        " LEFT JOIN mark m ON m.paper_id = i.value LEFT JOIN queue q ON q.paper_id = i.value",
        wanted,
    )
    return {
        number: Marks(
            bookmarked=bookmarked,
            queue_position=positions.get(number),
            status=status or "new",
            tags=tuple(tags.get(number, ())),
            note=note,
            later=later,
            rating=rating,
            queued_because=because,
            later_because=later_because,
        )
        for number, bookmarked, status, note, later, rating, because, later_because in rows
    }


def times_of_all(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, MarkTimes]:
    """When the user made the marks of the papers with the ids `numbers`, by id."""
    rows = connection.execute(
        "SELECT i.value, m.status_at, q.queued_at FROM json_each(?) i LEFT JOIN mark m ON m.paper_id = i.value"
        " LEFT JOIN queue q ON q.paper_id = i.value",
        (msgspec.json.encode(list(numbers)).decode(),),
    )
    return {number: MarkTimes(status, queued) for number, status, queued in rows}
