"""The tables that most tests use are those that the program makes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable

from tests import new_tables


def content(migrate: Callable[[sqlite3.Connection, int], None]) -> tuple[object, ...]:
    """The tables, indexes and triggers of a new library, the rows in its tables, and the numbers in its header."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, 0)
        parts = sorted(connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"))
        tables = [name for kind, name, *_ in parts if kind == "table"]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
        header = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("user_version", "application_id")]
    return parts, rows, header


def test_new_tables_are_those_that_all_migrations_make() -> None:
    assert content(new_tables.migrate) == content(new_tables.migrate_step_by_step)
