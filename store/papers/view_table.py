"""The table of the kinds of views: for each, its SQL, its name, its argument, and how the screen lists it.

A view is a selection of papers in a certain order. A kind with an argument has many views: the kind "day" has one for
each listing day, such as "day:2026-07-02". To add a kind, add its name to `Kind` and a row to `KINDS`. The key that
opens it and its help text are a line of `VIEWS` in tui/actions/view_keys.py. CONTRIBUTING.md explains the details.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from store.marks.stored_marks import BACK, DECIDED, HIDDEN, WAITING
from store.papers import listing_days, samples, visits
from store.text.dates import shifted

if TYPE_CHECKING:
    from store.papers.periods import PeriodKind

Kind = Literal[
    "new",
    "all",
    "queue",
    "bookmarks",
    "reading",
    "done",
    "hidden",
    "for-you",
    "trending",
    "later",
    "since",
    "changed",
    "retracted",
    "undated",
    "day",
    "week",
    "month",
    "filter",
    "collection",
    "tag",
]

# This is larger than the number of entries of any listing. So `listing_id * _MOST_ENTRIES + position` sorts entries by
# listing, and within a listing by their position.
_MOST_ENTRIES = 2**32
NEWEST = "p.published DESC, p.id DESC"
# Sorts papers by listing day, the newest first, and within a day as in its listings.
_BY_LISTING = (
    f"p.last_listed DESC, (SELECT min(listing_id * {_MOST_ENTRIES} + position) FROM entry"
    " WHERE paper_id = p.id AND listed_on = p.last_listed), p.id"
)


class Selection(msgspec.Struct, frozen=True):
    """A view as SQL over `paper p`: a join, a condition and an order, with the values of their parameters.

    In the join, the joined table has the alias `v`.
    """

    join: str = ""
    where: str = ""
    order: str = NEWEST
    values: tuple[str | int, ...] = ()


class Argument(NamedTuple):
    """The argument of a kind of view. The module store/papers/view_arguments.py parses and names arguments.

    `example` is a valid argument or a placeholder, for messages. If `is_optional` is true, the argument may be left
    out, and is "" then.
    """

    example: str
    is_optional: bool = False


class ViewKind(NamedTuple):
    """A kind of view, for example "queue" or "day".

    `select` returns the SQL of the view with a given argument. `name` is the name of the view without an argument on
    the screen, or "" if the views of this kind need an argument. `note` returns a text that the status line shows after
    the name, for example how the papers are ranked. `empty` is the sentence that is shown if the view has no papers.

    The pane of views lists the views of this kind in a group under `heading`. `listed` returns the arguments of these
    views, each with the number of papers of the view.

    `shows_hidden` is true if the view contains papers that the user has hidden. `changes_with_marks` is true if the
    view selects papers by their marks. `only_when_filled` is true if the pane of views lists the view only while it has
    papers. `has_bars` is true if the pane of views draws a bar beside each number of papers.
    """

    select: Callable[[sqlite3.Connection, str], Selection]
    name: str = ""
    empty: str = "No papers here."
    argument: Argument | None = None
    note: Callable[[str], str] = lambda argument: ""
    heading: str = ""
    listed: Callable[[sqlite3.Connection], Sequence[tuple[str, int]]] | None = None
    shows_hidden: bool = False
    changes_with_marks: bool = False
    only_when_filled: bool = False
    has_bars: bool = False


def is_new_undated(connection: sqlite3.Connection) -> bool:
    """Whether the view "new" contains papers without a listing day, because no paper of the library has one."""
    return listing_days.latest(connection) is None


def of_papers(paper_ids: Sequence[int]) -> Selection:
    """The selection of the papers with the ids `paper_ids`, in this order.

    Use this for a view whose papers are not found by SQL alone.
    """
    ids = msgspec.json.encode(paper_ids).decode()
    return Selection(
        "JOIN (SELECT value AS paper_id, key AS place FROM json_each(?)) v ON v.paper_id = p.id",
        order="v.place",
        values=(ids,),
    )


# The functions below are the values of `ViewKind.select`, `ViewKind.note` and `ViewKind.listed`. The functions for
# days, weeks, months and trending papers import modules only when they are called, because the first list that recto
# shows rarely needs these modules.


def _fixed(selection: Selection) -> Callable[[sqlite3.Connection, str], Selection]:
    """The function `select` for a kind of view whose SQL is always the same."""
    return lambda connection, argument: selection


def _new(connection: sqlite3.Connection, argument: str) -> Selection:
    """The papers with a listing day that the user has neither seen nor decided on.

    Papers that were postponed until today or until an earlier day come first. Papers without a listing day mostly come
    from an archive or a bibliography. The user wants to search these, but not to read through them one by one. So they
    are in this view only while no paper of the library has a listing day.
    """
    today = date.today().isoformat()
    where = f"p.id NOT IN ({DECIDED})"
    if is_new_undated(connection):
        return Selection(where=f"p.last_listed IS NULL AND {where}", order="p.id", values=(today,))
    samples_last = f"{samples.ONLY_IN_SAMPLES}, " if samples.exist(connection) else ""
    return Selection(
        f"JOIN (SELECT id FROM paper WHERE last_listed IS NOT NULL UNION {BACK}) v ON v.id = p.id",
        where,
        f"{samples_last}p.id IN ({BACK}) DESC, {_BY_LISTING}",
        (today,),
    )


def _trending(connection: sqlite3.Connection, argument: str) -> Selection:
    from store.papers import trending

    first = trending.first_day(connection, argument)
    return Selection(trending.join(argument), order=f"v.value DESC, {NEWEST}", values=(first,))


# The arguments of the kind "for-you", with the names of the views on the screen.
FOR_YOU = {"": "For you", "week": "For you, this week", "unseen": "For you, all new"}


def _for_you(connection: sqlite3.Connection, argument: str) -> Selection:
    """The new papers of the newest listing day, of the last seven days, or of all days, in the order of the listings.

    The order here is only preliminary: the search sorts the papers by the user's taste (store/search/taste_order.py).
    """
    if argument == "unseen" or is_new_undated(connection):
        return _new(connection, argument)
    last = date.fromisoformat(listing_days.latest(connection) or "0001-01-01")
    first = shifted(last, -6) if argument == "week" else last
    return Selection(
        f"JOIN (SELECT paper_id, max(listed_on) AS day, min(listing_id * {_MOST_ENTRIES} + position) AS place"
        " FROM entry WHERE listed_on >= ?2 AND listed_on <= ?3 GROUP BY paper_id) v ON v.paper_id = p.id",
        f"p.id NOT IN ({DECIDED})",
        "v.day DESC, v.place",
        (date.today().isoformat(), first.isoformat(), last.isoformat()),
    )


def _later(connection: sqlite3.Connection, argument: str) -> Selection:
    """The postponed papers, sorted by the day until which they are postponed."""
    join = f"JOIN (SELECT paper_id, later FROM mark WHERE {WAITING}) v ON v.paper_id = p.id"
    return Selection(join, order="v.later, p.id", values=(date.today().isoformat(),))


def _since(connection: sqlite3.Connection, argument: str) -> Selection:
    """The papers that were listed since a day, or since the last visit if the argument is ""."""
    if argument:
        from store.papers import periods

        today = date.today()
        # The newest listing may have tomorrow's date, because the site may be in another time zone.
        newest = date.fromisoformat(listing_days.latest(connection) or "0001-01-01")
        first = periods.first_day(argument, today)
        return of_papers(listing_days.paper_ids(connection, first, max(today, newest)))
    return Selection(
        where="p.id > ? AND p.last_listed IS NOT NULL",
        order=_BY_LISTING,
        values=(visits.last_paper(connection) or 0,),
    )


def _in_period(kind: PeriodKind) -> Callable[[sqlite3.Connection, str], Selection]:
    def select(connection: sqlite3.Connection, argument: str) -> Selection:
        from store.papers import periods

        return of_papers(listing_days.paper_ids(connection, *periods.period(kind, argument)))

    return select


def _tag(connection: sqlite3.Connection, argument: str) -> Selection:
    return Selection("JOIN tag v ON v.paper_id = p.id AND v.name = ?", values=(argument,))


def _changed(connection: sqlite3.Connection, argument: str) -> Selection:
    from store.papers import changed

    return of_papers(changed.papers(connection))


def _collection(connection: sqlite3.Connection, argument: str) -> Selection:
    join = "JOIN collection v ON v.paper_id = p.id AND v.name = ?"
    return Selection(join, order="v.key, v.identity", values=(argument,))


def _collections(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    from store.marks import collections

    return [(each.name, each.count) for each in collections.counted(connection)]


def _saved_filters(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The saved filters in the user's order, each with 0 papers.

    Their papers are counted later, because that needs the search index.
    """
    from store.marks import saved_filters

    return [(saved.name, 0) for saved in saved_filters.read_all(connection)]


def _tags(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    return connection.execute(
        f"SELECT name, count(*) FILTER (WHERE paper_id NOT IN ({HIDDEN})) FROM tag GROUP BY name ORDER BY name"
    ).fetchall()


def _trending_note(argument: str) -> str:
    from store.papers import trending

    return trending.note(argument)


def _status(status: str, name: str, empty: str) -> ViewKind:
    """The kind of view that shows all papers with the status `status`, sorted by when they got it, the latest first."""
    selection = Selection(
        "JOIN mark v ON v.paper_id = p.id AND v.status = ?", order="v.status_at DESC, p.id DESC", values=(status,)
    )
    return ViewKind(_fixed(selection), name, empty, shows_hidden=True, changes_with_marks=True)


_NOTHING_LISTED = "No paper was listed in this time."

KINDS: dict[Kind, ViewKind] = {
    "new": ViewKind(_new, "New", "Nothing is new.", changes_with_marks=True),
    "all": ViewKind(_fixed(Selection()), "All"),
    "queue": ViewKind(
        _fixed(Selection("JOIN queue v ON v.paper_id = p.id", order="v.key, v.identity")),
        "Queue",
        "The queue is empty.",
        shows_hidden=True,
        changes_with_marks=True,
    ),
    "bookmarks": ViewKind(
        _fixed(
            Selection(
                "JOIN mark v ON v.paper_id = p.id AND v.bookmarked_at IS NOT NULL",
                order="v.bookmarked_at DESC, p.id DESC",
            )
        ),
        "Bookmarks",
        "No paper is bookmarked.",
        shows_hidden=True,
        changes_with_marks=True,
    ),
    "reading": _status("reading", "Reading", "No paper is marked as being read."),
    "done": _status("done", "Done", "No paper is marked as done."),
    "hidden": _status("hidden", "Hidden", "No paper is hidden."),
    "for-you": ViewKind(
        _for_you,
        FOR_YOU[""],
        "Nothing is new.",
        Argument("week", is_optional=True),
        changes_with_marks=True,
    ),
    "trending": ViewKind(
        _trending,
        "Trending",
        "No paper rose in these days.",
        Argument("month:votes", is_optional=True),
        _trending_note,
        only_when_filled=True,
    ),
    "later": ViewKind(_later, "Later", "No paper is postponed.", changes_with_marks=True, only_when_filled=True),
    "since": ViewKind(
        _since,
        "Since last time",
        "No paper came in this time.",
        Argument("last", is_optional=True),
        only_when_filled=True,
    ),
    "retracted": ViewKind(
        _fixed(Selection("JOIN retracted v ON v.paper_id = p.id")),
        "Retracted",
        "No paper of the library is known to be retracted.",
        shows_hidden=True,
        only_when_filled=True,
    ),
    "changed": ViewKind(
        _changed,
        "Changed",
        "No marked paper has changed.",
        shows_hidden=True,
        changes_with_marks=True,
        only_when_filled=True,
    ),
    # Papers that were imported later have higher ids, so sorting by id is sorting by the time of import.
    "undated": ViewKind(
        _fixed(Selection(where="p.last_listed IS NULL", order="p.id")), "Undated", only_when_filled=True
    ),
    # A saved filter is a filter for the papers of another view. The search replaces the view of the saved filter by
    # that other view and adds the filter (store/search/saved_views.py). So the SQL here, which selects nothing, is
    # never used for a list.
    "filter": ViewKind(
        _fixed(Selection(where="0")),
        empty="No paper matches this saved filter.",
        argument=Argument("NAME"),
        heading="Saved",
        listed=_saved_filters,
        changes_with_marks=True,
    ),
    # The papers of a collection are in the order into which the user has put them.
    "collection": ViewKind(
        _collection,
        empty="No paper is in this collection.",
        argument=Argument("NAME"),
        heading="Collections",
        listed=_collections,
        shows_hidden=True,
        changes_with_marks=True,
    ),
    "day": ViewKind(
        _in_period("day"),
        empty=_NOTHING_LISTED,
        argument=Argument("2026-07-02"),
        heading="Days",
        listed=listing_days.newest_counts,
        has_bars=True,
    ),
    "week": ViewKind(_in_period("week"), empty=_NOTHING_LISTED, argument=Argument("2026-W27")),
    "month": ViewKind(_in_period("month"), empty=_NOTHING_LISTED, argument=Argument("2026-07")),
    "tag": ViewKind(
        _tag,
        empty="No paper has this tag.",
        argument=Argument("NAME"),
        heading="Tags",
        listed=_tags,
        changes_with_marks=True,
    ),
}
# The kinds of views that need no argument, in the order in which the screen lists them.
FIXED: tuple[Kind, ...] = tuple(kind for kind, row in KINDS.items() if row.argument is None or row.argument.is_optional)
