"""Rows 1 and 2: recto is killed at any moment, and nothing that it had reported as saved is lost."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking, stored_marks
from tests.bench.resident import descendants
from tests.faults.conftest import Report
from tests.faults.injection import killed_at, needs_strace
from tests.thorough import number_of_rounds
from tests.tui import samples

pytestmark = pytest.mark.faults

_MARKS_ROUNDS = number_of_rounds(6, 200)
_WRITES = number_of_rounds(6, 60)
_IMPORT_ROUNDS = number_of_rounds(6, 40)
_PAPERS = 1_000
_LONG_PAPERS = 6_000
_TODAY = date(2026, 11, 1)

# Marks papers in a fixed order and prints the number of each step. The marks of all printed steps must be saved.
_MARKER = """
import itertools, sys
from pathlib import Path
from store.marks import marking as reading
from store.library.library import Library
library = Library.open(Path(sys.argv[1]))
for step in itertools.count(int(sys.argv[2])):
    paper = step % 50 + 1
    (reading.bookmark if step % 2 else reading.queue)(library, [paper])
    sys.stdout.write(f"{step}\\n"); sys.stdout.flush()
"""


# `recto`, changed so that a separate process parses every listing, and so that the import is slow.
_APART = """
from store.importing import worker as apart, batches
apart.LONG, apart._cores = 0, lambda: 2
batches.BATCH_SECONDS, batches.GAP_SECONDS = 0.002, 0.02
from tui.__main__ import main
main()
"""


def _listing(folder: Path) -> Path:
    """Write a listing with _PAPERS generated papers in recto's own format."""
    lines = ["new", "", "Get trending papers in your email inbox!", "", "Subscribe", "", "Daily Papers", ""]
    lines += ["byAK and the research community", "", "Oct 30", ""]
    for number in range(_PAPERS):
        lines += [f"On the {number}th Way to Fold a Map", "", f"We fold map number {number} in a new way. " * 6, ""]
        lines += [f"  • {number % 9 + 1} authors", "·", f"Oct {number % 28 + 1}, 2024", ""]
    path = folder / "daily-papers-2026-10-30.txt"
    path.write_text("\n".join(lines), "utf-8")
    return path


def _sound(library: Path) -> bool:
    connection = sqlite3.connect(library)
    try:
        return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def _expected(steps: int) -> tuple[set[int], set[int]]:
    """The ids of the papers that are bookmarked, and of those that are queued, after the first `steps` steps."""
    bookmarked: set[int] = set()
    queued: set[int] = set()
    for step in range(steps):
        (bookmarked if step % 2 else queued).symmetric_difference_update({step % 50 + 1})
    return bookmarked, queued


def _steps_found(path: Path, printed: int) -> int | None:
    """How many steps the library contains: as many as were printed, or one more. None if its content is different.

    The step after the last printed one may also be saved, because the kill may come before it is printed.
    """
    with Library.open(path) as library:
        connection = library.reader()
        found = (
            {n for (n,) in connection.execute("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")},
            {n for (n,) in connection.execute("SELECT paper_id FROM queue")},
        )
    return next((steps for steps in (printed, printed + 1) if found == _expected(steps)), None)


def _library(folder: Path) -> Path:
    path = folder / "library.db"
    with Library.open(path) as library:
        list(take_in(library, [_listing(folder)], Options(today=_TODAY)))
    return path


def test_marks_reported_as_saved_are_there_after_a_kill(tmp_path: Path, report: Report) -> None:
    path = _library(tmp_path)
    chance = random.Random(1)
    said = unsound = done = 0
    for _ in range(_MARKS_ROUNDS):
        marker = subprocess.Popen(
            [sys.executable, "-c", _MARKER, str(path), str(done)], stdout=subprocess.PIPE, text=True
        )
        assert marker.stdout is not None
        first = marker.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        marker.send_signal(signal.SIGKILL)
        steps = [int(first), *map(int, marker.stdout.read().split())]
        marker.wait()
        marker.stdout.close()
        said += len(steps)
        unsound += not _sound(path)
        if (found := _steps_found(path, steps[-1] + 1)) is None:
            report(1, _MARKS_ROUNDS, f"a mark was lost after step {steps[-1]}", False)
            return
        done = found
    report(1, _MARKS_ROUNDS, f"0 of {said} marks lost, {unsound} damaged files", not unsound)


@needs_strace
def test_what_was_said_to_be_marked_is_there_after_a_kill_at_each_write(tmp_path: Path, report: Report) -> None:
    path = _library(tmp_path)
    said = unsound = done = 0
    for when in range(1, _WRITES + 1):
        ended = killed_at("pwrite64", when, "-c", _MARKER, path, str(done))
        assert ended.returncode, f"write {when} was not reached"
        steps = [done - 1, *map(int, ended.stdout.split())]
        said += len(steps) - 1
        unsound += not _sound(path)
        if (found := _steps_found(path, steps[-1] + 1)) is None:
            report(1, when, f"a mark was lost by a kill at write {when}", False)
            return
        done = found
    report(1, _WRITES, f"0 of {said} marks lost by kills at each write, {unsound} damaged files", not unsound)


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, report: Report) -> None:
    listing = _listing(tmp_path)
    clean = tmp_path / "clean.db"
    with Library.open(clean) as library:
        list(take_in(library, [listing], Options(today=_TODAY)))
    chance = random.Random(2)
    equal = 0
    for number in range(_IMPORT_ROUNDS):
        path = tmp_path / f"killed-{number}.db"
        with Library.open(path) as library:
            pass
        environment = {**os.environ, "RECTO_LIBRARY": str(path)}
        command = [sys.executable, "-P", "-m", "tui", "import", "--json", str(listing)]
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        time.sleep(chance.uniform(0.15, 0.8))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        with Library.open(path) as library:
            held = library.reader().execute("SELECT count(*) FROM paper").fetchone()[0]
            if held:
                marking.bookmark(library, [1])
        finished = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        last = json.loads(finished.stdout)
        with Library.open(path) as library:
            kept = stored_marks.read(library.reader(), 1).bookmarked is not None
        equal += _papers(path) == _papers(clean) and last["entries"] == _PAPERS and kept == bool(held)
    report(2, _IMPORT_ROUNDS, f"{equal} equal to the clean import", equal == _IMPORT_ROUNDS)


def test_an_import_whose_reading_process_is_killed_or_that_is_killed_beside_it_goes_on(
    tmp_path: Path, report: Report
) -> None:
    """A separate process parses the listing.

    In each round, either this process or the import is killed, at a random time.
    """
    listing = tmp_path / "snapshot.json"
    listing.write_text("".join(f"{samples.snapshot_line(number)}\n" for number in range(_LONG_PAPERS)))
    clean = tmp_path / "clean.db"
    with Library.open(clean) as library:
        list(take_in(library, [listing], Options(today=_TODAY)))
    chance = random.Random(3)
    equal = cut = left = 0
    for number in range(_IMPORT_ROUNDS):
        path = tmp_path / f"killed-{number}.db"
        with Library.open(path):
            pass
        environment = {**os.environ, "RECTO_LIBRARY": str(path)}
        command = [sys.executable, "-P", "-c", _APART, "import", "--json", str(listing)]
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ends = time.monotonic() + chance.uniform(0.2, 1.0)
        reading: list[int] = []
        while time.monotonic() < ends and running.poll() is None:
            reading = descendants(running.pid) or reading
            time.sleep(0.002)
        with contextlib.suppress(ProcessLookupError):
            os.kill(reading[-1] if number % 2 and reading else running.pid, signal.SIGKILL)
        running.communicate()
        with Library.open(path) as library:
            (held,) = library.reader().execute("SELECT count(*) FROM paper").fetchone()
        cut += held < _LONG_PAPERS
        finished = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        equal += _papers(path) == _papers(clean) and json.loads(finished.stdout)["entries"] == _LONG_PAPERS
        left += sum(map(_runs, reading))
    figure = f"{equal} equal to the clean import, {cut} of them cut, {left} reading processes left over"
    report(2, _IMPORT_ROUNDS, figure, equal == _IMPORT_ROUNDS and cut > 0 and not left)


def _runs(process: int) -> bool:
    """Whether a process still runs after two seconds."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.02)
    return True


def _papers(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(
            "SELECT p.title, p.published, p.author_count, p.first_listed, b.abstract,"
            " (SELECT count(*) FROM entry e WHERE e.paper_id = p.id)"
            " FROM paper p JOIN body b ON b.paper_id = p.id ORDER BY p.title"
        ).fetchall()
    finally:
        connection.close()
