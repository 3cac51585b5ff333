"""The selected papers of a list: those between an anchor and the cursor.

When the list changes, the same papers stay selected: a paper that arrives between the anchor and the cursor is not
selected.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from store.search.window import PaperIds
    from tui.widgets.held_paper import HeldPaper

    Ids: TypeAlias = PaperIds | HeldPaper


class Selection:
    """The set of selected papers. It changes when the cursor moves, but not when the list changes.

    `anchor` is the row in which the selection began. All rows from the anchor to the cursor are selected. When the list
    changes, the caller must call `keep`, which stores the ids of the selected papers. From then on, a row that was
    between the anchor and the cursor at that moment (`_span`) is selected only if its paper is one of the stored ones.
    """

    def __init__(self) -> None:
        self.anchor: int | None = None
        self._kept: frozenset[int] = frozenset()
        self._span = range(0)

    @property
    def is_active(self) -> bool:
        """Whether a selection was begun."""
        return self.anchor is not None

    def begin(self, row: int) -> None:
        """Begin a selection at `row`."""
        self.anchor, self._kept, self._span = row, frozenset(), range(0)

    def end(self) -> None:
        """Select nothing."""
        self.anchor, self._kept, self._span = None, frozenset(), range(0)

    def keep(self, papers: Iterable[int], anchor: int, end: int | None) -> None:
        """Keep `papers` selected in a list that has changed.

        `anchor` and `end` are the rows of both ends in the new list.

        If `end` is None, a new range of selected rows begins at `anchor`, and `papers` stay selected in addition.
        """
        self.anchor = anchor
        self._kept = frozenset(papers)
        self._span = range(0) if end is None else self.rows(end)

    def rows(self, cursor: int) -> range:
        """The rows between the anchor and the cursor; none without a selection."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)

    def has(self, ids: Ids, row: int, cursor: int) -> bool:
        """Whether the paper in `row` of the list `ids` is selected."""
        if row in self._span:
            return row in self.rows(cursor) and ids[row] in self._kept
        return row in self.rows(cursor) or (bool(self._kept) and ids[row] in self._kept)

    def papers(self, ids: Ids, cursor: int) -> list[int]:
        """The selected papers: first those between anchor and cursor, in the order of the list `ids`.

        They are followed by the selected papers that are in other rows of the list or no longer in the list.
        """
        rows, span = self.rows(cursor), self._span
        passed = zip(rows, ids[rows.start : rows.stop], strict=False)
        selected = [paper for row, paper in passed if row not in span or paper in self._kept]
        elsewhere = self._kept.difference(ids[span.start : span.stop])
        return list(dict.fromkeys((*selected, *sorted(elsewhere))))

    def count(self, ids: Ids, cursor: int) -> int:
        """The number of selected papers."""
        return len(self.papers(ids, cursor)) if self._kept else len(self.rows(cursor))
