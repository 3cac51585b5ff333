"""Notices that an import or another program has changed the library."""

from __future__ import annotations

from collections.abc import Callable

from store.library.library import Library
from tui.workers.write_worker import WriteWorker, changes_of_others


class LibraryChanges:
    """Calls a function when another process has committed to the library, and not for the reader's own commits."""

    def __init__(self, library: Library, writer: WriteWorker, on_change: Callable[[], None]) -> None:
        self._library = library
        self._writer = writer
        self._on_change = on_change
        self._version = -1
        self._others: int | None = None

    @property
    def shown(self) -> int | None:
        """The commits of other processes that the screen shows, as `changes_of_others` counts them; None at first."""
        return self._others

    def start(self) -> None:
        """Ignore what was committed before."""
        self._version = self._library.data_version()

    def look(self) -> None:
        """Look whether the library has changed. Cheap when it has not: call it often."""
        version = self._library.data_version()
        if version != self._version:
            self._version = version
            # The connection that only reads sees every commit. The writer's sees those of other processes alone, but
            # may have to wait for the library.
            self._writer.write(self._count_others, self._counted, quiet=True)

    def _count_others(self) -> int | None:
        self._library.checkpoint()
        return changes_of_others(self._library)

    def _counted(self, others: int | None) -> None:
        if others is None or others != self._others:
            self._others = others
            self._on_change()
