"""Measures how long a call takes."""

from __future__ import annotations

import time
from collections.abc import Callable


def duration(call: Callable[[], object]) -> float:
    """How long one call takes (ms)."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000
