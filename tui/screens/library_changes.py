"""Detects that another process, such as an import, has changed the library, or that a new day has begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from store.library.library import Library
from tui.workers.write_worker import WriteWorker, changes_of_others


class LibraryChanges:
    """Calls one function when another process has committed to the library, and a second function after any commit.

    A commit that only saves the session (the state of the screen) does not count, because this process makes one after
    almost every move of the cursor. A third function is called when a new day has begun, because "today" is then
    another date, and papers that were postponed until that day are shown again.
    """

    def __init__(
        self,
        library: Library,
        writer: WriteWorker,
        on_change: Callable[[], None],
        on_commit: Callable[[], None] = lambda: None,
        on_new_day: Callable[[], None] = lambda: None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`on_change` is called after a commit of another process, and `on_commit` after any commit."""
        self._library = library
        self._writer = writer
        self._on_change = on_change
        self._on_commit = on_commit
        self._on_new_day = on_new_day
        self._today = today
        self._day = today()
        self._version = -1
        self._others: int | None = None
        # The number of changes that this process had made by the last call of `on_commit`.
        self._own = library.changes

    @property
    def shown(self) -> int | None:
        """The result of `changes_of_others` for the data that the screen shows; None before the first change."""
        return self._others

    def start(self) -> None:
        """Begin to detect changes. Commits made before this call are ignored."""
        self._version = self._library.data_version()

    def look(self) -> None:
        """Check whether the library or the date has changed, and call the functions for that.

        The caller should do this often; it is fast if nothing has changed.
        """
        if (today := self._today()) != self._day:
            self._day = today
            self._on_new_day()
        version = self._library.data_version()
        if version != self._version:
            self._version = version
            # On the connection for reading, SQLite's data_version changes with every commit, including those of this
            # process. On the connection for writing, it changes only with commits of other processes. Query the
            # connection for writing in the thread that writes, because the query may have to wait for a lock.
            self._writer.write(self._count_others, self._counted, quiet=True)

    def _count_others(self) -> int | None:
        self._library.checkpoint()
        return changes_of_others(self._library)

    def _counted(self, others: int | None) -> None:
        is_changed_by_others, own = others is None or others != self._others, self._library.changes
        self._others = others
        if is_changed_by_others or own != self._own:
            self._own = own
            self._on_commit()
        if is_changed_by_others:
            self._on_change()
