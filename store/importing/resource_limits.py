"""Enforces in this process the limits on processor time and memory that `store/model/limits.py` defines."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

from store.model import limits
from store.model.errors import ListingError

_T = TypeVar("_T")

# During each time limit, the timer checks this many times whether the next item has arrived.
_CHECKS = 10
# The constant M_ARENA_MAX in glibc's malloc.h: the parameter of mallopt() for the largest number of arenas.
_M_ARENA_MAX = -8


def limit_memory() -> None:
    """Limit the memory of this process to `limits.MEMORY`. An allocation beyond the limit raises MemoryError.

    Call this only in a process that does nothing but import, because the limit applies to the whole process.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = limits.MEMORY if hard == resource.RLIM_INFINITY else min(limits.MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def share_memory() -> None:
    """Make the threads of this process allocate from one arena of glibc instead of one for each thread.

    A thread can then reuse memory that another thread has freed: an import that also updates the search index needs
    a quarter less memory. The caller must call this before it starts threads. With a C library other than glibc, this
    function does nothing.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def in_time(items: Iterator[_T]) -> Iterator[_T]:
    """Yield `items`. Raises ListingError when the next item takes more than ENTRY_SECONDS of processor time.

    A timer checks ten times within ENTRY_SECONDS, so the error may be raised up to a tenth of that time late. Outside
    the main thread there is no limit, because a signal handler can interrupt only the main thread.
    """
    yield from _timed(
        items,
        limits.ENTRY_SECONDS,
        f"took more than {limits.ENTRY_SECONDS:.0f} s to come to the next entry; it was left there",
    )


def detected_in_time(detect: Callable[[], _T]) -> _T:
    """Call `detect` and return its result.

    Raises ListingError when `detect` takes longer than DETECTION_SECONDS of processor time. Outside the main thread
    there is no limit, for the same reason as in `in_time`.
    """
    (result,) = _timed(
        (detect() for _ in range(1)),
        limits.DETECTION_SECONDS,
        f"its format was not known after {limits.DETECTION_SECONDS:.0f} s; name it with --format, and please report it",
    )
    return result


def _timed(items: Iterator[_T], seconds: float, message: str) -> Iterator[_T]:
    """Yield `items`. Raises ListingError with `message` when one takes longer than `seconds` of processor time."""
    if threading.current_thread() is not threading.main_thread():
        yield from items
        return
    watch = _Watch(message)
    before = signal.signal(signal.SIGPROF, watch.check)
    signal.setitimer(signal.ITIMER_PROF, seconds / _CHECKS, seconds / _CHECKS)
    try:
        while True:
            watch.requested += 1
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
    """Raises ListingError when the next item has not arrived after `_CHECKS` successive ticks of a timer."""

    def __init__(self, message: str) -> None:
        self._message = message
        # `requested` counts the items requested so far; `waiting` is True until the last requested item has arrived.
        self.requested = 0
        self.waiting = False
        self._last_request = 0
        self._checks = 0

    def check(self, number: int, frame: FrameType | None) -> None:
        if not self.waiting or self.requested != self._last_request:
            self._last_request, self._checks = self.requested, 0
            return
        self._checks += 1
        if self._checks >= _CHECKS:
            raise ListingError(self._message)
