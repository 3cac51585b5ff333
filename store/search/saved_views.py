"""Views of saved filters. Such a view selects the papers of another view that match the saved filter."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from store.marks import named_in_filters, saved_filters
from store.marks.named_in_filters import Rename
from store.model.errors import LibraryError
from store.papers.views import SORTS, Sort, View
from store.search.parser import parse
from store.search.query import And, Node, Query


class Wanted(NamedTuple):
    """The papers that a search must find: those of `view` that match `query`, sorted by `sort`."""

    view: View
    query: Query
    sort: Sort


def resolved(connection: sqlite3.Connection, view: View, query: Query, sort: Sort) -> Wanted:
    """Replaces the view of a saved filter by the view and the filter that were saved. Any other view is not changed.

    If tags, collections or saved filters were renamed after the filter was saved, their new names are used.

    For a saved filter, the result combines the saved filter with `query`, and the sort order "best" becomes the saved
    sort order. Raises LibraryError when the saved filter does not exist any more.
    """
    view, query = _with_new_names(connection, view, query)
    if view.kind != "filter":
        return Wanted(view, query, sort)
    saved = saved_filters.find(connection, view.argument)
    try:
        base = View.parse(saved.view)
    except LibraryError:
        # Another version of recto saved this filter for a kind of view that this version does not have, so search all
        # papers.
        base = View("all")
    if base.kind == "filter":
        base = View("all")
    own = parse(saved.filter, date.today())
    both = Query(query.text, _joined(own.tree, query.tree), (*own.misread, *query.misread))
    saved_sort: Sort = next((each for each in SORTS if each == saved.sort), "best")
    return Wanted(base, both, saved_sort if sort == "best" else sort)


def with_new_name(names: Sequence[Rename], view: View) -> View:
    """The view with its new name if `names` contains one for its tag, collection or saved filter.

    The name is not parsed, because another program may have stored a name that nobody can type.
    """
    renamed = named_in_filters.view_with_new_name(names, str(view))
    return view if renamed == str(view) else View(view.kind, renamed.partition(":")[2])


def _with_new_names(connection: sqlite3.Connection, view: View, query: Query) -> tuple[View, Query]:
    """The view and the query, in which the old names of renamed tags, collections and saved filters are replaced by the
    new ones.
    """
    if not (names := named_in_filters.renames(connection)):
        return view, query
    text = named_in_filters.filter_with_new_names(names, query.text)
    return with_new_name(names, view), query if text == query.text else replace(
        query, tree=parse(text, date.today()).tree
    )


def _joined(first: Node | None, second: Node | None) -> Node | None:
    nodes = [each for each in (first, second) if each is not None]
    parts = [part for node in nodes for part in (node.nodes if isinstance(node, And) else (node,))]
    return And(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)
