"""Reads and writes the table `setting` of a library, which stores a text for each key.

Call `put` and `remove` inside a write transaction.
"""

from __future__ import annotations

import sqlite3

# The key of the setting that lists the exported files that recto rewrites when the library changes. The module that
# rewrites them is store/exporting/followed.py. The key is defined here, so that recto can check at its end whether
# there are such files, without importing that module.
FOLLOWED_FILES = "followed files"

# The beginning of the keys of the settings that store the paths of the folders of shared collections
# (store/marks/sharing.py). It is defined here, so that recto need not import that module at its start.
SHARED_FOLDER = "shared folder "


def get(connection: sqlite3.Connection, key: str) -> str | None:
    """The value of the setting `key`, or None when the library has no such setting."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Store `value` as the setting `key`. It replaces the previous value, if there is one."""
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def get_number(connection: sqlite3.Connection, key: str) -> int:
    """The value of the setting `key` as a whole number, or 0 when the library has no such setting."""
    row = connection.execute("SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def remove(connection: sqlite3.Connection, key: str) -> None:
    """Remove a setting, if the library has it."""
    connection.execute("DELETE FROM setting WHERE key = ?", (key,))
