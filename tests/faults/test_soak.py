"""Row 58: the reader is used without a pause. Its memory, its open files and the WAL stay within limits."""

from __future__ import annotations

import contextlib
import random
import statistics
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.search import index_sync
from tests.faults.conftest import Report
from tests.faults.test_index_kill import _listing
from tests.scenarios.terminal import Terminal
from tests.thorough import number_of_rounds

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at processes as Linux shows them"),
]

_SECONDS = number_of_rounds(20, 150)
# The use before the first measurement, in which caches fill (s).
_WARM_SECONDS = number_of_rounds(10, 50)
_IMPORT_SECONDS = 8.0
_SAMPLE_SECONDS = 1.0
_TODAY = date(2026, 7, 15)
_FILTERS = ("bees", "honey of", "author:lovelace", "-sing", "year:2024 bees", "hony", '"bees that sing"')
_KEYS = (*"jjjjkkbbdxTGg", "u", "ctrl+d", "ctrl+u", "2", "4", "1", "s", "s")
# The limits of the WAL and of the memory (MiB), and of the growth of the number of open files. Memory
# grows while caches fill. After a quarter of an hour of a similar use it was constant, at 142 MiB.
_MOST_WAL_MIB = 16.0
_MOST_MEMORY_MIB = 200.0
_MOST_NEW_FILES = 4


class _Sample(NamedTuple):
    """The memory of the reader without mapped files (MiB), its open files, and the WAL (MiB), at a time (s)."""

    at: float
    memory: float
    files: int
    wal: float


def _sample(process: int, library: Path, began: float) -> _Sample:
    status = Path(f"/proc/{process}/status").read_text()
    (memory,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))
    wal = 0
    with contextlib.suppress(FileNotFoundError):
        wal = Path(f"{library}-wal").stat().st_size
    return _Sample(
        time.monotonic() - began,
        memory / 1024,
        sum(1 for _ in Path(f"/proc/{process}/fd").iterdir()),
        wal / 2**20,
    )


def _use(reader: Terminal, chance: random.Random) -> None:
    """Type filters and mark papers for about a second."""
    reader.press("escape", "escape")
    if chance.random() < 0.5:
        reader.press("/", *chance.choice(_FILTERS), "enter")
    for _ in range(8):
        reader.press(chance.choice(_KEYS))
        reader.read_for(0.1)
    reader.press("escape")


def test_memory_open_files_and_the_wal_stay_within_limits(tmp_path: Path, report: Report) -> None:
    path, inbox = tmp_path / "library.db", tmp_path / "inbox"
    chance = random.Random(58)
    with Library.open(path) as library:
        list(take_in(library, [_listing(tmp_path, number) for number in range(6)], Options(today=_TODAY)))
        assert index_sync.catch_up(library)
    samples: list[_Sample] = []
    imports, next_import, next_sample = 6, 0.0, 0.0
    with Terminal("--library", path) as reader:
        reader.shows(" paper")
        began = time.monotonic()
        while (now := time.monotonic() - began) < _WARM_SECONDS + _SECONDS:
            _use(reader, chance)
            if now > next_import:
                # The same papers again, with other abstracts: the library changes and does not grow.
                new = _listing(tmp_path, imports % 6)
                new.write_text(new.read_text("utf-8").replace("what it can", f"what it can {imports}"), "utf-8")
                new.rename(inbox / f"{imports}.bib")
                imports, next_import = imports + 1, now + _IMPORT_SECONDS
            if now > next_sample:
                samples.append(_sample(reader.process.pid, path, began))
                next_sample = now + _SAMPLE_SECONDS
        assert reader.process.poll() is None, reader.text
    measured = [each for each in samples if each.at > _WARM_SECONDS]
    memory = max(each.memory for each in samples)
    first, last = measured[: len(measured) // 3], measured[-len(measured) // 3 :]
    slope = statistics.linear_regression([each.at for each in last], [each.memory for each in last]).slope
    files = min(each.files for each in last) - min(each.files for each in first)
    wal = max(each.wal for each in samples)
    figure = (
        f"{_SECONDS} s, {imports - 6} imports: memory up to {memory:.0f} MiB ({slope * 3600:+.0f} MiB an hour at the"
        f" end), open files {files:+d}, largest WAL {wal:.1f} MiB"
    )
    report(58, _SECONDS, figure, memory <= _MOST_MEMORY_MIB and files <= _MOST_NEW_FILES and wal <= _MOST_WAL_MIB)
