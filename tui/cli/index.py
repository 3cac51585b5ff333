"""The command `index`, and updating the search index beside a long import and after it."""

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

# How often the thread checks whether enough papers wait for the index (s).
_CHECK_SECONDS = 0.2
# SQLite's page cache while the thread reads the library (kB). It reads every page once, so a larger one gains nothing.
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
        """Whether too few papers wait for a part of the index: many small parts would be merged again and again."""
        return self._ended.is_set() or index_sync.unindexed_count(self._library.reader()) < index_sync.PART

    def _follow(self) -> None:
        try:
            self._library.reader().execute(f"PRAGMA cache_size = {-_CACHE_KB}")
            while not self._ended.wait(_CHECK_SECONDS):
                if not self._should_wait():
                    index_sync.catch_up(self._library, should_stop=self._should_wait)
        except LibraryError:
            # The update at the end of the import meets the same error and reports it.
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
