"""Restoring a backup: the whole library is replaced, or nothing is changed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store.doctor import files
from store.library import backup, restoring, schema
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.test_backup import put, value_in


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """A library that contains the value "later", and a backup of it with the value "earlier"."""
    file = tmp_path / "library.db"
    with Library.open(file) as library:
        put(library, "earlier")
        saved = backup.make(library.reader(), library.file)
        put(library, "later")
    assert saved is not None
    return file, saved


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_restored_library_is_the_backup_and_the_replaced_one_is_kept(made: tuple[Path, Path]) -> None:
    file, saved = made
    replaced = restoring.restore(file, saved)
    assert replaced is not None and value_in(replaced / file.name) == "later"
    with Library.open(file):
        assert value_in(file) == "earlier"
    assert value_in(saved) == "earlier"
    # The old library was stored in a file that can still be opened.
    restoring.restore(file, replaced / file.name)
    assert value_in(file) == "later"


def test_a_wal_that_was_left_is_moved_away_with_its_library(made: tuple[Path, Path]) -> None:
    file, saved = made
    killed = """
import os, signal, sys
from pathlib import Path
from store.library.library import Library
library = Library.open(Path(sys.argv[1]))
with library.writing() as connection:
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES ('test', 'only in the WAL')")
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", killed, str(file)], check=False)
    assert Path(f"{file}-wal").stat().st_size > 0
    replaced = restoring.restore(file, saved)
    assert value_in(file) == "earlier"
    assert replaced is not None and value_in(replaced / file.name) == "only in the WAL"


def test_a_library_that_is_open_is_not_replaced(made: tuple[Path, Path]) -> None:
    file, saved = made
    opened = """
import sys
from pathlib import Path
from store.library.library import Library
with Library.open(Path(sys.argv[1])) as library:
    library.reader().execute("SELECT count(*) FROM setting").fetchone()
    print("open", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", opened, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdin
        assert other.stdout.readline() == "open\n"
        before = contents(file.parent)
        with pytest.raises(LibraryError, match="open in another program"):
            restoring.restore(file, saved)
        assert contents(file.parent) == before
        other.stdin.close()
    assert value_in(file) == "later"


def test_nothing_is_changed_when_the_backup_cannot_be_used(made: tuple[Path, Path], tmp_path: Path) -> None:
    file, saved = made
    text = tmp_path / "text.db"
    text.write_text("not a library")
    damaged = tmp_path / "damaged.db"
    content = bytearray(saved.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    damaged.write_bytes(content)
    before = contents(tmp_path)
    for source in (text, damaged, tmp_path / "missing.db", tmp_path, file):
        with pytest.raises(LibraryError):
            restoring.restore(file, source)
        assert contents(tmp_path) == before
    assert list(tmp_path.glob("*replaced*")) == []


def test_a_library_that_is_missing_or_damaged_can_be_restored(made: tuple[Path, Path]) -> None:
    file, saved = made
    file.write_bytes(b"damaged")
    replaced = restoring.restore(file, saved)
    assert replaced is not None and (replaced / file.name).read_bytes() == b"damaged"
    assert value_in(file) == "earlier"
    file.unlink()
    assert restoring.restore(file, saved) is None
    assert value_in(file) == "earlier"


def test_a_file_without_the_tables_of_a_library_is_not_restored(made: tuple[Path, Path], tmp_path: Path) -> None:
    file, _ = made
    hostile = tmp_path / "hostile.db"
    with contextlib.closing(sqlite3.connect(hostile)) as connection:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.version()}")
        connection.execute("CREATE TABLE paper (id INTEGER PRIMARY KEY)")
    before = contents(file.parent)
    with pytest.raises(LibraryError, match="is not a library as recto makes it: it has no"):
        restoring.restore(file, hostile)
    assert contents(file.parent) == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("CREATE TRIGGER evil AFTER INSERT ON paper BEGIN DELETE FROM mark; END", "did not make its trigger 'evil'"),
        ("CREATE TRIGGER 'a\x1b[2J' AFTER UPDATE ON mark BEGIN SELECT 1; END", "did not make its trigger 'a\\x1b[2J'"),
        ("CREATE VIEW evil AS SELECT * FROM mark", "did not make its view 'evil'"),
        ("ALTER TABLE mark RENAME TO other; CREATE VIEW mark AS SELECT * FROM other", "has no table mark"),
        ("DROP TABLE mark; CREATE TABLE mark (x)", "its table mark has no column "),
        ("DROP TABLE tag; CREATE TABLE tag (x, y AS (zeroblob(10000)))", "its table tag has no column "),
        ("DROP TRIGGER {0}; CREATE TRIGGER {0} AFTER INSERT ON paper BEGIN DELETE FROM mark; END", "its trigger "),
        ("DROP TRIGGER {0}", "it has no trigger index_"),
    ],
)  # fmt: skip
def test_a_library_with_other_tables_or_triggers_is_not_restored(
    made: tuple[Path, Path], tmp_path: Path, change: str, reason: str
) -> None:
    """Such a trigger could, for example, remove marks whenever a paper is imported."""
    file, saved = made
    with contextlib.closing(sqlite3.connect(saved)) as connection:
        (trigger,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
        connection.executescript(change.replace("{0}", trigger))
    before = contents(file.parent)
    with pytest.raises(LibraryError, match="is not a library as recto makes it") as raised:
        restoring.restore(file, saved)
    assert reason in str(raised.value) and "\x1b" not in str(raised.value)
    assert contents(file.parent) == before
    shutil.copy(saved, tmp_path / "opened.db")
    assert any(reason in finding.text for finding in files.examine(tmp_path / "opened.db"))


def test_additional_tables_and_indexes_are_restored(made: tuple[Path, Path]) -> None:
    file, saved = made
    with contextlib.closing(sqlite3.connect(saved)) as connection:
        connection.executescript("CREATE TABLE other (x); CREATE INDEX more ON paper (title)")
    restoring.restore(file, saved)
    assert value_in(file) == "earlier"
