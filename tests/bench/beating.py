"""Runs recto with a task in its event loop that wakes every two milliseconds and records how late it was.

`python -m tests.bench.beating BEATS COMMAND...` runs `recto COMMAND...`, and writes how late each wake-up was (ms) into
the file BEATS.
"""

from __future__ import annotations

import asyncio
import sys
import time
from array import array
from pathlib import Path

from tui.app import Recto
from tui.cli.group import run

_EVERY = 0.002


def main() -> None:
    """Run recto, and record how late each wake-up of the task in its event loop was."""
    beats, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    late = array("d")
    hearts: list[asyncio.Task[None]] = []

    mount = Recto.on_mount

    async def on_mount(self: Recto) -> None:
        await mount(self)
        # Keep a reference, because the event loop has only weak references to tasks.
        hearts.append(asyncio.create_task(_beat(late)))

    Recto.on_mount = on_mount  # type: ignore[method-assign]
    try:
        run()
    finally:
        beats.write_bytes(late.tobytes())


async def _beat(late: array[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(_EVERY)
        late.append((time.perf_counter() - before - _EVERY) * 1000)


if __name__ == "__main__":
    main()
