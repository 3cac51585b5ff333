"""Keeps the library equal to those of other machines while the program is open, through a shared folder.

Each round reads the changes of other machines from the folder, and writes those of this library into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from store.library.library import Library
from store.model.errors import LibraryError

if TYPE_CHECKING:
    from store.sync.rounds import RoundResult

# The pause between two rounds (s). A round without anything new takes 2 ms. Events of the file system are not used,
# because network drives do not report what other machines write.
_PAUSE_SECONDS = 1.0
# On a slow disk a round takes longer. So the pause is at least this many times as long as the last round.
_LEAST_PAUSE_IN_ROUNDS = 20
# A round begins this long after the last change (s), so that several keys in quick succession cause only one round.
_COLLECT_SECONDS = 0.2


class SharedFolder:
    """Runs rounds with the shared folder of a library, if it has one, until `follow` is cancelled."""

    def __init__(
        self, library: Library, *, on_round: Callable[[RoundResult], None], report: Callable[[str], object]
    ) -> None:
        """`on_round` is called in the event loop after each round that changed the library.

        `report` is called with an error message when rounds begin to fail, but only once for the same reason in
        succession.
        """
        self._library = library
        self._on_round = on_round
        self._report = report
        self._hint = asyncio.Event()
        self._must_stop = threading.Event()
        self._reported = ""
        # The folder of the last round that succeeded; None when the library has no folder or the last round failed.
        self.folder: Path | None = None

    def look_soon(self) -> None:
        """Begin the next round soon. This must be called when the library has changed."""
        self._hint.set()

    async def follow(self) -> None:
        """Run rounds until this task is cancelled."""
        try:
            while True:
                begun = time.monotonic()
                result = await asyncio.to_thread(self._round)
                took = time.monotonic() - begun
                if result is not None:
                    self._on_round(result)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._hint.wait(), max(_PAUSE_SECONDS, _LEAST_PAUSE_IN_ROUNDS * took))
                    await asyncio.sleep(_COLLECT_SECONDS)
                self._hint.clear()
        finally:
            # Stop a round that is running in a thread, because the event loop cannot end before its threads have ended.
            self._must_stop.set()

    def last_round(self) -> None:
        """Write the last changes when the application ends. Errors are ignored, because the next start tries again."""
        if self.folder is not None:
            from store.sync import rounds

            with contextlib.suppress(LibraryError, OSError, sqlite3.Error):
                rounds.run(self._library, self.folder, only_write=True)

    def _round(self) -> RoundResult | None:
        """Run one round. None when it changed nothing in the library, or when it failed."""
        try:
            result = self._run()
        except (LibraryError, OSError, sqlite3.Error) as error:
            self.folder = None
            if str(error) != self._reported:
                self._reported = str(error)
                self._report(f"not kept equal with your other machines: {self._reported}")
            return None
        self._reported = ""
        return result if result and (result.applied or result.lost_notes or result.renewed) else None

    def _run(self) -> RoundResult | None:
        # Imported here, because most users have no shared folder, and the import would take a tenth of the time of the
        # start.
        from store.sync import positions

        folder = positions.folder(self._library.reader())
        if folder is None:
            self.folder = None
            return None
        from store.sync import rounds

        result = rounds.run(self._library, folder, self._must_stop.is_set)
        self.folder = folder
        return result
