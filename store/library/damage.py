"""Looks for damage in a library, so that recto does not write into a damaged file.

SQLite keeps no checksums of its pages, so only damage to the structure of the file is noticed. A letter that changed
inside a title, for example, is not.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from store.library.connections import BUSY_CODES, retry_while_busy
from store.library.sqlite_errors import primary_code

# A file up to this size (bytes) is searched completely before the first write. That takes about 1 ms for each MiB.
_SEARCHED_COMPLETELY = 8 * 2**20
# In a file larger than _SEARCHED_COMPLETELY, only these tables, which store the user's marks and settings, are searched
# before the first write.
_OWN_TABLES = ("mark", "queue", "tag", "journal", "register", "setting", "citation_key")
_MOST_PROBLEMS = 3


def problems(connection: sqlite3.Connection, *, complete: bool) -> list[str]:
    """The damage that SQLite finds in the library: one text for each problem, and an empty list if there is none.

    If `complete` is true, SQLite also compares each index with its table. Without this comparison, the search takes
    about one second for each gigabyte. With it, the search takes many times as long. Raises OperationalError when
    another connection holds the lock for longer than BUSY_MS.
    """
    return _check(connection, f"{'integrity' if complete else 'quick'}_check({_MOST_PROBLEMS})")


def first_sign(connection: sqlite3.Connection, file: Path) -> str | None:
    """The first damage that SQLite finds in a small library, or in those tables of a large library that store marks.

    None when SQLite finds no damage. `file` is the path of the library. `connection` must not be in a transaction.
    Raises OperationalError when another connection holds the lock for longer than BUSY_MS.
    """
    try:
        if file.stat().st_size <= _SEARCHED_COMPLETELY:
            checks = ["quick_check(1)"]
        else:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = {name for (name,) in retry_while_busy(lambda: connection.execute(tables).fetchall())}
            checks = [f"quick_check({table})" for table in _OWN_TABLES if table in names]
    except sqlite3.DatabaseError as error:
        return _problem(error)
    return next((problem for check in checks for problem in _check(connection, check)), None)


def message(path: Path, problem: str) -> str:
    """The error message when a write is refused because the damage `problem` was found in the library."""
    return f"not saved: {path} is damaged ({problem}); recto only reads it now: quit, and run recto doctor"


def _check(connection: sqlite3.Connection, pragma: str) -> list[str]:
    try:
        rows = retry_while_busy(lambda: connection.execute(f"PRAGMA {pragma}").fetchall())
    except sqlite3.DatabaseError as error:
        return [_problem(error)]
    # SQLite may put a heading and the problem on two lines; join them.
    lines = [" ".join(str(row[0]).split()) for row in rows]
    return [] if lines == ["ok"] else lines


def _problem(error: sqlite3.DatabaseError) -> str:
    """The damage that an error of SQLite reports. Raises the error again if another connection holds the lock."""
    if primary_code(error) in BUSY_CODES:
        raise error
    return str(error)
