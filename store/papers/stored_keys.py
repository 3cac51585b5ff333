"""The citation keys that papers have got. store/exporting/citation_keys.py gives them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec


def read(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, str]:
    """The citation keys of `papers`, by number. Papers without a key are left out."""
    return dict(
        connection.execute(
            "SELECT k.paper_id, k.key FROM json_each(?) i JOIN citation_key k ON k.paper_id = i.value",
            (msgspec.json.encode(list(papers)).decode(),),
        )
    )


def find(connection: sqlite3.Connection, key: str) -> int | None:
    """The number of the paper with this key, or None when no paper has it. Ignores the case of letters."""
    row = connection.execute("SELECT paper_id FROM citation_key WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else None
