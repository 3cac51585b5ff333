"""The words of full texts for the search index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from store.library.library import Library
from store.texts import blocks, text_store

# The longest text that is indexed (characters). A book of 1,000 pages has about this length.
_LONGEST = 3_000_000


def full_text_of(library: Library, connection: sqlite3.Connection) -> Callable[[int], str]:
    """Return a function that takes the id of a paper and returns its best full text as one string; "" when it has none.

    A text whose blocks are missing is left out. `full_text_of` determines only once which papers have texts, so the
    returned function does not know texts that are stored later.
    """
    rows = connection.execute(
        "SELECT coalesce(j.kept, t.paper_id) FROM text t LEFT JOIN joined j ON j.gone = t.paper_id"
    )
    with_text = {paper_id for (paper_id,) in rows}

    def full_text(paper_id: int) -> str:
        if paper_id not in with_text:
            return ""
        best = next(iter(text_store.of_paper(connection, paper_id)), None)
        full = text_store.load_blocks(library, best) if best is not None else None
        return blocks.plain(full.blocks)[:_LONGEST] if full is not None else ""

    return full_text
