"""Finds the neighbours of a view: the next or previous day, week or month, or the next longer or shorter period."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date

from store.papers import listing_days, periods, trending
from store.papers.view_table import Kind
from store.papers.views import View
from store.text.dates import shifted

# The kinds of views for which `neighbour` finds a next or a previous view.
KINDS: Collection[Kind] = ("day", "week", "month", "trending")


def neighbour(connection: sqlite3.Connection, view: View, step: int) -> View | None:
    """The nearest later view of the same kind that has listed papers, or the nearest earlier one if `step` is negative.

    For a view of trending papers, the same view over the next longer period, or the next shorter one if `step` is
    negative. None when there is no such view, or when `view` is of another kind.
    """
    if view.kind == "trending":
        argument = trending.neighbour(view.argument, step)
        return None if argument is None else View("trending", argument)
    if view.kind not in ("day", "week", "month"):
        return None
    first, last = periods.period(view.kind, view.argument)
    if step > 0:
        day = listing_days.after(connection, last.isoformat())
    else:
        day = listing_days.before(connection, first.isoformat())
    return View(view.kind, periods.containing(view.kind, date.fromisoformat(day))) if day else None


def last_listed(connection: sqlite3.Connection, view: View) -> date | None:
    """The last day within the period of a view (a day, week or month) on which papers were listed.

    If no papers were listed in the period, the last day of the period. None for views of other kinds.
    """
    if view.kind not in ("day", "week", "month"):
        return None
    first, last = periods.period(view.kind, view.argument)
    day = listing_days.before(connection, shifted(last, 1).isoformat())
    return date.fromisoformat(day) if day and day >= first.isoformat() else last
