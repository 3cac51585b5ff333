"""Limits on what a listing may cost, so that a hostile or broken one cannot hang an import or eat the machine."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TypeVar

from store.paper import ListingError

_T = TypeVar("_T")

# Processor time that a reader may take to come to its next entry (s); 64 MiB of BibTeX take 20.
ENTRY_SECONDS = 120.0
# Memory that an import may have, beside the files that it looks at (bytes).
MEMORY = 4 * 2**30


def limit_memory() -> None:
    """Bound this process's memory; a reader that wants more meets a MemoryError. For a process that only imports."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def in_time(items: Iterator[_T]) -> Iterator[_T]:
    """`items`; raises ListingError when one takes longer than ENTRY_SECONDS of processor time.

    Only the main thread can be interrupted so; in another one, the items are passed on as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from items
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise ListingError(f"took more than {ENTRY_SECONDS:.0f} s to come to the next entry; it was left there")

    before = signal.signal(signal.SIGPROF, ring)
    try:
        while True:
            signal.setitimer(signal.ITIMER_PROF, ENTRY_SECONDS)
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            yield item
    finally:
        signal.signal(signal.SIGPROF, before)
