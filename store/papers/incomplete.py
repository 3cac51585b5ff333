"""Papers of which only a link is known, so that a site must be asked for their authors and abstracts."""

from __future__ import annotations

import sqlite3

import msgspec

# The sources that know all that can be known of a paper with an arXiv id or with a DOI. Such a paper is not asked for
# again when it has neither authors nor an abstract there either.
_ARXIV, _CROSSREF = "arxiv", "crossref"


class Incomplete(msgspec.Struct, frozen=True):
    """A paper that has an identifier and neither authors nor an abstract."""

    id: int
    arxiv_id: str | None
    doi: str | None


def papers(connection: sqlite3.Connection) -> list[Incomplete]:
    """The incomplete papers of the library, in the order in which they came. Reads every row of `paper` once."""
    rows = connection.execute(
        "SELECT id, arxiv_id, doi, families FROM paper WHERE byline IS NULL AND has_abstract = 0"
        " AND (arxiv_id IS NOT NULL OR doi IS NOT NULL) ORDER BY id"
    )
    return [
        Incomplete(number, arxiv_id, doi)
        for number, arxiv_id, doi, families in rows
        if (_ARXIV if arxiv_id else _CROSSREF) not in families.split()
    ]
