"""recto is killed while it synchronizes, and every mark that it had reported as saved reaches the other machine."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import stored_marks
from store.sync import rounds
from tests.faults.conftest import Report
from tests.store.sync.test_hostile_carrier import library_with
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(20, 100)
# Marks papers in a fixed order, prints the number of each step, and synchronizes after each step. The printed steps
# must reach the other machine.
_MARKER = """
import itertools, sys
from pathlib import Path
from store.library.library import Library
from store.marks import marking
from store.sync import rounds
library, folder = Library.open(Path(sys.argv[1])), Path(sys.argv[2])
for step in itertools.count(int(sys.argv[3])):
    marking.note(library, step % 6 + 1, f"step {step}")
    sys.stdout.write(f"{step}\\n"); sys.stdout.flush()
    rounds.run(library, folder)
"""


def test_marks_reported_as_saved_reach_the_other_machine_after_a_kill(tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    paths = [tmp_path / "killed.db", tmp_path / "other.db"]
    for path in paths:
        shutil.copy(library_with(6), path)
    chance = random.Random(1)
    said = lost = step = 0
    with Library.open(paths[1]) as other:
        for _ in range(_ROUNDS):
            marker = subprocess.Popen(
                [sys.executable, "-c", _MARKER, str(paths[0]), str(folder), str(step)],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert marker.stdout is not None
            first = marker.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            marker.send_signal(signal.SIGKILL)
            steps = [int(first), *map(int, marker.stdout.read().split())]
            marker.wait()
            marker.stdout.close()
            said += len(steps)
            with Library.open(paths[0]) as killed:
                # The last mark may be saved although the process was killed before it printed the step.
                rounds.run(killed, folder)
                rounds.run(other, folder)
                numbers = range(1, 7)
                here = stored_marks.read_all(killed.reader(), numbers)
                there = stored_marks.read_all(other.reader(), numbers)
                newest = max(int(marks.note.removeprefix("step ")) for marks in there.values() if marks.note)
                lost += here != there or newest < steps[-1]
                step = newest + 1
    report(71, _ROUNDS, f"{said} marks, {lost} rounds in which one did not reach the other machine", lost == 0)
