"""Backups are complete, checked and private copies. Files that are no backups of recto are not replaced or removed."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library import backup
from store.library.library import Library
from store.model.errors import LibraryError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def put(library: Library, value: str) -> None:
    with library.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES ('test', ?)", (value,))


def value_in(file: Path) -> str:
    connection = sqlite3.connect(file)
    try:
        return str(connection.execute("SELECT value FROM setting WHERE key = 'test'").fetchone()[0])
    finally:
        connection.close()


def test_a_backup_has_what_was_committed_and_is_private(library: Library) -> None:
    put(library, "first")
    made = backup.make(library.reader(), library.file)
    put(library, "second")
    assert made is not None and value_in(made) == "first"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert backup.check(made) == []
    assert [each.path for each in backup.backups(library.file)] == [made]


def test_the_three_latest_backups_are_kept_and_other_files_stay(library: Library) -> None:
    folder = backup.folder(library.file)
    folder.mkdir()
    own = [folder / "mine.db", folder / "notes.txt"]
    for path in own:
        path.write_text("mine")
    for value in "abcde":
        put(library, value)
        backup.make(library.reader(), library.file)
    assert [value_in(each.path) for each in backup.backups(library.file)] == ["e", "d", "c"]
    assert [path.read_text() for path in own] == ["mine", "mine"]
    assert len(list(folder.iterdir())) == backup.KEPT + len(own)


def test_an_existing_file_is_not_replaced(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("mine")
    with pytest.raises(LibraryError, match="exists"):
        backup.copy_library(library.reader(), target)
    assert target.read_text() == "mine"


def test_a_copy_that_is_stopped_leaves_nothing(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "new" / "copy.db"
    assert not backup.copy_library(library.reader(), target, should_stop=lambda: True)
    assert list(target.parent.iterdir()) == []


def test_a_damaged_library_makes_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    with Library.open(file) as library:
        put(library, "value" * 10_000)
    content = bytearray(file.read_bytes())
    page = 8192
    for start in range(page, len(content), page):
        content[start : start + 8] = b"\xff" * 8
    file.write_bytes(content)
    connection = sqlite3.connect(file)
    with pytest.raises(LibraryError, match="damaged"):
        backup.make(connection, file)
    connection.close()
    assert not backup.backups(file) and list(backup.folder(file).iterdir()) == []
    assert backup.check(file) != []


def test_a_copy_does_not_replace_a_library_in_use(tmp_path: Path) -> None:
    """If the file were replaced, SQLite would apply the WAL of the old library to the new file and damage it."""
    with Library.open(tmp_path / "one.db") as one, Library.open(tmp_path / "other.db") as other:
        put(other, "other")
        with pytest.raises(LibraryError, match="is a library in use"):
            backup.copy_library(one.reader(), other.file, replace=True)
        assert value_in(other.file) == "other"


def test_only_libraries_count_as_backups_and_are_removed(tmp_path: Path) -> None:
    """A foreign file whose name has a high number must not count as the newest backup, and recto must not remove it."""
    with Library.open(tmp_path / "library.db") as library:
        folder = backup.folder(library.file)
        folder.mkdir()
        foreign = [folder / "1.2020-01-01T000000.db", folder / "999999999.2099-01-01T000000.db"]
        for path in foreign:
            path.write_text("mine")
        for _ in range(backup.KEPT + 2):
            backup.make(library.reader(), library.file)
        assert [each.number for each in backup.backups(library.file)] == [5, 4, 3]
        assert [path.read_text() for path in foreign] == ["mine", "mine"]


def test_a_backup_that_was_killed_leaves_nothing_for_long(tmp_path: Path) -> None:
    killed = """
import os, signal, sys
from pathlib import Path
from store.library import backup
from store.library.library import Library
with Library.open(Path(sys.argv[1])) as library:
    backup.make(library.reader(), library.file, on_step=lambda *_: os.kill(os.getpid(), signal.SIGKILL))
"""
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        put(library, "first")
    subprocess.run([sys.executable, "-c", killed, str(path)], cwd=Path(__file__).parents[3], check=False)
    (partial,) = (each for each in backup.folder(path).iterdir() if each.name.endswith(".partial"))
    # These files are not removed: the partial file of a process that is still running, and files with other names.
    others = [partial.with_name(f".9.2026-07-02T100000.db.{os.getpid()}.partial"), partial.with_name(".mine.partial")]
    for other in others:
        other.write_text("mine")
    with Library.open(path) as library:
        made = backup.make(library.reader(), library.file)
    assert made is not None
    assert sorted(backup.folder(path).iterdir()) == sorted([made, *others])


def test_backups_are_not_made_or_removed_through_a_link(library: Library, tmp_path: Path) -> None:
    with Library.open(tmp_path / "other.db") as other:
        kept = [backup.make(other.reader(), other.file) for _ in range(backup.KEPT)]
    backup.folder(library.file).symlink_to(backup.folder(tmp_path / "other.db"))
    with pytest.raises(LibraryError, match="is a symbolic link"):
        backup.make(library.reader(), library.file)
    assert [each.path.name for each in backup.backups(library.file)] == [path.name for path in reversed(kept) if path]
