"""Limits on what a listing may cost, so that a hostile or broken one cannot hang an import or eat the machine."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

from store.model.errors import ListingError

_T = TypeVar("_T")

# Processor time that a reader may take to come to its next entry (s); 64 MiB of BibTeX take 20.
ENTRY_SECONDS = 120.0
# Processor time that all formats together may take to say whether a file is theirs (s). The slowest head of 64 KiB
# takes half a second; a format that takes much longer has a fault.
DETECTION_SECONDS = 15.0
# Within that time it is looked so often whether it has.
_LOOKS = 10
# Of glibc's malloc.h.
_M_ARENA_MAX = -8
# Memory that an import may have, beside the files that it looks at (bytes).
MEMORY = 4 * 2**30


def limit_memory() -> None:
    """Bound this process's memory; a reader that wants more meets a MemoryError. For a process that only imports."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def share_memory() -> None:
    """Let the threads of this process take memory from one place, where the C library has one for each of them.

    What one thread has given back another then uses: an import that indexes needs a quarter less. To be called before
    there are threads. Does nothing where the library is not glibc.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def in_time(items: Iterator[_T]) -> Iterator[_T]:
    """`items`; raises ListingError when one takes longer than ENTRY_SECONDS of processor time, or a tenth more.

    Only the main thread can be interrupted so; in another one, the items are passed on as they are.
    """
    yield from _timed(
        items, ENTRY_SECONDS, f"took more than {ENTRY_SECONDS:.0f} s to come to the next entry; it was left there"
    )


def detected_in_time(detect: Callable[[], _T]) -> _T:
    """What `detect` returns; raises ListingError when it takes longer than DETECTION_SECONDS of processor time.

    In another thread than the main one there is no limit.
    """
    (result,) = _timed(
        (detect() for _ in range(1)),
        DETECTION_SECONDS,
        f"its format was not known after {DETECTION_SECONDS:.0f} s; name it with --format, and please report it",
    )
    return result


def _timed(items: Iterator[_T], seconds: float, message: str) -> Iterator[_T]:
    """`items`; raises ListingError with `message` when one takes longer than `seconds` of processor time."""
    if threading.current_thread() is not threading.main_thread():
        yield from items
        return
    watch = _Watch(message)
    before = signal.signal(signal.SIGPROF, watch.look)
    signal.setitimer(signal.ITIMER_PROF, seconds / _LOOKS, seconds / _LOOKS)
    try:
        while True:
            watch.asked += 1
            watch.waiting = True
            item = next(items, watch)
            watch.waiting = False
            if isinstance(item, _Watch):
                return
            yield item
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class _Watch:
    """Looks now and then, by a timer, whether the item that is waited for is still the one of the last look."""

    def __init__(self, message: str) -> None:
        self._message = message
        self.asked = 0
        self.waiting = False
        self._seen = 0
        self._looks = 0

    def look(self, number: int, frame: FrameType | None) -> None:
        if not self.waiting or self.asked != self._seen:
            self._seen, self._looks = self.asked, 0
            return
        self._looks += 1
        if self._looks >= _LOOKS:
            raise ListingError(self._message)
