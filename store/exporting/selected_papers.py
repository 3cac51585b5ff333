"""Reads the papers of an export from the library, a few hundred at a time, each with its citation key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from store.exporting import citation_keys
from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.papers import queries
from store.search.window import PaperIds

# How many papers get their citation keys in one transaction. Larger transactions save time, because each one waits
# until its data is on the disk.
_BATCH = 500


def read(
    library: Library,
    papers: PaperIds,
    on_step: Callable[[int], None] = lambda _: None,
    *,
    with_keys: bool = True,
    pattern: str = citation_keys.PATTERN,
) -> Iterator[ExportedPaper]:
    """Yield the papers with the numbers `papers`, in this order. Papers that were deleted meanwhile are left out.

    `on_step` is called with the number of papers that have been read. Without `with_keys`, the citation keys are empty
    texts and nothing is written to the library. New keys have the form `pattern`. Raises LibraryError when the library
    cannot be read, and also when a paper needs a new citation key and the library cannot be written.
    """
    connection = library.reader()
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        keys = citation_keys.give(library, batch, pattern) if with_keys else dict.fromkeys(batch, "")
        for details in queries.details_of_all(connection, batch):
            if details.id in keys:
                yield ExportedPaper(details, keys[details.id])
        on_step(start + len(batch))
