"""Where the items of a listing come from while they are stored: a few at a time, cleaned and made ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from store.importing.prepare import Prepared

# How long items are read ahead of a batch, while others may write (s), and how many there may be.
AHEAD_SECONDS = 0.1
MOST_AHEAD = 2_048


class Feed(Protocol):
    """What gives the items of a listing."""

    def more(self) -> Sequence[Prepared]:
        """The next few items, in file order; none at the end.

        Raises ListingError when the listing cannot be read, Interrupted when asked to stop while waiting for it.
        """
        ...

    def done(self) -> int:
        """How many bytes of the listing are behind them."""
        ...


class Here:
    """Items that are read in this process, a moment before they are stored."""

    def __init__(self, items: Iterator[Prepared], done: Callable[[], int]) -> None:
        self._items = items
        self.done = done

    def more(self) -> Sequence[Prepared]:
        ends = time.monotonic() + AHEAD_SECONDS
        found: list[Prepared] = []
        for item in self._items:
            found.append(item)
            if len(found) == MOST_AHEAD or time.monotonic() >= ends:
                break
        return found
