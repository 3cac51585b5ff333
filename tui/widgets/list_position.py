"""Where the cursor goes when a list of papers is replaced by a newer one, and which papers are on the screen then."""

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

# How far from its old index a paper is searched for in a new list, before or instead of the whole list.
NEIGHBOURS = 500


class Place(NamedTuple):
    """The id of a paper, and its distance from the top of the screen (in papers).

    A negative or large `line` is outside the screen. Without a line the list is scrolled no further than is needed to
    see the paper.
    """

    paper: int
    line: int | None = None


class Position(NamedTuple):
    """The index of the cursor, the index at the top, and whether to scroll to the cursor."""

    cursor: int
    first: int
    follow: bool


class ShownList(NamedTuple):
    """The list that is on the screen now: its ids, its cursor, the index at the top.

    `page` is the number of papers that fit on the screen; 0 while the screen has no size.
    """

    ids: PaperIds | HeldPaper
    cursor: int
    first: int
    page: int

    @property
    def place(self) -> Place | None:
        """The paper under the cursor and its place on the screen."""
        if self.cursor >= len(self.ids):
            return None
        return Place(self.ids[self.cursor], self.cursor - self.first)

    def position_in(self, ids: PaperIds, at: Place | None, library: Library) -> Position:
        """The position in the newer list `ids`: on the paper of `at`, or else on the same paper as now.

        Without both, it is on the paper that this one was joined to, or on the nearest neighbour. None is the top.
        """
        if at is None:
            return Position(0, 0, True)
        own = self.place
        if own is not None and at.line is None:
            # The paper under the cursor keeps its line, unless the list must not be scrolled.
            own = own._replace(line=None)
        for place in _places(at, own, library):
            if (index := index_of(ids, place.paper, self.cursor, NEIGHBOURS)) is not None:
                if place.line is None:
                    return Position(index, self.first, True)
                return Position(index, index - place.line, self._shows(place.line))
        index = next((index for index in self._neighbours(ids) if index is not None), self.cursor)
        return Position(index, self.first, True)

    def holding(self, ids: PaperIds, at: Place, library: Library) -> tuple[HeldPaper, Position] | None:
        """`ids` with the paper under the cursor, and the position on it, between the neighbours that it has now.

        None when the list has this paper or that of `at`, or when it does not exist any more.
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
        """Whether a line is on the screen, as far as its size is known."""
        return not self.page or 0 <= line < self.page

    def _neighbours(self, ids: PaperIds) -> tuple[int | None, int | None]:
        """The indices in `ids` of the nearest papers that are now below and above the cursor."""
        below = self.ids[self.cursor + 1 : self.cursor + NEIGHBOURS]
        above = self.ids[max(0, self.cursor - NEIGHBOURS) : self.cursor]
        return _first_index(ids, below, self.cursor), _first_index(ids, above[::-1], self.cursor)


def _places(at: Place, own: Place | None, library: Library) -> Iterator[Place]:
    """Where to put the cursor, the best place first. The last is the paper that its own one was joined to."""
    yield at
    if own is not None:
        yield own
        kept = _existing_id(own.paper, library)
        if kept is not None and kept != own.paper:
            yield own._replace(paper=kept)


def _existing_id(paper: int, library: Library) -> int | None:
    """The id of a paper, or of the one that it was joined to; None when it was removed or cannot be read."""
    with contextlib.suppress(LibraryError, sqlite3.Error):
        return stored_marks.resolve(library.reader(), paper)
    return None


def _first_index(ids: PaperIds, papers: array[int], near: int) -> int | None:
    """The index in `ids` of the first of `papers` that is there, not far from `near`; None when none is."""
    start = max(0, near - NEIGHBOURS)
    indices = {paper: start + offset for offset, paper in enumerate(ids[start : near + NEIGHBOURS])}
    return next((indices[paper] for paper in papers if paper in indices), None)
