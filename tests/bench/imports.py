"""Measures imports: papers per second until titles are found and until abstracts are found, and the peak memory.

The measurement does not depend on how recto builds its search index: it searches for papers of the file while the
command runs and afterwards, until all of them are found.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from store.library.library import Library
from store.search.search import Search
from tests.bench.answers import Probe, probes, share_found, until
from tests.bench.figures import Figure, Yardstick
from tests.bench.libraries import ROOT, import_command, scratch
from tests.bench.limits import explained, of_an_import, of_the_importer
from tests.bench.listings import write_pages
from tests.bench.resident import Peak
from tests.bench.stand import Stand

NAME = "imports"

# Pages of Daily Papers are made for at most this many papers.
_MOST_ON_PAGES = 5_000
# For the yardsticks: the number of rows per executemany, and the maximum number of abstracts that FTS5 indexes.
_AT_ONCE = 50_000
_MOST_INDEXED = 300_000
# If more than this share of the abstracts can be searched as soon as the papers are listed, the import itself indexed
# them, not a later step.
_ALONG = 0.5
# With fewer papers than this, there is no goal, because the start of the command takes most of the time.
_JUDGED = 100_000
# The number of papers with which the yardsticks were measured when the goals were set.
_SET_AT = 1_000_000
# A table counts as one that has a row for every paper if it has at least this many rows per paper.
_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Run:
    """Measurements of one run of the command.

    They are: the number of papers added; the seconds from exec until the papers could be read and found by title, until
    the abstracts could be searched, and until the command ended; and the peak memory of its processes (MB), without and
    with the pages of files that they map. `indexed_before` is the share of the abstracts that could be searched when
    the papers could be read.
    """

    papers: int
    readable: float
    indexed: float
    ended: float
    indexed_before: float
    memory: float
    resident: float

    @property
    def indexing(self) -> float:
        """Abstracts indexed per second.

        If most abstracts were indexed after the papers were stored, only the time after that counts.
        """
        if self.indexed_before > _ALONG:
            return self.papers / self.indexed
        return self.papers * (1 - self.indexed_before) / (self.indexed - self.readable)


def measure(stand: Stand) -> Iterator[Figure]:
    """The speed of an import into an empty library, compared with only inserting the same rows with executemany."""
    with scratch() as folder:
        snapshot = _import(folder / "snapshot.db", [stand.catalogue.snapshot], probes(stand.catalogue.snapshot))
        rows = Yardstick("executemany of the rows", _rows_alone(folder / "snapshot.db", folder / "rows.db", stand.size))
        index = _index_alone(stand.catalogue.snapshot, folder / "index.db")
    judged, same = stand.size >= _JUDGED, stand.size == _SET_AT
    when = "along with the papers" if snapshot.indexed_before > _ALONG else "after the papers"
    figure = Figure(
        name="import to readable and findable by title",
        at=stand.size,
        figure=snapshot.papers / snapshot.readable,
        unit="papers/s",
        goal=25_000 if judged else None,
        # The ratio is the goal divided by the 45,000 rows per second that the yardstick reached on the machine where
        # the goal was set.
        goal_ratio=25_000 / 45_000 if same else None,
        yardsticks=(rows,),
        note=f"arXiv's snapshot; {snapshot.readable:.1f} s from exec, the command ended after {snapshot.ended:.1f} s",
    )
    yield explained(figure, lambda: of_an_import(stand.catalogue.snapshot))
    figure = Figure(
        name="abstracts findable",
        at=stand.size,
        figure=snapshot.indexing,
        unit="papers/s",
        goal=10_000 if judged else None,
        goal_ratio=10_000 / 13_000 if same else None,
        yardsticks=(Yardstick("FTS5 rebuild alone", index),),
        note=f"indexed {when}; all of them {snapshot.indexed:.1f} s after exec",
    )
    yield explained(figure, lambda: of_an_import(stand.catalogue.snapshot))
    figure = Figure(
        name="memory of the importer, peak",
        at=stand.size,
        figure=snapshot.memory,
        unit="MB",
        goal=120,
        note=f"its processes together, without pages of files; {snapshot.resident:.0f} MB with them",
    )
    yield explained(figure, of_the_importer)
    count, pages = _pages(min(stand.size, _MOST_ON_PAGES))
    yield Figure(
        name="import of Daily Papers text",
        at=count,
        figure=pages,
        unit="papers/s",
        yardsticks=(rows,),
        note="pages of a hundred, nine of ten with bylines",
    )


def _import(library: Path, listings: Sequence[Path], wanted: Sequence[Probe]) -> Run:
    """Import a file, and search for the papers `wanted` meanwhile.

    Raises ValueError if a paper is not found in the end.
    """
    started = time.perf_counter()
    process = subprocess.Popen(import_command(library, *listings), cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout, Peak(process.pid) as peak:
        # The command prints its report when all papers of a listing are in the library, so this is the time until they
        # can be read.
        report = json.loads(process.stdout.readline())
        with Library.open(library) as opened:
            search = Search(opened)
            last = [(wanted[0].by_title, wanted[0].title)]
            abstracts = [(one.by_abstract, one.title) for one in wanted]
            readable = until(lambda: share_found(search, opened, last) == 1, started)
            before = share_found(search, opened, abstracts)
            indexed = until(lambda: share_found(search, opened, abstracts) == 1, started)
        process.stdout.read()
        process.wait()
        ended = time.perf_counter() - started
    return Run(report["added"], readable, indexed, ended, before, peak.own, peak.megabytes)


@cache
def _pages(size: int) -> tuple[int, float]:
    """The number of papers that were imported from pages of Daily Papers, and papers per second from exec to exit."""
    with scratch() as folder:
        write_pages(folder / "pages", size)
        command = import_command(folder / "pages.db", folder / "pages")
        started = time.perf_counter()
        run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        seconds = time.perf_counter() - started
    count = sum(json.loads(line)["added"] for line in run.stdout.splitlines())
    return count, count / seconds


def _rows_alone(library: Path, target: Path, size: int) -> float:
    """Papers per second if the rows that an import wrote are inserted from memory into tables without indexes.

    Only tables that have a row for every paper are used.
    """
    seconds = 0.0
    with closing(sqlite3.connect(library)) as source, closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA page_size = 8192")
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = NORMAL")
        cursors: dict[str, Iterator[tuple[object, ...]]] = {}
        for table, definition in source.execute(
            "SELECT l.name, m.sql FROM pragma_table_list l JOIN sqlite_master m USING (name)"
            " WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite_%'"
        ).fetchall():
            (rows,) = source.execute(f'SELECT count(*) FROM "{table}"').fetchone()
            if rows >= size * _NEARLY_ALL:
                made.execute(definition)
                cursors[table] = iter(source.execute(f'SELECT * FROM "{table}"'))
        while batches := {table: rows for table, each in cursors.items() if (rows := list(islice(each, _AT_ONCE)))}:
            started = time.perf_counter()
            made.execute("BEGIN IMMEDIATE")
            for table, rows in batches.items():
                made.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
            made.execute("COMMIT")
            seconds += time.perf_counter() - started
    return size / seconds


def _index_alone(snapshot: Path, target: Path) -> float:
    """Abstracts per second if FTS5 indexes all of them in a database that contains nothing else."""
    with closing(sqlite3.connect(target, isolation_level=None)) as made, snapshot.open("rb") as lines:
        made.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE body (abstract TEXT);"
            "CREATE VIRTUAL TABLE words USING fts5(abstract, content='body', content_rowid='rowid')"
        )
        made.execute("BEGIN")
        made.executemany(
            "INSERT INTO body VALUES (?)", ((json.loads(line)["abstract"],) for line in islice(lines, _MOST_INDEXED))
        )
        made.execute("COMMIT")
        (count,) = made.execute("SELECT count(*) FROM body").fetchone()
        started = time.perf_counter()
        made.execute("INSERT INTO words (words) VALUES ('rebuild')")
        return float(count / (time.perf_counter() - started))
