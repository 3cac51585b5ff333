"""Exchanges changes of the library through shared folders while the application is open.

Through one folder, the library is synchronized with the libraries on the user's other machines. Each collection that is
shared with other people has a folder of its own. A round reads the changes of others from one of these folders, and
writes the changes of this library into that folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from store.library import settings
from store.library.library import Library
from store.model.errors import LibraryError

if TYPE_CHECKING:
    from store.marks.sharing import Share
    from store.sync.rounds import RoundResult
    from store.sync.shared_collections import SharedResult

_Result = TypeVar("_Result")

# The pause between two rounds, in which the shared folders are read and written (s). A round without changes takes 2
# ms. Events of the file system are not used, because network drives do not report what other machines write.
_PAUSE_SECONDS = 1.0
# The pause is at least this many times as long as the last round. So rounds use little of the time of a slow disk.
_LEAST_PAUSE_IN_ROUNDS = 20
# A round begins this long after the last change (s), so that several keys in quick succession cause only one round.
_COLLECT_SECONDS = 0.2


class Rounds(NamedTuple):
    """The results of those rounds (exchanges with a shared folder) that changed the library.

    `own` is the result for the folder of the user's own machines, or None. `shared` has the results for the folders of
    shared collections.
    """

    own: RoundResult | None
    shared: tuple[SharedResult, ...]


class SharedFolder:
    """Exchanges changes with the shared folders of a library in regular rounds, until `follow` is cancelled."""

    def __init__(
        self, library: Library, *, on_rounds: Callable[[Rounds], None], report: Callable[[str], object]
    ) -> None:
        """`on_rounds` is called in the event loop after rounds that changed the library.

        `report` is called with an error message when a round with a folder has failed, unless the last message about
        this folder was the same.
        """
        self._library = library
        self._on_rounds = on_rounds
        self._report = report
        self._hint = asyncio.Event()
        self._must_stop = threading.Event()
        # The last error message that was reported for each folder. The keys are the ids of shared collections, and ""
        # for the folder of the user's own machines.
        self._reported: dict[str, str] = {}
        # The folder of the user's own machines; None when the library has no such folder or the last round with it
        # failed.
        self.folder: Path | None = None

    def look_soon(self) -> None:
        """Begin the next round soon. This must be called when the library has changed."""
        self._hint.set()

    async def follow(self) -> None:
        """Run rounds until this task is cancelled."""
        try:
            while True:
                begun = time.monotonic()
                results = await asyncio.to_thread(self._rounds)
                took = time.monotonic() - begun
                if results.own or results.shared:
                    self._on_rounds(results)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._hint.wait(), max(_PAUSE_SECONDS, _LEAST_PAUSE_IN_ROUNDS * took))
                    await asyncio.sleep(_COLLECT_SECONDS)
                self._hint.clear()
        finally:
            # Stop a round that is running in a thread, because the event loop cannot end before its threads have ended.
            self._must_stop.set()

    def last_round(self) -> None:
        """Write the last changes to the shared folders. Errors are ignored, because the next start tries again."""
        with contextlib.suppress(LibraryError, OSError, sqlite3.Error):
            if self.folder is not None:
                from store.sync import rounds

                rounds.run(self._library, self.folder, only_write=True)
        with contextlib.suppress(LibraryError, OSError, sqlite3.Error):
            if _shares_collections(self._library):
                from store.sync import shared_collections

                # Do not pass `_must_stop`. It is set already, because `follow` has ended, and would stop this round.
                for _ in shared_collections.run_all(self._library):
                    pass

    def _rounds(self) -> Rounds:
        """Run a round with each folder, and return the results of the rounds that changed the library."""
        own = self._attempt("", "not kept equal with your other machines", self._run)
        if own is None or not (own.applied or own.lost_notes or own.renewed):
            own = None
        shared: list[SharedResult] = []
        if _shares_collections(self._library):
            from store.marks import sharing

            for share in sharing.shares(self._library.reader()):
                result = self._attempt(
                    share.id,
                    f"the collection “{share.collection}” is not exchanged",
                    functools.partial(self._run_shared, share),
                )
                if result is not None and result.applied:
                    shared.append(result)
        return Rounds(own, tuple(shared))

    def _attempt(self, key: str, message: str, run: Callable[[], _Result | None]) -> _Result | None:
        """Call `run` and return its result. If it fails, report `message` with the reason, and return None."""
        try:
            result = run()
        except (LibraryError, OSError, sqlite3.Error) as error:
            if not key:
                self.folder = None
            if str(error) != self._reported.get(key):
                self._reported[key] = str(error)
                self._report(f"{message}: {error}")
            return None
        self._reported.pop(key, None)
        return result

    def _run_shared(self, share: Share) -> SharedResult | None:
        from store.sync import shared_collections

        if share.folder is None or self._must_stop.is_set():
            return None
        return shared_collections.run(self._library, share, self._must_stop.is_set)

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


def _shares_collections(library: Library) -> bool:
    """Whether the library has a shared collection.

    This function does not import the modules that exchange collections.
    """
    query = "SELECT 1 FROM setting WHERE key >= ? AND key < ? LIMIT 1"
    first = settings.SHARED_FOLDER
    return library.reader().execute(query, (first, f"{first[:-1]}!")).fetchone() is not None
