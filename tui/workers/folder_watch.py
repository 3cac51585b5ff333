"""Watches folders while the application is open, and reports new files in them, so that these are imported."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.message_pump import MessagePump

from store.importing.folders import SETTLE_SECONDS, Watch, state_of_file
from store.library.file_states import FileState
from store.model.errors import LibraryError
from tui.workers.messages import WorkFailed

# The longest time between two scans of the folders (s). An event of the file system starts a scan earlier.
_SCAN_SECONDS = 30.0
# A new subscription to events of the file system is assumed to be active after this time (s).
_EVENTS_BEGIN_SECONDS = 1.0


async def follow(
    watch: Watch, put: Callable[[Sequence[Path]], None], is_importing: Callable[[], bool], receiver: MessagePump
) -> None:
    """Scan the folders of `watch` again and again until this task is cancelled.

    `put` is called with the files that are ready to be imported. `is_importing` must return whether an import is
    running or waiting. Events of the file system only make the next scan start earlier. When the folders cannot be
    scanned, `receiver` gets a WorkFailed message, unless the previous scan failed for the same reason.
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
                # Report each reason only once. The next scan tries again.
                if str(error) != reported:
                    reported = str(error)
                    receiver.post_message(WorkFailed(f"the inbox cannot be read: {reported}"))
            # Pass on no files during an import: the library does not contain the names of the files that are being
            # imported, so the scan would report those files as new.
            if not is_importing():
                put([path for path in ready if attempts.may_try(path)])
            hint.clear()
            pause = SETTLE_SECONDS if watch.waiting or is_importing() else _SCAN_SECONDS
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(hint.wait(), pause)
            # Wait, even if more events have arrived: a scan recognizes a growing file by the previous scan, which must
            # be some time ago.
            await asyncio.sleep(SETTLE_SECONDS / 4)
    finally:
        # Stop a scan that is running in a thread, because the event loop cannot end before its threads have ended.
        watch.stop()
        if hints is not None:
            hints.cancel()


class _Attempts:
    """Limits how often an unchanged file is imported again: the pause doubles after each attempt to import it."""

    def __init__(self) -> None:
        # Maps each file to its state at the last attempt, the earliest time of the next attempt, and the pause (s)
        # after the next attempt.
        self._attempts: dict[Path, tuple[FileState | None, float, float]] = {}

    def may_try(self, path: Path) -> bool:
        """Whether to import the file `path` now. If this method returns True, it records an attempt."""
        now, state = time.monotonic(), state_of_file(path)
        previous, next_try, pause = self._attempts.get(path, (None, 0.0, _SCAN_SECONDS))
        if previous != state:
            next_try, pause = 0.0, _SCAN_SECONDS
        if now < next_try:
            return False
        self._attempts[path] = (state, now + pause, pause * 2)
        return True


async def _set_hints(folders: Sequence[Path], hint: asyncio.Event) -> None:
    """Set `hint` whenever the file system reports a change in `folders`.

    Ends when the file system cannot report changes. New files are then found only by the regular scans, and so later.
    """
    # Imported in a thread, because the import takes 20 ms and the event loop must not wait for it.
    awatch = (await asyncio.to_thread(importlib.import_module, "watchfiles")).awatch
    # Request one more scan when the subscription is certainly active. This scan finds files that have arrived before
    # the subscription was active, for which there is no event.
    asyncio.get_running_loop().call_later(_EVENTS_BEGIN_SECONDS, hint.set)
    with contextlib.suppress(OSError, RuntimeError):
        async for _ in awatch(*folders, recursive=True, ignore_permission_denied=True):
            hint.set()
