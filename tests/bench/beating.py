"""The reader with a heart: something in its event loop that beats every two milliseconds and notes how late it was.

Run as `python -m tests.bench.beating BEATS COMMAND...`: `recto COMMAND...`, with the milliseconds that each beat came
late in the file BEATS.
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
    """Run recto with a beating heart."""
    beats, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    late = array("d")
    hearts: list[asyncio.Task[None]] = []

    mount = Recto.on_mount

    async def on_mount(self: Recto) -> None:
        await mount(self)
        # The loop itself keeps no task alive.
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
