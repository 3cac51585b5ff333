"""The WAL stays short although other connections always have a read transaction open, or other processes are open."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from store.library import checkpoints
from store.library import library as module
from store.library.library import Library

ROOT = Path(__file__).parent.parent.parent.parent
LONG = 100_000


def write(library: Library, number: int) -> None:
    with library.writing(durable=False) as connection:
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('filling', ?)", (f"{number} {'x' * 20_000}",))
    library.checkpoint()


def read_without_a_pause(library: Library, is_over: threading.Event, has_begun: threading.Event) -> None:
    """Keep at least one read transaction open at any time: each one ends only after the next one has begun."""
    with contextlib.ExitStack() as closing:
        pair = [
            closing.enter_context(contextlib.closing(sqlite3.connect(library.file, isolation_level=None)))
            for _ in range(2)
        ]
        turn = 0
        while not is_over.is_set():
            pair[turn % 2].execute("BEGIN")
            pair[turn % 2].execute("SELECT count(*) FROM setting").fetchone()
            if pair[(turn + 1) % 2].in_transaction:
                pair[(turn + 1) % 2].execute("COMMIT")
                has_begun.set()
            turn += 1
            is_over.wait(0.002)


def test_the_wal_stays_short_while_another_connection_always_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONG_WAL", LONG)
    monkeypatch.setattr(checkpoints, "_WAIT_MS", 60_000)
    is_over, has_begun = threading.Event(), threading.Event()
    with Library.open(tmp_path / "library.db") as library:
        reading = threading.Thread(target=read_without_a_pause, args=(library, is_over, has_begun))
        reading.start()
        try:
            has_begun.wait()
            longest = 0
            for number in range(60):
                write(library, number)
                longest = max(longest, Path(f"{library.file}-wal").stat().st_size)
        finally:
            is_over.set()
            reading.join()
        # Without checkpoints, 60 writes would make the WAL longer than a megabyte.
        assert longest < 3 * LONG


def test_a_transaction_that_stays_open_delays_only_one_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONG_WAL", LONG)
    monkeypatch.setattr(checkpoints, "_WAIT_MS", 1)
    statements: list[str] = []
    with Library.open(tmp_path / "library.db") as library:
        write(library, 0)
        with contextlib.closing(sqlite3.connect(library.file, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM setting").fetchone()
            assert library._writer
            library._writer.set_trace_callback(statements.append)
            for number in range(40):
                write(library, number)
            assert statements.count("PRAGMA wal_checkpoint(TRUNCATE)") == 1
            assert statements.count("PRAGMA wal_checkpoint(PASSIVE)") > 1
    with Library.open(tmp_path / "library.db") as library:
        assert library.reader().execute("SELECT value FROM setting").fetchone()[0].startswith("39 ")


_LOCK_HOLDER = """
import sys
from pathlib import Path
from store.library.library import Library
with Library.open(Path(sys.argv[1])) as library:
    print(library.holds_lock, flush=True)
    sys.stdin.read()
"""


def test_a_released_lock_goes_to_the_next_process_that_writes(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        assert library.holds_lock
        library.release_lock()
        with subprocess.Popen(
            [sys.executable, "-c", _LOCK_HOLDER, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout and other.stdin
            assert other.stdout.readline() == b"True\n"
            write(library, 1)
            assert not library.holds_lock
            other.stdin.close()
        write(library, 2)
        assert library.holds_lock
        assert not library.was_left_open
