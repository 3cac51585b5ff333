"""Reads the papers of an export from the library, a few hundred at a time, each with its citation key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from store.exporting import citation_keys
from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.papers import paper_details
from store.search.window import PaperIds

# At most this many papers get their citation keys in one transaction. Few large transactions take less time than many
# small ones, because each waits until its data is on the disk.
_BATCH = 500


def read(
    library: Library,
    papers: PaperIds,
    on_step: Callable[[int], None] = lambda _: None,
    *,
    with_keys: bool = True,
    pattern: str = citation_keys.PATTERN,
) -> Iterator[ExportedPaper]:
    """Yield the papers with the ids `papers`, in this order. Deleted papers are left out. The listings of the papers
    are not read.

    `on_step` is called with the number of papers that have been read. Without `with_keys`, the citation keys are empty
    strings, and nothing is written to the library. New keys have the form `pattern`. Raises LibraryError when the
    library cannot be read, and also when a paper needs a new citation key and the library cannot be written.
    """
    connection = library.reader()
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        known = paper_details.details_of_all(connection, batch, with_listings=False)
        without = {details.id: details.paper for details in known if with_keys and details.citation_key is None}
        new = citation_keys.give(library, without, pattern)
        for details in known:
            key = (details.citation_key or new[details.id]) if with_keys else ""
            yield ExportedPaper(details, key)
        on_step(start + len(batch))
