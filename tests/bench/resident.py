"""The resident memory of processes, as Linux reports it (MB).

Private memory belongs to a process alone. Pages of files that it maps are also counted as resident, but the system can
free them at any time. A child's ru_maxrss cannot be used: it begins with the memory of its parent when the child was
started.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

# The time between two measurements of a process (s).
_EVERY = 0.02


def now(process: int) -> float:
    """The resident memory of a process now (MB); 0 if it has ended."""
    return _status(process, "VmRSS")


def own(process: int) -> float:
    """The private memory of a process now, without the pages of files that it maps (MB); 0 if the process has ended."""
    return _status(process, "RssAnon")


def most(process: int | None = None) -> float:
    """The peak resident memory of a process since it began, by default of this process (MB); 0 if it has ended."""
    return _status(process or os.getpid(), "VmHWM")


def descendants(process: int) -> list[int]:
    """The ids of the running child processes of `process`, and of their children at any depth."""
    found: list[int] = []
    waiting = [process]
    while waiting:
        # A process may end while its files in /proc are read. Then it has no children any more, so ignore the error.
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{waiting.pop()}/task").iterdir():
                children = [int(each) for each in (thread / "children").read_text().split()]
                found += children
                waiting += children
    return found


class Peak:
    """Measures a process and its children while they run.

    `megabytes` is the sum of the peak memory of each process (MB), and `own` is that sum for private memory, without
    pages of files.
    """

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
                # Linux reports kilobytes, so divide to get megabytes.
                return int(line.split()[1]) / 1024
    return 0.0
