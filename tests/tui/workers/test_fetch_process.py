"""A fetch that the running program has started ends with the program and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Cancels a fetch whose process does not end, as recto does when it is left, and prints the exit code of the process.
_CANCELLED = """
import asyncio, sys
from pathlib import Path
from tui.workers import fetch_process
fetch_process.command_of = lambda *words: (sys.argv[1], *words)
processes, start = asyncio.Queue(), asyncio.create_subprocess_exec
async def starting(*words, **more):
    process = await start(*words, **more)
    processes.put_nowait(process)
    return process
asyncio.create_subprocess_exec = starting
async def main():
    fetch = asyncio.create_task(fetch_process.fetch_today(Path("library.db")))
    process = await processes.get()
    fetch.cancel()
    await asyncio.wait([fetch])
    print(process.returncode)
asyncio.run(main())
"""


def test_a_cancelled_fetch_is_killed_before_the_reader_ends_and_prints_nothing(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 1000\n")
    silent.chmod(0o700)
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-c", _CANCELLED, silent], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "-9\n", "")
