"""Row 34: thousands of files are put into the inbox at once. All are imported, and recto reacts to keys meanwhile."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from store.library.library import Library
from tests.faults.conftest import Report
from tests.scenarios.terminal import Terminal
from tests.thorough import number_of_rounds
from tests.waiting import PATIENCE

pytestmark = pytest.mark.faults

_FILES = number_of_rounds(150, 10_000)


def _listing(number: int) -> str:
    title = f"The {number}th Way to Fold a Map"
    return f"@article{{p{number},\n  title = {{{title}}},\n  author = {{Ada Lovelace}},\n  year = {{2024}}\n}}\n"


def _imported(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM log WHERE state = 'read'").fetchone()[0])


def test_every_file_of_thousands_is_imported_and_the_reader_goes_on(tmp_path: Path, report: Report) -> None:
    path, waiting, inbox = (tmp_path / name for name in ("library.db", "waiting", "inbox"))
    waiting.mkdir()
    for number in range(_FILES):
        (waiting / f"{number}.bib").write_text(_listing(number), "utf-8")
    with Library.open(path):
        pass
    with Terminal("--library", path) as reader:
        reader.until(inbox.is_dir, "the inbox is there")
        began = time.monotonic()
        for file in waiting.iterdir():
            file.rename(inbox / file.name)
        reader.until(lambda: _imported(path) > 0, "the first file is imported")
        longest, imported, since = 0.0, 0, time.monotonic()
        while (now_imported := _imported(path)) < _FILES:
            if now_imported > imported:
                imported, since = now_imported, time.monotonic()
            assert time.monotonic() - since < PATIENCE, f"{imported} of {_FILES} files, and no more:\n{reader.text}"
            longest = max(longest, _answer(reader))
            reader.read_for(0.5)
        seconds = time.monotonic() - began
    with closing(sqlite3.connect(path)) as connection:
        (papers,) = connection.execute("SELECT count(*) FROM paper").fetchone()
    figure = f"{papers} of {_FILES} files imported in {seconds:.0f} s, the slowest answer to a key took {longest:.2f} s"
    report(34, _FILES, figure, papers == _FILES)


def _answer(reader: Terminal) -> float:
    """Open the help and close it again. Returns how long the help took to open (s)."""
    began = time.monotonic()
    reader.press("?")
    reader.shows("go one line down")
    seconds = time.monotonic() - began
    reader.press("escape")
    reader.until(lambda: "go one line down" not in reader.text, "the help is closed")
    return seconds
