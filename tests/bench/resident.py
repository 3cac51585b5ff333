"""What processes hold in memory, as Linux counts it (resident, MB).

What is their own, they alone hold; pages of files that they look at are the system's, which takes them back at need. A
child's ru_maxrss is of no use here: it begins with what its parent held when it was started.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

# How often a process is looked at for the most it held (s).
_EVERY = 0.02


def now(process: int) -> float:
    """What a process holds; 0 when it has gone."""
    return _status(process, "VmRSS")


def own(process: int) -> float:
    """What a process holds of its own; 0 when it has gone."""
    return _status(process, "RssAnon")


def most(process: int | None = None) -> float:
    """The most that a process, this one if none is named, has held since it began; 0 when it has gone."""
    return _status(process or os.getpid(), "VmHWM")


def descendants(process: int) -> list[int]:
    """The processes that `process` started and those that these did, as far as they run."""
    found: list[int] = []
    waiting = [process]
    while waiting:
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{waiting.pop()}/task").iterdir():
                children = [int(each) for each in (thread / "children").read_text().split()]
                found += children
                waiting += children
    return found


class Peak:
    """Looks at a process, and those that it starts, while it runs: `megabytes` is the most that they held, each by
    itself, taken together, and `own` the same without pages of files."""

    def __init__(self, process: int) -> None:
        self._most: dict[int, float] = {}
        self._own: dict[int, float] = {}
        self._process = process
        self._through = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def megabytes(self) -> float:
        return sum(self._most.values())

    @property
    def own(self) -> float:
        return sum(self._own.values())

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._through.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._through.wait(_EVERY):
            for process in (self._process, *descendants(self._process)):
                self._most[process] = max(self._most.get(process, 0.0), most(process))
                self._own[process] = max(self._own.get(process, 0.0), own(process))


def _status(process: int, name: str) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                # Linux gives kilobytes.
                return int(line.split()[1]) / 1024
    return 0.0
