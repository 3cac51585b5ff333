"""A worker process that is killed, ends, hangs or sends invalid data.

The entries that it has read are stored, and the failure is reported.
"""

from __future__ import annotations

import importlib
import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.importing import importer, worker
from store.library.library import Library
from store.model import limits
from tests.store.importing.listings import assert_sound
from tests.store.importing.long_listings import MANY, import_listing, snapshot, stored, write
from tests.thorough import some
from tests.waiting import PATIENCE

# The code of a worker process that sends the first `after` frames with entries correctly. Before it sends the next one,
# it runs the code `act`.
_UNTIL = """
import os, queue, signal, sys, time, types
from store.importing import worker_process as apart_reading, worker_protocol as frames
class Waiting(queue.Queue):
    def get(self):
        # The thread that asks for the next frame has written all earlier frames.
        self.requested += 1
        return super().get()
    requested = 0
def until(items, done, framed=apart_reading._framed):
    with_entries = 0
    # The first frame is empty: it shows that the worker process has started.
    for put, frame in enumerate(framed(items, done), 1):
        with_entries += bool(frame.ready)
        if with_entries > {after}:
            while Waiting.made.requested <= put:
                time.sleep(0.001)
            act(frame)
        yield frame
def act(frame):
    {act}
def waiting(size):
    Waiting.made = Waiting(size)
    return Waiting.made
apart_reading.queue = types.SimpleNamespace(Queue=waiting)
apart_reading._FRAME_ENTRIES, apart_reading._FRAME_SECONDS = 100, 1000
apart_reading._framed = until
apart_reading.main()
"""

_KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
_ENDED = "os._exit(3)"
_GARBAGE = "os.write(1, b'Traceback (most recent call last):' * 2000); time.sleep(1000)"
_LONG = "os.write(1, bytes([255] * 4) + b'x' * 1000); time.sleep(1000)"
_WRONG = "os.write(1, frames.packed(frame).replace(b'2601.', b'\\xff\\xfe01.')); time.sleep(1000)"
_OTHER = "os.write(1, bytes([0, 0, 0, 7, 0x92, 1, 0x91, 0x93, 1, 2, 3])); time.sleep(1000)"
_SILENT = "time.sleep(1000)"
_BROKEN = "raise KeyError('a mistake')"


def _instead(monkeypatch: pytest.MonkeyPatch, act: str, after: int = 2) -> None:
    """Replace the worker process with one that runs the code `act` after it has sent `after` frames with entries."""
    script = _UNTIL.format(act=act, after=after)
    monkeypatch.setattr(worker, "_COMMAND", (sys.executable, "-c", script))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("act", "reason"),
    some(
        4,
        [
            (_KILLED, "ended early (SIGKILL)"),
            (_ENDED, "ended early (code 3)"),
            (_GARBAGE, "invalid message"),
            (_LONG, "invalid message"),
            (_WRONG, "invalid message"),
            (_OTHER, "invalid message"),
            (_SILENT, "to come to the next entry"),
            (_BROKEN, "a mistake"),
        ],
    ),
)
def test_entries_read_before_the_worker_process_failed_are_kept_and_the_reason_is_reported(
    tmp_path: Path,
    library: Library,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    reason: str,
) -> None:
    path = write(tmp_path / "snapshot.json", snapshot())
    with monkeypatch.context() as patched:
        _instead(patched, act)

        def look() -> bool:
            if act == _SILENT and stored(library) > 0:
                # Shorten the limit only now: on a busy machine, starting the process may take longer than the short
                # limit.
                patched.setattr(limits, "ENTRY_SECONDS", 0.1)
            return False

        (report,) = import_listing(library, path, should_stop=look)
    assert report.partial
    assert reason in report.warnings[-1]
    assert 100 <= report.added <= 300
    assert started[0].returncode is not None
    # The next file is read normally, and this file can be imported again.
    assert import_listing(library, write(tmp_path / "next.json", snapshot(400, 2000)))[0].complete
    (again,) = import_listing(library, path)
    assert (again.complete, again.unchanged, again.added) == (True, report.added, MANY - report.added)
    assert library.reader().execute("SELECT count(*), count(DISTINCT paper_id) FROM entry").fetchone() == (
        MANY + 400,
        MANY + 400,
    )
    assert_sound(library.path)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("act", "reason"),
    some(2, [(_KILLED, "ended early (SIGKILL)"), (_GARBAGE, "invalid message"), (_BROKEN, "a mistake")]),
)
def test_a_process_that_fails_before_it_gave_anything_leaves_the_file_refused(
    tmp_path: Path, library: Library, long: None, monkeypatch: pytest.MonkeyPatch, act: str, reason: str
) -> None:
    path = write(tmp_path / "snapshot.json", snapshot())
    with monkeypatch.context() as patched:
        _instead(patched, act, after=0)
        (report,) = import_listing(library, path)
    assert report.error and reason in report.error
    assert report.entries == 0
    assert import_listing(library, path)[0].added == MANY


@pytest.mark.parametrize(
    "command", [("/does/not/exist",), (sys.executable, "-c", "import store.there_is_no_such_part")]
)
def test_without_a_worker_process_the_importer_reads_the_listing_itself(
    tmp_path: Path, library: Library, long: None, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(worker, "_COMMAND", command)
    (report,) = import_listing(library, write(tmp_path / "snapshot.json", snapshot()))
    assert (report.added, report.complete) == (MANY, True)


def test_a_file_that_took_the_place_of_a_closed_standard_stream_is_read_here(tmp_path: Path) -> None:
    path = write(tmp_path / "snapshot.json", snapshot())
    command = [sys.executable, "-P", "-c", _WITHOUT_INPUT, str(tmp_path / "library.db"), str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert output.split() == ["0", str(MANY), "None"]


_WITHOUT_INPUT = """
import os, sys
from datetime import date
from pathlib import Path
from store.importing import worker as apart, importer
from store.library.library import Library
apart.LONG, apart._cores = 0, lambda: 2
library = Library.open(Path(sys.argv[1]))
library.reader()
with library.writing():
    pass
opened = []
def listed(*arguments, opening=importer.open_listing, **more):
    os.close(0)
    for member in opening(*arguments, **more):
        opened.append(member.descriptor)
        yield member
importer.open_listing = listed
for report in importer.import_file(library, Path(sys.argv[2]), importer.Options(today=date(2026, 7, 15))):
    print(*opened, report.added, report.error)
"""


def test_an_import_can_be_stopped_while_its_worker_process_hangs(
    tmp_path: Path, library: Library, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(monkeypatch, _SILENT)
    calls = itertools.count()
    # The entries that were stored before the worker process stopped sending stay stored.
    (report,) = import_listing(
        library,
        write(tmp_path / "snapshot.json", snapshot()),
        should_stop=lambda: stored(library) > 0 and next(calls) > 5,
    )
    assert report.interrupted
    assert 0 < report.entries < MANY
    assert started[0].returncode == -signal.SIGKILL


_FORMAT = """
NAME, FAMILY, EXAMPLE, STREAMS = "odd", "odd", "odd", True
from store.model.entry import Entry
from store.model.paper import Paper
def sniff(head, name):
    return 1.0
def read(stream):
    for number in range(500):
        yield Entry(paper=Paper(title=f"Paper number {number} of an odd file"))
    stream.read()
    {act}
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("act", "reason"),
    some(
        2,
        [
            ("while True: pass", "more than 0 s to come to the next entry"),
            ("raise MemoryError", "needs more memory"),
            ("bytearray(2**40)", "needs more memory"),
            ("raise KeyError('odd')", "reader of odd failed"),
        ],
    ),
)
def test_a_listing_that_runs_over_its_limits_in_the_other_process_ends_there(
    tmp_path: Path,
    library: Library,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    reason: str,
) -> None:
    (tmp_path / "odd_format.py").write_text(_FORMAT.replace("{act}", act))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delitem(sys.modules, "odd_format", raising=False)
    odd = importlib.import_module("odd_format")
    monkeypatch.setattr(importer, "detect", lambda head, name: odd)
    monkeypatch.setattr(limits, "ENTRY_SECONDS", 0.3)
    # Raise the limit of wall-clock time, so that the limit of processor time is reached first.
    monkeypatch.setattr(worker, "_SILENT", 1_000)
    listing = tmp_path / "listing"
    listing.write_text("something")
    (report,) = import_listing(library, listing)
    assert len(started) == 1
    assert (report.entries, report.partial) == (500, True)
    assert reason in report.warnings[-1]


_IMPORT = """
import sys
from store.importing import worker as apart, batches
apart.LONG, apart._cores = 0, lambda: 2
batches.BATCH_SECONDS, batches.GAP_SECONDS = 0.001, 0.1
from tui.__main__ import main
main()
"""


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _ends(process: int) -> bool:
    """Whether a process ends within PATIENCE seconds. A zombie, which only its parent can remove, counts as ended."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
@pytest.mark.parametrize(
    ("number", "code"), some(2, [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)])
)
def test_when_an_import_is_ended_so_is_the_process_that_reads_for_it(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    many = 3_000
    path = write(tmp_path / "snapshot.json", snapshot(many))
    database = tmp_path / "library.db"
    with Library.open(database) as library:
        command = [sys.executable, "-P", "-c", _IMPORT, "import", "--library", str(database), str(path)]
        # A key such as Ctrl+C sends a signal to a whole process group of the terminal, so run the command in a separate
        # group.
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        ) as run:
            ends = time.monotonic() + PATIENCE
            while library.reader().execute("SELECT count(*) FROM paper").fetchone()[0] < 200:
                assert time.monotonic() < ends
                time.sleep(0.005)
            (reading,) = _children(run.pid)
            os.killpg(run.pid, number)
            assert run.wait(PATIENCE) == code
            assert _ends(reading)
        (stored,) = library.reader().execute("SELECT stored FROM listing").fetchone()
        assert 0 < stored < many
        (report,) = import_listing(library, path)
        assert (report.added, report.unchanged, report.complete) == (many - stored, stored, True)
    assert_sound(database)
