"""A list of paper ids with one more id inserted: the paper under the cursor, which is no longer in the list.

The paper under the cursor may leave the list, for example because the user has hidden it. It stays visible until the
cursor moves; during this time it is called the held paper.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from store.search.window import PaperIds


class HeldPaper(Sequence[int]):
    """The ids of `others` with the id `paper` inserted at the position `at`.

    `others` is not copied: it may be a window over millions of papers.
    """

    def __init__(self, others: PaperIds, paper: int, at: int) -> None:
        self.others = others
        self.paper = paper
        self.at = at

    def __len__(self) -> int:
        return len(self.others) + 1

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> array[int]: ...
    def __getitem__(self, at: int | slice) -> int | array[int]:
        if isinstance(at, int):
            position = at + len(self) if at < 0 else at
            return self.paper if position == self.at else self.others[position - (position > self.at)]
        start, stop, step = at.indices(len(self))
        if step < 0:
            return self[stop + 1 : start + 1][::step] if start > stop else array("q")
        ids = self.others[start - (start > self.at) : max(0, stop - (stop > self.at))]
        if start <= self.at < stop:
            ids.insert(self.at - start, self.paper)
        return ids[::step]

    def index(self, paper: int, start: int = 0, stop: int | None = None) -> int:
        """The position of a paper in the list. Raises ValueError when the paper is not in the list.

        The whole list is searched: `start` and `stop` are ignored.
        """
        if paper == self.paper:
            return self.at
        position = self.others.index(paper)
        return position + (position >= self.at)

    def has(self, at: int) -> bool:
        """Whether the id at a position of the list is in memory, not only in the search index."""
        return at == self.at or is_loaded(self.others, at - (at > self.at))


def is_loaded(ids: PaperIds | HeldPaper, at: int) -> bool:
    """Whether the id at a position of `ids` is in memory, not only in the search index."""
    return isinstance(ids, array) or ids.has(at)


def loaded(ids: PaperIds | HeldPaper, start: int, stop: int) -> Sequence[int]:
    """Those of `ids[start:stop]` that are in memory. `start` and `stop` may be outside the list."""
    start = max(0, start)
    if isinstance(ids, array):
        return ids[start:stop]
    return [ids[at] for at in range(start, min(stop, len(ids))) if ids.has(at)]


def without_held(ids: PaperIds | HeldPaper) -> PaperIds:
    """The ids of a list without its held paper, which has left the list but is still visible."""
    return ids.others if isinstance(ids, HeldPaper) else ids


def index_of(ids: PaperIds | HeldPaper, paper: int, near: int, distance: int) -> int | None:
    """The index of a paper in `ids`, or None if it is not in `ids`.

    The ids within `distance` of the index `near` are searched first, because `ids` may be millions of ids.
    """
    start = max(0, near - distance)
    with contextlib.suppress(ValueError):
        return start + ids[start : near + distance].index(paper)
    with contextlib.suppress(ValueError):
        return ids.index(paper)
    return None
