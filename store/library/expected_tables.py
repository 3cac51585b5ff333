"""Compares the tables of a library with those that recto creates, because a backup may come from somebody else.

For example, a trigger that another program has added could remove marks whenever a paper is imported.
"""

from __future__ import annotations

import contextlib
import sqlite3

from store.library import schema

# In messages, the names of tables, columns and triggers are shortened to this length (characters).
_LONGEST_NAME = 100
# Use `pragma_table_xinfo`, because `pragma_table_info` leaves out generated columns.
_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'"
    " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


def differences(connection: sqlite3.Connection, version: int) -> list[str]:
    """What a library lacks of the tables of version `version`, and its triggers and views that recto did not create.

    Each text is the end of a sentence, such as "it has no table mark". Additional tables and indexes are not reported,
    because they change nothing that recto reads.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        schema.recreate(empty, version)
        columns, programs = _columns(empty), _programs(empty)
    present = _columns(connection)
    tables = {table for table, _ in present}
    found = [f"it has no table {table}" for table in sorted({table for table, _ in columns} - tables)]
    found += [f"its table {table} has no column {name}" for table, name in sorted(columns - present) if table in tables]
    present_programs = _programs(connection)
    found += [
        f"recto did not make its {kind} {name[:_LONGEST_NAME]!r}"
        for kind, name, _ in sorted(present_programs - programs)
    ]
    found += [f"it has no {kind} {name}" for kind, name, _ in sorted(programs - present_programs)]
    return found


def _columns(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """All columns of a library, each as the name of the table and the name of the column."""
    return frozenset((str(table), str(column)) for table, column in connection.execute(_COLUMNS))


def _programs(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """The triggers and views of a library: for each, the kind, the name, and the SQL statement that created it."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    return frozenset((str(kind), str(name), str(sql)) for kind, name, sql in rows)
