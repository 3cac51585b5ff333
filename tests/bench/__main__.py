"""`python -m tests.bench`: how fast recto is, beside yardsticks measured in the same run. It fails nothing."""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError
from typing import Protocol

from store.paper import LibraryError
from tests.bench import imports, keys, memory, moves, ranking, search, stalls, start
from tests.bench.figures import Figure, table
from tests.bench.stand import Stand, has_fzf

# Without sizes asked for, these are measured, the larger one as far as the time goes (s).
_SIZES = (10_000, 100_000)
_SECONDS = 170.0
# How much longer a row takes with ten times the papers.
_GROWTH = {"imports": 8.0}
_OTHERWISE = 1.2


class Row(Protocol):
    """A module that measures one thing."""

    NAME: str

    def measure(self, stand: Stand) -> Iterator[Figure]:
        """The figures at one size."""
        ...


ROWS: Sequence[Row] = (start, keys, search, moves, imports, stalls, memory, ranking)


@dataclass(frozen=True)
class Missed:
    """A row that gave no figure, and why."""

    name: str
    size: int
    reason: str


def main() -> None:
    """Measure what the command line asks for and print it."""
    asked = _arguments()
    sizes: list[int] = asked.sizes or list(_SIZES)
    ends = None if asked.sizes or asked.only else time.monotonic() + _SECONDS
    figures, missed = measure(sizes, asked.only or [row.NAME for row in ROWS], asked.effort, ends)
    print(table(figures))
    for each in missed:
        print(f"not measured: {each.name} at {each.size:,}: {each.reason}")
    if not has_fzf():
        print("fzf is not on this machine: its figures are missing")
    print(
        "Where a goal has a ratio (x) and its yardstick was measured, the ratio decides; milliseconds depend on the"
        " machine."
    )
    if asked.json:
        asked.json.write_text(json.dumps(_as_json(figures, missed), indent=1, ensure_ascii=False) + "\n", "utf-8")


def measure(
    sizes: Sequence[int], names: Sequence[str], effort: float, ends: float | None
) -> tuple[list[Figure], list[Missed]]:
    """The figures of these rows at these sizes; what would not be through by `ends` (time.monotonic) is left out."""
    figures: list[Figure] = []
    missed: list[Missed] = []
    # Seconds that each row took at the size before.
    took: dict[str, float] = {}
    for size in sizes:
        stand = Stand(size, effort)
        for row in (row for row in ROWS if row.NAME in names):
            expected = took[row.NAME] * _GROWTH.get(row.NAME, _OTHERWISE) if row.NAME in took else 0.0
            if ends is not None and time.monotonic() + expected > ends:
                missed.append(Missed(row.NAME, size, f"no time left; python -m tests.bench --sizes {size}"))
                continue
            print(f"  {row.NAME} at {size:,} …", end="\r", flush=True)
            started = time.monotonic()
            try:
                figures += row.measure(stand)
            except (OSError, ValueError, sqlite3.Error, CalledProcessError, LibraryError) as error:
                # One row that cannot be measured says so; the others are worth having.
                missed.append(Missed(row.NAME, size, str(error).partition("\n")[0][:200]))
            took[row.NAME] = time.monotonic() - started
    return figures, missed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda text: [int(each) for each in text.split(",")], help="numbers of papers: 10000,1000000"
    )
    parser.add_argument("--only", action="append", choices=[row.NAME for row in ROWS], help="measure this row alone")
    parser.add_argument("--effort", type=float, default=1.0, help="how many times the rounds; 3 for a figure to keep")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    return parser.parse_args()


def _as_json(figures: Sequence[Figure], missed: Sequence[Missed]) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "figures": [each.as_json() for each in figures],
        "missed": [each.__dict__ for each in missed],
    }


if __name__ == "__main__":
    main()
