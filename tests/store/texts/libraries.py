"""Libraries with a few papers, whose rows are written without an import."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from store.library.library import Library
from store.matching import title_merging


class MadeRow(NamedTuple):
    """A paper of which only the title and, if given, its identifiers are stored."""

    id: int
    title: str
    arxiv_id: str | None = None
    doi: str | None = None


def library_with(path: Path, *papers: MadeRow) -> Library:
    """A new library in the file `path` with these papers."""
    library = Library.open(path)
    with library.writing() as connection:
        for paper in papers:
            connection.execute(
                "INSERT INTO paper (id, title, title_key, arxiv_id, doi, families, has_abstract, has_code, has_pdf)"
                " VALUES (?, ?, ?, ?, ?, '', 0, 0, 0)",
                (paper.id, paper.title, title_merging.title_key(paper.title), paper.arxiv_id, paper.doi),
            )
    return library
