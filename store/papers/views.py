"""Views: which papers a list shows before any filter, in which order, and how many they are."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from store.model.errors import LibraryError

Kind = Literal["new", "all", "queue", "bookmarks", "reading", "done", "hidden", "trending", "day", "undated", "tag"]
Sort = Literal["best", "date", "listed", "upvotes", "comments", "title", "added"]
SORTS: tuple[Sort, ...] = get_args(Sort)


class View(msgspec.Struct, frozen=True):
    """Which papers: a kind, and for a listing day ("2026-07-02") or a tag which one. `str` and `parse` are inverse."""

    kind: Kind = "new"
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind

    @classmethod
    def parse(cls, text: str) -> View:
        """ "queue", "tag:nlp", "day:2026-07-02" or just "2026-07-02". Raises LibraryError for anything else."""
        kind, _, key = text.strip().partition(":")
        if not key and kind[:1].isdigit():
            kind, key = "day", kind
        kind = kind.casefold()
        if kind == "day":
            try:
                return cls("day", date.fromisoformat(key).isoformat())
            except ValueError:
                raise LibraryError(f"{key!r} is not a day; write it as 2026-07-02") from None
        if kind == "tag":
            # Imported here: few lists are of a tag.
            from store.marks.marks import tag_name

            if name := tag_name(key):
                return cls("tag", name)
        if kind in FIXED and not key:
            return cls(kind)
        known = ", ".join([*FIXED, "2026-07-02", "tag:NAME"])
        raise LibraryError(f"there is no view {text!r}; there are: {known}")


FIXED: tuple[Kind, ...] = ("new", "all", "queue", "bookmarks", "reading", "done", "hidden", "trending", "undated")
# These are shown only when there is something in them.
_OCCASIONAL: tuple[Kind, ...] = ("trending", "undated")
# "Trending" looks at what rose in so many days up to the latest listing.
TRENDING_DAYS = 7


class Selection(msgspec.Struct, frozen=True):
    """A view as SQL over `paper p`: a join, a condition, its own order, and the values for them in that order."""

    join: str
    where: str
    order: str
    values: tuple[str, ...] = ()


class Shelf(msgspec.Struct, frozen=True):
    """A view with the number of papers in it."""

    view: View
    count: int


class Shelves(msgspec.Struct, frozen=True):
    """Every view there is: the fixed ones, listing days newest first, tags by name."""

    fixed: tuple[Shelf, ...]
    days: tuple[Shelf, ...]
    tags: tuple[Shelf, ...]


_NEWEST = "p.published DESC, p.id DESC"
# A hidden paper is out of sight, except where the reader put it on purpose.
_SHOWN = "p.id NOT IN (SELECT paper_id FROM mark WHERE status = 'hidden')"
_ON_DAY = (
    "JOIN (SELECT paper_id, min(listing_id * 4294967296 + position) AS place FROM entry WHERE listed_on = ?"
    " GROUP BY paper_id) v ON v.paper_id = p.id"
)
# What a paper gained in upvotes and comments since the last listing before the days in question; all it has, when it
# was not listed before.
_RISE = (
    "JOIN (SELECT * FROM (SELECT paper_id,"
    " max(coalesce(upvotes, 0) + coalesce(comment_count, 0)) FILTER (WHERE listed_on >= ?1)"
    " - coalesce(max(coalesce(upvotes, 0) + coalesce(comment_count, 0)) FILTER (WHERE listed_on < ?1), 0) AS rise"
    " FROM entry WHERE paper_id IN (SELECT paper_id FROM entry WHERE listed_on >= ?1) AND listed_on IS NOT NULL"
    " GROUP BY paper_id) WHERE rise > 0) v ON v.paper_id = p.id"
)
_STATUS = "JOIN mark v ON v.paper_id = p.id AND v.status = ?"
_SELECTIONS: dict[Kind, tuple[str, str, str]] = {
    "all": ("", _SHOWN, _NEWEST),
    "queue": ("JOIN queue v ON v.paper_id = p.id", "1", "v.position"),
    "bookmarks": (
        "JOIN mark v ON v.paper_id = p.id AND v.bookmarked_at IS NOT NULL",
        "1",
        "v.bookmarked_at DESC, p.id DESC",
    ),
    "reading": (_STATUS, "1", "v.status_at DESC, p.id DESC"),
    "done": (_STATUS, "1", "v.status_at DESC, p.id DESC"),
    "hidden": (_STATUS, "1", "v.status_at DESC, p.id DESC"),
    "trending": (_RISE, _SHOWN, f"v.rise DESC, {_NEWEST}"),
    "day": (_ON_DAY, _SHOWN, "v.place"),
    # Papers are numbered as they come in.
    "undated": ("", f"{_SHOWN} AND p.last_listed IS NULL", "p.id"),
    "tag": ("JOIN tag v ON v.paper_id = p.id AND v.name = ?", _SHOWN, _NEWEST),
}
_ORDERS: dict[Sort, str] = {
    "date": _NEWEST,
    "listed": "p.last_listed DESC, p.id DESC",
    "upvotes": f"p.upvotes DESC, {_NEWEST}",
    "comments": f"p.comment_count DESC, {_NEWEST}",
    "title": "p.title COLLATE NOCASE, p.id",
    "added": "p.id DESC",
}


def selection(connection: sqlite3.Connection, view: View, *, hidden: bool = False) -> Selection:
    """What `view` selects now. "new" is the latest listing day, or what has no day when nothing has one.

    `hidden`: hidden papers are in sight everywhere.
    """
    view = resolved(connection, view)
    join, where, order = _SELECTIONS[view.kind]
    values: tuple[str, ...] = ()
    if view.kind in ("day", "tag"):
        values = (view.key,)
    elif view.kind in ("reading", "done", "hidden"):
        values = (view.kind,)
    elif view.kind == "trending":
        latest = latest_day(connection)
        since = date.fromisoformat(latest) - timedelta(days=TRENDING_DAYS - 1) if latest else date.max
        values = (since.isoformat(),)
    return Selection(join, where.replace(_SHOWN, "1") if hidden else where, order, values)


def resolved(connection: sqlite3.Connection, view: View) -> View:
    """`view`, or for "new" the one that it means now."""
    if view.kind != "new":
        return view
    latest = latest_day(connection)
    return View("day", latest) if latest else View("undated")


def order(chosen: Selection, sort: Sort) -> str:
    """The ORDER BY of a view under a sort; "best" is the view's own order."""
    return _ORDERS.get(sort, chosen.order)


def latest_day(connection: sqlite3.Connection) -> str | None:
    """The newest listing day, as "2026-07-02"."""
    row = connection.execute("SELECT max(listed_on) FROM entry").fetchone()
    found: str | None = row[0]
    return found


def count(connection: sqlite3.Connection, view: View) -> int:
    """How many papers a view shows without a filter."""
    view = resolved(connection, view)
    if view.kind in ("all", "undated"):
        # All less the few hidden ones: an index is counted, and no paper looked at.
        where = "p.last_listed IS NULL" if view.kind == "undated" else "1"
        row = connection.execute(
            f"SELECT (SELECT count(*) FROM paper p WHERE {where}) -"
            f" (SELECT count(*) FROM mark m JOIN paper p ON p.id = m.paper_id WHERE m.status = 'hidden' AND {where})"
        ).fetchone()
    else:
        chosen = selection(connection, view)
        row = connection.execute(
            f"SELECT count(*) FROM paper p {chosen.join} WHERE {chosen.where}", chosen.values
        ).fetchone()
    return int(row[0])


def shelves(connection: sqlite3.Connection) -> Shelves:
    """Every view with its count; "trending" and "undated" only with papers in them."""
    days = connection.execute(
        "SELECT listed_on, count(DISTINCT paper_id) FROM entry WHERE listed_on IS NOT NULL AND paper_id NOT IN"
        " (SELECT paper_id FROM mark WHERE status = 'hidden') GROUP BY listed_on ORDER BY listed_on DESC"
    ).fetchall()
    tags = connection.execute(
        "SELECT name, count(*) FILTER (WHERE paper_id NOT IN (SELECT paper_id FROM mark WHERE status = 'hidden'))"
        " FROM tag GROUP BY name ORDER BY name"
    ).fetchall()
    fixed = [Shelf(View(kind), count(connection, View(kind))) for kind in FIXED]
    return Shelves(
        fixed=tuple(shelf for shelf in fixed if shelf.count or shelf.view.kind not in _OCCASIONAL),
        days=tuple(Shelf(View("day", listed_on), papers) for listed_on, papers in days),
        tags=tuple(Shelf(View("tag", name), papers) for name, papers in tags),
    )
