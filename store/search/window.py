"""What a search found, as a sequence of paper numbers: an array, or a window on as many millions as there are."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias, overload

import msgspec
import tantivy
from tantivy import Query

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import index
from store.search.index import Order

# So many papers are read at a time, and so many times so many are kept.
BLOCK = 1_024
_BLOCKS = 32
_TOP = 2**64 - 1


class Tier(NamedTuple):
    """PaperIds that fit equally well: the question that finds them, their order, and how many they are.

    A few may be given as they are, in an order of their own.
    """

    query: Query
    order: Order
    ascending: bool
    size: int
    papers: array[int] | None = None


class Window:
    """PaperIds of several tiers, one after another, read as they are looked at. Safe to share between threads.

    It shows one state of the index, whatever happens to the library meanwhile.
    """

    def __init__(
        self, library: Library, searcher: tantivy.Searcher, tiers: Sequence[Tier], begin: array[int] | None = None
    ) -> None:
        """`begin`: the papers that it begins with, where they are known."""
        self._library = library
        self._searcher = searcher
        self._tiers = tuple(tiers)
        self._count = sum(tier.size for tier in tiers)
        self._blocks: OrderedDict[int, array[int]] = OrderedDict()
        self._coming: set[int] = set()
        # The paper that was last looked for, and where it is.
        self._placed: tuple[int, int] | None = None
        self._guard = threading.Lock()
        if begin and len(begin) >= min(BLOCK, self._count):
            self._blocks[0] = begin[:BLOCK]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> array[int]: ...
    def __getitem__(self, at: int | slice) -> int | array[int]:
        if isinstance(at, int):
            place = at + self._count if at < 0 else at
            if not 0 <= place < self._count:
                raise IndexError(at)
            self._look_ahead(place)
            return self._block(place // BLOCK)[place % BLOCK]
        start, stop, step = at.indices(self._count)
        if step < 0:
            # Such as [::-1].
            return self[stop + 1 : start + 1][::step] if start > stop else array("q")
        found = array("q")
        for number in range(start // BLOCK, -(-stop // BLOCK) if stop > start else 0):
            first = number * BLOCK
            found.extend(self._block(number)[max(0, start - first) : stop - first])
        return found[::step]

    def __iter__(self) -> Iterator[int]:
        for number in range(-(-self._count // BLOCK)):
            yield from self._block(number)

    def index(self, paper: int) -> int:
        """Where a paper is. Raises ValueError when it is not among these."""
        placed = self._placed
        if placed is None or placed[0] != paper:
            self._placed = placed = paper, self._find(paper)
        return placed[1]

    def has(self, at: int) -> bool:
        """Whether the paper at a place is known without the index being asked."""
        with self._guard:
            return at // BLOCK in self._blocks

    def read_around(self, near: int, sight: int, paper: int | None = None) -> None:
        """Read beforehand what is looked at next: so many papers on either side of the place `near`, and of `paper`."""
        for number in range(max(0, near - sight) // BLOCK, -(-min(near + sight, self._count) // BLOCK)):
            self._block(number)
        if paper is not None:
            with contextlib.suppress(ValueError):
                self.read_around(self.index(paper), sight)

    def _find(self, paper: int) -> int:
        before = 0
        this = index.these([paper])
        for tier in self._tiers:
            order = tier.order
            if tier.papers is not None:
                if paper in tier.papers:
                    return before + tier.papers.index(paper)
                before += tier.size
                continue
            values = index.ask(self._searcher, index.all_of([tier.query, this]), order).values
            if values:
                (value,) = values
                first = before + self._ahead(tier, value)
                return first + list(self._tied(tier, value)).index(paper) if order == "title" else first
            before += tier.size
        raise ValueError(paper)

    def _ahead(self, tier: Tier, value: int) -> int:
        """How many papers of a tier come before those with this value."""
        if value == (0 if tier.ascending else _TOP):
            return 0
        before = (0, value - 1) if tier.ascending else (value + 1, _TOP)
        between = index.ordered_between(tier.order, *before)
        return index.ask(self._searcher, index.all_of([tier.query, between])).total

    def _block(self, number: int) -> array[int]:
        with self._guard:
            block = self._blocks.get(number)
            if block is not None:
                self._blocks.move_to_end(number)
                return block
        # Not under the guard: who looks at what is there does not wait for this.
        block = self._read(number * BLOCK, min((number + 1) * BLOCK, self._count))
        with self._guard:
            self._blocks[number] = block
            while len(self._blocks) > _BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _look_ahead(self, place: int) -> None:
        """Near the end of a block the next one is read beside, so that nobody walks into its reading."""
        number, at = divmod(place, BLOCK)
        next_one = number - 1 if at < BLOCK // 4 else number + 1 if at >= BLOCK - BLOCK // 4 else number
        if not 0 <= next_one * BLOCK < self._count:
            return
        with self._guard:
            if next_one in self._blocks or next_one in self._coming:
                return
            self._coming.add(next_one)
        try:
            self._library.aside(functools.partial(self._fetch, next_one), "looking ahead")
        except RuntimeError:
            # No thread is to be had. Who walks there reads it then.
            with self._guard:
                self._coming.discard(next_one)

    def _fetch(self, number: int) -> None:
        # Who walks there reads it then, and meets what went wrong.
        with contextlib.suppress(LibraryError, sqlite3.Error, ValueError):
            self._block(number)
        with self._guard:
            self._coming.discard(number)

    def _read(self, start: int, stop: int) -> array[int]:
        found = array("q")
        before = 0
        for tier in self._tiers:
            low, high = max(start - before, 0), min(stop - before, tier.size)
            if low < high:
                found.extend(self._part(tier, low, high))
            before += tier.size
        return found

    def _part(self, tier: Tier, start: int, stop: int) -> array[int]:
        if tier.papers is not None:
            return tier.papers[start:stop]
        if tier.order == "title":
            return self._by_title(tier, start, stop)
        return array("q", (index.paper_of(tier.order, value) for value in self._values(tier, start, stop)))

    def _by_title(self, tier: Tier, start: int, stop: int) -> array[int]:
        """The order that the index knows is of the first letters: papers that are the same in them are sorted here."""
        ranks = self._values(tier, start, stop)
        first, last = ranks[0], ranks[-1]
        before = self._ahead(tier, first)
        papers = list(self._tied(tier, first, last))
        return array("q", papers[start - before : stop - before])

    def _tied(self, tier: Tier, low: int, high: int | None = None) -> Iterator[int]:
        """The papers whose first letters are between these, in their order."""
        between = index.all_of([tier.query, index.ordered_between("title", low, low if high is None else high)])
        hits = index.ask(self._searcher, between, "title", limit=max(1, tier.size))
        ids = [int(number or 0) for number in self._searcher.fast_field_values("id", hits.addresses)]
        # A title that has changed in the library since stays where the index has it, or a block would lose a paper.
        rank = dict(zip(ids, hits.values, strict=True))
        return iter(sorted(by_title(self._library, ids), key=rank.__getitem__))

    def _values(self, tier: Tier, start: int, stop: int) -> list[int]:
        # What is nearer to the end is counted from there.
        from_end = start > tier.size // 2
        offset = tier.size - stop if from_end else start
        ascending = tier.ascending != from_end
        found = index.ask(
            self._searcher, tier.query, tier.order, limit=stop - start, offset=offset, ascending=ascending
        ).values
        return found[::-1] if from_end else found


PaperIds: TypeAlias = "array[int] | Window"


def by_title(library: Library, papers: Sequence[int]) -> list[int]:
    """PaperIds by their titles, and by number where these are the same; those that have gone come first."""
    rows = library.reader().execute(
        "SELECT p.id, p.title FROM json_each(?) i JOIN paper p ON p.id = i.value",
        (msgspec.json.encode(list(papers)).decode(),),
    )
    keys = {number: (index.title_order(title), number) for number, title in rows}
    return sorted(papers, key=lambda number: keys.get(number, ("", number)))
