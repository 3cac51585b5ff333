"""Finds values in a library that recto cannot use, because another program stored them.

SQLite stores any value in any column. For example, SQLite's integrity check accepts a title that is a blob, but recto
cannot show such a title. The search reads every row, so it runs only in `recto doctor` and after an error that nothing
else explains.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import date, datetime

import msgspec

from store.library import schema
from store.library.connections import user_version
from store.marks.journal import RegisterChange
from store.model.entry import Refused
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate

# The types that SQLite may store in a column of the declared type.
_TYPES = {"TEXT": ("text",), "INTEGER": ("integer",), "REAL": ("real", "integer")}
_KINDS = {"blob": "bytes", "text": "text", "integer": "a number", "real": "a fraction", "null": "nothing"}


def _day(text: str) -> None:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError


def _json(kind: object) -> Callable[[str], object]:
    return msgspec.json.Decoder(kind).decode


# For each column whose text must have a certain form, such as a date or JSON: a function that raises ValueError or
# MsgspecError for any other text.
_FORMS: dict[tuple[str, str], Callable[[str], object]] = {
    ("listing", "listed_on"): _day,
    ("entry", "listed_on"): _day,
    ("entry", "published"): PartialDate.parse,
    ("entry", "said"): _json(Paper),
    ("log", "listed_on"): _day,
    ("log", "refused"): _json(list[Refused]),
    ("log", "warnings"): _json(list[str]),
    ("paper", "published"): PartialDate.parse,
    ("paper", "first_listed"): _day,
    ("paper", "last_listed"): _day,
    ("body", "authors"): _json(tuple[Author, ...]),
    ("body", "links"): _json(tuple[Link, ...]),
    ("body", "scores"): _json(tuple[float, ...]),
    ("body", "ai_keywords"): _json(tuple[str, ...]),
    ("body", "sources"): _json(dict[str, int]),
    ("body", "updated"): _day,
    ("mark", "bookmarked_at"): datetime.fromisoformat,
    ("mark", "status_at"): datetime.fromisoformat,
    ("retraction", "day"): _day,
    ("register", "over"): _json(tuple[str, ...]),
    ("journal", "papers"): _json(tuple[int, ...]),
    ("journal", "changes"): _json(tuple[RegisterChange, ...]),
}


def first(connection: sqlite3.Connection, should_stop: Callable[[], bool] = lambda: False) -> str | None:
    """A description of the first wrong value in the library, such as "title of row 7 of the table paper is bytes".

    The result is None when there is no wrong value, or when `should_stop` returned True before a wrong value was found.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        schema.recreate(empty, user_version(connection))
        tables = [str(name) for (name,) in empty.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {table: empty.execute(f"PRAGMA table_info({table})").fetchall() for table in tables}
    for table in tables:
        if should_stop():
            return None
        if wrong := _wrong_type(connection, table, columns[table]):
            return wrong
    for (table, column), check in _FORMS.items():
        if column in {str(row[1]) for row in columns.get(table, ())} and (
            wrong := _wrong_form(connection, table, column, check, should_stop)
        ):
            return wrong
    return None


def _wrong_type(connection: sqlite3.Connection, table: str, columns: list[tuple[object, ...]]) -> str | None:
    """A description of the first value of `table` that has another type than its column; None when there is no such
    value. `columns` are the rows of `table_info`.
    """
    conditions = {}
    for _, name, declared, not_null, _, _ in columns:
        types = (*_TYPES[str(declared)], *(() if not_null else ("null",)))
        conditions[str(name)] = f"typeof({name}) NOT IN ({', '.join(map(repr, types))})"
    row = connection.execute(f"SELECT rowid FROM {table} WHERE {' OR '.join(conditions.values())} LIMIT 1").fetchone()
    if row is None:
        return None
    for name, condition in conditions.items():
        kind = connection.execute(f"SELECT typeof({name}) FROM {table} WHERE rowid = ? AND {condition}", row).fetchone()
        if kind is not None:
            return f"{name} of row {row[0]} of the table {table} is {_KINDS[kind[0]]}"
    # The second statement found no wrong value, so another program changed the row after the first statement.
    return None


def _wrong_form(
    connection: sqlite3.Connection,
    table: str,
    column: str,
    check: Callable[[str], object],
    should_stop: Callable[[], bool],
) -> str | None:
    """A description of the first text in a column for which `check` raises an error; None if there is none."""
    # Read bytes: SQLite does not check that a text is UTF-8.
    texts = connection.execute(f"SELECT rowid, CAST({column} AS BLOB) FROM {table} WHERE {column} <> ''")
    for place, (row, text) in enumerate(texts):
        if place % 1000 == 999 and should_stop():
            return None
        try:
            check(str(text, "utf-8"))
        except (ValueError, TypeError, RecursionError, msgspec.MsgspecError):
            return f"{column} of row {row} of the table {table} is not in the form of this column"
    return None
