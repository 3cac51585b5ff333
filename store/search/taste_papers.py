"""Finds papers for the ranking by taste: those from which the model learns, and those that match saved filters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date

from tantivy import Query, Searcher

from store.marks import saved_filters
from store.model.errors import LibraryError
from store.papers.views import View, selection
from store.ranking import marked_papers, opinions
from store.ranking.marked_papers import MarkedPapers
from store.search import index, saved_views
from store.search import query as q
from store.search.parser import parse
from store.search.query_builder import QueryBuilder

# If the user has chosen a view from whose papers the model learns, at most this many of its papers are used. If the
# view is a saved filter, these are the newest.
_MOST_SOURCE = 1_000
# For each saved filter, at most this many papers are found: the newest.
_MOST_FITTING = 500


def marked(connection: sqlite3.Connection, searcher: Searcher) -> MarkedPapers:
    """The papers from which the model of the user's taste learns: those of the view that the user has chosen, or else
    the marked papers.
    """
    source = opinions.source(connection)
    if not source:
        return marked_papers.read(connection)
    try:
        view = View.parse(source)
        wanted = saved_views.resolved(connection, view, q.Query("", None), "best")
    except LibraryError:
        # The view does not exist any more, for example because the user has removed the saved filter.
        return marked_papers.read(connection)
    paper_ids = None
    if wanted.query.tree is not None:
        found = QueryBuilder(connection, searcher).build(wanted.query.tree)
        paper_ids = _run(searcher, found, _MOST_SOURCE)
    return marked_papers.read(connection, _of_view(connection, wanted.view, paper_ids)[:_MOST_SOURCE])


def fitting(connection: sqlite3.Connection, searcher: Searcher, restricted: Callable[[Query], Query]) -> dict[int, str]:
    """The papers of a list that match saved filters, each with the name of the first filter that it matches.

    `restricted` is a function that restricts a query to the papers of the list.
    """
    names: dict[int, str] = {}
    for saved in saved_filters.read_all(connection):
        tree = parse(saved.filter, date.today()).tree
        try:
            view = View.parse(saved.view)
        except LibraryError:
            continue
        if tree is None or view.kind == "filter":
            continue
        found = restricted(QueryBuilder(connection, searcher).build(tree))
        for paper_id in _of_view(connection, view, _run(searcher, found, _MOST_FITTING)):
            names.setdefault(paper_id, saved.name)
    return names


def _run(searcher: Searcher, query: Query, most: int) -> list[int]:
    """The ids of the newest papers that a query finds."""
    hits = index.run(searcher, query, "newest", limit=most)
    return [int(paper_id or 0) for paper_id in searcher.fast_field_values("id", hits.addresses)]


def _of_view(connection: sqlite3.Connection, view: View, paper_ids: list[int] | None) -> list[int]:
    """The papers of a view. If `paper_ids` is given, only the papers in it that are in the view."""
    if view.kind == "all" and paper_ids is not None:
        return paper_ids
    chosen = selection(connection, view)
    ids = connection.execute(
        f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
    )
    wanted = None if paper_ids is None else set(paper_ids)
    return [paper_id for (paper_id,) in ids if wanted is None or paper_id in wanted]
