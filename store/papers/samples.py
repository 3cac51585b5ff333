"""The sample listings that are installed with recto. Their papers are shown after the papers of all other listings.

The user can remove all samples together. A setting of the library contains the hashes of the contents of the samples,
by which they are recognized. Their ids are not stored, because after a sample is removed, SQLite may give its id to
another listing.
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
# A condition on `paper p`, which is true for papers that only samples contain.
ONLY_IN_SAMPLES = f"NOT EXISTS (SELECT 1 FROM entry WHERE paper_id = p.id AND listing_id NOT IN ({_LISTINGS}))"

# A condition on `listing`, which is true for a listing that is not a sample.
NOT_A_SAMPLE = f"id NOT IN ({_LISTINGS})"


def remember(library: Library, folder: Path) -> None:
    """Store that all listings of the library whose files are in `folder` are samples."""
    known = set(_contents(library.reader()))
    rows = library.reader().execute("SELECT content, path FROM listing").fetchall()
    contents = {content for content, path in rows if is_inside(path, folder)}
    if not contents <= known:
        with library.writing(durable=False) as connection:
            settings.put(connection, _KEY, msgspec.json.encode(sorted(contents | known)).decode())


def is_inside(path: str, folder: Path) -> bool:
    """Whether `path` leads to `folder` or to something inside it. False for symbolic links that lead in a circle."""
    # `os.path.realpath` is used because `Path.resolve` raises an error for links that lead in a circle.
    return Path(os.path.realpath(path)).is_relative_to(folder)


def exist(connection: sqlite3.Connection) -> bool:
    """Whether the library has sample listings."""
    return bool(_contents(connection)) and connection.execute(f"{_LISTINGS} LIMIT 1").fetchone() is not None


def latest_day_of_others(connection: sqlite3.Connection) -> str | None:
    """The newest listing day among listings that are not samples, or None when none of them has a listing day."""
    row = connection.execute(
        f"SELECT listed_on FROM entry WHERE listed_on IS NOT NULL AND listing_id NOT IN ({_LISTINGS})"
        " ORDER BY listed_on DESC LIMIT 1"
    ).fetchone()
    return row and str(row[0])


def log_ids(connection: sqlite3.Connection) -> list[int]:
    """For each sample, the id of the newest entry in the import log about it."""
    rows = connection.execute(f"SELECT max(id) FROM log WHERE listing_id IN ({_LISTINGS}) GROUP BY listing_id")
    return [log_id for (log_id,) in rows]


def count_unmarked(connection: sqlite3.Connection) -> int:
    """The number of papers that only samples contain and that have no marks."""
    (count,) = connection.execute(
        f"SELECT count(*) FROM paper p WHERE {ONLY_IN_SAMPLES}"
        " AND id NOT IN (SELECT paper_id FROM mark UNION SELECT paper_id FROM queue UNION SELECT paper_id FROM tag"
        " UNION SELECT paper_id FROM collection)"
    ).fetchone()
    return int(count)


def _contents(connection: sqlite3.Connection) -> list[str]:
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=list[str]) if text is not None else []
    except msgspec.MsgspecError:
        return []
