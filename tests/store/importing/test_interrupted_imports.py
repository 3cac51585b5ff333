"""Imports that are stopped, are killed, or run while other programs write lose nothing and store nothing twice."""

from __future__ import annotations

import itertools
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from store.importing import batches, log
from store.importing.log import Step
from store.library.library import Library
from store.marks import marking, stored_marks
from tests.store.importing.listings import assert_sound, contents, import_listing, page, whole

ROOT = Path(__file__).parents[3]


def test_stopping_keeps_whole_batches_and_the_next_import_goes_on(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    path = tmp_path / "a.txt"
    path.write_text(page(300))
    calls = itertools.count()
    cut = import_listing(library, path, should_stop=lambda: next(calls) > 4)
    assert cut.interrupted
    assert not cut.complete
    assert 0 < cut.entries == cut.added < 300
    stored = library.reader().execute("SELECT stored, state, (SELECT count(*) FROM entry) FROM listing").fetchone()
    assert stored == (cut.entries, "interrupted", cut.entries)
    (entry,) = log.read(library.reader())
    assert (entry.state, entry.report.entries, entry.report.interrupted) == ("interrupted", cut.entries, True)
    rest = import_listing(library, path)
    assert (rest.added, rest.unchanged, rest.complete) == (300 - cut.entries, cut.entries, True)
    assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (300,)


def test_stopping_before_anything_was_read_is_logged(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(3))
    report = import_listing(library, path, should_stop=lambda: True)
    assert (report.interrupted, report.entries) == (True, 0)
    assert log.read(library.reader())[0].state == "interrupted"
    assert import_listing(library, path).added == 3


def test_progress_reports_the_bytes_and_entries_read_so_far(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(batches, "STEP_SECONDS", 0.0)
    path = tmp_path / "a.txt"
    path.write_text(page(300))
    steps: list[Step] = []
    import_listing(library, path, on_step=steps.append)
    assert len(steps) > 3
    assert [step.entries for step in steps] == sorted(step.entries for step in steps)
    size = path.stat().st_size
    assert steps[-1] == Step(str(path), size, size, 300)


_IMPORTER = """
import sys
from datetime import date
from pathlib import Path
from store.importing import batches, importer
from store.library.library import Library
# The test kills this process, or writes to the library, between two batches.
batches.BATCH_SECONDS, batches.GAP_SECONDS, batches.STEP_SECONDS = 0.002, 0.01, 0
on_step = (lambda step: print(step.entries, flush=True)) if sys.argv[2] == "steps" else (lambda step: None)
library = Library.open(Path(sys.argv[1]))
print("ready", flush=True)
input()
for path in sys.argv[3:]:
    options = importer.Options(today=date(2026, 7, 15))
    for report in importer.import_file(library, Path(path), options, on_step=on_step):
        print(report.added, report.merged, report.unchanged, report.error, flush=True)
library.close()
"""

Process = Popen[str]


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def run(library: Path, *paths: Path, steps: bool = False) -> Process:
        """Start an import in another process.

        It begins after it has read a line from stdin, and prints the result for each file.
        """
        command = [sys.executable, "-c", _IMPORTER, str(library), "steps" if steps else "", *map(str, paths)]
        running.append(Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout
        assert running[-1].stdout.readline() == "ready\n"
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def begin(*processes: Process) -> None:
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(1500))
    with Library.open(tmp_path / "clean.db") as library:
        import_listing(library, path)
        expected = contents(library)
    killed = tmp_path / "killed.db"
    chance = random.Random(5)
    places: list[int] = []
    for _ in range(5):
        process = start(killed, path, steps=True)
        begin(process)
        assert process.stdout
        after = places[-1] + chance.randint(1, 200) if places else 1
        while int(process.stdout.readline()) < after:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Library.open(killed) as library:
            rows = library.reader().execute("SELECT stored FROM listing").fetchall()
            places.append(rows[0][0] if rows else 0)
            # The entries of a batch and the position reached in the file are stored in one transaction.
            assert library.reader().execute("SELECT count(*) FROM entry").fetchone() == (places[-1],)
            assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (places[-1],)
            if places[-1]:
                marking.bookmark(library, [1], True)
        assert_sound(killed)
    assert places == sorted(places)
    assert 0 < max(places) < 1500
    with Library.open(killed) as library:
        last = import_listing(library, path)
        assert (last.added, last.unchanged) == (1500 - places[-1], places[-1])
        assert whole(library, "Paper number 0 of").marks.bookmarked
        marking.bookmark(library, [1], False)
        assert contents(library) == expected


def test_two_simultaneous_imports_of_one_file_neither_lose_nor_duplicate_entries(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(400))
    with Library.open(tmp_path / "one.db") as library:
        import_listing(library, path)
        expected = contents(library)
    both = [start(tmp_path / "two.db", path) for _ in range(2)]
    begin(*both)
    outputs = [process.communicate()[0].split() for process in both]
    assert [each[3] for each in outputs] == ["None", "None"]
    assert sum(int(each[0]) for each in outputs) == 400
    assert all(int(each[0]) + int(each[2]) == 400 for each in outputs)
    with Library.open(tmp_path / "two.db") as library:
        assert contents(library) == expected
    assert_sound(tmp_path / "two.db")


def test_two_imports_of_files_with_the_same_papers_make_each_paper_once(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    titles = [f"Paper number {number} of them all" for number in range(200)]
    (tmp_path / "a.txt").write_text(page(titles))
    (tmp_path / "b.txt").write_text(page(titles[::-1], comments=3))
    both = [start(tmp_path / "both.db", tmp_path / name) for name in ("a.txt", "b.txt")]
    begin(*both)
    outputs = [process.communicate()[0].split() for process in both]
    assert sum(int(each[0]) for each in outputs) == 200
    assert sum(int(each[1]) for each in outputs) == 200
    with Library.open(tmp_path / "both.db") as library:
        assert library.reader().execute("SELECT count(*), count(DISTINCT title) FROM paper").fetchone() == (200, 200)
        assert library.reader().execute("SELECT count(*) FROM entry").fetchone() == (400,)
    assert_sound(tmp_path / "both.db")


def test_marks_made_while_an_import_runs_are_neither_refused_nor_lost(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(400))
    (tmp_path / "first.txt").write_text(page(["The first paper here"]))
    with Library.open(tmp_path / "library.db") as library:
        import_listing(library, tmp_path / "first.txt")
        process = start(library.path, path)
        begin(process)
        mark_count = 0
        while process.poll() is None:
            marking.tag(library, [1], add=[f"tag{mark_count}"])
            mark_count += 1
            time.sleep(0.01)
        assert process.communicate()[0].split()[0] == "400"
        assert len(stored_marks.read(library.reader(), 1).tags) == mark_count > 3
