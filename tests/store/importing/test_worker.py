"""A worker process reads a long listing. The result is the same as without it, and each of its failures is reported."""

from __future__ import annotations

import gzip
import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from store.formats.registry import formats
from store.importing import importer, worker, worker_protocol
from store.importing.files import open_listing
from store.importing.importer import Options, import_file
from store.importing.log import ImportReport, Step
from store.importing.prepare import ListingKey, ReadyEntry, prepare_entry
from store.importing.stream import CountingStream
from store.importing.worker_protocol import Frame, FrameReader
from store.library.library import Library
from store.matching import same_paper
from store.model import limits
from store.model.entry import Entry, Refused
from store.model.errors import ListingError
from store.text import clean
from tests.store.importing.test_importer import assert_sound, contents
from tests.thorough import some
from tests.waiting import PATIENCE

TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)
# More entries than the importer reads itself before it decides whether to start the worker process.
MANY = 900


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the importer read every listing with a worker process, as it does with long listings on two or more cores."""
    monkeypatch.setattr(worker, "LONG", 0)
    monkeypatch.setattr(worker, "_cores", lambda: 2)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, long: None) -> list[subprocess.Popen[bytes]]:
    """A list of the worker processes that the importer has started during the test."""
    found: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            found.append(self)

    monkeypatch.setattr(worker.subprocess, "Popen", Kept)
    return found


def line(number: int, **more: object) -> str:
    return json.dumps(
        {
            "id": f"2601.{number:05}",
            "submitter": "A. One",
            "authors": "Ada Lovelace and B. Two",
            "title": f'On the {number}th way to fold a map of K{{\\"o}}nigsberg',
            "categories": "cs.CL math.GT",
            "doi": f"10.1000/map.{number}",
            "abstract": f"  We fold map {number} with $x_{{{number}}}$\nfolds, and unfold it. "
            + "It takes time. " * 20
            + "\n",
            "versions": [{"version": "v1", "created": "Mon, 5 Jan 2026 10:00:00 GMT"}],
            "update_date": "2026-01-05",
            **more,
        }
    )


def snapshot(count: int = MANY, first: int = 0) -> list[str]:
    return [line(number) for number in range(first, first + count)]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def take(library: Library, path: Path, **more: Any) -> list[ImportReport]:
    return list(import_file(library, path, OPTIONS, **more))


def stored(library: Library) -> int:
    """How many entries of the only listing are stored so far."""
    (found,) = library.reader().execute("SELECT coalesce(max(stored), 0) FROM listing").fetchone()
    return int(found)


def without_time(reports: list[ImportReport]) -> list[ImportReport]:
    return [msgspec.structs.replace(each, seconds=0.0) for each in reports]


def _plain(folder: Path) -> Path:
    lines = snapshot()
    lines[5:5] = ["[]", line(7000, title=" "), line(7001, title=None), "{not json}"]
    lines[800:800] = [
        line(3),
        line(7002, title="\x1b]52;c;aGk=\x07 evil\u202e"),
        '{"id": "none"}',
        line(4, title="Another"),
    ]
    return write(folder / "snapshot.json", lines)


def _packed(folder: Path) -> Path:
    path = folder / "snapshot.json.gz"
    path.write_bytes(gzip.compress("\n".join(snapshot()).encode()))
    return path


def _damaged(folder: Path) -> Path:
    path = folder / "damaged.json.gz"
    whole = gzip.compress("\n".join(snapshot(3000)).encode())
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def _cut(folder: Path) -> Path:
    path = folder / "cut.json"
    path.write_text("\n".join(snapshot())[:-200])
    return path


def _archive(folder: Path) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.json", "\n".join(snapshot(400)))
        archive.writestr("odd.txt", "no listing at all")
        archive.writestr("second.json", "\n".join(snapshot(500, 300)))
        archive.writestr("second.json", "\n".join(snapshot(400, 1000)))
    return path


@pytest.mark.thorough
@pytest.mark.parametrize("make", some(3, [_plain, _packed, _damaged, _cut, _archive]))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_comes_in_is_the_same_as_when_it_is_read_here(
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], Path],
) -> None:
    path = make(tmp_path)
    with Library.open(tmp_path / "apart.db") as library:
        reports = take(library, path)
        found = contents(library)
        again = take(library, path)
    assert len(started) >= (3 if make is _archive else 1)
    assert all(process.returncode is not None for process in started)
    monkeypatch.setattr(worker, "_cores", lambda: 1)
    before = len(started)
    with Library.open(tmp_path / "here.db") as library:
        assert without_time(take(library, path)) == without_time(reports)
        assert contents(library) == found
        assert without_time(take(library, path)) == without_time(again)
    assert len(started) == before
    assert sum(each.entries for each in reports) >= MANY - 300
    assert_sound(tmp_path / "apart.db")


def test_papers_that_are_known_are_met_as_when_they_are_read_here(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    first = write(tmp_path / "first.json", snapshot(600))
    other = [line(number, title=f"Way {number} to fold", comments="12 pages") for number in range(300, 900)]
    second = write(tmp_path / "second.json", [*other, *snapshot(100)])
    found = []
    for name, which in (("apart.db", worker.LONG), ("here.db", 2**40)):
        worker.LONG = which
        with Library.open(tmp_path / name) as library:
            reports = [*take(library, first), *take(library, second)]
            found.append((without_time(reports), contents(library)))
    assert len(started) == 2
    assert found[0] == found[1]
    assert found[0][0][1].merged == 400


def test_a_short_listing_a_format_that_is_read_whole_and_one_processor_need_no_other_process(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(library, write(tmp_path / "few.json", snapshot(200)))
    (tmp_path / "a.bib").write_text("".join(f"@article{{a{n}, title={{Paper {n}}}, year=2020}}\n" for n in range(MANY)))
    take(library, tmp_path / "a.bib")
    monkeypatch.setattr(worker, "_cores", lambda: 1)
    (report,) = take(library, write(tmp_path / "many.json", snapshot()))
    assert not started
    assert report.complete
    monkeypatch.undo()
    assert take(library, write(tmp_path / "others.json", snapshot(MANY, 5000)))[0].added == MANY
    assert worker.LONG > 2**20


def test_progress_tells_the_bytes_that_the_other_process_has_read(
    tmp_path: Path, library: Library, long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.importing.batches.STEP_SECONDS", 0.0)
    path = write(tmp_path / "snapshot.json", snapshot(5000))
    steps: list[Step] = []
    take(library, path, on_step=steps.append)
    size = path.stat().st_size
    assert steps[-1] == Step(str(path), size, size, 5000)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert any(0 < step.done < size for step in steps)


def test_stopping_ends_the_other_process_and_the_next_import_goes_on(
    tmp_path: Path, library: Library, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.importing.batches.BATCH_SECONDS", 0.0)
    path = write(tmp_path / "snapshot.json", snapshot(3000))
    asked = itertools.count()
    # Stop after `should_stop` was called 13 times since the first entries were stored.
    (cut,) = take(library, path, should_stop=lambda: stored(library) > 0 and next(asked) > 12)
    assert cut.interrupted
    assert 0 < cut.entries < 3000
    assert started[0].returncode is not None
    (rest,) = take(library, path)
    assert (rest.added, rest.unchanged, rest.complete) == (3000 - cut.entries, cut.entries, True)


# -- how the worker process can fail

# A worker process that sends `after` frames with entries correctly, and then runs the code `act` for the next one.
_UNTIL = """
import os, queue, signal, sys, time, types
from store.importing import worker_process as apart_reading, worker_protocol as frames
class Waiting(queue.Queue):
    def get(self):
        # Whoever asks for the next is through with those before.
        self.asked += 1
        return super().get()
    asked = 0
def until(items, done, framed=apart_reading._framed):
    given = 0
    # The first says that it has begun.
    for put, frame in enumerate(framed(items, done), 1):
        given += bool(frame.ready)
        if given > {after}:
            while Waiting.made.asked <= put:
                time.sleep(0.001)
            say(frame)
        yield frame
def say(frame):
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
def test_what_was_read_before_the_other_process_failed_is_kept_and_the_reason_said(
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
                # Shorten the limit only now: on a busy machine the start of the process alone may take longer.
                patched.setattr(limits, "ENTRY_SECONDS", 0.1)
            return False

        (report,) = take(library, path, should_stop=look)
    assert report.partial
    assert reason in report.warnings[-1]
    assert 100 <= report.added <= 300
    assert started[0].returncode is not None
    # The next file is read normally, and so is this file when it is imported again.
    assert take(library, write(tmp_path / "next.json", snapshot(400, 2000)))[0].complete
    (again,) = take(library, path)
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
        (report,) = take(library, path)
    assert report.error and reason in report.error
    assert report.entries == 0
    assert take(library, path)[0].added == MANY


@pytest.mark.parametrize(
    "command", [("/does/not/exist",), (sys.executable, "-c", "import store.there_is_no_such_part")]
)
def test_where_no_process_can_be_had_the_listing_is_read_here(
    tmp_path: Path, library: Library, long: None, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(worker, "_COMMAND", command)
    (report,) = take(library, write(tmp_path / "snapshot.json", snapshot()))
    assert (report.added, report.complete) == (MANY, True)


def test_a_file_that_took_the_place_of_a_closed_standard_stream_is_read_here(tmp_path: Path) -> None:
    path = write(tmp_path / "snapshot.json", snapshot())
    command = [sys.executable, "-P", "-c", _WITHOUT_INPUT, str(tmp_path / "library.db"), str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", str(MANY), "None"]


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


def test_one_that_hangs_does_not_keep_an_import_from_stopping(
    tmp_path: Path, library: Library, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(monkeypatch, _SILENT)
    asked = itertools.count()
    # The entries stored before the worker process stopped sending stay stored.
    (report,) = take(
        library,
        write(tmp_path / "snapshot.json", snapshot()),
        should_stop=lambda: stored(library) > 0 and next(asked) > 5,
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
    # Raise the limit of wall-clock time, so that the limit of processor time ends the reading.
    monkeypatch.setattr(worker, "_SILENT", 1_000)
    listing = tmp_path / "listing"
    listing.write_text("something")
    (report,) = take(library, listing)
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
        # A terminal sends the signal of a key such as Ctrl+C to a whole process group, so give the command its own.
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
        (report,) = take(library, path)
        assert (report.added, report.unchanged, report.complete) == (many - stored, stored, True)
    assert_sound(database)


# -- the messages between the two processes


def test_every_entry_of_the_sample_listings_comes_over_as_it_is(listings: Path) -> None:
    sent = 0
    for path in sorted(path for path in listings.rglob("*") if path.is_file()):
        try:
            for member in open_listing(path, True):
                head = member.stream.peek(2**16)[: 2**16]  # type: ignore[attr-defined]
                reader = max(formats(), key=lambda each: each.sniff(head, path.name))
                key = ListingKey(1, str(path), reader.FAMILY, date(2026, 7, 2), 2026)
                for item in itertools.islice(reader.read(CountingStream(member.stream, member.name)), 300):  # type: ignore[arg-type]
                    if isinstance(item, Entry) and (said := clean.entry(item)).paper.title:
                        one = prepare_entry(key, said, TODAY)
                        (other,) = _over(Frame(1, [one])).ready
                        assert other == one
                        paper = same_paper.normalized(said.paper)
                        if said.published_on:
                            paper = msgspec.structs.replace(paper, published=other.paper().published)
                        assert other.paper() == paper
                        sent += 1
        except ListingError:
            continue
    assert sent > 500


def _over(frame: Frame, pieces: int = 2**20) -> Frame:
    """Pack a frame and read it back in pieces of at most `pieces` bytes, as a pipe may deliver it."""
    left = memoryview(worker_protocol.packed(frame))
    into = FrameReader()
    while True:
        with into.room as room:
            count = min(pieces, len(room), len(left))
            room[:count] = left[:count]
        left = left[count:]
        if found := into.filled(count):
            assert not left
            return found


@pytest.mark.parametrize("pieces", [1, 3, 7, 2**20])
def test_a_frame_is_the_same_however_the_pipe_cuts_it(pieces: int) -> None:
    key = ListingKey(1, "x", "arxiv", None, None)
    from store.model.paper import Paper

    one: ReadyEntry = prepare_entry(key, Entry(paper=Paper(title="Größe 尺寸 😀", abstract="a" * 3000), line=3), TODAY)
    frame = Frame(2**40, [one] * 5, refused=Refused(3, None, "odd"), ended=True)
    assert _over(frame, pieces) == frame
    long = Frame(1, failed="x" * 2**21)
    assert _over(long, pieces if pieces > 3 else 2**20) == long
