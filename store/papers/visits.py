"""When the program was open last, so that a list can show what came since then.

All of today counts as one visit: papers that came since the last time are those that came after the last day before
today on which the program was open. They stay the same papers until the end of today, however often the program starts.
"""

from __future__ import annotations

import sqlite3
from datetime import date

import msgspec

from store.library import settings

_KEY = "visit"


class _Visit(msgspec.Struct, frozen=True):
    """The last visit.

    `newest` is the largest id of a paper at its end so far, and `before` the same at the end of the visit before it.
    `before` is None for the first visit.
    """

    day: str
    newest: int
    before: int | None = None


def note(connection: sqlite3.Connection) -> None:
    """Store that the program is open now, inside a write transaction of the caller."""
    visit = _load(connection)
    today = date.today().isoformat()
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    before = None if visit is None else visit.before if visit.day == today else visit.newest
    settings.put(connection, _KEY, msgspec.json.encode(_Visit(today, newest, before)).decode())


def last_paper(connection: sqlite3.Connection) -> int | None:
    """The largest id that a paper had at the end of the last visit before today; None when there was no such visit.

    Papers that came since then have larger ids.
    """
    visit = _load(connection)
    if visit is None:
        return None
    return visit.before if visit.day == date.today().isoformat() else visit.newest


def _load(connection: sqlite3.Connection) -> _Visit | None:
    text = settings.get(connection, _KEY)
    try:
        return None if text is None else msgspec.json.decode(text, type=_Visit)
    except msgspec.MsgspecError:
        return None
