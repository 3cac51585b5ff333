"""The type of the result of a search, a sequence of paper ids: an array, or a Window, which reads ids when they are
needed.
"""

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
from store.search import index, sort_keys, terms
from store.search.index_schema import SortField
from store.search.tokenizer import title_text

# A window reads ids in blocks of this many ids, and caches at most _CACHED_BLOCKS blocks.
BLOCK = 1_024
_CACHED_BLOCKS = 32


class Tier(NamedTuple):
    """A group of papers that match equally well: the query that finds them, their order, and their number (`size`).

    The papers are sorted by `field`. If `ids` is not None, it contains the ids of all papers of the tier, and their
    order is used instead.
    """

    query: Query
    field: SortField
    ascending: bool
    size: int
    ids: array[int] | None = None


class Window:
    """The ids of the papers of several tiers (groups of equal matches), read from the index when they are needed.

    A window always shows the state that the index had when the window was created, even if the library changes. Threads
    may share a window.
    """

    def __init__(
        self, library: Library, searcher: tantivy.Searcher, tiers: Sequence[Tier], first_ids: array[int] | None = None
    ) -> None:
        """Create a window. `first_ids` are the ids at its beginning, if they are already known."""
        self._library = library
        self._searcher = searcher
        self._tiers = tuple(tiers)
        self._count = sum(tier.size for tier in tiers)
        self._blocks: OrderedDict[int, array[int]] = OrderedDict()
        # The numbers of the blocks that another thread is reading ahead.
        self._reading_ahead: set[int] = set()
        # The id and the position of the paper for which the method `index` was called last.
        self._last_position: tuple[int, int] | None = None
        # This lock protects the attributes above. It is not held while a block is read from the index.
        self._guard = threading.Lock()
        if first_ids and len(first_ids) >= min(BLOCK, self._count):
            self._blocks[0] = first_ids[:BLOCK]

    def with_first(self, first: array[int]) -> Window:
        """A window with the same papers, but in which the papers `first` come first. These papers must already be in
        this window.
        """
        moved = terms.papers(first)
        tiers = [Tier(moved, self._tiers[0].field, self._tiers[0].ascending, len(first), first)]
        known = set(first)
        for tier in self._tiers:
            query = terms.all_of([tier.query], [moved])
            if tier.ids is not None:
                ids = array("q", (paper_id for paper_id in tier.ids if paper_id not in known))
                tiers.append(tier._replace(query=query, size=len(ids), ids=ids))
            else:
                tiers.append(tier._replace(query=query, size=index.run(self._searcher, query).total))
        return Window(self._library, self._searcher, [tier for tier in tiers if tier.size])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> array[int]: ...
    def __getitem__(self, at: int | slice) -> int | array[int]:
        if isinstance(at, int):
            position = at + self._count if at < 0 else at
            if not 0 <= position < self._count:
                raise IndexError(at)
            self._read_ahead(position)
            return self._block(position // BLOCK)[position % BLOCK]
        start, stop, step = at.indices(self._count)
        if step < 0:
            # A slice with a negative step, such as [::-1].
            return self[stop + 1 : start + 1][::step] if start > stop else array("q")
        ids = array("q")
        for number in range(start // BLOCK, -(-stop // BLOCK) if stop > start else 0):
            first = number * BLOCK
            ids.extend(self._block(number)[max(0, start - first) : stop - first])
        return ids[::step]

    def __iter__(self) -> Iterator[int]:
        for number in range(-(-self._count // BLOCK)):
            yield from self._block(number)

    def index(self, paper_id: int) -> int:
        """The position of a paper. Raises ValueError when the window has no such paper."""
        last = self._last_position
        if last is None or last[0] != paper_id:
            self._last_position = last = paper_id, self._find(paper_id)
        return last[1]

    def has(self, at: int) -> bool:
        """Whether the id at the position `at` is cached, so that it can be returned without reading the index."""
        with self._guard:
            return at // BLOCK in self._blocks

    def read_around(self, at: int, distance: int, paper_id: int | None = None) -> None:
        """Read into the cache the ids within `distance` positions of the position `at`, and of the paper `paper_id`."""
        for number in range(max(0, at - distance) // BLOCK, -(-min(at + distance, self._count) // BLOCK)):
            self._block(number)
        if paper_id is not None:
            with contextlib.suppress(ValueError):
                self.read_around(self.index(paper_id), distance)

    def _find(self, paper_id: int) -> int:
        before = 0
        paper = terms.papers([paper_id])
        for tier in self._tiers:
            if tier.ids is not None:
                if paper_id in tier.ids:
                    return before + tier.ids.index(paper_id)
                before += tier.size
                continue
            keys = index.run(self._searcher, terms.all_of([tier.query, paper]), tier.field).sort_keys
            if keys:
                (key,) = keys
                first = before + self._count_before(tier, key)
                if tier.field == "title":
                    return first + self._by_title(tier, key, key).index(paper_id)
                return first
            before += tier.size
        raise ValueError(paper_id)

    def _count_before(self, tier: Tier, key: int) -> int:
        """The number of papers in a tier that come before the papers with this sort key."""
        if key == (0 if tier.ascending else sort_keys.MAX_KEY):
            return 0
        low, high = (0, key - 1) if tier.ascending else (key + 1, sort_keys.MAX_KEY)
        before = terms.sort_key_between(tier.field, low, high)
        return index.run(self._searcher, terms.all_of([tier.query, before])).total

    def _block(self, number: int) -> array[int]:
        with self._guard:
            block = self._blocks.get(number)
            if block is not None:
                self._blocks.move_to_end(number)
                return block
        # Read the block without holding the lock, so that other threads, which need other blocks, do not wait.
        block = self._read(number * BLOCK, min((number + 1) * BLOCK, self._count))
        with self._guard:
            self._blocks[number] = block
            while len(self._blocks) > _CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _read_ahead(self, position: int) -> None:
        """If `position` is near an end of its block, read the block beyond that end in another thread.

        So the user need not wait for that block when scrolling on.
        """
        number, at = divmod(position, BLOCK)
        neighbour = number - 1 if at < BLOCK // 4 else number + 1 if at >= BLOCK - BLOCK // 4 else number
        if not 0 <= neighbour * BLOCK < self._count:
            return
        with self._guard:
            if neighbour in self._blocks or neighbour in self._reading_ahead:
                return
            self._reading_ahead.add(neighbour)
        try:
            self._library.read_in_background(functools.partial(self._read_neighbour, neighbour), "looking ahead")
        except RuntimeError:
            # The system could not start another thread. The block will be read when it is needed.
            with self._guard:
                self._reading_ahead.discard(neighbour)

    def _read_neighbour(self, number: int) -> None:
        # Ignore errors here: the same error will be raised again when the block is needed.
        with contextlib.suppress(LibraryError, sqlite3.Error, ValueError):
            self._block(number)
        with self._guard:
            self._reading_ahead.discard(number)

    def _read(self, start: int, stop: int) -> array[int]:
        ids = array("q")
        before = 0
        for tier in self._tiers:
            low, high = max(start - before, 0), min(stop - before, tier.size)
            if low < high:
                ids.extend(self._part(tier, low, high))
            before += tier.size
        return ids

    def _part(self, tier: Tier, start: int, stop: int) -> array[int]:
        """The ids of the papers at the positions `start` to `stop` (exclusive) in a tier."""
        if tier.ids is not None:
            return tier.ids[start:stop]
        keys = self._keys(tier, start, stop)
        if tier.field != "title":
            return array("q", (sort_keys.paper_id(tier.field, key) for key in keys))
        # Sort keys contain only the first letters of titles, so papers with the same key must be sorted here. All
        # papers with the first or the last key of the part are sorted, even those outside the part, because the part
        # may begin or end between them.
        first, last = keys[0], keys[-1]
        before = self._count_before(tier, first)
        return array("q", self._by_title(tier, first, last)[start - before : stop - before])

    def _by_title(self, tier: Tier, low: int, high: int) -> list[int]:
        """The papers of a tier with sort keys from `low` to `high`, in the order of their titles."""
        between = terms.all_of([tier.query, terms.sort_key_between("title", low, high)])
        hits = index.run(self._searcher, between, "title", limit=max(1, tier.size))
        ids = [int(paper_id or 0) for paper_id in self._searcher.fast_field_values("id", hits.addresses)]
        # Sort by the key first. Then a paper whose title has changed in the library since it was indexed stays at the
        # position that it has in the index. If it were sorted only by its title, it could move to another block and be
        # missing in both.
        keys = dict(zip(ids, hits.sort_keys, strict=True))
        return sorted(by_title(self._library, ids), key=keys.__getitem__)

    def _keys(self, tier: Tier, start: int, stop: int) -> list[int]:
        """The sort keys of the papers at the positions `start` to `stop` (exclusive) in a tier."""
        # To return the papers at some positions, the index must also collect all papers before these positions. So read
        # from the end of the tier that is nearer, in ascending or descending order.
        from_end = start > tier.size // 2
        offset = tier.size - stop if from_end else start
        ascending = tier.ascending != from_end
        keys = index.run(
            self._searcher, tier.query, tier.field, limit=stop - start, offset=offset, ascending=ascending
        ).sort_keys
        return keys[::-1] if from_end else keys


PaperIds: TypeAlias = "array[int] | Window"


def by_title(library: Library, paper_ids: Sequence[int]) -> list[int]:
    """Sort papers by their titles, and papers with equal titles by their ids. Removed papers come first."""
    rows = library.reader().execute(
        "SELECT p.id, p.title FROM json_each(?) i JOIN paper p ON p.id = i.value",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    )
    keys = {paper_id: (title_text(title), paper_id) for paper_id, title in rows}
    return sorted(paper_ids, key=lambda paper_id: keys.get(paper_id, ("", paper_id)))
