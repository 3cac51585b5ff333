"""Another program has stored values of wrong types or forms. Each command ends normally or with one plain sentence."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.library import schema
from tests.thorough import some
from tests.tui.conftest import Recto

# Values that no column of a text or of a number may contain, and texts of JSON that recto never stores.
VALUES = (b"\xff\x00b", "x", 5, "[1]", "[" * 100_000, "[" * 900 + "]" * 900)
READING = (
    ["list", "--json"],
    ["show", "1"],
    ["log", "--json"],
    ["stats"],
    ["digest", "--since", "2026-01-01"],
    ["export", "--format", "bibtex", "-o", "-"],
    ["list", "slow", "glass"],
    ["queue"],
    ["text", "1"],
    ["collection", "list", "Close"],
    ["view", "list"],
    ["tag", "list"],
    ["taste"],
    ["cite", "1"],
    ["watch", "list"],
    ["sync"],
)
WRITING = (
    ["mark", "1", "--tag", "more", "--note", "more"],
    ["undo"],
    ["redo"],
    ["queue", "move", "1", "2"],
    ["collection", "add", "Close", "3"],
    ["backup"],
    ["index"],
)


def columns() -> list[tuple[str, str]]:
    """Every column of every table that recto creates."""
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.recreate(connection, schema.version())
        return [
            (str(table), str(column))
            for table, column in connection.execute(
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
                " AND m.name NOT LIKE 'sqlite_%'"
            )
        ]


COLUMNS = columns()


@pytest.fixture
def used(recto: Recto, path: Path, tmp_path: Path) -> Path:
    """The file of a library in which every table has rows."""
    (tmp_path / "shared").mkdir()
    text = tmp_path / "text.md"
    text.write_text("# Slow Glass\n\nSome words.\n", "utf-8")
    for words in (
        ["mark", "1", "2", "--bookmark", "--queue", "--tag", "nlp", "--note", "a note", "--rate", "4"],
        ["mark", "3", "--status", "done"],
        ["mark", "4", "--later", "2030-01-01"],
        ["view", "add", "mine", "slow"],
        ["collection", "add", "Close", "1", "2"],
        ["sync", tmp_path / "shared"],
        ["cite", "1"],
        ["attach", "1", text, "--anyway"],
    ):
        assert recto(*words).code == 0, words
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in dict.fromkeys(table for table, _ in COLUMNS):
            declared = [row[2] for row in connection.execute(f"PRAGMA table_info({table})")]
            if connection.execute(f"SELECT 1 FROM {table}").fetchone() is None:
                values = [1 if kind in ("INTEGER", "REAL") else "x" for kind in declared]
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    return path


def store(path: Path, table: str, column: str, value: object) -> None:
    """Store `value` in every row of a column, or in the rows in which SQLite accepts it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, contextlib.suppress(sqlite3.Error):
        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))


def spoiled(used: Path, table: str, column: str, value: object) -> None:
    """Restore the library `used` from a copy that this test has made, with `value` in one column."""
    shutil.rmtree(used.parent)
    shutil.copytree(used.parent.with_name("copy"), used.parent)
    store(used, table, column, value)


@pytest.mark.thorough
def test_a_value_that_recto_did_not_store_never_ends_a_command_with_a_traceback(recto: Recto, used: Path) -> None:
    shutil.copytree(used.parent, used.parent.with_name("copy"))
    chosen = random.Random(7)
    for table, column in some(3, COLUMNS):
        for value in some(1, VALUES):
            spoiled(used, table, column, value)
            # An error that nothing explains is raised out of `recto`, so this test would fail with it.
            commands = chosen.sample(READING, 2) + chosen.sample(WRITING, 1)
            for said in (recto(*words) for words in commands):
                assert said.code in (0, 1)
                assert said.err.count("\n") <= 2


@pytest.mark.parametrize(
    ("table", "column", "value", "words", "what"),
    [
        ("paper", "title", b"\xff", ["list"], "title of row 1 of the table paper is bytes"),
        ("paper", "upvotes", "many", ["list", "--sort", "upvotes", "--json"], "upvotes of row 1"),
        ("body", "links", "{", ["show", "1"], "links of row 1 of the table body is not in the form of this column"),
        ("entry", "listed_on", "2026-02-30", ["show", "1"], "listed_on of row 1 of the table entry is not in"),
        ("body", "sources", "[1]", ["export", "--format", "bibtex", "-o", "-"], "sources of row 1 of the table body"),
    ],
)
def test_the_message_names_the_value_and_doctor_says_how_to_go_on(
    recto: Recto, used: Path, table: str, column: str, value: object, words: list[str], what: str
) -> None:
    assert recto("backup").code == 0
    assert "another program has changed" not in recto("doctor").out
    store(used, table, column, value)
    said = recto(*words).complaint()
    assert "another program has changed" in said and what in said and "recto doctor" in said
    examined = recto("doctor")
    assert examined.code == 1
    assert what in examined.out and "recto restore --newest --with-marks" in examined.out


def test_an_error_that_no_value_explains_is_a_mistake_in_recto(
    recto: Recto, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TypeError("a mistake")

    monkeypatch.setattr("tui.cli.output.say", fail)
    with pytest.raises(TypeError, match="a mistake"):
        recto("show", "1")
