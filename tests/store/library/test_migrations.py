"""The tables are created and migrated completely or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.library import backup, schema
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.libraries import assert_sound, keep, kept


def test_the_first_tables_are_created_completely_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create = schema._MIGRATIONS[0]

    def cut(db: Database) -> None:
        create(db)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (cut,))
        with pytest.raises(KeyboardInterrupt):
            Library.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    with Library.open(path) as library:
        keep(library, "a")
    assert_sound(path)


def test_an_older_library_is_brought_up_to_date_and_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    old = schema.version()
    second = lambda db: db.table("setting").add_column("seen", int)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, second))
        with Library.open(path) as library:
            assert kept(library) == {"a"}
            assert library.reader().execute("SELECT seen FROM setting").fetchall() == [(None,)]
            assert library.reader().execute("PRAGMA user_version").fetchone() == (old + 1,)
    (before,) = backup.backups(path)
    with Library.open(before.path) as library:
        assert kept(library) == {"a"}
    with pytest.raises(LibraryError, match="newer recto"):
        Library.open(path)
    assert_sound(path)


def test_an_older_library_that_cannot_be_backed_up_is_not_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    backup.folder(path).write_text("a file where the folder of backups should be")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, lambda db: pytest.fail("it was migrated")))
        with pytest.raises(LibraryError, match="no backup was made"):
            Library.open(path)
    with Library.open(path) as library:
        assert kept(library) == {"a"}


def test_a_migration_that_fails_leaves_the_older_library(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")

    def broken(db: Database) -> None:
        db.table("setting").add_column("seen", int)
        db.execute("INSERT INTO no_such_table VALUES (1)")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, broken))
        with pytest.raises(LibraryError):
            Library.open(path)
    with Library.open(path) as library:
        assert kept(library) == {"a"}
        assert "seen" not in [name for _, name, *_ in library.reader().execute("PRAGMA table_info(setting)")]
