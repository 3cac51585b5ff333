"""Feeds: a feed reads the items of a listing, prepares them for storing, and returns them in small groups."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from store.importing.prepare import Prepared

# Each call of `Feed.more` ends after about this time (s) or after this many items. Afterwards, the importer stores
# these items in short batches. The library is not locked while a feed reads.
AHEAD_SECONDS = 0.1
MOST_AHEAD = 2_048


class Feed(Protocol):
    """A source of items of a listing that are ready to be stored."""

    def more(self) -> Sequence[Prepared]:
        """The next few items in file order, or an empty sequence at the end.

        Raises ListingError when the listing cannot be read. Raises Interrupted when the import is asked to stop while
        the feed waits for items.
        """
        ...

    def done(self) -> int:
        """How many bytes of the listing have been read for the items returned so far."""
        ...


class LocalFeed:
    """A feed that reads the items in this process."""

    def __init__(self, items: Iterator[Prepared], done: Callable[[], int]) -> None:
        self._items = items
        self.done = done

    def more(self) -> Sequence[Prepared]:
        ends = time.monotonic() + AHEAD_SECONDS
        items: list[Prepared] = []
        for item in self._items:
            items.append(item)
            if len(items) == MOST_AHEAD or time.monotonic() >= ends:
                break
        return items
