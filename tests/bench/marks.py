"""Measures saving marks in a library with 100,000 marks and 5,000 queued papers.

Each mark is one durable transaction.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from store.library.library import Library
from store.marks import derived_marks, journal, marking, stored_registers
from store.papers import list_rows
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.stand import Stand
from tests.bench.timing import duration

NAME = "marks"

_MARKS, _QUEUE = 100_000, 5_000
_ROUNDS = 60
_PAGE = 50
# The time that saving a mark may take in addition to the commit (ms), because it reads and writes a few rows.
_GOAL_MS = 5.0
_STATUSES = ("seen", "seen", "hidden", "seen", "done")


def measure(stand: Stand) -> Iterator[Figure]:
    """The times to save marks, compared with only a commit in SQLite, and the times to move or mark the whole queue."""
    rounds = max(10, round(_ROUNDS * stand.effort))
    with TemporaryDirectory() as name, Library.open(Path(name) / "library.db") as library:
        _fill(library)
        chance = random.Random(1)
        alone = _commits_alone(Path(name), rounds)
        actions: dict[str, Callable[[int], object]] = {
            "a bookmark": lambda number: marking.bookmark(library, [_MARKS - number]),
            "undo": lambda number: journal.undo(library),
            "to the end of the queue": lambda number: marking.queue(library, [_QUEUE + 1 + number]),
            "a move to the second place": lambda number: marking.move(library, chance.randint(1, _QUEUE), 2),
            "a move to the middle": lambda number: marking.move(library, chance.randint(1, _QUEUE), _QUEUE // 2),
        }
        for label, action in actions.items():
            durations = [duration(partial(action, number)) for number in range(rounds)]
            yield Figure(
                name=f"marks: {label}, p50",
                at=_MARKS,
                figure=percentile(durations, 0.5),
                unit="ms",
                goal=_GOAL_MS,
                yardsticks=(Yardstick("a commit of one row", percentile(alone, 0.5)),),
                note=f"queue of {_QUEUE:,}; worst {max(durations):.1f} ms",
            )
        pages = [
            duration(lambda: list_rows.read(library.reader(), chance.sample(range(1, _QUEUE), _PAGE)))
            for _ in range(rounds)
        ]
        yield Figure(
            name="marks: lines of queued papers, p50", at=_QUEUE, figure=percentile(pages, 0.5), unit="ms", goal=8.0
        )
        everything = list(range(1, _QUEUE + 1))
        yield Figure(
            name="marks: the whole queue done in one step",
            at=_QUEUE,
            figure=duration(lambda: marking.status(library, everything, "done")) / 1000,
            unit="s",
            goal=1.0,
        )


def _fill(library: Library) -> None:
    """Add papers, set a status for each, and queue the first of them."""
    now = time.time_ns() // 1000
    numbers = range(1, _MARKS + 1)
    with library.writing(durable=False) as connection:
        connection.executemany(
            "INSERT INTO paper (id, title, title_key, families, has_abstract, has_code, has_pdf, arxiv_id)"
            " VALUES (?1, 'Paper ' || ?1, ?1, 'hf', 0, 0, 0, ?2)",
            ((number, _arxiv_id(number)) for number in numbers),
        )
        connection.executemany("INSERT INTO body (paper_id) VALUES (?)", ((number,) for number in numbers))
        connection.executemany(
            "INSERT INTO identity (identity, paper_id) VALUES (?, ?)",
            ((f"arxiv:{_arxiv_id(number)}", number) for number in numbers),
        )
        writer = stored_registers.Writer(connection)
        for number in numbers:
            status = _STATUSES[number % len(_STATUSES)]
            writer.write(f"arxiv:{_arxiv_id(number)}", "status", [status, now + number], (), None)
        writer.finish()
        derived_marks.derive(connection, numbers)
    marking.queue(library, list(range(1, _QUEUE + 1)), True)


def _arxiv_id(number: int) -> str:
    return f"{2401 + number // 20_000}.{number % 20_000:05}"


def _commits_alone(folder: Path, rounds: int) -> list[float]:
    """The durations of transactions that insert one row each and wait for the disk (ms)."""
    connection = sqlite3.connect(folder / "alone.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (value)")
    durations = [duration(lambda: connection.execute("INSERT INTO row VALUES ('x')")) for _ in range(rounds)]
    connection.close()
    return durations
