"""Computes the position of the cursor and of the screen when a list of papers is replaced by a newer one."""

from __future__ import annotations

import contextlib
import sqlite3
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from store.library.library import Library
from store.marks import stored_marks
from store.model.errors import LibraryError
from tui.widgets.held_paper import HeldPaper, index_of

if TYPE_CHECKING:
    from store.search.window import PaperIds

# In a new list, a paper is first searched for among the papers at most this far from its old index, because searching
# the whole list is slower.
NEIGHBOURS = 500


class Place(NamedTuple):
    """A paper and where it is on the screen.

    `paper` is the id of the paper. `line` is the number of papers above it on the screen. If `line` is negative or too
    large, the paper is outside the screen. If `line` is None, the list is scrolled only when the paper is outside the
    screen, so that the paper is on the line `context_line`.
    """

    paper: int
    line: int | None = None


def context_line(page: int) -> int:
    """The line on which to show a paper after a jump, if `page` papers fit on the screen: a third of the way down."""
    return page // 3


class Position(NamedTuple):
    """The indices of the papers under the cursor and at the top of the screen, and whether to scroll to the cursor."""

    cursor: int
    first: int
    follow: bool


class ShownList(NamedTuple):
    """The list that is on the screen now.

    `ids` are the ids of its papers, `cursor` is the index of the paper under the cursor, and `first` the index of the
    paper at the top of the screen. `page` is the number of papers that fit on the screen, or 0 before the first layout.
    """

    ids: PaperIds | HeldPaper
    cursor: int
    first: int
    page: int

    @property
    def place(self) -> Place | None:
        """The paper under the cursor and where it is on the screen; None when the list is empty."""
        if self.cursor >= len(self.ids):
            return None
        return Place(self.ids[self.cursor], self.cursor - self.first)

    def position_in(self, ids: PaperIds, at: Place | None, library: Library) -> Position:
        """The position of the cursor and of the screen in the newer list `ids`.

        If `at` is None, the cursor goes to the top. If not, it goes to the first of the following papers that is in
        `ids`: the paper of `at`, the paper that is under the cursor now, the paper into which the latter was merged,
        and the nearest neighbour of the paper under the cursor.
        """
        if at is None:
            return Position(0, 0, True)
        own = self.place
        if own is not None and at.line is None:
            # The caller wants the list to be scrolled only if needed. If the cursor stays on its paper, do not scroll
            # either.
            own = own._replace(line=None)
        for place in _places(at, own, library):
            if (index := index_of(ids, place.paper, self.cursor, NEIGHBOURS)) is not None:
                if place.line is None:
                    first = self.first if self._shows(index - self.first) else max(0, index - context_line(self.page))
                    return Position(index, first, True)
                return Position(index, index - place.line, self._shows(place.line))
        index = next((index for index in self._neighbours(ids) if index is not None), self.cursor)
        return Position(index, self.first, True)

    def holding(self, ids: PaperIds, at: Place, library: Library) -> tuple[HeldPaper, Position] | None:
        """The newer list `ids` with the paper under the cursor inserted, and the position of the cursor on that paper.

        The paper is inserted between the neighbours that it has now. Returns None when `ids` contains this paper or the
        paper of `at`, or when this paper was removed from the library.
        """
        own = self.place
        if own is None or any(
            index_of(ids, paper, self.cursor, NEIGHBOURS) is not None for paper in (at.paper, own.paper)
        ):
            return None
        if _existing_id(own.paper, library) != own.paper:
            return None
        below, above = self._neighbours(ids)
        index = below if below is not None else above + 1 if above is not None else min(self.cursor, len(ids))
        line = self.cursor - self.first
        return HeldPaper(ids, own.paper, index), Position(index, index - line, self._shows(line))

    def _shows(self, line: int) -> bool:
        """Whether a line of the list is on the screen; True before the first layout."""
        return not self.page or 0 <= line < self.page

    def _neighbours(self, ids: PaperIds) -> tuple[int | None, int | None]:
        """The indices in `ids` of the nearest papers below and above the cursor that `ids` contains as well.

        An index is None when no such paper is found within NEIGHBOURS of the cursor.
        """
        below = self.ids[self.cursor + 1 : self.cursor + NEIGHBOURS]
        above = self.ids[max(0, self.cursor - NEIGHBOURS) : self.cursor]
        return _first_index(ids, below, self.cursor), _first_index(ids, above[::-1], self.cursor)


def _places(at: Place, own: Place | None, library: Library) -> Iterator[Place]:
    """The places to which the cursor may go, the best first: `at`, and then `own`, the place where the cursor is now.

    If the paper of `own` was merged into another paper, the last place is `own` with that other paper.
    """
    yield at
    if own is not None:
        yield own
        kept = _existing_id(own.paper, library)
        if kept is not None and kept != own.paper:
            yield own._replace(paper=kept)


def _existing_id(paper: int, library: Library) -> int | None:
    """The id of a paper, or of the paper into which it was merged; None when it was removed or cannot be read."""
    with contextlib.suppress(LibraryError, sqlite3.Error):
        return stored_marks.resolve(library.reader(), paper)
    return None


def _first_index(ids: PaperIds, papers: array[int], near: int) -> int | None:
    """The index in `ids` of the first of `papers` that is found within NEIGHBOURS of the index `near`, or None."""
    start = max(0, near - NEIGHBOURS)
    indices = {paper: start + offset for offset, paper in enumerate(ids[start : near + NEIGHBOURS])}
    return next((indices[paper] for paper in papers if paper in indices), None)
