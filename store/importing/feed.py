"""Feeds: a feed returns the prepared items of a listing in small groups. The importer stores each group."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from store.importing.prepare import Prepared

# A feed reads for at most this long (s), and at most this many items, before each batch. During that time the library
# is not locked.
AHEAD_SECONDS = 0.1
MOST_AHEAD = 2_048


class Feed(Protocol):
    """A source of prepared items."""

    def more(self) -> Sequence[Prepared]:
        """The next few items in file order, or an empty sequence at the end.

        Raises ListingError when the listing cannot be read, Interrupted when asked to stop while waiting.
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
