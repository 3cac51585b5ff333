"""The command `index`, and the thread that updates the search index while papers are imported."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

import click

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import index_sync
from tui.cli.options import invocation, library_option
from tui.cli.progress import Progress

# The pause between two checks of whether enough papers have been stored to add them to the index (s).
_CHECK_SECONDS = 0.2
# The size of SQLite's page cache for this thread (kB). The thread reads every page only once, so a larger cache would
# not make it faster.
_CACHE_KB = 2_000


class Following:
    """Updates the index in a thread while an import runs, and once more when the import has ended."""

    def __init__(
        self, library: Library, on_step: Callable[[index_sync.Progress], None], should_stop: Callable[[], bool]
    ) -> None:
        self._library = library
        self._on_step = on_step
        self._should_stop = should_stop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="indexing", daemon=True)

    def __enter__(self) -> Following:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        if error is None:
            index_sync.catch_up(self._library, on_step=self._on_step, should_stop=self._should_stop)

    def _should_wait(self) -> bool:
        """Whether the thread should not add papers to the index now.

        That is so when the import has ended, or when there are fewer than PART papers to add: the index would get many
        small segments and would have to merge them repeatedly.
        """
        return self._ended.is_set() or index_sync.unindexed_count(self._library.reader()) < index_sync.PART

    def _follow(self) -> None:
        try:
            self._library.reader().execute(f"PRAGMA cache_size = {-_CACHE_KB}")
            while not self._ended.wait(_CHECK_SECONDS):
                if not self._should_wait():
                    index_sync.catch_up(self._library, should_stop=self._should_wait)
        except LibraryError:
            # The update at the end of the import will raise the same error, and the command reports that one.
            return


@click.command("index", hidden=True)
@click.option("--events", is_flag=True, hidden=True)
@library_option
@click.pass_context
def index(context: click.Context, events: bool) -> None:
    """Update the search index. Imports do so themselves; use this for a library whose index was lost."""
    library = invocation(context).library()
    with Progress(sys.stderr, events) as progress:
        index_sync.catch_up(library, on_step=progress.indexed)


COMMANDS = (index,)
