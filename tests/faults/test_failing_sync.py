"""Row 12: an fsync fails while a mark is saved.

recto reports that the mark may not be saved, and shows the stored marks.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import stored_marks
from tests.faults.conftest import Report
from tests.scenarios.terminal import Terminal
from tests.store.sync.test_hostile_carrier import library_with
from tests.thorough import number_of_rounds

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed, which makes a sync fail"),
]

_ROUNDS = number_of_rounds(4, 20)
_READERS = number_of_rounds(1, 3)
_STEPS = 14
_PAPERS = 4
_UNCERTAIN = "not certain to be saved"
# Marks papers. Prints for each mark the error, if any, and the note that is read from the library afterwards. With the
# second argument "kill", the program is killed after the first error.
_PROGRAM = f"""
import json, os, signal, sys
from pathlib import Path
from store.library.library import Library
from store.marks import marking, stored_marks
from store.model.errors import LibraryError
with Library.open(Path(sys.argv[1])) as library:
    for step in range({_STEPS}):
        paper, error = step % {_PAPERS} + 1, ""
        try:
            marking.note(library, paper, f"step {{step}}")
        except LibraryError as problem:
            error = str(problem)
        print(json.dumps([step, paper, error, stored_marks.read(library.reader(), paper).note]), flush=True)
        if error and sys.argv[2] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
"""


def _strace(when: int) -> list[str]:
    """The start of a command line: the sync call with this number fails in the command that follows."""
    calls = "fsync,fdatasync"
    return [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        f"trace={calls}",
        "-e",
        f"inject={calls}:error=EIO:when={when}",
    ]


def _stored(path: Path) -> dict[int, str | None]:
    with Library.open(path) as library:
        connection = library.reader()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {number: stored_marks.read(connection, number).note for number in range(1, _PAPERS + 1)}


def _said(path: Path, when: int, end: str) -> Iterator[tuple[int, int, str, str | None]]:
    command = [*_strace(when), sys.executable, "-c", _PROGRAM, str(path), end]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    for line in output.splitlines():
        step, paper, error, note = json.loads(line)
        yield step, paper, error, note


@pytest.mark.parametrize("end", ["goes on", "kill"])
def test_after_a_failed_sync_recto_shows_what_is_stored(tmp_path: Path, report: Report, end: str) -> None:
    failed = 0
    wrong: list[str] = []
    for when in range(1, _ROUNDS + 1):
        path = tmp_path / f"{when}.db"
        shutil.copy(library_with(6), path)
        shown: dict[int, str | None] = dict.fromkeys(range(1, _PAPERS + 1))
        # The notes that a paper may have instead of the note that was shown last.
        possible: dict[int, str] = {}
        for step, paper, error, note in _said(path, when, end):
            failed += bool(error)
            if error and _UNCERTAIN not in error:
                wrong.append(f"{when}: said {error}")
            if not error and note != f"step {step}":
                wrong.append(f"{when}: said that step {step} is saved, and showed {note}")
            if error and note not in (shown[paper], f"step {step}"):
                wrong.append(f"{when}: showed {note} after step {step} had failed")
            shown[paper] = note
            if error and end == "kill":
                possible[paper] = f"step {step}"
        wrong += [
            f"{when}: paper {paper} has {note}, and {shown[paper]} was shown"
            for paper, note in _stored(path).items()
            if note not in (shown[paper], possible.get(paper, shown[paper]))
        ]
    figure = f"{failed} marks whose sync failed, {len(wrong)} wrong answers {wrong[:3] or ''}"
    report(12, _ROUNDS, figure.strip(), not wrong and failed > _ROUNDS // 2)


def test_the_reader_says_that_a_mark_is_not_certain_to_be_saved(tmp_path: Path, report: Report) -> None:
    uncertain = 0
    for when in range(1, _READERS + 1):
        path = tmp_path / f"{when}.db"
        shutil.copy(library_with(6), path)
        with Terminal("--library", path, starter=_strace(when)) as reader:
            reader.shows("6 papers")
            # A bookmarked paper leaves the view New, so use the view All.
            reader.press("2")
            reader.shows("All · 1 of 6")
            for _ in range(_READERS + 1):
                uncertain += _mark(reader, path)
            reader.press("q")
            reader.ends()
    report(12, _READERS, f"{uncertain} marks of the reader whose sync failed", uncertain >= _READERS)


def _mark(reader: Terminal, path: Path) -> bool:
    """Bookmark the first paper, or remove its bookmark. Returns whether recto reports that this may not be saved.

    The function returns as soon as the screen shows what is stored.
    """
    before, drawn = _bookmarked(path), len(reader.output)

    def says_so() -> bool:
        # Another message, for example about the index on the same disk, may soon replace this one, so search all
        # output.
        return _UNCERTAIN.encode() in reader.output[drawn:]

    reader.press("escape", "g", "b")
    reader.until(lambda: says_so() or _bookmarked(path) != before, "the bookmark is saved or not")
    is_uncertain = says_so()
    reader.press("j", "k")
    reader.until(
        lambda: ("★" in reader.lines[reader.find("▌")]) == bool(_bookmarked(path)), "the screen shows what is stored"
    )
    return is_uncertain


def _bookmarked(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM mark WHERE bookmarked_at IS NOT NULL").fetchone()[0])
