"""The papers of an export, read from the library a few hundred at a time, each with its citation key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from store.exporting import citation_keys
from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.papers import queries
from store.search.window import PaperIds

# How many papers get their keys in one transaction. Each transaction waits for the disk.
_BATCH = 500


def read(
    library: Library, papers: PaperIds, on_step: Callable[[int], None] = lambda _: None, *, with_keys: bool = True
) -> Iterator[ExportedPaper]:
    """These papers, in this order. Those that were deleted meanwhile are left out.

    `on_step` is called with the number of papers that have been read. Without `with_keys`, the keys are empty and
    nothing is written to the library. Raises LibraryError when the library cannot be read or, for a paper without a
    key, written.
    """
    connection = library.reader()
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        keys = citation_keys.give(library, batch) if with_keys else dict.fromkeys(batch, "")
        for number in batch:
            if number in keys:
                yield ExportedPaper(queries.details(connection, number), keys[number])
        on_step(start + len(batch))
