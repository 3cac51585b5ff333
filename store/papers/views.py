"""The table of views: which papers each view selects, and in which order, before any filter.

A new view needs a name in Kind and a line in _DEFINITIONS here, and its texts and its key in tui/actions/view_texts.py.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

import msgspec

from store.marks.stored_marks import BACK, DECIDED
from store.model.errors import LibraryError
from store.papers import samples

Kind = Literal[
    "new", "all", "queue", "bookmarks", "reading", "done", "hidden", "trending", "later", "undated", "day", "tag"
]
Sort = Literal["best", "date", "listed", "upvotes", "comments", "title", "added", "score"]
SORTS: tuple[Sort, ...] = get_args(Sort)
# "trending" compares upvotes and comments over this many days up to the latest listing.
TRENDING_DAYS = 7

# A listing has fewer entries.
_MOST_ENTRIES = 2**32
_NEWEST = "p.published DESC, p.id DESC"
_NOT_HIDDEN = "p.id NOT IN (SELECT paper_id FROM mark WHERE status = 'hidden')"


class _Definition(NamedTuple):
    """How a view selects papers, as SQL over `paper p`.

    `join` is a JOIN clause with the alias `v`. `value` names the parameter that the SQL gets: the key of the view, its
    kind, today, or the first day of the last TRENDING_DAYS days. `has_key` is true for the kinds that have one view for
    each listing day or each tag.
    """

    join: str = ""
    where: str = ""
    order: str = _NEWEST
    value: Literal["key", "kind", "today", "first day"] | None = None
    has_key: bool = False
    shows_hidden: bool = False
    changes_with_marks: bool = False
    only_when_filled: bool = False


def _with_status() -> _Definition:
    """A view of the papers that have one status. The paper that got the status last comes first."""
    return _Definition(
        "JOIN mark v ON v.paper_id = p.id AND v.status = ?",
        order="v.status_at DESC, p.id DESC",
        value="kind",
        shows_hidden=True,
        changes_with_marks=True,
    )


_DEFINITIONS: dict[Kind, _Definition] = {
    # The papers of listings that the reader has neither seen nor decided on; first those that are back on their day.
    # Papers without a listing day are an archive or a bibliography to search in. They are new only while there are no
    # others (`_NEW_UNDATED`).
    "new": _Definition(
        f"JOIN (SELECT id FROM paper WHERE last_listed IS NOT NULL UNION {BACK}) v ON v.id = p.id",
        f"p.id NOT IN ({DECIDED})",
        f"p.id IN ({BACK}) DESC, p.last_listed DESC, (SELECT min(listing_id * {_MOST_ENTRIES} + position) FROM entry"
        " WHERE paper_id = p.id AND listed_on = p.last_listed), p.id",
        value="today",
        changes_with_marks=True,
    ),
    "all": _Definition(),
    "queue": _Definition(
        "JOIN queue v ON v.paper_id = p.id", order="v.position", shows_hidden=True, changes_with_marks=True
    ),
    "bookmarks": _Definition(
        "JOIN mark v ON v.paper_id = p.id AND v.bookmarked_at IS NOT NULL",
        order="v.bookmarked_at DESC, p.id DESC",
        shows_hidden=True,
        changes_with_marks=True,
    ),
    "reading": _with_status(),
    "done": _with_status(),
    "hidden": _with_status(),
    # The rise of a paper is the sum of its upvotes and comments now, minus the same sum before the first day. For a
    # paper that was not listed before that day, the rise is the whole sum.
    "trending": _Definition(
        "JOIN (SELECT * FROM (SELECT paper_id,"
        " max(coalesce(upvotes, 0) + coalesce(comment_count, 0)) FILTER (WHERE listed_on >= ?1)"
        " - coalesce(max(coalesce(upvotes, 0) + coalesce(comment_count, 0)) FILTER (WHERE listed_on < ?1), 0) AS rise"
        " FROM entry WHERE paper_id IN (SELECT paper_id FROM entry WHERE listed_on >= ?1) AND listed_on IS NOT NULL"
        " GROUP BY paper_id) WHERE rise > 0) v ON v.paper_id = p.id",
        order=f"v.rise DESC, {_NEWEST}",
        value="first day",
        only_when_filled=True,
    ),
    # The papers that wait for their day, the next day first.
    "later": _Definition(
        "JOIN mark v ON v.paper_id = p.id AND v.later > ?",
        order="v.later, p.id",
        value="today",
        changes_with_marks=True,
        only_when_filled=True,
    ),
    # In the order of import, since numbers are given in that order.
    "undated": _Definition(where="p.last_listed IS NULL", order="p.id", only_when_filled=True),
    # In the order of the listings of that day.
    "day": _Definition(
        f"JOIN (SELECT paper_id, min(listing_id * {_MOST_ENTRIES} + position) AS place FROM entry WHERE listed_on = ?"
        " GROUP BY paper_id) v ON v.paper_id = p.id",
        order="v.place",
        value="key",
        has_key=True,
    ),
    "tag": _Definition(
        "JOIN tag v ON v.paper_id = p.id AND v.name = ?", value="key", has_key=True, changes_with_marks=True
    ),
}
_NEW_UNDATED = _Definition(where=f"p.last_listed IS NULL AND p.id NOT IN ({DECIDED})", order="p.id", value="today")
# The views other than listing days and tags, in the order of the views pane.
FIXED: tuple[Kind, ...] = tuple(kind for kind, definition in _DEFINITIONS.items() if not definition.has_key)
_ORDERS: dict[Sort, str] = {
    "date": _NEWEST,
    "listed": "p.last_listed DESC, p.id DESC",
    "upvotes": f"p.upvotes DESC, {_NEWEST}",
    "comments": f"p.comment_count DESC, {_NEWEST}",
    "score": f"p.score DESC, {_NEWEST}",
    "title": "p.title COLLATE NOCASE, p.id",
    "added": "p.id DESC",
}


class View(msgspec.Struct, frozen=True):
    """A selection of papers: its kind, and a key if it is for a listing day ("2026-07-02") or a tag ("nlp").

    `View.parse` is the inverse of `str`.
    """

    kind: Kind = "new"
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind

    @property
    def changes_with_marks(self) -> bool:
        """Whether the view selects papers by the reader's marks, apart from leaving out hidden papers."""
        return _DEFINITIONS[self.kind].changes_with_marks

    @classmethod
    def parse(cls, text: str) -> View:
        """The view that a text names: "queue", "tag:nlp", "day:2026-07-02" or just "2026-07-02".

        Raises LibraryError when there is no such view.
        """
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
            # Imported here: most views are not of a tag.
            from store.marks.marking import tag_name

            if name := tag_name(key):
                return cls("tag", name)
        if kind in FIXED and not key:
            return cls(kind)
        views = ", ".join([*FIXED, "2026-07-02", "tag:NAME"])
        raise LibraryError(f"there is no view {text!r}; there are: {views}")


class Selection(msgspec.Struct, frozen=True):
    """A view as SQL over `paper p`: a join, a condition and an order, with the values of their parameters."""

    join: str
    where: str
    order: str
    values: tuple[str, ...] = ()


class CountedView(msgspec.Struct, frozen=True):
    """A view with the number of its papers."""

    view: View
    count: int


class CountedViews(msgspec.Struct, frozen=True):
    """All views with the numbers of their papers: the fixed views, listing days (newest first), tags (by name)."""

    fixed: tuple[CountedView, ...]
    days: tuple[CountedView, ...]
    tags: tuple[CountedView, ...]


def selection(connection: sqlite3.Connection, view: View, *, hidden: bool = False) -> Selection:
    """The SQL that selects the papers of `view` now, including hidden papers if `hidden` is true."""
    definition = _definition(connection, view)
    conditions = [definition.where] if definition.where else []
    if not (hidden or definition.shows_hidden):
        conditions.append(_NOT_HIDDEN)
    values: tuple[str, ...] = ()
    match definition.value:
        case "key":
            values = (view.key,)
        case "kind":
            values = (view.kind,)
        case "today":
            values = (date.today().isoformat(),)
        case "first day":
            values = (_first_trending_day(connection),)
    return Selection(definition.join, " AND ".join(conditions) or "1", definition.order, values)


def is_new_undated(connection: sqlite3.Connection) -> bool:
    """Whether "new" has the papers without a listing day, because no paper has one."""
    return latest_day(connection) is None


def order(chosen: Selection, sort: Sort) -> str:
    """The ORDER BY clause of a selection under a sort; "best" is the order of the view itself."""
    return _ORDERS.get(sort, chosen.order)


def latest_day(connection: sqlite3.Connection) -> str | None:
    """The newest listing day as "2026-07-02", of samples only if there are no others; None when no entry has a day."""
    if samples.exist(connection) and (other := samples.latest_day_of_others(connection)):
        return other
    (day,) = connection.execute("SELECT max(listed_on) FROM entry").fetchone()
    return None if day is None else str(day)


def count(connection: sqlite3.Connection, view: View) -> int:
    """The number of papers that a view has without a filter."""
    definition = _definition(connection, view)
    if definition is _NEW_UNDATED:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM paper WHERE last_listed IS NULL) -"
            f" (SELECT count(*) FROM paper WHERE last_listed IS NULL AND id IN ({DECIDED}))",
            (date.today().isoformat(),),
        ).fetchone()
    elif not definition.join:
        # All papers less the hidden ones: SQLite counts all papers in an index without reading any, and few are hidden.
        where = definition.where or "1"
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


def counted_views(connection: sqlite3.Connection) -> CountedViews:
    """Every view with the number of its papers. Some are left out when they have none."""
    days = connection.execute(
        "SELECT listed_on, count(DISTINCT paper_id) FROM entry WHERE listed_on IS NOT NULL AND paper_id NOT IN"
        " (SELECT paper_id FROM mark WHERE status = 'hidden') GROUP BY listed_on ORDER BY listed_on DESC"
    ).fetchall()
    tags = connection.execute(
        "SELECT name, count(*) FILTER (WHERE paper_id NOT IN (SELECT paper_id FROM mark WHERE status = 'hidden'))"
        " FROM tag GROUP BY name ORDER BY name"
    ).fetchall()
    fixed = [CountedView(View(kind), count(connection, View(kind))) for kind in FIXED]
    return CountedViews(
        fixed=tuple(each for each in fixed if each.count or not _only_when_filled(each.view)),
        days=tuple(CountedView(View("day", listed_on), papers) for listed_on, papers in days),
        tags=tuple(CountedView(View("tag", name), papers) for name, papers in tags),
    )


def _definition(connection: sqlite3.Connection, view: View) -> _Definition:
    definition = _DEFINITIONS[view.kind]
    if view.kind == "new":
        if is_new_undated(connection):
            return _NEW_UNDATED
        if samples.exist(connection):
            return definition._replace(order=f"{samples.ONLY_IN_SAMPLES}, {definition.order}")
    return definition


def _only_when_filled(view: View) -> bool:
    return _DEFINITIONS[view.kind].only_when_filled


def _first_trending_day(connection: sqlite3.Connection) -> str:
    """The first of the TRENDING_DAYS days up to the latest listing, or an impossible day when no listing has a day."""
    latest = latest_day(connection)
    return (date.fromisoformat(latest) - timedelta(days=TRENDING_DAYS - 1) if latest else date.max).isoformat()
