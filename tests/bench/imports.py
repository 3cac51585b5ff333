"""Importing: papers a second from arXiv's snapshot and from Daily Papers pages, and the memory that it takes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.libraries import ROOT, import_command, scratch
from tests.bench.listings import write_pages
from tests.bench.stand import Stand

NAME = "imports"

# More papers than this are not on pages of Daily Papers.
_MOST_ON_PAGES = 10_000
# The tables whose rows an import writes, apart from the indexes of words.
_TABLES = ("paper", "body", "entry")
_AT_ONCE = 50_000


@dataclass(frozen=True)
class _Run:
    """One run of the command: papers added, seconds from exec to exit, the most memory it held (MB)."""

    papers: int
    seconds: float
    memory: float

    @property
    def rate(self) -> float:
        return self.papers / self.seconds


def measure(stand: Stand) -> Iterator[Figure]:
    """The import command into an empty library, beside the same rows put in with executemany and nothing else."""
    with scratch() as folder:
        snapshot = _import(folder / "snapshot.db", [stand.built.snapshot])
        rows = _rows_alone(stand.built.library, folder / "rows.db")
        index = _abstracts_alone(folder / "snapshot.db")
        count = min(stand.size, _MOST_ON_PAGES)
        write_pages(folder / "pages", count)
        pages = _import(folder / "pages.db", [folder / "pages"])
    yield Figure(
        name="import of arXiv JSONL",
        at=stand.size,
        figure=snapshot.rate,
        unit="papers/s",
        goal=25_000,
        # The goal over the 45,000 rows a second of the machine that it was set on; likewise below.
        goal_ratio=25_000 / 45_000,
        yardstick="executemany of the rows",
        yardstick_figure=rows,
        note=f"{snapshot.seconds:.1f} s from exec to exit, indexes of words and all",
    )
    yield Figure(
        name="abstracts findable after an import",
        at=stand.size,
        figure=snapshot.rate,
        unit="papers/s",
        goal=10_000,
        goal_ratio=10_000 / 13_000,
        yardstick="FTS5 rebuild alone",
        yardstick_figure=index,
    )
    yield Figure(
        name="import of Daily Papers text",
        at=count,
        figure=pages.rate,
        unit="papers/s",
        yardstick="executemany of the rows",
        yardstick_figure=rows,
        note="pages of a hundred",
    )
    yield Figure(
        name="memory of the importer, peak",
        at=stand.size,
        figure=snapshot.memory,
        unit="MB",
        goal=120,
    )


def _import(library: Path, listings: Sequence[Path]) -> _Run:
    started = time.perf_counter()
    process = subprocess.Popen(import_command(library, *listings), cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        reports = [json.loads(line) for line in process.stdout]
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux gives kilobytes.
    return _Run(sum(report["added"] for report in reports), seconds, used.ru_maxrss / 1024)


def _rows_alone(library: Path, target: Path) -> float:
    """Papers a second when their rows, already in memory, are put into tables without any index."""
    seconds = 0.0
    with closing(sqlite3.connect(library)) as source, closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA page_size = 8192")
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = NORMAL")
        (count,) = source.execute("SELECT count(*) FROM paper").fetchone()
        for table in _TABLES:
            (definition,) = source.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            made.execute(definition)
        cursors = {table: source.execute(f"SELECT * FROM {table}") for table in _TABLES}
        while batches := {table: rows for table, each in cursors.items() if (rows := list(islice(each, _AT_ONCE)))}:
            started = time.perf_counter()
            made.execute("BEGIN IMMEDIATE")
            for table, rows in batches.items():
                made.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            made.execute("COMMIT")
            seconds += time.perf_counter() - started
    return float(count / seconds)


def _abstracts_alone(library: Path) -> float:
    """Papers a second when FTS5 builds its index of the abstracts anew."""
    with closing(sqlite3.connect(library)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM body").fetchone()
        started = time.perf_counter()
        connection.execute("INSERT INTO abstract_fts(abstract_fts) VALUES ('rebuild')")
        connection.commit()
        return float(count / (time.perf_counter() - started))
