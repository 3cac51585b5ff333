"""Row 58: recto is used without a pause. Its memory, its open files and the WAL stay within limits."""

from __future__ import annotations

import random
import statistics
from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.faults.soak import Soak
from tests.thorough import number_of_rounds

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at processes as Linux shows them"),
]

_SECONDS = number_of_rounds(20, 150)
# How long recto is used before the first measurement (s). Caches are filled in this time.
_WARM_SECONDS = number_of_rounds(10, 50)
_SAMPLE_SECONDS = 1.0
# The limits of the WAL and of the memory (MiB), and the limit for the growth of the number of open files. Memory grows
# while caches are filled. After a quarter of an hour of a similar use it was constant, at 142 MiB.
_MOST_WAL_MIB = 16.0
_MOST_MEMORY_MIB = 200.0
_MOST_NEW_FILES = 4


def test_memory_open_files_and_the_wal_stay_within_limits(tmp_path: Path, report: Report) -> None:
    soak = Soak(tmp_path, random.Random(58))
    samples = list(soak.samples(_WARM_SECONDS + _SECONDS, _SAMPLE_SECONDS))
    measured = [each for each in samples if each.at > _WARM_SECONDS]
    memory = max(each.memory for each in samples)
    first, last = measured[: len(measured) // 3], measured[-len(measured) // 3 :]
    slope = statistics.linear_regression([each.at for each in last], [each.memory for each in last]).slope
    files = min(each.files for each in last) - min(each.files for each in first)
    wal = max(each.wal for each in samples)
    figure = (
        f"{_SECONDS} s, {soak.actions} actions, {soak.imports} imports: memory up to {memory:.0f} MiB"
        f" ({slope * 3600:+.0f} MiB an hour at the end), open files {files:+d}, largest WAL {wal:.1f} MiB"
    )
    report(58, _SECONDS, figure, memory <= _MOST_MEMORY_MIB and files <= _MOST_NEW_FILES and wal <= _MOST_WAL_MIB)
