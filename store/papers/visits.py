"""Stores when recto was last open, so that a list can show the papers that were imported since then.

All starts of recto on one day count as one visit. The last visit is the last day before today on which recto was open.
So "since the last visit" selects the same papers for all of today, however often recto is started.
"""

from __future__ import annotations

import sqlite3
from datetime import date

import msgspec

from store.library import settings

_KEY = "visit"


class _Visit(msgspec.Struct, frozen=True):
    """The newest stored visit (a day on which recto was open).

    `newest` is the largest id of a paper when recto was last open on `day`. `before` is the largest id at the end of
    the previous visit; None if this is the first visit.
    """

    day: str
    newest: int
    before: int | None = None


def note(connection: sqlite3.Connection) -> None:
    """Store that recto is open now. Call this inside a write transaction."""
    visit = _load(connection)
    today = date.today().isoformat()
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    before = None if visit is None else visit.before if visit.day == today else visit.newest
    settings.put(connection, _KEY, msgspec.json.encode(_Visit(today, newest, before)).decode())


def last_paper(connection: sqlite3.Connection) -> int | None:
    """The largest id of a paper at the end of the last visit before today; None when there was no such visit.

    All papers that were imported since then have larger ids.
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
