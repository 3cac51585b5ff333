"""Writes to a library: what a failed write reports, what survives it, and that no lock is lost."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.libraries import Start, assert_sound, keep, kept
from tests.waiting import PATIENCE


def test_a_write_that_another_program_holds_up_says_busy_and_works_afterwards(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.library.connections.BUSY_MS", 50)
    with Library.open(path) as library, closing(sqlite3.connect(path, isolation_level=None)) as other:
        keep(library, "a")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="not saved: another program is writing"):
            keep(library, "b")
        assert kept(library) == {"a"}
        other.execute("ROLLBACK")
        keep(library, "c")
        assert kept(library) == {"a", "c"}
    assert_sound(path)


def test_a_write_waits_for_a_short_one(path: Path) -> None:
    with (
        Library.open(path) as library,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, lambda: other.execute("ROLLBACK"))
        timer.start()
        keep(library, "a")
        timer.join()
        assert kept(library) == {"a"}


def test_an_action_that_fails_leaves_nothing_behind(path: Path) -> None:
    with Library.open(path) as library:
        with pytest.raises(ZeroDivisionError), library.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('a', 'x')")
            raise ZeroDivisionError
        assert kept(library) == set()
        keep(library, "b")
        assert kept(library) == {"b"}


def test_an_error_in_the_program_is_not_reported_as_an_error_of_the_disk(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        with pytest.raises(sqlite3.IntegrityError):
            keep(library, "a")


def test_a_library_deleted_while_open_is_not_written_into_the_void(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        path.unlink()
        with pytest.raises(LibraryError, match="gone"):
            keep(library, "b")
        assert not path.exists()


def test_a_library_replaced_while_open_is_not_mixed_up_with_the_new_one(path: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "other.db") as other:
        keep(other, "other")
    with Library.open(path) as library:
        keep(library, "a")
        shutil.move(tmp_path / "other.db", path)
        with pytest.raises(LibraryError, match="replaced"):
            keep(library, "b")
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with Library.open(path) as library:
        assert kept(library) == {"other"}


def test_a_thread_that_starts_to_read_after_the_library_was_deleted_gets_an_error(path: Path) -> None:
    heard: list[str] = []

    def read(library: Library) -> None:
        try:
            library.reader()
        except LibraryError as error:
            heard.append(str(error))

    with Library.open(path) as library:
        path.unlink()
        thread = threading.Thread(target=read, args=(library,))
        thread.start()
        thread.join()
    assert len(heard) == 1
    assert "moved or deleted" in heard[0]


def test_a_closed_library_takes_no_writes(path: Path) -> None:
    library = Library.open(path)
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        keep(library, "a")


def test_a_closed_library_is_not_read(path: Path) -> None:
    library = Library.open(path)
    library.reader()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.reader()


# A program that opens the library, stores one more setting, and ends.
_ANOTHER = (
    "import sys; from pathlib import Path; from store.library.library import Library\n"
    "with Library.open(Path(sys.argv[1])) as library, library.writing() as connection:\n"
    "    connection.execute('INSERT INTO setting VALUES (?, 1)', [sys.argv[2]])\n"
)


def _opened_twice(library: Library) -> None:
    Library.open(library.path).close()


def _imported(library: Library) -> None:
    link = library.path.with_name("papers.json")
    link.symlink_to(library.path)
    options = Options(today=date(2026, 7, 15))
    for path in (library.path, link, Path(f"{library.path}-wal"), Path(f"{library.path}-shm")):
        (report,) = import_file(library, path, options)
        assert report.error == "it is the library itself"


@pytest.mark.parametrize("act", [_opened_twice, _imported])
def test_no_action_of_a_process_releases_the_locks_that_protect_its_wal(
    path: Path, start: Start, act: Callable[[Library], None]
) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        act(library)
        for number in range(3):
            assert start(_ANOTHER, path, f"other {number}").wait(PATIENCE) == 0
            assert Path(f"{path}-wal").exists()
            keep(library, f"own {number}")
    with Library.open(path) as library:
        assert kept(library) == {"a", *(f"{who} {number}" for who in ("own", "other") for number in range(3))}
    assert_sound(path)


def test_a_reader_sees_nothing_of_a_write_that_is_not_finished(path: Path) -> None:
    with Library.open(path) as library, library.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('a', 'x')")
        assert kept(library) == set()


def test_a_connection_for_reading_cannot_write(path: Path) -> None:
    with Library.open(path) as library, pytest.raises(sqlite3.OperationalError, match="readonly"):
        library.reader().execute("INSERT INTO setting VALUES ('a', 'x')")


@pytest.mark.parametrize(("durable", "expected"), [(True, 2), (False, 1)])
def test_marks_are_synchronized_to_the_disk_and_import_batches_are_not(
    path: Path, durable: bool, expected: int
) -> None:
    with Library.open(path) as library, library.writing(durable=durable) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (expected,)
