"""Reads and writes the table `setting` of a library, which stores texts by key.

Each function takes a connection. Those that write need one inside a write transaction.
"""

from __future__ import annotations

import sqlite3


def get(connection: sqlite3.Connection, key: str) -> str | None:
    """The value of a setting; None when the library has none under this key."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Store a setting, replacing the value that it had."""
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def get_number(connection: sqlite3.Connection, key: str) -> int:
    """The value of a setting as a whole number; 0 when the library has none under this key."""
    row = connection.execute("SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def remove(connection: sqlite3.Connection, key: str) -> None:
    """Remove a setting, if the library has it."""
    connection.execute("DELETE FROM setting WHERE key = ?", (key,))
