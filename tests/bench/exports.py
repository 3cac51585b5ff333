"""Measures the command `recto export`: papers per second, including the start of the program, and its peak memory."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import resident
from tests.bench.figures import Figure, Yardstick
from tests.bench.libraries import ROOT, scratch
from tests.bench.stand import Stand

NAME = "exports"

_RECTO = [sys.executable, "-P", "-m", "tui"]
# The goals (papers/s) by file extension. The goal for .jsonl is higher, because that format needs no citation keys and
# no escaping.
_GOALS = {"bib": 8_000.0, "jsonl": 40_000.0}
_GOAL_MEMORY = 150.0
_LOOKED = 0.02


def measure(stand: Stand) -> Iterator[Figure]:
    """The speed and peak memory of each export, compared with only reading the same rows with sqlite3."""
    with scratch() as folder:
        # Use a copy of the library, because an export stores citation keys in it.
        library = folder / "library.db"
        with sqlite3.connect(stand.built.library) as original, sqlite3.connect(library) as copy:
            original.backup(copy)
        original.close()
        copy.close()
        index = Path(f"{stand.built.library}.index")
        if index.is_dir():
            shutil.copytree(index, Path(f"{library}.index"))
        alone = stand.size / _read_alone(library)
        for ending, goal in _GOALS.items():
            target = folder / f"all.{ending}"
            seconds, memory = run([*_RECTO, "--library", str(library), "export", "-o", str(target)])
            size = target.stat().st_size / 10**6
            yield Figure(
                name=f"export of .{ending}",
                at=stand.size,
                figure=stand.size / seconds,
                unit="papers/s",
                goal=goal,
                yardsticks=(Yardstick("sqlite3 reads the rows", alone),),
                note=f"{size:.0f} MB, with the start of the program",
            )
            yield Figure(
                name=f"export of .{ending}, memory", at=stand.size, figure=memory, unit="MB", goal=_GOAL_MEMORY
            )


def run(command: Sequence[str]) -> tuple[float, float]:
    """The duration of a command (s), and its peak memory (MB)."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, resident.most(process.pid))
            time.sleep(_LOOKED)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return time.perf_counter() - began, most


def _read_alone(library: Path) -> float:
    """How long sqlite3 alone takes to read the rows of all papers (s)."""
    connection = sqlite3.connect(library)
    began = time.perf_counter()
    for _ in connection.execute("SELECT * FROM paper JOIN body ON body.paper_id = paper.id"):
        pass
    seconds = time.perf_counter() - began
    connection.close()
    return seconds
