"""Row 23: in SQLite up to 3.51.2, a WAL can be damaged when two connections write it back at the same time.

So in recto each process has one connection that writes, and only the process that holds the lock file writes the WAL
back.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.store.sync.test_hostile_carrier import library_with
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_MARKS = number_of_rounds(60, 1_500)
_THREADS = 2
_OTHERS = 2
# Two threads of a process mark papers, and one reads. The WAL is often written back. The program prints whether its
# process holds the lock and, at the end, how many connections began a write.
_PROGRAM = """
import json, sqlite3, sys, threading
from pathlib import Path
from store.library import library as libraries
from store.library.library import Library
from store.marks import marking
from store.model.errors import LibraryError
libraries._AUTOCHECKPOINT_PAGES = 25
real, writers = libraries.connect, set()
def connect(*arguments, **options):
    connection = real(*arguments, **options)
    connection.set_trace_callback(
        lambda statement, number=len(everything): statement.startswith("BEGIN IMMEDIATE") and writers.add(number)
    )
    everything.append(connection)
    return connection
everything, libraries.connect = [], connect
path, name, marks, threads = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
library = Library.open(path)
print(json.dumps(library.holds_lock), flush=True)
ended = threading.Event()
def mark(thread):
    for step in range(marks // threads):
        while True:
            try:
                marking.note(library, step % 6 + 1, f"{name} {thread} {step}")
                break
            except LibraryError as error:
                if "another program is writing" not in str(error):
                    raise
def read():
    while not ended.wait(0.002):
        library.reader().execute("SELECT count(*), max(note) FROM mark").fetchone()
reading = threading.Thread(target=read)
reading.start()
marking_threads = [threading.Thread(target=mark, args=(thread,)) for thread in range(threads)]
for thread in marking_threads: thread.start()
for thread in marking_threads: thread.join()
if name == "holder":
    sys.stdin.readline()
ended.set()
reading.join()
print(json.dumps(len(writers)), flush=True)
library.close()
"""


def _start(path: Path, name: str, log: Path) -> subprocess.Popen[str]:
    """Start a process whose writes into the database file are logged."""
    traced = ["strace", "-f", "-qq", "-e", "trace=pwrite64", "-P", str(path), "-s", "0", "-o", str(log)]
    command = [sys.executable, "-c", _PROGRAM, str(path), name, str(_MARKS), str(_THREADS)]
    return subprocess.Popen([*traced, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> object:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed, which shows who writes")
def test_one_connection_of_a_process_writes_and_only_the_holder_of_the_lock_writes_the_wal_back(
    tmp_path: Path, report: Report
) -> None:
    path = tmp_path / "library.db"
    shutil.copy(library_with(6), path)
    names = ["holder", *(f"other-{number}" for number in range(_OTHERS))]
    logs = {name: tmp_path / f"{name}.log" for name in names}
    processes = {"holder": _start(path, "holder", logs["holder"])}
    holds = [_line(processes["holder"])]
    for name in names[1:]:
        processes[name] = _start(path, name, logs[name])
        holds.append(_line(processes[name]))
    # End the process that holds the lock last, so that no other process gets the lock.
    writers = [_line(processes[name]) for name in names[1:]]
    codes = [processes[name].wait() for name in names[1:]]
    holder = processes["holder"]
    assert holder.stdin is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    writers.append(_line(holder))
    codes.append(holder.wait())
    for process in processes.values():
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()
    written = {name: sum("pwrite64" in line for line in log.read_text().splitlines()) for name, log in logs.items()}
    with closing(sqlite3.connect(path)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (saved,) = connection.execute("SELECT count(*) FROM journal").fetchone()
    others = sum(written[name] for name in names[1:])
    figure = (
        f"{saved} marks by {len(names)} processes, {written['holder']} pages written back by the holder of the lock and"
        f" {others} by others, {max(map(int, map(str, writers)))} writing connection in each,"
        f" {'sound' if sound else 'damaged'}, SQLite {sqlite3.sqlite_version}"
    )
    good = sound and saved == len(names) * _MARKS and not others and written["holder"] > 0
    report(
        23, saved, figure, good and codes == [0] * len(names) and holds == [True, False, False] and writers == [1] * 3
    )
