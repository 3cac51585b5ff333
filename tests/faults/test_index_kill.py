"""Row 59: `import`, `index` or `log undo` is killed at any moment.

Afterwards the search index becomes correct again.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from store.importing import log as reports
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.papers.views import View
from store.search import index_sync, search
from store.search.parser import parse
from store.search.search import Search
from tests.faults.conftest import Report
from tests.store.search.index_checks import assert_complete
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(24, 90)
# In every second round, the process is killed at one of these system calls, all of which change files on the disk.
_CALLS = ("rename", "fsync,fdatasync", "unlink,unlinkat", "pwrite64", "openat")
_LISTINGS = 12
_PAPERS = 400
_TODAY = date(2026, 7, 15)
_QUERIES = ("bees", "honey of", '"bees that sing"', "-honey", "author:lovelace", "has:abstract bees", "hony", "")

# `recto`, changed so that it indexes few papers per batch and checks the index more often. A small library then needs
# many batches.
_COMMAND = """
from store.search import index_sync as indexing
indexing.PART = 150
from tui.cli import index as following
following._CHECK_SECONDS = 0.005
from tui.__main__ import main
main()
"""


def _listing(folder: Path, number: int) -> Path:
    """Write a listing.

    Half of its papers are also in the listing with the next number, so that an import changes papers.
    """
    path = folder / f"{number}.bib"
    entries = []
    for paper in range(number * _PAPERS // 2, number * _PAPERS // 2 + _PAPERS):
        title = f"{'Bees that sing' if paper % 3 else 'Honey of bees'} in the year {paper}"
        abstract = f"Listing {number} says of paper {paper} what it can. " * (5 + number)
        entries.append(
            f"@article{{p{paper}, title={{{title}}}, author={{Ada Lovelace and Author {paper}}}, year={{2024}},"
            f" doi={{10.1000/{paper}}}, abstract={{{abstract}}}}}"
        )
    path.write_text("\n".join(entries), "utf-8")
    return path


class _Killed:
    """Runs commands on a library and kills them."""

    def __init__(self, library: Path, chance: random.Random) -> None:
        self._environment = {**os.environ, "RECTO_LIBRARY": str(library)}
        self._chance = chance
        # The time that a command needs if it is not killed (s). It is killed at a random time in this range.
        self._seconds = 1.0
        self.early = 0

    def run(self, arguments: Sequence[str], calls: str | None) -> None:
        command = [sys.executable, "-P", "-c", _COMMAND, *arguments]
        if calls is not None:
            # Choose one of the first calls more often, because the command makes some of these calls only a few times.
            when = int(2 ** self._chance.uniform(0, 5))
            command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
                       "-e", f"inject={calls}:signal=SIGKILL:when={when}", *command]  # fmt: skip
        started = time.monotonic()
        running = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            running.wait(None if calls is not None else self._chance.uniform(0.15, self._seconds * 1.1))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        if running.returncode == 0:
            self.early += 1
            if calls is None:
                self._seconds = max(0.4, time.monotonic() - started)


def _named_wrongly(library: Library) -> int:
    """The number of wrong search results: papers listed twice, and papers that do not exist.

    The index is not complete yet.
    """
    there = {number for (number,) in library.reader().execute("SELECT id FROM paper")}
    wrong = 0
    for text in _QUERIES:
        ids = list(Search(library).answer(View("all"), parse(text, _TODAY)).ids)
        wrong += len(ids) - len(set(ids) & there)
    return wrong


def test_the_index_is_right_after_kills_at_any_moment(
    tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    listings = [_listing(tmp_path, number) for number in range(_LISTINGS)]
    path = tmp_path / "library.db"
    killed = _Killed(path, chance)
    traced = shutil.which("strace") is not None
    wrong = named = ahead = 0
    for round_ in range(_ROUNDS):
        with Library.open(path) as library:
            undoable = [entry.id for entry in reports.read(library.reader(), 50) if entry.state != "withdrawn"]
            if chance.random() < 0.3:
                # Change some titles, so that `recto index` has something to do.
                with library.writing() as connection:
                    connection.execute("UPDATE paper SET title = title || ' again' WHERE id % 7 = ?", (round_ % 7,))
        act = chance.random()
        if act < 0.6 or not undoable:
            arguments = ["import", *map(str, chance.sample(listings, 2))]
        elif act < 0.8:
            arguments = ["index"]
        else:
            arguments = ["log", "undo", str(chance.choice(undoable))]
        by_call = traced and round_ % 2 == 1
        if by_call:
            # Import in this process without indexing, so that `recto index`, which strace watches, indexes everything.
            with Library.open(path) as library:
                list(take_in(library, [chance.choice(listings)], Options(today=_TODAY)))
            arguments = ["index"]
        killed.run(arguments, chance.choice(_CALLS) if by_call else None)
        with Library.open(path) as library:
            ahead += _ahead(library)
            with monkeypatch.context() as patch:
                patch.setattr(search, "_MAX_AWAITED", 0)
                named += _named_wrongly(library)
            if round_ % 4 == 3:
                # Complete the index after every fourth kill only, so that other kills hit an incomplete one.
                assert_complete(library, tmp_path)
            wrong += _doubled(library)
    with Library.open(path) as library:
        assert_complete(library, tmp_path)
    figure = (
        f"{wrong} wrong indexes, {named} papers named that are not there or twice, {killed.early} ended by themselves"
    )
    figure += f", {ahead} with more in the index than the library knew of"
    report(59, _ROUNDS, figure, not (wrong or named) and (ahead > 0 or not traced))


def _ahead(library: Library) -> bool:
    """Whether the index has papers that the library has not recorded as indexed.

    Then the kill came between the two writes.
    """
    connection = library.reader()
    searcher = index_sync.Snapshots(library).newest(connection)
    if searcher is None:
        return False
    (done,) = connection.execute("SELECT done FROM indexed").fetchone()
    return index_sync.index.run(searcher, index_sync.terms.sort_key_between("id", done + 1, 2**63)).total > 0


def _doubled(library: Library) -> bool:
    """Whether the index contains a paper twice."""
    searcher = index_sync.Snapshots(library).newest(library.reader())
    if searcher is None:
        return False
    found = index_sync.index.run(
        searcher, index_sync.terms.everything(), "id", limit=max(1, searcher.num_docs)
    ).sort_keys
    return len(found) != len(set(found))
