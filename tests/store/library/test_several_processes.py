"""Several processes use one library: they share the lock and the WAL, and may start for the first time together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.library import library as module
from store.library.library import Library
from tests.store.library.libraries import Process, Start, assert_sound, keep, kept, told


def tell(process: Process, text: str = "") -> None:
    assert process.stdin
    process.stdin.write(text + "\n")
    process.stdin.flush()


_WRITER = """
import sys
from pathlib import Path
from store.library.library import Library
from store.library.lock_file import LockFile
library = Library.open(Path(sys.argv[1]))
print("open", library.holds_lock, flush=True)
for line in sys.stdin:
    with library.writing() as connection:
        connection.execute("INSERT INTO setting VALUES (?, ?)", (line.strip(), "x" * int(sys.argv[2])))
    keys = sorted(key for (key,) in library.reader().execute("SELECT key FROM setting"))
    print(library.holds_lock, *keys, flush=True)
library.close()
"""


def test_a_second_recto_reads_and_writes_the_same_library(path: Path, start: Start) -> None:
    with Library.open(path) as library:
        keep(library, "first")
        version = library.data_version()
        second = start(_WRITER, path, 1)
        assert told(second) == "open False"
        tell(second, "second")
        assert told(second) == "False first second"
        assert kept(library) == {"first", "second"}
        assert library.data_version() != version
        keep(library, "third")
        assert library.holds_lock
        assert (path.parent / "library.db.lock").read_text() == f"{os.getpid()}\n"
        tell(second, "fourth")
        assert told(second) == "False first fourth second third"
    assert_sound(path)


def test_when_the_first_recto_ends_the_second_takes_its_place(path: Path, start: Start) -> None:
    first = start(_WRITER, path, 1)
    assert told(first) == "open True"
    with Library.open(path) as library:
        assert not library.holds_lock
        keep(library, "a")
        assert not library.holds_lock
        first.kill()
        first.wait()
        keep(library, "b")
        assert library.holds_lock
        assert (path.parent / "library.db.lock").read_text() == f"{os.getpid()}\n"
        third = start(_WRITER, path, 1)
        assert told(third) == "open False"


def test_only_the_holder_of_the_lock_writes_the_wal_back(
    path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    megabytes = 12 * 2**20  # more than 1000 pages, at which SQLite itself would start a checkpoint
    monkeypatch.setattr(module, "_LONG_WAL", 2**20)
    with Library.open(path) as library:
        size = path.stat().st_size
        second = start(_WRITER, path, megabytes)
        assert told(second) == "open False"
        tell(second, "long")
        told(second)
        assert path.stat().st_size == size
        library.checkpoint()
        assert path.stat().st_size > megabytes
    assert_sound(path)


def test_a_wal_that_was_written_back_is_not_written_back_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint must also shorten the WAL file.

    If it did not, the length of the file would start one checkpoint after another.
    """
    monkeypatch.setattr(module, "_LONG_WAL", 1_000_000)
    with Library.open(path) as library:
        keep(library, "long", "x" * 2_000_000)
        wal = Path(f"{path}-wal")
        assert wal.stat().st_size > 2_000_000
        library.checkpoint()
        keep(library, "short")
        assert wal.stat().st_size < 1_000_000
        assert kept(library) == {"long", "short"}


def test_rectos_that_make_one_library_at_the_same_moment_all_succeed(tmp_path: Path, start: Start) -> None:
    code = """
import sys
from pathlib import Path
import sqlite_utils
from store.library.library import Library
from store.library.lock_file import LockFile
print("ready", flush=True)
for line in sys.stdin:
    path, key = line.split()
    try:
        library = Library.open(Path(path))
        with library.writing() as connection:
            connection.execute("INSERT INTO setting VALUES (?, 'x')", (key,))
        print("made", flush=True)
    except Exception as error:
        print(repr(error), flush=True)
"""
    processes = [start(code) for _ in range(4)]
    for process in processes:
        assert told(process) == "ready"
    for attempt in range(8):
        path = tmp_path / f"round{attempt}" / "library.db"
        for number, process in enumerate(processes):
            tell(process, f"{path} process{number}")
        assert [told(process) for process in processes] == ["made"] * 4
        with Library.open(path) as library:
            assert kept(library) == {f"process{number}" for number in range(4)}
        assert_sound(path)
