"""Python's garbage collector searches all objects while the user is idle, if much garbage may have gathered."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from tui.terminal import tuning


class Cycle:
    """An object that only the garbage collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collections() -> Iterator[None]:
    """Let the collector run only when it is called, and record its runs since the last search of all objects."""
    before = gc.get_threshold()
    gc.set_threshold(10**6, 10**6, 10**6)
    gc.collect()
    yield
    gc.set_threshold(*before)


def old_garbage() -> weakref.ref[Cycle]:
    """An object that was in use while the collector ran twice, so that only a search of all objects finds it."""
    cycle = Cycle()
    gc.collect(1)
    gc.collect(1)
    return weakref.ref(cycle)


def test_old_garbage_is_freed_after_enough_runs() -> None:
    garbage = old_garbage()
    for _ in range(tuning._GARBAGE_WHILE_IDLE):
        gc.collect(1)
    assert garbage() is not None
    tuning.collect_all_garbage()
    assert garbage() is None


def test_little_garbage_is_not_searched_for() -> None:
    garbage = old_garbage()
    tuning.collect_all_garbage()
    assert garbage() is not None
