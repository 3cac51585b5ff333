"""Fetching from inside the reader: `recto fetch` beside it, so that no slow server holds up a key."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path


class FetchError(Exception):
    """Nothing came; the message says why."""


async def fetch_today(library: Path) -> str:
    """Put today's Daily Papers into the inbox of `library`; what the command said. Raises FetchError."""
    process = await asyncio.create_subprocess_exec(
        # -P: a folder called "store" where the reader was started is not ours.
        *(sys.executable, "-P", "-m", "tui", "fetch", "hf", "today", "--no-import", "--library", str(library)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        said, wrong = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        # What it was heard through is closed when it has gone, and cannot be once the loop has.
        await process.communicate()
        raise
    if process.returncode:
        lines = wrong.decode("utf-8", "replace").strip().splitlines()
        raise FetchError(lines[-1].removeprefix("recto: ") if lines else f"the fetch ended with {process.returncode}")
    return said.decode("utf-8", "replace").strip()
