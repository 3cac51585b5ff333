"""The command `index`, and the thread that updates the search index while papers are imported."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

import click

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import arrivals, index_sync
from tui.cli import output
from tui.cli.options import invocation, library_option
from tui.cli.progress import Progress
from tui.render import wording

# The time between two checks whether the import has stored enough papers to add them to the index (s).
_CHECK_SECONDS = 0.2
# After an import, the index is searched for papers that are similar to postponed ones. If another process is writing
# the index, the search waits for that process, but at most this long (s).
_WRITER_SECONDS = 10.0
# The size of SQLite's page cache for the thread that updates the search index (kB). A larger cache would not make the
# thread faster, because the thread reads every page only once.
_CACHE_KB = 2_000


class Following:
    """A context in which to run an import: a thread updates the search index while the import stores papers.

    When the import has ended without an error, the remaining papers are added to the index by the calling thread.
    """

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
        """Whether the thread should add no papers to the index now.

        The result is True when the import has ended, or when fewer than `index_sync.PART` papers wait to be added:
        adding a few papers at a time would make many small parts (segments) of the index, which would have to be merged
        again and again.
        """
        return self._ended.is_set() or index_sync.unindexed_count(self._library.reader()) < index_sync.PART

    def _follow(self) -> None:
        try:
            self._library.reader().execute(f"PRAGMA cache_size = {-_CACHE_KB}")
            while not self._ended.wait(_CHECK_SECONDS):
                if not self._should_wait():
                    index_sync.catch_up(self._library, should_stop=self._should_wait)
        except LibraryError:
            # Ignore the error here: the update at the end of the import will raise it again, and its caller reports it.
            return


@click.command("index", hidden=True)
@click.option("--events", is_flag=True, hidden=True)
@library_option
@click.pass_context
def index(context: click.Context, events: bool) -> None:
    """Update the search index. Imports update it themselves; use this command if the file of the index was lost."""
    library = invocation(context).library()
    with Progress(sys.stderr, events) as progress:
        index_sync.catch_up(library, on_step=progress.indexed)
    say_returned(library, events=events)


def say_returned(library: Library, before: int | None = None, *, events: bool = False, quiet: bool = False) -> None:
    """End the postponement of papers for which a similar paper has arrived, and print them unless `quiet` is set.

    `before` is the id of the newest paper before the import. If `events` is set, the application has started this
    process and reads its output, so each paper is printed as JSON.
    """
    ends = time.monotonic() + _WRITER_SECONDS
    awaited = arrivals.are_awaited(library.reader())
    while awaited and not index_sync.catch_up(library) and time.monotonic() < ends:
        # The index could not be updated because another recto process, perhaps the open application, is writing it.
        time.sleep(_CHECK_SECONDS)
    for each in arrivals.bring_back(library, before):
        if events:
            output.say_object({"returned": each})
        elif not quiet:
            output.say(wording.returned_text(each))


COMMANDS = (index,)
