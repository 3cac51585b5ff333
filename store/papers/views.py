"""Views. A view is a selection of papers in a certain order, for example the bookmarked papers.

The user can narrow a view further with a filter. This module contains what all views have in common. The kinds of
views, with the SQL of each, are in the table of store/papers/view_table.py: start there to add or change one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

import msgspec

from store.marks.stored_marks import DECIDED, HIDDEN
from store.model.errors import LibraryError
from store.papers import visits
from store.papers.view_table import FIXED, KINDS, NEWEST, Kind, Selection, is_new_undated

Sort = Literal["best", "date", "listed", "upvotes", "comments", "title", "added", "score", "rating", "for-you"]
SORTS: tuple[Sort, ...] = get_args(Sort)

_ORDERS: dict[Sort, str] = {
    "date": NEWEST,
    "listed": "p.last_listed DESC, p.id DESC",
    "upvotes": f"p.upvotes DESC, {NEWEST}",
    "comments": f"p.comment_count DESC, {NEWEST}",
    "score": f"p.score DESC, {NEWEST}",
    "rating": f"(SELECT rating FROM mark WHERE paper_id = p.id) DESC, {NEWEST}",
    "title": "p.title COLLATE NOCASE, p.id",
    "added": "p.id DESC",
}


class View(msgspec.Struct, frozen=True):
    """A view: its kind and its argument in its usual form, for example a listing day ("2026-07-02") or a tag ("nlp").

    The argument is "" if the kind of view has no argument, or if it is the default argument. `str(view)` is the view as
    text, for example "tag:nlp", and `View.parse` turns that text back into the view.
    """

    kind: Kind = "new"
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.argument}" if self.argument else self.kind

    @property
    def name(self) -> str:
        """The name of the view on the screen, for example "Queue", "2 Jul" or "#nlp".

        It may contain untrusted text, with control characters.
        """
        if not self.argument:
            return KINDS[self.kind].name
        from store.papers import view_arguments

        return view_arguments.name(self.kind, self.argument)

    @property
    def note(self) -> str:
        """The text after the name of the view in the status line, for example how its papers are ranked; may be ""."""
        return KINDS[self.kind].note(self.argument)

    @property
    def changes_with_marks(self) -> bool:
        """Whether the view selects papers by the user's marks, so that marking a paper may change the view.

        Leaving out hidden papers does not count as selecting by marks.
        """
        return KINDS[self.kind].changes_with_marks

    @classmethod
    def parse(cls, text: str) -> View:
        """The view that a text names: "queue", "tag:nlp", "week:2026-W27", "day:2026-07-02" or just "2026-07-02".

        Raises LibraryError when there is no such view.
        """
        kind, _, argument = text.strip().partition(":")
        if not argument and kind[:1].isdigit():
            kind, argument = "day", kind
        kind = kind.casefold()
        for name, row in KINDS.items():
            if name != kind:
                continue
            if not argument and name in FIXED:
                return cls(name)
            if row.argument is not None and argument:
                # Imported here and not at the top of the module, because the view that recto shows first rarely has an
                # argument.
                from store.papers import view_arguments

                try:
                    return cls(name, view_arguments.parse(name, argument))
                except ValueError:
                    break
        raise LibraryError(f"there is no view {text!r}; there are: {', '.join(examples())}")


def examples() -> list[str]:
    """How each kind of view is written, for example "queue" and "week:2026-W27"."""
    written: list[str] = []
    for kind, row in KINDS.items():
        if kind in FIXED:
            written.append(kind)
        if row.argument is not None:
            written.append(f"{kind}:{row.argument.example}")
    return written


class CountedView(msgspec.Struct, frozen=True):
    """A view with the number of its papers. For a saved filter, only new papers are counted.

    `key` is the key on the keyboard with which the user opens a saved filter, in Textual's spelling, or "".
    """

    view: View
    count: int
    key: str = ""


class CountedGroup(msgspec.Struct, frozen=True):
    """The views of one kind, which the pane of views lists under a heading.

    `has_bars` is true if the pane draws a bar beside each number of papers.
    """

    heading: str
    views: tuple[CountedView, ...]
    has_bars: bool = False


class CountedViews(msgspec.Struct, frozen=True):
    """The views that the pane of views lists, with the numbers of their papers.

    `fixed` are the views without an argument, and `groups` are those with an argument, such as the listing days.
    `next_up` is the title of the first paper of the reading queue.
    """

    fixed: tuple[CountedView, ...]
    groups: tuple[CountedGroup, ...]
    next_up: str | None = None

    def with_saved(self, saved: Sequence[CountedView]) -> CountedViews:
        """A copy of these views in which `saved`, the views of saved filters, is the first group."""
        groups = [group for group in self.groups if group.heading != KINDS["filter"].heading]
        if saved:
            groups.insert(0, CountedGroup(KINDS["filter"].heading, tuple(saved)))
        return msgspec.structs.replace(self, groups=tuple(groups))

    def of(self, kind: Kind) -> tuple[CountedView, ...]:
        """The views of the kind `kind`."""
        views = [*self.fixed, *(view for group in self.groups for view in group.views)]
        return tuple(counted for counted in views if counted.view.kind == kind)


def selection(connection: sqlite3.Connection, view: View, *, hidden: bool = False) -> Selection:
    """The SQL that selects the papers of `view`, including hidden papers if `hidden` is true.

    The SQL depends on today's date and on the listings in the library, so use it at once and do not store it.
    """
    row = KINDS[view.kind]
    return _completed(row.select(connection, view.argument), hidden=hidden or row.shows_hidden)


def order(chosen: Selection, sort: Sort) -> str:
    """The terms of the ORDER BY clause for a selection. For the sort "best", these are the terms of the view itself."""
    return _ORDERS.get(sort, chosen.order)


def count(connection: sqlite3.Connection, view: View) -> int:
    """The number of papers of a view without a filter. Hidden papers count only if the view shows them."""
    if view.kind in ("new", "for-you") and is_new_undated(connection):
        (number,) = connection.execute(
            "SELECT (SELECT count(*) FROM paper WHERE last_listed IS NULL) -"
            f" (SELECT count(*) FROM paper WHERE last_listed IS NULL AND id IN ({DECIDED}))",
            (date.today().isoformat(),),
        ).fetchone()
        return int(number)
    row = KINDS[view.kind]
    chosen = row.select(connection, view.argument)
    if not chosen.join and not chosen.values:
        # Subtract the number of hidden papers from the number of all papers. That is fast: SQLite counts all papers in
        # an index without reading the papers, and few papers are hidden.
        where = chosen.where or "1"
        (number,) = connection.execute(
            f"SELECT (SELECT count(*) FROM paper p WHERE {where}) -"
            f" (SELECT count(*) FROM mark m JOIN paper p ON p.id = m.paper_id WHERE m.status = 'hidden' AND {where})"
        ).fetchone()
        return int(number)
    chosen = _completed(chosen, hidden=row.shows_hidden)
    (number,) = connection.execute(
        f"SELECT count(*) FROM paper p {chosen.join} WHERE {chosen.where}", chosen.values
    ).fetchone()
    return int(number)


def counted_views(connection: sqlite3.Connection, current: View | None = None) -> CountedViews:
    """The views that the pane of views lists, with the numbers of their papers.

    Views whose kind is `only_when_filled` are left out if they are empty. `current` is the view that is on the screen.
    If it has papers but is not among the listed views, it is added in a separate group.
    """
    fixed = [CountedView(View(kind), count(connection, View(kind))) for kind in FIXED if _is_listed(connection, kind)]
    groups = [
        CountedGroup(
            row.heading,
            tuple(CountedView(View(kind, argument), papers) for argument, papers in row.listed(connection)),
            row.has_bars,
        )
        for kind, row in KINDS.items()
        if row.listed is not None
    ]
    counted = CountedViews(
        fixed=tuple(each for each in fixed if each.count or not KINDS[each.view.kind].only_when_filled),
        groups=tuple(group for group in groups if group.views),
        next_up=_next_up(connection),
    )
    if current is None or any(each.view == current for each in counted.of(current.kind)):
        return counted
    papers = count(connection, current)
    own = (CountedGroup("This page", (CountedView(current, papers),)),) if papers else ()
    return msgspec.structs.replace(counted, groups=(*own, *counted.groups))


def _completed(selected: Selection, *, hidden: bool) -> Selection:
    """A copy of `selected` whose condition is never empty.

    Unless `hidden` is true, the condition leaves out hidden papers.
    """
    conditions = [selected.where] if selected.where else []
    if not hidden:
        conditions.append(f"p.id NOT IN ({HIDDEN})")
    return msgspec.structs.replace(selected, where=" AND ".join(conditions) or "1")


def _next_up(connection: sqlite3.Connection) -> str | None:
    row = connection.execute(
        "SELECT p.title FROM queue q JOIN paper p ON p.id = q.paper_id ORDER BY q.key, q.identity LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def _is_listed(connection: sqlite3.Connection, kind: Kind) -> bool:
    """Whether the pane of views lists the view of this kind that has no argument.

    The view "since the last visit" is left out until the second visit: before, it would contain all papers.
    """
    return kind != "since" or visits.last_paper(connection) is not None
