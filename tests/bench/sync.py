"""Measures the synchronization of 100,000 marks through a folder.

The figures are the size of the files, the time of the first reading, and the time of a run without changes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from store.library.library import Library
from store.marks import stored_registers
from store.sync import rounds, segment_files
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.stand import Stand
from tests.bench.timing import duration

NAME = "sync"

_MARKS = 100_000
# The marks of two years of use: most papers are only seen or hidden.
_STATUSES = ("seen", "seen", "hidden", "seen", "done")
_GOAL_MB, _GOAL_SECONDS, _GOAL_MS = 8.0, 1.0, 2.0
_ROUNDS = 50


def measure(stand: Stand) -> Iterator[Figure]:
    """The size of the files, the time to read them first (and SQLite's alone), and that of a run without changes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shared").mkdir()
        with Library.open(folder / "one.db") as one, Library.open(folder / "other.db") as other:
            _mark(one)
            rounds.run(one, folder / "shared")
            began = time.perf_counter()
            result = rounds.run(other, folder / "shared")
            seconds = time.perf_counter() - began
            assert result.applied == _MARKS
            alone = _rows_alone(folder, other)
            idle = [
                duration(lambda: rounds.run(other, folder / "shared")) for _ in range(round(_ROUNDS * stand.effort))
            ]
        files = [path.stat().st_size for path in (folder / "shared" / segment_files.NAME).iterdir()]
    yield Figure(
        name="sync: size of the marks",
        at=_MARKS,
        figure=sum(files) / 10**6,
        unit="MB",
        goal=_GOAL_MB,
        note=f"{len(files)} files",
    )
    yield Figure(
        name="sync: first reading of the marks",
        at=_MARKS,
        figure=seconds,
        unit="s",
        goal=_GOAL_SECONDS,
        yardsticks=(Yardstick("executemany of the same rows", alone),),
    )
    yield Figure(
        name="sync: a round without anything new, p50",
        at=_MARKS,
        figure=percentile(idle, 0.5),
        unit="ms",
        goal=_GOAL_MS,
        note=f"{len(idle)} rounds, worst {max(idle):.1f} ms",
    )


def _mark(library: Library) -> None:
    """Give this many papers a status, as triage does."""
    now = time.time_ns() // 1000
    with library.writing() as connection:
        writer = stored_registers.Writer(connection)
        for number in range(_MARKS):
            identity = f"arxiv:{2401 + number // 20_000}.{number % 20_000:05}"
            writer.write(identity, "status", [_STATUSES[number % len(_STATUSES)], now + number], (), None)
        writer.finish()


def _rows_alone(folder: Path, library: Library) -> float:
    """How long SQLite takes to insert all synchronized values, one row each, into an empty table (s)."""
    rows = library.reader().execute("SELECT * FROM register").fetchall()
    connection = sqlite3.connect(folder / "alone.db", isolation_level=None)
    columns = ", ".join(f"c{number}" for number in range(len(rows[0])))
    connection.executescript(
        f"PRAGMA journal_mode = WAL; CREATE TABLE register ({columns}, PRIMARY KEY (c0, c1)); BEGIN"
    )
    began = time.perf_counter()
    connection.executemany(f"INSERT INTO register VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - began
