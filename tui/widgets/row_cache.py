"""A cache of the rows of the list of papers, and the columns that these rows need.

The row of a paper is the data that the list shows about it: title, authors, date, counts and marks.
store/papers/list_rows.py reads rows from the library, and tui/render/paper_line.py draws them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec

from store.library.library import Library
from store.papers import list_rows
from store.papers.list_rows import ListRow
from tui.render import styled
from tui.render.styled import Columns

# The largest number of rows in memory. When there are more, all rows are dropped, and are read again when they are
# drawn.
_MAX_ROWS = 2_000
# The smallest width of the column with the position in the reading queue (cells). With two, titles do not move when a
# tenth paper is queued.
_PLACE_WIDTH = 2


class PaperRows:
    """Reads the rows of papers, caches them, and computes the columns of the list.

    `shows_positions` is True if the list has a column for the position in the reading queue. `by_chance` are the papers
    that the view "For you" has chosen at random. `collection` is the name of the collection that the list shows, or
    None.
    """

    def __init__(self, library: Library) -> None:
        self.shows_positions = False
        self.collection: str | None = None
        self.by_chance: frozenset[int] = frozenset()
        self._library = library
        self._rows: dict[int, ListRow] = {}
        # None for a new list, until `columns` is called.
        self._columns: Columns | None = None

    def __contains__(self, paper: int) -> bool:
        return paper in self._rows

    def get(self, paper: int) -> ListRow | None:
        """The row of a paper, or None if it is not in memory."""
        return self._rows.get(paper)

    def read(self, papers: Iterable[int]) -> bool:
        """Read the rows of those papers that are not in memory, in one query. Returns whether the columns changed."""
        if len(self._rows) > _MAX_ROWS:
            self._rows.clear()
        missing = [paper for paper in papers if paper not in self._rows]
        rows = list_rows.read(self._library.reader(), missing)
        if self.collection is not None and rows:
            # Imported here, because the list that is shown at the start is rarely a collection.
            from store.marks import collections

            added = collections.additions(self._library.reader(), self.collection, missing)
            rows = [msgspec.structs.replace(row, addition=added.get(row.id)) for row in rows]
        self._rows |= {row.id: row for row in rows}
        for paper in self.by_chance.intersection(missing):
            if paper in self._rows:
                self._rows[paper] = msgspec.structs.replace(self._rows[paper], is_by_chance=True)
        before = self._columns
        if before is not None:
            self._columns = before.including(rows)
        return self._columns != before

    def columns(self, papers: Callable[[], Sequence[int]], count: int) -> Columns:
        """The columns of the list, which has `count` papers.

        For a new list, they are computed from the rows of the papers that `papers` returns: the ids of the papers on
        the screen. Later calls return the same columns, widened for the rows that were read since then.
        """
        if self._columns is None:
            place = max(_PLACE_WIDTH, len(str(count))) if self.shows_positions else 0
            rows = [self._rows[paper] for paper in papers() if paper in self._rows]
            self._columns = Columns.none(date.today(), place).including(rows)
        return self._columns

    def title(self, paper: int) -> str:
        """The title of a paper of the library as the list shows it; "" when there is no such paper."""
        row = self._rows.get(paper) or next(iter(list_rows.read(self._library.reader(), [paper])), None)
        return styled.title(row.title) if row else ""

    def mark_by_chance(self, papers: frozenset[int]) -> None:
        """Show a sign at these papers, which the view "For you" has chosen at random, and at no other papers."""
        if papers != self.by_chance:
            self.by_chance = papers
            self.forget()

    def forget(self) -> None:
        """Empty the cache, so that every row is read again when it is next needed."""
        self._rows.clear()

    def forget_columns(self) -> None:
        """Compute the columns anew at the next call of `columns`. This must be called when another list is shown."""
        self._columns = None
