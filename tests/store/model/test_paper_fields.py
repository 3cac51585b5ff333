"""The table of fields is complete and agrees with Paper and with the schema of the library."""

from __future__ import annotations

import sqlite3
from itertools import chain
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from store.library.library import Library
from store.model.paper import Paper
from store.model.paper_fields import ENTRY_COLUMNS, FIELDS, BodyColumns, PaperColumns, TextField, qualified


def test_every_field_of_paper_is_in_the_table() -> None:
    # `published_to` is the precision of `published` and has no separate row in the table of fields.
    assert [field.name for field in FIELDS] == [name for name in Paper.__struct_fields__ if name != "published_to"]


def test_every_column_belongs_to_a_field_or_to_the_entries() -> None:
    columns = {*chain.from_iterable(field.columns for field in FIELDS), *ENTRY_COLUMNS}
    assert columns == {*PaperColumns._fields, *BodyColumns._fields}


def test_the_column_of_the_search_is_a_column_of_its_field() -> None:
    for field in FIELDS:
        assert {field.searched_column} - {None} <= set(field.columns), field


def test_the_searched_fields_are_the_text_fields() -> None:
    assert {field.name for field in FIELDS if field.searched_column} == set(get_args(TextField))


@pytest.mark.parametrize(
    ("table", "key", "columns"), [("paper", "id", PaperColumns), ("body", "paper_id", BodyColumns)]
)
def test_the_newest_schema_has_the_columns_of_the_table(
    tmp_path: Path, table: str, key: str, columns: type[PaperColumns | BodyColumns]
) -> None:
    with Library.open(tmp_path / "library.db") as library:
        rows = library.reader().execute(f"SELECT name, type, [notnull] FROM pragma_table_info('{table}')").fetchall()
    names = {int: "INTEGER", int | None: "INTEGER", str: "TEXT", str | None: "TEXT"}
    types = {name: names[kind] for name, kind in get_type_hints(columns).items()}
    assert {name: kind for name, kind, _ in rows if name != key} == types
    not_null = {name for name, kind in get_type_hints(columns).items() if kind in (int, str)}
    assert {name for name, _, is_not_null in rows if is_not_null and name != key} == not_null


def test_a_column_is_qualified_by_its_table() -> None:
    connection = sqlite3.connect(":memory:")
    for table, columns in (("paper p", PaperColumns._fields), ("body b", BodyColumns._fields)):
        connection.execute(f"CREATE TABLE {table.split()[0]} ({', '.join(columns)})")
    names = ", ".join(qualified(column) for column in (*PaperColumns._fields, *BodyColumns._fields))
    assert connection.execute(f"SELECT {names} FROM paper p, body b").fetchall() == []
    connection.close()
