"""Fetches from servers in a separate process, so that the application reacts to keys while a server is slow."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from store.formats.documents.child_process import command_of


class FetchError(Exception):
    """The fetch failed; the message gives the reason."""


async def fetch_today(library: Path) -> str:
    """Fetch today's Daily Papers of Hugging Face, and put the file into the inbox of the library at the path `library`.

    Returns what the command `recto fetch` printed. Raises FetchError when the command failed.
    """
    return await _run(library, "hf", "today", "--no-import")


async def fetch_text(library: Path, paper_id: int) -> str:
    """Fetch the full text of a paper and store it in the library at this path.

    Returns what the command `recto fetch` printed. Raises FetchError when the command failed.
    """
    return await _run(library, "text", str(paper_id))


async def fetch_pictures(library: Path, paper_id: int) -> str:
    """Fetch the pictures of the full text of a paper and store them in the library at this path.

    Returns what the command `recto fetch` printed. Raises FetchError when the command failed.
    """
    return await _run(library, "pictures", str(paper_id))


async def fetch_paper(library: Path, identifier: str) -> str:
    """Fetch the paper with an arXiv id or a DOI, and put the file into the inbox of the library at this path.

    Returns what the command `recto fetch` printed. Raises FetchError when the command failed.
    """
    return await _run(library, "paper", identifier, "--no-import")


async def _run(library: Path, *words: str) -> str:
    """Run `recto fetch` with these arguments, and return its output. Raises FetchError when the command failed."""
    process = await asyncio.create_subprocess_exec(
        *command_of("tui", "fetch", *words, "--library", str(library)),
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
        # Wait until the process has ended. That closes its pipes, which must happen before the event loop ends.
        await process.communicate()
        raise
    if process.returncode:
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        raise FetchError(lines[-1].removeprefix("recto: ") if lines else f"the fetch ended with {process.returncode}")
    return output.decode("utf-8", "replace").strip()
