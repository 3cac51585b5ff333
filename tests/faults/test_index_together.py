"""Row 60: several processes import, undo imports and search at once.

No result is wrong, and the last one is complete.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from store.importing import log as reports
from store.library.library import Library
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.faults.conftest import Report
from tests.faults.test_index_kill import _COMMAND, _listing
from tests.store.search.index_checks import assert_complete
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(4, 12)
_TODAY = date(2026, 7, 15)

# Searches until its standard input ends. Then it prints how often it searched, and how many results were wrong. A paper
# may be removed between the search and the check, so a result counts as wrong only if its paper was missing before the
# search too.
_READER = """
import json, sys, threading
from datetime import date
from pathlib import Path
from store.search import search
from store.search.parser import parse
from store.library.library import Library
from store.model.errors import LibraryError
from store.search.answer import Stopped
from store.search.search import Search
from store.papers.views import SORTS, View
ended = threading.Event()
def wait():
    sys.stdin.read()
    ended.set()
threading.Thread(target=wait).start()
texts = ["bees", "honey of", '"bees that sing"', "-honey", "author:lovelace", "hony bes", "", "year 1", "has:abstract"]
library = Library.open(Path(sys.argv[1]))
connection = library.reader()
searches = [Search(library), Search(library, max_whole=0)]
asked = doubled = missing = 0
errors = []
def there():
    return {number for (number,) in connection.execute("SELECT id FROM paper")}
while not ended.is_set():
    for text in texts:
        for asking in searches:
            asked += 1
            sort = SORTS[asked % len(SORTS)]
            before = there()
            stop = iter([False] * (asked % 7)) if asked % 5 == 0 else iter(lambda: False, None)
            try:
                answer = asking.answer(View("all"), parse(text, date(2026, 7, 15)), sort, lambda: next(stop, True))
                ids = list(answer.ids)
            except (Stopped, LibraryError):
                continue
            except BaseException as error:
                errors.append(f"{text} {sort}: {type(error).__name__}: {error}")
                continue
            doubled += len(ids) - len(set(ids))
            missing += len(set(ids) - before - there())
print(json.dumps([asked, doubled, missing, errors]))
"""


def _start(library: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "RECTO_LIBRARY": str(library)}
    command = [sys.executable, "-P", "-c", _COMMAND, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_write_and_search_at_once_do_not_disturb_one_another(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "library.db"
    listings = [_listing(tmp_path, number) for number in range(_ROUNDS * 2)]
    with Library.open(path) as library:
        readers = [
            subprocess.Popen(
                [sys.executable, "-P", "-c", _READER, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        failed: list[str] = []
        for round_ in range(_ROUNDS):
            running = [
                _start(path, ["import", str(listings[2 * round_])]),
                _start(path, ["import", str(listings[2 * round_ + 1])]),
            ]
            entries = [entry.id for entry in reports.read(library.reader(), 50) if entry.state == "read"]
            if round_ % 3 == 2:
                running += [_start(path, ["log", "undo", str(entries[round_ % len(entries)])])]
            for each in running:
                _, said = each.communicate()
                if each.returncode:
                    failed.append(said.strip().splitlines()[-1] if said.strip() else str(each.returncode))
            time.sleep(0.05)
        met = [json.loads(reader.communicate()[0]) for reader in readers]
        assert_complete(library, tmp_path)
        held = [number for (number,) in library.reader().execute("SELECT id FROM paper")]
        answer = Search(library).answer(View("all"), parse("bees", _TODAY))
    whole = (sorted(answer.ids), answer.exact, answer.unindexed) == (sorted(held), len(held), 0)
    asked, doubled, missing = (sum(each[at] for each in met) for at in range(3))
    errors = list(itertools.chain.from_iterable(each[3] for each in met))
    figure = (
        f"{asked} answers: {doubled} papers twice, {missing} that are not there, {len(errors)} errors"
        f" {errors[:3] or ''}; {len(failed)} commands failed {failed[:3] or ''}; the last answer is"
        f" {'whole' if whole else 'not whole'}"
    )
    report(60, _ROUNDS, figure, whole and not (doubled or missing or errors or failed))
