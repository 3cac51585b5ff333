"""The table of views. A view is a selection of papers in a certain order, for example the bookmarks.

A filter then selects some of the papers of a view. To add a view, add its name to Kind and its definition to
_DEFINITIONS here, and its texts and its key to tui/actions/view_texts.py.
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
# The view "trending" shows papers whose upvotes and comments rose during this many days, the last of which is the
# newest listing day of the library.
TRENDING_DAYS = 7

# A number larger than the number of entries of any listing. Multiplied by the id of a listing, plus a position in the
# listing, it gives a single number by which entries are sorted.
_MOST_ENTRIES = 2**32
_NEWEST = "p.published DESC, p.id DESC"
_NOT_HIDDEN = "p.id NOT IN (SELECT paper_id FROM mark WHERE status = 'hidden')"


class _Definition(NamedTuple):
    """How a view selects papers, as SQL over `paper p`.

    `join` is a JOIN clause with the alias `v`. `value` is the kind of parameter that the SQL needs: the key of the
    view, its kind, today, or the first of the last TRENDING_DAYS days. `has_key` is true for the two kinds that have
    many views, one for each listing day or for each tag. `shows_hidden` is true if the view contains hidden papers.
    `changes_with_marks` is true if the view selects papers by their marks. `only_when_filled` is true if the view is
    not offered while it has no papers.
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
    """The definition of a view of all papers with the status that is the kind of the view.

    The paper that got the status last comes first.
    """
    return _Definition(
        "JOIN mark v ON v.paper_id = p.id AND v.status = ?",
        order="v.status_at DESC, p.id DESC",
        value="kind",
        shows_hidden=True,
        changes_with_marks=True,
    )


_DEFINITIONS: dict[Kind, _Definition] = {
    # The papers with a listing day that the reader has neither seen nor decided on. Papers that were postponed until
    # today or until an earlier day come first. Papers without a listing day mostly come from an archive or a
    # bibliography, which the reader wants to search and not to go through. They are in this view only while no paper of
    # the library has a listing day (`_NEW_UNDATED`).
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
    # The postponed papers, sorted by the day until which they are postponed.
    "later": _Definition(
        "JOIN mark v ON v.paper_id = p.id AND v.later > ?",
        order="v.later, p.id",
        value="today",
        changes_with_marks=True,
        only_when_filled=True,
    ),
    # Sorted in the order of import, because a paper that was imported later has a higher number.
    "undated": _Definition(where="p.last_listed IS NULL", order="p.id", only_when_filled=True),
    # Sorted as in the listings of that day.
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
# The kinds of views other than listing days and tags, in the order in which the screen lists the views.
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
    """A view. It has a key only if it is for a listing day ("2026-07-02") or for a tag ("nlp").

    `View.parse` turns the result of `str` back into the view.
    """

    kind: Kind = "new"
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind

    @property
    def changes_with_marks(self) -> bool:
        """Whether the view selects papers by the reader's marks. That it leaves out hidden papers does not count."""
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
            # Imported here, because only views of tags need this module.
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
    """The views with the numbers of their papers.

    `fixed` are the views without a key, `days` those of listing days, newest first, and `tags` those of tags, by name.
    """

    fixed: tuple[CountedView, ...]
    days: tuple[CountedView, ...]
    tags: tuple[CountedView, ...]


def selection(connection: sqlite3.Connection, view: View, *, hidden: bool = False) -> Selection:
    """The SQL that selects the papers of `view`, including hidden papers if `hidden` is true.

    The SQL depends on the present day and on the listings in the library, so use it soon.
    """
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
    """Whether the view "new" contains papers without a listing day, because no paper of the library has one."""
    return latest_day(connection) is None


def order(chosen: Selection, sort: Sort) -> str:
    """The terms of the ORDER BY clause for a selection. The sort "best" keeps the order of the view itself."""
    return _ORDERS.get(sort, chosen.order)


def latest_day(connection: sqlite3.Connection) -> str | None:
    """The newest listing day, for example "2026-07-02", or None when no entry has a listing day.

    Sample listings count only if no other listing has a listing day.
    """
    if samples.exist(connection) and (other := samples.latest_day_of_others(connection)):
        return other
    (day,) = connection.execute("SELECT max(listed_on) FROM entry").fetchone()
    return None if day is None else str(day)


def count(connection: sqlite3.Connection, view: View) -> int:
    """The number of papers of a view, before any filter, without hidden papers unless the view shows them."""
    definition = _definition(connection, view)
    if definition is _NEW_UNDATED:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM paper WHERE last_listed IS NULL) -"
            f" (SELECT count(*) FROM paper WHERE last_listed IS NULL AND id IN ({DECIDED}))",
            (date.today().isoformat(),),
        ).fetchone()
    elif not definition.join:
        # Subtract the number of hidden papers from the number of all papers. That is fast, because SQLite counts all
        # papers in an index without reading them, and few papers are hidden.
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
    """All views with the numbers of their papers. Views that are `only_when_filled` are left out if they are empty."""
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
    """The first of the TRENDING_DAYS days that end with the newest listing day.

    If there is no listing day, the last possible day (`date.max`), so that no paper is trending.
    """
    latest = latest_day(connection)
    return (date.fromisoformat(latest) - timedelta(days=TRENDING_DAYS - 1) if latest else date.max).isoformat()
