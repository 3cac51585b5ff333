"""Row 3: the power fails at any moment of an import or a mark. `recorded_writes.py` describes the model of the disk."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import stored_marks
from tests.faults.conftest import Report
from tests.faults.recorded_writes import Disk, record
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_STATES = number_of_rounds(150, 2_000)
_LISTINGS = 3
_PAPERS = 60
_MARKED = 30
_MARKS = 20
_TODAY = date(2026, 11, 1)
# After each time this number of states was tested, import the listings again, and compare the library with one that
# lost nothing.
_COMPARED = 50

# Imports listings and marks papers, and prints a line after each mark. SQLite writes the WAL back often.
_PROGRAM = f"""
import sys
from datetime import date
from pathlib import Path
from store.importing import batches
from store.library import library as libraries
batches.BATCH_SECONDS = 0.002
libraries._AUTOCHECKPOINT_PAGES = 40
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
step = 0
for listing in sys.argv[2:]:
    with Library.open(Path(sys.argv[1])) as library:
        for _ in take_in(library, [Path(listing)], Options(today=date({_TODAY.year}, {_TODAY.month}, {_TODAY.day}))):
            pass
        for _ in range({_MARKS}):
            marking.note(library, step % {_MARKED} + 1, f"step {{step}}")
            sys.stdout.write(f"{{step}}\\n"); sys.stdout.flush()
            step += 1
"""


def _listings(folder: Path) -> list[Path]:
    paths = []
    for number in range(_LISTINGS):
        path = folder / f"{number}.bib"
        numbers = range(number * _PAPERS, (number + 1) * _PAPERS)
        abstract = "We fold a map in a new way. " * 12
        path.write_text(
            "\n".join(
                f"@article{{p{each}, title={{The {each}th Way to Fold a Map}}, author={{Ada Lovelace}}, year={{2024}},"
                f" doi={{10.1000/{each}}}, abstract={{{abstract}}}}}"
                for each in numbers
            ),
            "utf-8",
        )
        paths.append(path)
    return paths


def _notes(steps: int) -> dict[int, str]:
    """The note of each paper after the first `steps` marks."""
    return {step % _MARKED + 1: f"step {step}" for step in range(steps)}


def _rows(library: Library) -> list[tuple[object, ...]]:
    """The stored papers without their notes."""
    return library.reader().execute("SELECT title, doi, published FROM paper ORDER BY doi").fetchall()


def _faults(path: Path, said: int) -> str:
    """What is wrong with a library after a power loss, or "".

    `said` is the number of marks that the program had reported as saved.
    """
    try:
        library = Library.open(path)
    except Exception as error:
        return f"it cannot be opened: {error}"
    with library:
        if library.read_only is not None:
            return f"it cannot be written: {library.read_only}"
        connection = library.reader()
        if (problems := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            return f"it is damaged: {problems[0][0]}"
        found = (
            {
                number: marks.note
                for number, marks in stored_marks.read_all(connection, range(1, _MARKED + 1)).items()
                if marks.note
            }
            if connection.execute("SELECT count(*) FROM paper").fetchone()[0] >= _MARKED
            else {}
        )
        # The mark after the last reported one may be saved too, because the power may fail before it is reported.
        if found not in (_notes(said), _notes(said + 1)):
            return f"{said} marks were said to be saved, and it has {sorted(found.values())[-3:]}"
        torn = connection.execute(
            "SELECT count(*) FROM listing l WHERE stored <> (SELECT count(*) FROM entry WHERE listing_id = l.id)"
        ).fetchone()[0]
        return f"{torn} listings whose place does not fit their entries" if torn else ""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed, which records the writes")
def test_nothing_that_was_said_to_be_saved_is_lost_when_the_power_fails(tmp_path: Path, report: Report) -> None:
    listings = _listings(tmp_path)
    folder = tmp_path / "recorded"
    folder.mkdir()
    command = [sys.executable, "-c", _PROGRAM, str(folder / "library.db"), *map(str, listings)]
    calls = record(command, tmp_path / "calls")
    with Library.open(folder / "library.db") as library:
        complete = _rows(library)
    assert len(complete) == _LISTINGS * _PAPERS
    inside = [number for number, call in enumerate(calls) if call.path.startswith(str(folder))]
    chance = random.Random(3)
    moments = sorted(chance.choices(inside, k=_STATES))
    disk = Disk(folder)
    said = applied = compared = 0
    lost: list[str] = []
    crashed = tmp_path / "crashed"
    for number, moment in enumerate(moments):
        for call in calls[applied : moment + 1]:
            disk.apply(call)
            # The program writes nothing else to its standard output, so the lines can be counted.
            said += call.name == "write" and call.data == f"{said}\n".encode()
        applied = moment + 1
        shutil.rmtree(crashed, ignore_errors=True)
        crashed.mkdir()
        for name, content in disk.after_power_loss(chance).items():
            (crashed / name).write_bytes(content)
        if fault := _faults(crashed / "library.db", said):
            lost.append(f"call {moment}: {fault}")
        elif number % _COMPARED == 0:
            compared += 1
            with Library.open(crashed / "library.db") as library:
                list(take_in(library, listings, Options(today=_TODAY)))
                if _rows(library) != complete:
                    lost.append(f"call {moment}: another import does not complete it")
    figure = f"{said} marks, {len(lost)} states that lost one or are damaged, {compared} completed {lost[:3] or ''}"
    report(3, _STATES, figure.strip(), not lost and said > 0.9 * _LISTINGS * _MARKS)
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
