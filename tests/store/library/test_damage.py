"""recto reads what it can of a damaged library, and refuses to write it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.library import backup, damage
from store.library.library import Library
from store.model.errors import LibraryError
from tests.faults.collector import REPORTED
from tests.store.library.test_backup import put, value_in
from tests.thorough import some

PAGE = 8192


def damage_leaf(path: Path, table: str) -> None:
    """Overwrite the last page of a table that has several pages."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 1"
        try:
            (page,) = connection.execute(query, [table]).fetchone()
        except sqlite3.OperationalError:
            pytest.skip("this SQLite has no table dbstat")
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE : (page - 1) * PAGE + 12] = b"\xff" * 12
    path.write_bytes(content)


@pytest.fixture
def undamaged(tmp_path: Path) -> Path:
    """The file of a library in which one table has several pages."""
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        put(library, "value")
        with library.writing() as connection:
            rows = ((f"key {number}", "x" * 500) for number in range(200))
            connection.executemany("INSERT INTO setting (key, value) VALUES (?, ?)", rows)
    return path


@pytest.fixture
def file(undamaged: Path) -> Path:
    """The file of a library in which one page of a table is damaged."""
    damage_leaf(undamaged, "setting")
    return undamaged


def test_nothing_is_written_into_a_damaged_library(file: Path) -> None:
    before = file.read_bytes()
    with Library.open(file) as library:
        assert library.reader().execute("SELECT value FROM setting WHERE key = 'test'").fetchone() == ("value",)
        for _ in range(2):
            with pytest.raises(LibraryError, match="recto only reads it now"):
                put(library, "lost")
    assert file.read_bytes() == before
    assert value_in(file) == "value"


def test_in_a_large_library_the_readers_own_tables_are_searched(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "_SEARCHED_COMPLETELY", 0)
    with Library.open(file) as library, pytest.raises(LibraryError, match="damaged"):
        put(library, "lost")


def test_after_damage_was_found_elsewhere_nothing_is_written(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        put(library, "value")
        library.stop_writing("a page is damaged")
        with pytest.raises(LibraryError, match="a page is damaged"):
            put(library, "lost")
        assert library.reader().execute("SELECT value FROM setting WHERE key = 'test'").fetchone() == ("value",)


@pytest.mark.thorough
def test_any_damage_is_an_error_of_one_line_and_what_is_not_noticed_is_not_made_worse(
    undamaged: Path, record_property: Callable[[str, object], None]
) -> None:
    """The damage is 64 random bytes at a random offset, or a file that ends too early."""
    file, sound = undamaged, bytearray(undamaged.read_bytes())
    seeds = some(20, range(1000))
    refused = named = 0
    for seed in seeds:
        content = bytearray(sound)
        numbers = random.Random(seed)
        if seed % 10:
            start = numbers.randrange(100, len(content) - 64)
            content[start : start + 64] = numbers.randbytes(64)
        else:
            del content[numbers.randrange(100, len(content)) :]
        file.write_bytes(content)
        named += bool(backup.check(file))
        try:
            with Library.open(file) as library:
                put(library, "value")
        except LibraryError as error:
            refused += 1
            assert "\n" not in str(error)
            assert file.read_bytes() == bytes(content)
    # If the damage is only in one value of a row, or in unused space, it cannot be noticed without checksums.
    figure = f"{refused} damages refused before the first write, {named} found by the complete check, 0 crashes"
    record_property(REPORTED, [13, len(seeds), figure, True])


def test_a_table_whose_name_is_no_text_is_damage(undamaged: Path) -> None:
    """SQLite's error message contains the name of the table, which Python cannot decode."""
    content = undamaged.read_bytes().replace(b"CREATE TABLE", b"CREATX TABLE").replace(b"listing", b"\xbeisting")
    undamaged.write_bytes(content)
    assert backup.check(undamaged) == ["malformed database schema"]
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(undamaged)
    assert undamaged.read_bytes() == content


def test_a_lock_of_another_connection_is_not_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.library.connections.BUSY_MS", 20)
    file = tmp_path / "library.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as holder,
        closing(sqlite3.connect(file, timeout=0)) as connection,
    ):
        holder.execute("CREATE TABLE mark (paper_id INTEGER)")
        holder.execute("BEGIN EXCLUSIVE")
        for search in (
            lambda: damage.first_sign(connection, file),
            lambda: damage.problems(connection, complete=False),
        ):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                search()
        holder.execute("COMMIT")
        assert damage.first_sign(connection, file) is None
