"""Threads read a library while it is written and while it is closed."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.libraries import Start, keep, kept, told
from tests.waiting import PATIENCE


def test_threads_that_came_and_went_leave_no_open_files(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        seen: list[set[str]] = []
        for _ in range(40):
            thread = threading.Thread(target=lambda: seen.append(kept(library)))
            thread.start()
            thread.join()
        assert seen == [{"a"}] * 40
        assert len(library._readers._connections) <= 2


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at open files as Linux shows them")
def test_a_library_that_is_closed_while_threads_live_on_leaves_no_open_files_when_they_end(
    path: Path, start: Start
) -> None:
    process = start(
        "import os, sys, threading, warnings; from pathlib import Path; from store.library.library import Library\n"
        "warnings.simplefilter('error')\n"
        "heard = []\n"
        "sys.unraisablehook = lambda raised: heard.append(repr(raised.exc_value))\n"
        "library, read, end = Library.open(Path(sys.argv[1])), threading.Barrier(4), threading.Event()\n"
        "def run():\n"
        "    library.reader().execute('SELECT 1').fetchone()\n"
        "    read.wait()\n"
        "    end.wait()\n"
        "threads = [threading.Thread(target=run) for _ in range(3)]\n"
        "[each.start() for each in threads]\n"
        "read.wait()\n"
        "library.close()\n"
        "end.set()\n"
        "[each.join() for each in threads]\n"
        "files = [os.readlink(f'/proc/self/fd/{number}') for number in os.listdir('/proc/self/fd') if number != '3']\n"
        "print(heard, [file for file in files if 'library.db' in file], flush=True)\n",
        path,
    )
    assert told(process) == "[] []"
    assert process.wait() == 0


def test_reading_does_not_wait_for_a_write(path: Path) -> None:
    heard: list[object] = []
    with Library.open(path) as library:
        with library.writing():
            # Read while a write transaction is open. In another program it may stay open for seconds, so reads must not
            # wait for it.
            thread = threading.Thread(target=lambda: heard.append(kept(library)))
            thread.start()
            thread.join(PATIENCE)
            assert heard == [set()]
            begun = threading.Event()
            thread = threading.Thread(target=lambda: library.read_in_background(begun.set, "reading"))
            thread.start()
            assert begun.wait(PATIENCE)
        thread.join()


def test_a_library_can_be_closed_although_no_thread_can_be_started(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with Library.open(path) as library, monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError):
            library.read_in_background(lambda: None, "reading")
    with pytest.raises(LibraryError, match="closed"):
        library.reader()


# A query that runs longer than any test, unless it is interrupted.
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"


def test_closing_waits_for_reads_in_the_background(path: Path) -> None:
    heard: list[int] = []
    begun = threading.Event()
    library = Library.open(path)

    def read() -> None:
        connection = library.reader()
        begun.set()
        heard.extend(connection.execute(SLOW.format(1_000_000)).fetchone())

    library.read_in_background(read, "reading")
    assert begun.wait(PATIENCE)
    library.close()
    assert heard == [1_000_000]
    library.read_in_background(lambda: heard.append(0), "reading")
    assert heard == [1_000_000]
    assert not [each for each in threading.enumerate() if each.name == "reading"]


def test_closing_interrupts_reads_of_other_threads(path: Path) -> None:
    heard: list[str] = []
    begun = threading.Event()
    library = Library.open(path)

    def read() -> None:
        connection = library.reader()
        connection.set_progress_handler(lambda: begun.set(), 1_000)
        try:
            connection.execute(SLOW.format(10**12)).fetchone()
        except sqlite3.OperationalError as error:
            heard.append(str(error))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert begun.wait(PATIENCE)
    library.close()
    thread.join(PATIENCE)
    assert heard == ["interrupted"]
    with Library.open(path) as again:
        keep(again, "a")


def test_no_connection_is_closed_under_a_thread_that_was_not_waited_for_to_the_end(path: Path, start: Start) -> None:
    # If a signal interrupts Thread.join, Python 3.11 regards the thread as ended although it still runs.
    process = start(
        "import signal, sqlite3, sys, threading; from pathlib import Path; from store.library.library import Library\n"
        "library, begun = Library.open(Path(sys.argv[1])), threading.Event()\n"
        "def read():\n"
        "    connection = library.reader()\n"
        "    begun.set()\n"
        "    try:\n"
        "        while True:\n"
        "            connection.execute('SELECT count(*) FROM json_each(?)', ['[1, 2, 3]']).fetchall()\n"
        "            if library._lock is None: connection.execute(sys.argv[2]).fetchone()\n"
        "    except sqlite3.Error as error: print(error, flush=True)\n"
        "def enough(number, frame): raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGALRM, enough)\n"
        "thread = threading.Thread(target=read, daemon=True)\n"
        "thread.start()\n"
        "begun.wait()\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
        "try: thread.join()\n"
        "except KeyboardInterrupt: pass\n"
        "timer = threading.Timer(0.2, lambda: [each.interrupt() for each in library._readers._connections])\n"
        "library.close()\n"
        "timer.start()\n"
        "timer.join()\n"
        "threading.Event().wait(0.2)\n",
        path,
        SLOW.format(10**12),
    )
    assert told(process) == "interrupted"
    assert process.wait() == 0


def test_libraries_are_closed_under_their_readers_again_and_again(path: Path, start: Start) -> None:
    # Run in a child process, because closing a connection that a thread uses crashes the process.
    process = start(
        "import sys, threading, time; from pathlib import Path; from store.library.library import Library\n"
        "from store.model.errors import LibraryError\n"
        "def read(library):\n"
        "    try:\n"
        "        while True:\n"
        "            library.reader().execute('SELECT * FROM json_each(?)', ['[1, 2, 3]']).fetchall()\n"
        "    except LibraryError: pass\n"
        "for _ in range(50):\n"
        "    library = Library.open(Path(sys.argv[1]))\n"
        "    threads = [threading.Thread(target=read, args=(library,)) for _ in range(3)]\n"
        "    [each.start() for each in threads]\n"
        "    time.sleep(0.01)\n"
        "    library.close()\n"
        "    [each.join() for each in threads]\n"
        "print('whole', flush=True)\n",
        path,
    )
    assert told(process) == "whole"
    assert process.wait() == 0
