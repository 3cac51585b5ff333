"""Measures how fast recto is, beside yardsticks measured in the same run: `python -m tests.bench`.

A figure that misses its goal is not an error.
"""

from __future__ import annotations

import argparse
import compileall
import itertools
import json
import os
import platform
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError
from typing import Protocol

from store.model.errors import LibraryError
from tests.bench import (
    chart,
    days,
    digests,
    exports,
    formats,
    forms,
    full_texts,
    growth,
    imports,
    keys,
    marks,
    memory,
    moves,
    ranking,
    search,
    similar_papers,
    stalls,
    start,
    sync,
    taste,
    triage,
)
from tests.bench.figures import Figure, figure_of, table
from tests.bench.libraries import ROOT, coming
from tests.bench.stand import Stand, has_fzf

# Without --sizes and --full, these sizes (numbers of papers) are measured until _SECONDS (s) are over. The time to make
# the libraries does not count.
_SIZES = (10_000, 100_000)
_SECONDS = 165.0
_FULL = (100, 10_000, 100_000, 1_000_000, 3_000_000)
# The factor by which the measurement of a row of the table takes longer with ten times as many papers. The factor for
# every other row is _OTHERWISE.
_GROWTH = {"imports": 4.0, "ranking": 1.5}
_OTHERWISE = 1.2
# The path of the chart, an image for the README.
_CHART = Path(__file__).parent.parent.parent / "assets" / "speed.svg"


class Row(Protocol):
    """A module of the benchmark that measures one thing, such as the start.

    Its figures are rows of the printed table.
    """

    NAME: str

    def measure(self, stand: Stand) -> Iterator[Figure]:
        """The figures for a library of one size."""
        ...


# The rows that have goals in the project's table of goals, and the other rows, which are measured after them.
_GOALS: Sequence[Row] = (start, keys, triage, stalls, moves, imports, memory, ranking)
_BESIDE: Sequence[Row] = (
    search,
    days,
    forms,
    similar_papers,
    taste,
    formats,
    exports,
    digests,
    sync,
    marks,
    full_texts,
)
ROWS = (*_GOALS, *_BESIDE)
# Rows that do not depend on the size of the library are measured at the first size only.
_ONCE = (formats.NAME, triage.NAME, digests.NAME, sync.NAME, marks.NAME, full_texts.NAME)
# Environment variables of Python that the measured programs get. All other variables of Python are removed, because
# they change its speed.
_KEPT = ("PYTHONPATH", "PYTHONHOME")


@dataclass(frozen=True)
class Missed:
    """A row of the table that could not be measured, and the reason."""

    name: str
    size: int
    reason: str


@dataclass(frozen=True)
class Took:
    """How long the measurement of a row took (s)."""

    name: str
    size: int
    seconds: float


def main() -> None:
    """Measure the rows at the sizes that the command line requests, and print the figures."""
    asked = _arguments()
    if asked.chart:
        _draw(asked.chart)
        return
    sizes: Sequence[int] = asked.sizes or (_FULL if asked.full else _SIZES)
    stands = [Stand(size, asked.effort) for size in sorted(sizes)]
    names: list[str] = asked.only or [row.NAME for row in ROWS]
    as_installed()
    _make(stands, names)
    ends = None if asked.sizes or asked.full or asked.only else time.monotonic() + _SECONDS
    began = time.monotonic()
    figures, missed, took = measure(stands, names, ends)
    print(table(in_order(figures)))
    for each in missed:
        print(f"not measured: {each.name} at {each.size:,}: {each.reason}")
    if not has_fzf():
        print("fzf is not on this machine: its figures are missing")
    print(
        "Reached is a goal by its ratio (x) to the yardstick or by its figure, either will do; the note says which."
        " A ratio is judged at the size alone that its yardstick is named for."
    )
    print(f"all rows took {time.monotonic() - began:.0f} s")
    if grown := growth.report(growth.growths(figures)):
        print(f"\n{grown}")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(_as_json(figures, missed, took), indent=1, ensure_ascii=False) + "\n", "utf-8")


def measure(
    stands: Sequence[Stand], names: Sequence[str], ends: float | None
) -> tuple[list[Figure], list[Missed], list[Took]]:
    """The figures that the module measures with a library of one size."""
    figures: list[Figure] = []
    missed: list[Missed] = []
    took: list[Took] = []
    for rows, stand in itertools.product((_GOALS, _BESIDE), stands):
        for row in (row for row in rows if row.NAME in names and (stand is stands[0] or row.NAME not in _ONCE)):
            before = next((each.seconds for each in reversed(took) if each.name == row.NAME), 0.0)
            expected = before * _GROWTH.get(row.NAME, _OTHERWISE)
            if ends is not None and time.monotonic() + expected > ends:
                missed.append(Missed(row.NAME, stand.size, f"no time left; python -m tests.bench --sizes {stand.size}"))
                continue
            print(f"  {row.NAME} at {stand.size:,} … ", end="", flush=True)
            started = time.monotonic()
            try:
                figures += row.measure(stand)
            except (OSError, ValueError, sqlite3.Error, CalledProcessError, LibraryError) as error:
                # If a row cannot be measured, store the reason, and measure the remaining rows.
                missed.append(Missed(row.NAME, stand.size, str(error).partition("\n")[0][:200]))
            took.append(Took(row.NAME, stand.size, round(time.monotonic() - started, 1)))
            print(f"{took[-1].seconds:.1f} s", flush=True)
    return figures, missed, took


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """The figures grouped by row and sorted by size within a row. Each figure occurs only once."""
    rows: dict[str, dict[int, Figure]] = {}
    for each in figures:
        rows.setdefault(each.name, {}).setdefault(each.at, each)
    return [each for found in rows.values() for _, each in sorted(found.items())]


def as_installed() -> None:
    """Let programs start as installed ones do: compile the modules, and remove the user's PYTHON… variables."""
    for name in [name for name in os.environ if name.startswith("PYTHON") and name not in _KEPT]:
        del os.environ[name]
    for folder in ("store", "tui", "tests/bench"):
        compileall.compile_dir(ROOT / folder, quiet=1)


def _make(stands: Sequence[Stand], names: Sequence[str]) -> None:
    """Make the libraries that these rows need and that do not exist yet. The time limit begins to count afterwards."""
    for stand in stands:
        stand.make()
    if moves.NAME in names:
        moves.FEW.make()
    if stalls.NAME in names:
        coming()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda text: [int(each) for each in text.split(",")], help="numbers of papers: 10000,1000000"
    )
    parser.add_argument("--full", action="store_true", help="from a hundred to three million papers; takes hours")
    parser.add_argument("--only", action="append", choices=[row.NAME for row in ROWS], help="measure this row alone")
    parser.add_argument("--effort", type=float, default=1.0, help="how many times the rounds; 3 for a figure to keep")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    parser.add_argument(
        "--chart", type=Path, metavar="FILE", help=f"measure nothing; draw {_CHART.name} from figures kept as JSON"
    )
    return parser.parse_args()


def _draw(source: Path) -> None:
    kept = json.loads(source.read_text("utf-8"))
    _CHART.write_text(chart.svg([figure_of(each) for each in kept["figures"]]), "utf-8")
    print(f"drew {_CHART}")


def _as_json(figures: Sequence[Figure], missed: Sequence[Missed], took: Sequence[Took]) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "figures": [each.as_json() for each in in_order(figures)],
        "missed": [each.__dict__ for each in missed],
        "took": [each.__dict__ for each in took],
    }


if __name__ == "__main__":
    main()
