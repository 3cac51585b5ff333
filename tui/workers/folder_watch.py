"""Following folders: files that appear in them are handed over for import."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.message_pump import MessagePump

from store.importing.folders import SETTLE_SECONDS, FileState, Watch, look
from store.model.errors import LibraryError
from tui.workers.messages import WorkFailed

# The interval between scans of the folders when no file system event asked for an earlier one (s).
_SCAN_SECONDS = 30.0
# After this time the file system certainly reports events to a new watch (s).
_EVENTS_BEGIN_SECONDS = 1.0


async def follow(
    watch: Watch, put: Callable[[Sequence[Path]], None], is_importing: Callable[[], bool], receiver: MessagePump
) -> None:
    """Scan the folders of `watch` until cancelled, and `put` the files that are ready.

    File system events only make the next scan come sooner. `receiver` gets one WorkFailed message for each reason why
    the folders cannot be scanned.
    """
    hint = asyncio.Event()
    hints: asyncio.Task[None] | None = None
    followed: list[Path] = []
    attempts = _Attempts()
    reported = ""
    try:
        while True:
            ready: list[Path] = []
            try:
                folders = await asyncio.to_thread(watch.folders)
                if folders != followed or hints is None or hints.done():
                    if hints is not None:
                        hints.cancel()
                    followed = folders
                    hints = asyncio.create_task(_set_hints([folder for folder in folders if folder.is_dir()], hint))
                ready = await asyncio.to_thread(watch.scan)
                reported = ""
            except (LibraryError, OSError, sqlite3.Error) as error:
                # Report each reason once; the next scan tries again.
                if str(error) != reported:
                    reported = str(error)
                    receiver.post_message(WorkFailed(f"the inbox cannot be read: {reported}"))
            # The library does not know yet the files that are being imported, so the scan reports them again.
            if not is_importing():
                put([path for path in ready if attempts.may_try(path)])
            hint.clear()
            pause = SETTLE_SECONDS if watch.waiting or is_importing() else _SCAN_SECONDS
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(hint.wait(), pause)
            # Events come in bursts, and two scans must be far enough apart to notice that a file grows.
            await asyncio.sleep(SETTLE_SECONDS / 4)
    finally:
        # The event loop ends only after its threads, so a running scan must stop.
        watch.stop()
        if hints is not None:
            hints.cancel()


class _Attempts:
    """Limits how often an unchanged file is handed over: after each failed import the pause before the next doubles."""

    def __init__(self) -> None:
        # For each file: its state at the last attempt, the time of the next attempt, and the pause after that one (s).
        self._attempts: dict[Path, tuple[FileState | None, float, float]] = {}

    def may_try(self, path: Path) -> bool:
        """Whether to hand `path` over now. If so, this counts as an attempt."""
        now, state = time.monotonic(), look(path)
        previous, next_try, pause = self._attempts.get(path, (None, 0.0, _SCAN_SECONDS))
        if previous != state:
            next_try, pause = 0.0, _SCAN_SECONDS
        if now < next_try:
            return False
        self._attempts[path] = (state, now + pause, pause * 2)
        return True


async def _set_hints(folders: Sequence[Path], hint: asyncio.Event) -> None:
    """Set `hint` whenever the file system reports a change. If it cannot report changes, return; the scans suffice."""
    # Imported here, in a thread: the import takes 20 ms.
    awatch = (await asyncio.to_thread(importlib.import_module, "watchfiles")).awatch
    # No event reports a change between the last scan and the moment when the watch becomes active.
    asyncio.get_running_loop().call_later(_EVENTS_BEGIN_SECONDS, hint.set)
    with contextlib.suppress(OSError, RuntimeError):
        async for _ in awatch(*folders, recursive=True, ignore_permission_denied=True):
            hint.set()
