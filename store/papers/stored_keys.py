"""The citation keys of papers. The key of a paper never changes, so that documents which cite it remain valid.

A paper gets its key from a bibliography that is imported (`offer`), or else when it is first exported or cited
(store/exporting/citation_keys.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

import msgspec

# Matches a citation key that BibTeX, biber and LaTeX accept and that has at least one letter.
_KEY = re.compile(r"(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9.:;/_+*!?&|<>-]{1,150}")


def read(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, str]:
    """The citation keys of `papers`, by the ids of the papers. Papers without a key are left out."""
    return dict(
        connection.execute(
            "SELECT k.paper_id, k.key FROM json_each(?) i JOIN citation_key k ON k.paper_id = i.value",
            (msgspec.json.encode(list(papers)).decode(),),
        )
    )


def find(connection: sqlite3.Connection, key: str) -> int | None:
    """The id of the paper with the citation key `key`, or None when no paper has it. Ignores the case of letters."""
    row = connection.execute("SELECT paper_id FROM citation_key WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else None


def offer(connection: sqlite3.Connection, paper: int, key: str | None) -> None:
    """Give a paper the citation key with which an imported bibliography lists it, if possible.

    Nothing changes if the paper already has a key, if another paper has the same key, or if LaTeX would not accept it.
    The caller must hold a write transaction on `connection`.
    """
    if key is None or not _KEY.fullmatch(key):
        return
    # If the paper with this key does not exist any more, because the user undid its import, delete its row.
    connection.execute(
        "DELETE FROM citation_key WHERE key = ? AND paper_id NOT IN (SELECT id FROM paper)"
        " AND paper_id NOT IN (SELECT gone FROM joined)",
        (key,),
    )
    connection.execute("INSERT INTO citation_key (paper_id, key) VALUES (?, ?) ON CONFLICT DO NOTHING", (paper, key))
