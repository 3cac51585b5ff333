"""index: the search index follows what was imported, beside a long import and after it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

import click

from store.library.library import Library
from store.model.paper import LibraryError
from store.search import index_sync
from tui.cli.group import desk, library_option
from tui.cli.progress import Progress

# How often it is looked whether enough papers wait for it (s).
_LOOK_SECONDS = 0.2
# What is kept in memory of the library's file while it is gone through (kB).
_CACHE_KB = 2_000


class Following:
    """Brings the index up beside an import, in a thread, and once more when the import has ended."""

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

    def _rests(self) -> bool:
        """Whether fewer papers wait than make a part: many small parts would be merged again and again."""
        return self._ended.is_set() or index_sync.behind(self._library.reader()) < index_sync.PART

    def _follow(self) -> None:
        try:
            # Every paper is read once: what is kept of the file is of no use to the next part.
            self._library.reader().execute(f"PRAGMA cache_size = {-_CACHE_KB}")
            while not self._ended.wait(_LOOK_SECONDS):
                if not self._rests():
                    index_sync.catch_up(self._library, should_stop=self._rests)
        except LibraryError:
            # The last try, when the import has ended, meets it too, and says it.
            return


@click.command("index", hidden=True)
@click.option("--events", is_flag=True, hidden=True)
@library_option
@click.pass_context
def index(context: click.Context, events: bool) -> None:
    """Make every paper findable. Imports do so by themselves; this is for a library whose index was lost."""
    library = desk(context).library()
    with Progress(sys.stderr, events) as progress:
        index_sync.catch_up(library, on_step=progress.indexed)


COMMANDS = (index,)
