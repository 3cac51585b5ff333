"""Finds papers of which only an identifier is known, for example from a list of links.

recto fetches the authors and abstracts of such papers from arXiv or Crossref.
"""

from __future__ import annotations

import sqlite3

import msgspec

# The sources from which missing fields are fetched: arXiv for a paper with an arXiv id, Crossref for any other paper
# with a DOI. A paper that already has an entry from this source is not fetched again, even if that entry has neither
# authors nor an abstract.
_ARXIV, _CROSSREF = "arxiv", "crossref"


class Incomplete(msgspec.Struct, frozen=True):
    """A paper that has an arXiv id or a DOI, but neither authors nor an abstract."""

    id: int
    arxiv_id: str | None
    doi: str | None


def papers(connection: sqlite3.Connection) -> list[Incomplete]:
    """The incomplete papers of the library, sorted by id. This reads the whole table `paper`."""
    rows = connection.execute(
        "SELECT id, arxiv_id, doi, families FROM paper WHERE byline IS NULL AND has_abstract = 0"
        " AND (arxiv_id IS NOT NULL OR doi IS NOT NULL) ORDER BY id"
    )
    return [
        Incomplete(number, arxiv_id, doi)
        for number, arxiv_id, doi, families in rows
        if (_ARXIV if arxiv_id else _CROSSREF) not in families.split()
    ]
