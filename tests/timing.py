"""The function with which tests of linear time measure durations."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from store.model.errors import ListingError


def shortest_time(action: Callable[[], object]) -> float:
    """The shortest of three durations of `action` (processor time, s).

    If `action` raises ListingError, it has ended normally.

    Other programs on the machine make a duration longer, never shorter.
    """
    durations = []
    for _ in range(3):
        started = time.process_time()
        with contextlib.suppress(ListingError):
            action()
        durations.append(time.process_time() - started)
    return min(durations)
