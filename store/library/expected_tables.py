"""Compares the tables of a library with those that recto makes, because a backup may come from somebody else.

A trigger that another program has added could remove marks whenever a paper is imported.
"""

from __future__ import annotations

import contextlib
import sqlite3

from store.library import schema

# The longest name of a table, a column or a trigger that a message repeats (characters).
_LONGEST_NAME = 100
# `pragma_table_xinfo` also has the generated columns, which `pragma_table_info` leaves out.
_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'"
    " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


def differences(connection: sqlite3.Connection, version: int) -> list[str]:
    """What a library with tables of the version `version` lacks, and the triggers and views that recto did not make.

    Each text is the end of a sentence, such as "it has no table mark". Additional tables and indexes are no difference:
    they change nothing that recto reads.
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
    """The tables of a library with the names of their columns."""
    return frozenset((str(table), str(column)) for table, column in connection.execute(_COLUMNS))


def _programs(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """The triggers and views of a library: the kind, the name and the statement that made it."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    return frozenset((str(kind), str(name), str(sql)) for kind, name, sql in rows)
