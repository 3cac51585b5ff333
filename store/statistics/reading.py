"""Computes the statistics: papers read, length of the queue, time from listing to reading, topics, and decisions.

The history of the queue is computed from the journal, which records each change of marks. Everything else is computed
from the marks as they are now, so that a mark that the user has undone does not count.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median

import msgspec

from store.papers import listing_days
from store.statistics import terms
from store.statistics.terms import Term

WEEKS = 52
# Papers are grouped by the time from listing to reading. These are the upper limits of the groups (days); the last
# group has no limit.
WAITS = (0, 1, 3, 7, 14, 30, 90)
_MOST_NAMED = 8
_DAYS = 7 * WEEKS


class Week(msgspec.Struct, frozen=True):
    """One week: its Monday, how many papers were read in it, and how many were in the queue at its end.

    `queue_age` is the mean time (days) for which the papers of the queue had been in it; None for an empty queue.
    """

    monday: date
    read: int
    queued: int
    queue_age: float | None


class Named(msgspec.Struct, frozen=True):
    """A topic or an organization, and how many papers about it or from it were read."""

    name: str
    count: int


class Wait(msgspec.Struct, frozen=True):
    """A group of papers by the time from listing to reading, and how many papers are in it.

    Its papers were read at most `days` days after they were listed, but later than the limit of the previous group.
    `days` is None for the last group, which has no limit.
    """

    days: int | None
    count: int


class Statistics(msgspec.Struct, frozen=True):
    """All statistics, up to and including the day `until`.

    `weeks` are the last WEEKS weeks, oldest first. `decisions` maps each day of these weeks to the number of
    papers on which the user decided on that day; days without decisions are left out. `typical_wait` is the median time
    from listing to reading (days); None when no listed paper was read.
    """

    until: date
    papers: int
    read: int
    queued: int
    weeks: tuple[Week, ...]
    waits: tuple[Wait, ...]
    typical_wait: float | None
    topics: tuple[Named, ...]
    organizations: tuple[Named, ...]
    decisions: dict[date, int]
    rising: tuple[Term, ...]
    falling: tuple[Term, ...]


def read(connection: sqlite3.Connection, today: date) -> Statistics:
    """Compute the statistics of a library."""
    monday = today - timedelta(days=today.weekday() + _DAYS - 7)
    decisions, queue = _journal(connection)
    read_on = _read_on(connection)
    waits = _waiting_days(connection)
    latest = listing_days.latest(connection)
    rising, falling = terms.changes(connection, date.fromisoformat(latest)) if latest else ((), ())
    (papers,) = connection.execute("SELECT count(*) FROM paper").fetchone()
    (queued,) = connection.execute("SELECT count(*) FROM queue").fetchone()
    return Statistics(
        until=today,
        papers=papers,
        read=sum(read_on.values()),
        queued=queued,
        weeks=tuple(_weeks(monday, today, read_on, queue)),
        waits=tuple(_grouped(waits)),
        typical_wait=median(waits) if waits else None,
        topics=_topics(connection),
        organizations=_organizations(connection),
        decisions={day: count for day, count in sorted(decisions.items()) if monday <= day <= today},
        rising=rising,
        falling=falling,
    )


def _local_day(at: str) -> date | None:
    """The day of a stored time (ISO 8601, UTC) in the time zone of this machine; None for any other text."""
    try:
        return datetime.fromisoformat(at).astimezone().date()
    except (ValueError, OverflowError):
        return None


def _journal(connection: sqlite3.Connection) -> tuple[Counter[date], list[tuple[date, str, bool]]]:
    """The number of papers on which the user decided, for each day, and the changes of the queue, the oldest first.

    A change of the queue is a day, the id of a paper, and whether the paper was added to the queue or removed.
    """
    decisions: Counter[date] = Counter()
    steps = connection.execute("SELECT at, json_array_length(papers) FROM journal WHERE NOT undone")
    for at, papers in steps:
        if day := _local_day(at):
            decisions[day] += papers
    changes: list[tuple[date, str, bool]] = []
    # A change in the journal is an array: the identity of the paper (such as its arXiv id), the name of a field, the
    # state before and the state after. The first element of a state is the value of the field. For the queue, the value
    # is null if the paper is not in the queue.
    rows = connection.execute(
        "SELECT j.at, json_extract(c.value, '$[0]'), json_extract(c.value, '$[2][0]') IS NOT NULL,"
        " json_extract(c.value, '$[3][0]') IS NOT NULL FROM journal j, json_each(j.changes) c"
        " WHERE NOT j.undone AND json_extract(c.value, '$[1]') = 'queue' ORDER BY j.id"
    )
    for at, paper, was_queued, is_queued in rows:
        if was_queued != is_queued and (day := _local_day(at)):
            changes.append((day, paper, bool(is_queued)))
    return decisions, changes


def _read_on(connection: sqlite3.Connection) -> Counter[date]:
    """The number of papers read on each day. A paper counts as read when its status is "done"."""
    days = connection.execute("SELECT status_at FROM mark WHERE status = 'done' AND status_at IS NOT NULL")
    return Counter(day for (at,) in days if (day := _local_day(at)))


def _weeks(monday: date, today: date, read_on: Counter[date], queue: list[tuple[date, str, bool]]) -> Iterator[Week]:
    queued_since: dict[str, date] = {}
    at = 0
    while monday <= today:
        end = min(monday + timedelta(days=6), today)
        while at < len(queue) and queue[at][0] <= end:
            day, paper, is_in = queue[at]
            if is_in:
                queued_since[paper] = day
            else:
                queued_since.pop(paper, None)
            at += 1
        ages = [(end - since).days for since in queued_since.values()]
        count = sum(read_on[monday + timedelta(days=number)] for number in range(7))
        yield Week(monday, count, len(ages), sum(ages) / len(ages) if ages else None)
        monday += timedelta(days=7)


def _waiting_days(connection: sqlite3.Connection) -> list[int]:
    """For each listed paper that was read, the number of days from its first listing to its reading."""
    rows = connection.execute(
        "SELECT m.status_at, p.first_listed FROM mark m JOIN paper p ON p.id = m.paper_id"
        " WHERE m.status = 'done' AND m.status_at IS NOT NULL AND p.first_listed IS NOT NULL"
    )
    pairs = ((_local_day(at), date.fromisoformat(listed)) for at, listed in rows)
    return [max(0, (day - listed).days) for day, listed in pairs if day is not None]


def _grouped(waits: list[int]) -> Iterator[Wait]:
    lower = -1
    for limit in (*WAITS, None):
        yield Wait(limit, sum(lower < days and (limit is None or days <= limit) for days in waits))
        lower = WAITS[-1] if limit is None else limit


def _topics(connection: sqlite3.Connection) -> tuple[Named, ...]:
    """The most frequent tags and keywords of the papers read, and the categories of those without keywords."""
    counts: Counter[str] = Counter()
    rows = connection.execute(
        "SELECT p.categories, b.ai_keywords, (SELECT json_group_array(name) FROM tag t WHERE t.paper_id = p.id)"
        " FROM mark m JOIN paper p ON p.id = m.paper_id JOIN body b ON b.paper_id = p.id WHERE m.status = 'done'"
    )
    for categories, keywords, tags in rows:
        names = {f"#{tag}" for tag in msgspec.json.decode(tags)}
        if keywords:
            names |= {str(keyword).casefold() for keyword in msgspec.json.decode(keywords)}
        else:
            names |= {*(categories or "").split("\n")} - {""}
        counts.update(names)
    return _most(counts)


def _organizations(connection: sqlite3.Connection) -> tuple[Named, ...]:
    rows = connection.execute(
        "SELECT p.organization FROM mark m JOIN paper p ON p.id = m.paper_id"
        " WHERE m.status = 'done' AND p.organization IS NOT NULL"
    )
    return _most(Counter(name for (name,) in rows))


def _most(counts: Counter[str]) -> tuple[Named, ...]:
    """The _MOST_NAMED most frequent names. Equally frequent names are in alphabetical order."""
    return tuple(
        Named(name, count) for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_MOST_NAMED]
    )
