"""The rows of lists: the values of a paper that its line in a list shows, read from the library.

To show another value, add an attribute to ListRow. `read` finds the value of an attribute that has the name of a column
of the table `paper`; the SQL there selects the values of marks and of entries. tui/render/list_columns.py determines
where a line displays the value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from store.marks import queue_order, stored_marks
from store.marks.stored_marks import Addition, Status
from store.model.paper_fields import PaperColumns

if TYPE_CHECKING:
    from store.model.entry import AnnounceType


class ListRow(msgspec.Struct, frozen=True):
    """The fields of a paper that a line of a list shows. `score` is in hundredths.

    If the list shows a collection, `addition` is when, by whom and why the paper was put into the collection. In other
    lists it is None.

    `is_by_chance` is true if the list is sorted by the user's taste, but this paper was picked at random for its
    position.
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


# The attributes of ListRow that are columns of the table `paper`.
_PAPER_COLUMNS = tuple(name for name in ListRow.__struct_fields__ if name in PaperColumns._fields)


def read(connection: sqlite3.Connection, ids: Sequence[int]) -> list[ListRow]:
    """The values for the lines of the papers `ids`, in this order. Papers that do not exist any more are left out."""
    lines: dict[int, ListRow] = {}
    positions = queue_order.positions(connection, ids)
    for number, *values in connection.execute(
        "SELECT p.id, p.id IN (SELECT paper_id FROM retracted), m.bookmarked_at IS NOT NULL,"
        " coalesce(m.status, 'new'), m.later, m.later_because, m.rating, q.queued_at, q.because,"
        " (SELECT group_concat(name, ' ') FROM tag t WHERE t.paper_id = p.id),"
        " (SELECT announce_type FROM entry e WHERE e.paper_id = p.id ORDER BY e.listed_on DESC, e.id DESC LIMIT 1),"
        f" {', '.join(f'p.{column}' for column in _PAPER_COLUMNS)}"
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
            **dict(zip(_PAPER_COLUMNS, columns, strict=True)),
        )
    return [lines[number] for number in ids if number in lines]


def new_count(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    """How many of the papers `ids` the user has neither seen nor decided on."""
    return len(stored_marks.undecided(connection, ids, date.today()))
