"""The sample listings that came with recto. Other listings come before them, and they can be removed together.

A setting holds the hashes of their content, so that another listing that later gets the id of one is no sample.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import msgspec

from store.library import settings
from store.library.library import Library

_KEY = "samples"
# Selects the ids of the listings that are samples.
_LISTINGS = (
    "SELECT id FROM listing WHERE content IN"
    f" (SELECT s.value FROM setting t, json_each(t.value) s WHERE t.key = '{_KEY}')"
)
# Selects the papers, of `paper p`, that no other listing has.
ONLY_IN_SAMPLES = f"NOT EXISTS (SELECT 1 FROM entry WHERE paper_id = p.id AND listing_id NOT IN ({_LISTINGS}))"


def remember(library: Library, folder: Path) -> None:
    """Take note that the listings in a folder are samples."""
    known = set(_contents(library.reader()))
    rows = library.reader().execute("SELECT content, path FROM listing").fetchall()
    contents = {content for content, path in rows if is_inside(path, folder)}
    if not contents <= known:
        with library.writing(durable=False) as connection:
            settings.put(connection, _KEY, msgspec.json.encode(sorted(contents | known)).decode())


def is_inside(path: str, folder: Path) -> bool:
    """Whether a path is that of a folder or of something in it. Links that lead in circles are outside."""
    # `Path.resolve` raises for such links.
    return Path(os.path.realpath(path)).is_relative_to(folder)


def exist(connection: sqlite3.Connection) -> bool:
    """Whether the library has sample listings."""
    return bool(_contents(connection)) and connection.execute(f"{_LISTINGS} LIMIT 1").fetchone() is not None


def latest_day_of_others(connection: sqlite3.Connection) -> str | None:
    """The newest day of a listing that is no sample; None when there is none."""
    row = connection.execute(
        f"SELECT listed_on FROM entry WHERE listed_on IS NOT NULL AND listing_id NOT IN ({_LISTINGS})"
        " ORDER BY listed_on DESC LIMIT 1"
    ).fetchone()
    return row and str(row[0])


def log_ids(connection: sqlite3.Connection) -> list[int]:
    """The ids of the imports of samples in the log."""
    rows = connection.execute(f"SELECT max(id) FROM log WHERE listing_id IN ({_LISTINGS}) GROUP BY listing_id")
    return [log_id for (log_id,) in rows]


def _contents(connection: sqlite3.Connection) -> list[str]:
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=list[str]) if text is not None else []
    except msgspec.MsgspecError:
        return []
