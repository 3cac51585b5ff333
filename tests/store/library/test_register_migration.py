"""When a library of an earlier release is opened, its marks are converted to registers, and none is lost.

A register is one value of a mark that is synchronized between machines. The folder `released` contains SQL dumps of
libraries that earlier releases filled with random marks, and the marks that those releases showed after each undo and
redo. The migrated library must show the same.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from store.library import backup, schema
from store.library.library import Library
from store.marks import derived_marks, journal, stored_marks, stored_registers

RELEASED = sorted((Path(__file__).parent / "released").glob("*.json"))


def made(path: Path, released: dict[str, Any]) -> Path:
    """Create a library from the SQL dump of an earlier release."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("\n".join(released["dump"]))
        connection.execute(f"PRAGMA user_version = {released['version']}")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    return path


def shown(library: Library) -> dict[str, Any]:
    connection = library.reader()
    papers = [number for (number,) in connection.execute("SELECT id FROM paper ORDER BY id")]
    queue = connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")
    return {
        "marks": {
            str(number): json.loads(msgspec.json.encode(stored_marks.read(connection, number))) for number in papers
        },
        "queue": [number for (number,) in queue],
        "times": {
            str(number): at
            for number, at in connection.execute("SELECT paper_id, status_at FROM mark WHERE status IS NOT NULL")
        },
    }


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_a_released_library_shows_the_same_after_each_undo_and_redo(file: Path, tmp_path: Path) -> None:
    released = json.loads(file.read_text("utf-8"))
    assert released["undos"]
    assert released["redos"]
    for way, step in (("undos", journal.undo), ("redos", journal.redo)):
        with Library.open(made(tmp_path / f"{way}.db", released)) as library:
            assert shown(library) == released["present"]
            for expected in released[way]:
                assert step(library)
                # The earlier releases did not restore the times of statuses at an undo, so these times may differ.
                assert shown(library) == {**expected, "times": shown(library)["times"]}
            assert step(library) is None
            assert library.reader().execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_the_registers_of_a_migrated_library_give_the_same_tables(file: Path, tmp_path: Path) -> None:
    released = json.loads(file.read_text("utf-8"))
    with Library.open(made(tmp_path / "library.db", released)) as library:
        with library.writing() as connection:
            for table in ("mark", "queue", "tag"):
                connection.execute(f"DELETE FROM {table}")
            derived_marks.derive(connection, [number for (number,) in connection.execute("SELECT id FROM paper")])
        assert shown(library) == released["present"]
        # There are changed registers (values to synchronize), so the next sync sends the marks to other machines.
        assert stored_registers.changed_since(library.reader(), 0)


def test_a_migrated_library_was_copied_before(tmp_path: Path) -> None:
    released = json.loads(RELEASED[0].read_text("utf-8"))
    path = made(tmp_path / "library.db", released)
    Library.open(path).close()
    (copy,) = backup.backups(path)
    with closing(sqlite3.connect(copy.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (released["version"],)
        assert connection.execute("SELECT count(*) FROM journal").fetchone() != (0,)


def test_damaged_steps_and_times_do_not_stop_the_migration(tmp_path: Path) -> None:
    released = json.loads(RELEASED[0].read_text("utf-8"))
    path = made(tmp_path / "library.db", released)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET before = '{' WHERE id = (SELECT max(id) FROM journal)")
        connection.execute("UPDATE mark SET status_at = 'yesterday', bookmarked_at = '\x1b' || bookmarked_at")
    with Library.open(path) as library:
        while journal.undo(library):
            pass
