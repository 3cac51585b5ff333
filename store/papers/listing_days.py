"""The days on which papers were listed: the newest day, the previous and next day, and the number of papers of each."""

from __future__ import annotations

import sqlite3
from datetime import date
from itertools import chain

from store.marks.stored_marks import HIDDEN
from store.papers import samples

# The pane of views, at the side of the screen, lists this many listing days. The calendar shows all of them.
_MOST_SHOWN = 14


def latest(connection: sqlite3.Connection) -> str | None:
    """The newest listing day, for example "2026-07-02", or None when no entry has a listing day.

    Sample listings count only if no other listing has a listing day.
    """
    if samples.exist(connection) and (other := samples.latest_day_of_others(connection)):
        return other
    (day,) = connection.execute("SELECT max(listed_on) FROM entry").fetchone()
    return None if day is None else str(day)


def before(connection: sqlite3.Connection, day: str) -> str | None:
    """The last listing day before `day`, or None when there is none."""
    (found,) = connection.execute("SELECT max(listed_on) FROM entry WHERE listed_on < ?", (day,)).fetchone()
    return None if found is None else str(found)


def after(connection: sqlite3.Connection, day: str) -> str | None:
    """The first listing day after `day`, or None when there is none."""
    (found,) = connection.execute("SELECT min(listed_on) FROM entry WHERE listed_on > ?", (day,)).fetchone()
    return None if found is None else str(found)


def last_listing(connection: sqlite3.Connection, family: str) -> date | None:
    """The newest day of the listings from one source, such as "hf", without samples; None when there is none."""
    row = connection.execute(
        "SELECT listed_on FROM entry WHERE listed_on IS NOT NULL AND listing_id IN (SELECT id FROM listing WHERE"
        f" family = ? AND {samples.NOT_A_SAMPLE}) ORDER BY listed_on DESC LIMIT 1",
        (family,),
    ).fetchone()
    return date.fromisoformat(row[0]) if row else None


def newest_counts(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The `_MOST_SHOWN` newest listing days, newest first, each with its number of papers without hidden ones."""
    day = before(connection, "9")
    newest = oldest = day or ""
    for _ in range(_MOST_SHOWN - 1):
        day = before(connection, oldest)
        if day is None:
            break
        oldest = day
    return counts(connection, oldest, newest)


def counts(connection: sqlite3.Connection, first: str = "", last: str = "9") -> list[tuple[str, int]]:
    """The listing days from `first` to `last`, newest first, each with its number of papers without hidden ones."""
    return connection.execute(
        "SELECT listed_on, count(DISTINCT paper_id) FROM entry"
        f" WHERE listed_on >= ? AND listed_on <= ? AND paper_id NOT IN ({HIDDEN})"
        " GROUP BY listed_on ORDER BY listed_on DESC",
        (first, last),
    ).fetchall()


def paper_ids(connection: sqlite3.Connection, first: date, last: date) -> list[int]:
    """The ids of the papers that were listed from `first` to `last`: newest day first, then in the order of listings.

    A paper that was listed on several of these days is returned once, for the newest of them.
    """
    paper_ids: dict[int, None] = {}
    (day,) = connection.execute("SELECT max(listed_on) FROM entry WHERE listed_on <= ?", (last.isoformat(),)).fetchone()
    while day is not None and day >= first.isoformat():
        rows = connection.execute(
            "SELECT paper_id FROM entry WHERE listed_on = ? ORDER BY listing_id, position", (day,)
        )
        paper_ids.update(dict.fromkeys(chain.from_iterable(rows)))
        day = before(connection, day)
    return list(paper_ids)
