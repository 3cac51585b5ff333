"""Fetching in a process of its own, so that no key waits for a slow server."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path


class FetchError(Exception):
    """The fetch failed; the message says why."""


async def fetch_today(library: Path) -> str:
    """Put today's Daily Papers into the inbox of `library`. Returns the command's output; raises FetchError."""
    process = await asyncio.create_subprocess_exec(
        # -P: a folder named "store" in the current directory must not be imported instead of recto's package.
        *(sys.executable, "-P", "-m", "tui", "fetch", "hf", "today", "--no-import", "--library", str(library)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        # Wait for the process: its pipes close when it ends, and they must close before the event loop ends.
        await process.communicate()
        raise
    if process.returncode:
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        raise FetchError(lines[-1].removeprefix("recto: ") if lines else f"the fetch ended with {process.returncode}")
    return output.decode("utf-8", "replace").strip()
