"""Looks for damage in a library, so that recto does not write into a damaged file.

SQLite keeps no checksums of its pages, so only damage to the structure of the file is noticed. A letter that changed
inside a title, for example, is not.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

# A file up to this size (bytes) is searched completely before the first write. That takes about 1 ms for each MiB.
_SEARCHED_COMPLETELY = 8 * 2**20
# In a larger file, only these tables, which store the user's marks and settings, are searched before the first write.
_OWN_TABLES = ("mark", "queue", "tag", "journal", "register", "setting", "citation_key")
_MOST_PROBLEMS = 3


def problems(connection: sqlite3.Connection, *, complete: bool) -> list[str]:
    """A list of texts that each describe one damage which SQLite finds in the library; empty if there is none.

    If `complete` is true, SQLite also compares each index with its table. Reading all pages takes about a second for
    each gigabyte, and the comparison takes many times as long.
    """
    return _check(connection, f"{'integrity' if complete else 'quick'}_check({_MOST_PROBLEMS})")


def first_sign(connection: sqlite3.Connection, file: Path) -> str | None:
    """The first damage that SQLite finds in a small library, or in those tables of a large one that store marks.

    None when nothing is damaged there. `file` is the path of the library. `connection` must not be in a transaction.
    """
    try:
        if file.stat().st_size <= _SEARCHED_COMPLETELY:
            checks = ["quick_check(1)"]
        else:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            checks = [f"quick_check({table})" for table in _OWN_TABLES if table in names]
    except sqlite3.DatabaseError as error:
        return str(error)
    return next((problem for check in checks for problem in _check(connection, check)), None)


def message(path: Path, problem: str) -> str:
    """The error message when a write is refused because the damage `problem` was found in the library."""
    return f"not saved: {path} is damaged ({problem}); recto only reads it now: quit, and run recto doctor"


def _check(connection: sqlite3.Connection, pragma: str) -> list[str]:
    try:
        # SQLite puts a heading and the problem on two lines.
        lines = [" ".join(str(row[0]).split()) for row in connection.execute(f"PRAGMA {pragma}")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if lines == ["ok"] else lines
