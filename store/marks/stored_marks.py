"""Reads and writes the marks of a paper: its bookmark, position in the queue, status, tags, note and day of return.

Functions that read or write take a connection. For `write`, it must be inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from store.model.errors import LibraryError

Status = Literal["new", "seen", "reading", "done", "hidden"]
STATUSES: tuple[Status, ...] = ("new", "seen", "reading", "done", "hidden")
# The position that means the end of the queue. It is larger than the length of any queue and than any paper's number.
QUEUE_END = 2**40

# DECIDED selects the papers that the reader has seen or decided on. BACK selects the papers that were postponed until
# today or until an earlier day; these are new again. The parameter of both statements is today.
DECIDED = (
    "SELECT paper_id FROM mark WHERE status IS NOT NULL OR later > ?1 OR (bookmarked_at IS NOT NULL AND later IS NULL)"
    " UNION ALL SELECT paper_id FROM queue"
)
BACK = "SELECT paper_id FROM mark WHERE later <= ?1"


class Marks(msgspec.Struct, frozen=True, omit_defaults=True):
    """The reader's marks on one paper.

    `bookmarked` is the moment of the bookmark, ISO 8601 in UTC. `queue_position` counts from 1. `later` is the day
    ("2026-07-02") until which the reader postponed the paper. None and "new" mean that the reader has set nothing.
    """

    bookmarked: str | None = None
    queue_position: int | None = None
    status: Status = "new"
    tags: tuple[str, ...] = ()
    note: str | None = None
    later: str | None = None

    def waits(self, today: date) -> bool:
        """Whether the paper is postponed until a day after `today`."""
        return self.later is not None and self.later > today.isoformat()


def timestamp() -> str:
    """The current moment, ISO 8601 in UTC. Microseconds keep the order of marks made in quick succession."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def resolve(connection: sqlite3.Connection, number: int) -> int:
    """The number of the paper to which `number` leads.

    This is `number` itself, or the number of the paper to which the paper `number` was joined. Raises LibraryError when
    no paper has or had that number.
    """
    row = None
    if abs(number) < QUEUE_END:
        row = connection.execute(
            "SELECT id FROM paper WHERE id = ?1 UNION ALL SELECT kept FROM joined WHERE gone = ?1 LIMIT 1",
            (number,),
        ).fetchone()
    if row is None:
        raise LibraryError(f"there is no paper {number}; recto list shows the numbers")
    return int(row[0])


def undecided(connection: sqlite3.Connection, papers: Sequence[int], today: date) -> list[int]:
    """Those of `papers` that the reader has neither seen nor decided on, in the same order."""
    decided = {number for (number,) in connection.execute(DECIDED, (today.isoformat(),))}
    return [number for number in papers if number not in decided]


def read(connection: sqlite3.Connection, number: int) -> Marks:
    """The marks of the paper `number`; empty marks when the reader has set none."""
    row = connection.execute(
        "SELECT bookmarked_at, status, note, later FROM mark WHERE paper_id = ?", (number,)
    ).fetchone()
    bookmarked, status, note, later = row or (None, None, None, None)
    tags = connection.execute("SELECT name FROM tag WHERE paper_id = ? ORDER BY name", (number,)).fetchall()
    return Marks(
        bookmarked=bookmarked,
        queue_position=_queue_position(connection, number),
        status=status or "new",
        tags=tuple(name for (name,) in tags),
        note=note,
        later=later,
    )


def read_all(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, Marks]:
    """The marks of each of `papers`, read together: with many papers, this is much faster than `read` for each."""
    numbers = (msgspec.json.encode(list(papers)).decode(),)
    tags: dict[int, list[str]] = {}
    for number, name in connection.execute(
        "SELECT t.paper_id, t.name FROM json_each(?) i JOIN tag t ON t.paper_id = i.value ORDER BY t.name", numbers
    ):
        tags.setdefault(number, []).append(name)
    return {
        number: Marks(
            bookmarked=bookmarked,
            queue_position=position,
            status=status or "new",
            tags=tuple(tags.get(number, ())),
            note=note,
            later=later,
        )
        for number, bookmarked, status, note, later, position in connection.execute(
            "SELECT i.value, m.bookmarked_at, m.status, m.note, m.later, q.position FROM json_each(?) i"
            " LEFT JOIN mark m ON m.paper_id = i.value LEFT JOIN queue q ON q.paper_id = i.value",
            numbers,
        )
    }


def write(connection: sqlite3.Connection, marks_by_paper: dict[int, Marks]) -> None:
    """Replace the marks of each paper in `marks_by_paper`. The other papers in the queue keep their order."""
    for number, marks in marks_by_paper.items():
        status = None if marks.status == "new" else marks.status
        if not any((marks.bookmarked, status, marks.note, marks.later)):
            connection.execute("DELETE FROM mark WHERE paper_id = ?", (number,))
        else:
            connection.execute(
                "INSERT INTO mark (paper_id, bookmarked_at, status, status_at, note, later) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (paper_id) DO UPDATE SET bookmarked_at = excluded.bookmarked_at,"
                " status_at = CASE WHEN status IS excluded.status THEN status_at ELSE excluded.status_at END,"
                " status = excluded.status, note = excluded.note, later = excluded.later",
                (number, marks.bookmarked, status, timestamp() if status else None, marks.note, marks.later),
            )
        connection.execute("DELETE FROM tag WHERE paper_id = ?", (number,))
        connection.executemany(
            "INSERT INTO tag (paper_id, name) VALUES (?, ?)", [(number, name) for name in marks.tags]
        )
    _write_queue(connection, marks_by_paper)


def _write_queue(connection: sqlite3.Connection, marks_by_paper: dict[int, Marks]) -> None:
    """Remove the papers from the queue and insert them again at their positions, lowest position first.

    The other papers in the queue keep their order. To undo a change of the queue, it is therefore enough to store the
    old positions of the papers that the change moved.
    """
    if all(_queue_position(connection, number) == marks.queue_position for number, marks in marks_by_paper.items()):
        return
    for number in marks_by_paper:
        row = connection.execute("DELETE FROM queue WHERE paper_id = ? RETURNING position", (number,)).fetchone()
        if row:
            connection.execute("UPDATE queue SET position = position - 1 WHERE position > ?", row)
    queued = [(marks.queue_position, number) for number, marks in marks_by_paper.items() if marks.queue_position]
    for wish, number in sorted(queued, key=lambda each: each[0]):
        (length,) = connection.execute("SELECT count(*) FROM queue").fetchone()
        position = min(wish, length + 1)
        connection.execute("UPDATE queue SET position = position + 1 WHERE position >= ?", (position,))
        connection.execute("INSERT INTO queue (paper_id, position) VALUES (?, ?)", (number, position))


def _queue_position(connection: sqlite3.Connection, number: int) -> int | None:
    row = connection.execute("SELECT position FROM queue WHERE paper_id = ?", (number,)).fetchone()
    return row[0] if row else None
