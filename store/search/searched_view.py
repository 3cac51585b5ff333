"""The papers of a view, among which a search finds its answer, and the order in which the list shows them."""

from __future__ import annotations

import functools
import sqlite3
from array import array
from collections.abc import Iterable
from datetime import date
from itertools import chain

import msgspec
from tantivy import Query

from store.library.library import Library
from store.marks.stored_marks import DECIDED, HIDDEN
from store.papers.view_table import is_new_undated
from store.papers.views import Sort, View, order, selection
from store.search import sort_keys, terms, window
from store.search.filter_fields import COUNT_COLUMNS

# The index stores every count above `sort_keys.COUNT_LIMIT` as the same number, so it cannot sort papers with such
# counts. SQLite sorts these papers instead if there are at most this many.
_MAX_BEYOND_LIMIT = 4_000
# At most this many rated papers come first in a list sorted by rating.
_MOST_RATED = 20_000


class SearchedView:
    """A view in one state of the library and of its index, and the order `sort` of its list.

    `of_all` is true for the list of all papers, and for the list of all papers without a listing day (`undated`). Any
    other view, such as the queue, has a fixed order, in which a search returns its papers.
    """

    def __init__(
        self,
        library: Library,
        connection: sqlite3.Connection,
        view: View,
        sort: Sort,
        *,
        with_hidden: bool,
        removed: list[Query],
    ) -> None:
        """`removed` are queries for papers that were removed from the library but are still in the index."""
        self.sort = sort
        self.selection = selection(connection, view, hidden=with_hidden)
        self._library = library
        self._connection = connection
        self._with_hidden = with_hidden
        self._removed = removed
        self._new_undated = view.kind in ("new", "for-you") and is_new_undated(connection)
        self.undated = view.kind == "undated" or self._new_undated
        self.of_all = view.kind == "all" or self.undated

    @functools.cached_property
    def ids(self) -> array[int]:
        """All papers of the view, including those that do not match the filter, in the order of the list."""
        selected = self.selection
        rows = self._connection.execute(
            f"SELECT p.id FROM paper p {selected.join} WHERE {selected.where} ORDER BY {self.sql_order}",
            selected.values,
        )
        return self.sorted_by_title(array("q", chain.from_iterable(rows)))

    @property
    def sql_order(self) -> str:
        """The terms of the ORDER BY clause.

        If the list is sorted by title, pass the ids to `sorted_by_title` afterwards.
        """
        return self.selection.order if self.sort == "title" else order(self.selection, self.sort)

    def sorted_by_title(self, paper_ids: array[int]) -> array[int]:
        """The papers `paper_ids`, sorted by title if the list is sorted by title. Otherwise their order does not
        change.
        """
        return array("q", window.by_title(self._library, paper_ids)) if self.sort == "title" else paper_ids

    def sorted_few(self, paper_ids: array[int]) -> array[int]:
        """A few papers of the view, in the order of the list."""
        if self.sort == "title":
            return self.sorted_by_title(paper_ids)
        rows = self._connection.execute(
            f"SELECT p.id FROM json_each(?) i JOIN paper p ON p.id = i.value ORDER BY {self.sql_order}",
            (msgspec.json.encode(list(paper_ids)).decode(),),
        )
        return array("q", chain.from_iterable(rows))

    def in_order(self, paper_ids: Iterable[int]) -> list[int]:
        """The papers `paper_ids` in the fixed order of the view. If the view has none (`of_all`), their order does not
        change.
        """
        return list(paper_ids) if self.of_all else sorted(paper_ids, key=self._positions.__getitem__)

    @functools.cached_property
    def _positions(self) -> dict[int, int]:
        return {paper_id: at for at, paper_id in enumerate(self.ids)}

    def among(self, *queries: Query) -> Query:
        """A query for the papers of the list that all of `queries` find."""
        return terms.all_of([*queries, *self.queries], self.excluded)

    @functools.cached_property
    def queries(self) -> list[Query]:
        """The queries that restrict a search to the papers of the view. Empty for the view of all papers."""
        if not self.of_all:
            return [terms.papers(self.ids)]
        return [terms.has_flag("undated")] if self.undated else []

    @functools.cached_property
    def excluded(self) -> list[Query]:
        """Queries for papers that must not be found: hidden papers, and removed papers that are still in the index.

        In the view of new papers without a listing day, papers that the user has seen or decided on are also excluded.
        """
        if self._with_hidden and not self._new_undated:
            return self._removed
        return excluded(self._connection, self._removed, decided=self._new_undated)

    @functools.cached_property
    def beyond_limit(self) -> array[int]:
        """The papers that SQLite must sort, because the index cannot. They come first in the list.

        If the list is sorted by a count, these are the papers with counts above COUNT_LIMIT, or none if there are too
        many. If the list is sorted by rating, they are the rated papers. In any other order, there are none.
        """
        if self.sort == "rating":
            rated = self._connection.execute(
                "SELECT p.id FROM mark m JOIN paper p ON p.id = m.paper_id WHERE m.rating IS NOT NULL"
                f" ORDER BY {self.sql_order} LIMIT ?",
                (_MOST_RATED,),
            )
            return array("q", chain.from_iterable(rated))
        column = next((column for name, column in COUNT_COLUMNS.items() if name == self.sort), None)
        if column is None:
            return array("q")
        rows = self._connection.execute(
            f"SELECT p.id FROM paper p WHERE p.{column} >= ? ORDER BY {self.sql_order} LIMIT ?",
            (sort_keys.COUNT_LIMIT, _MAX_BEYOND_LIMIT + 1),
        ).fetchall()
        return array("q", chain.from_iterable(rows) if len(rows) <= _MAX_BEYOND_LIMIT else ())


def excluded(connection: sqlite3.Connection, removed: list[Query], *, decided: bool = False) -> list[Query]:
    """Queries for hidden papers, and for removed papers that are still in the index (`removed`).

    With `decided`, there is also a query for papers that the user has seen or decided on.
    """
    rows = connection.execute(DECIDED, (date.today().isoformat(),)) if decided else connection.execute(HIDDEN)
    papers = list(chain.from_iterable(rows))
    return [*removed, terms.papers(papers)] if papers else removed
