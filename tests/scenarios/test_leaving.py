"""However recto is left, the terminal is restored and no mark is lost."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from store.exporting import followed
from store.exporting.followed import Followed
from store.library.library import Library
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.reader import key_event
from tests.scenarios.terminal import PATIENCE, Terminal, run
from tests.thorough import number_of_rounds, some

# The sequences that turn each mode of the terminal on and off: alternate screen, mouse (three modes), bracketed paste,
# focus events, cursor, kitty keyboard protocol.
_ON_AND_OFF = [
    (rb"\x1b\[\?1049h", rb"\x1b\[\?1049l"),
    (rb"\x1b\[\?1000h", rb"\x1b\[\?1000l"),
    (rb"\x1b\[\?1003h", rb"\x1b\[\?1003l"),
    (rb"\x1b\[\?1006h", rb"\x1b\[\?1006l"),
    (rb"\x1b\[\?2004h", rb"\x1b\[\?2004l"),
    (rb"\x1b\[\?1004h", rb"\x1b\[\?1004l"),
    (rb"\x1b\[\?25l", rb"\x1b\[\?25h"),
    (rb"\x1b\[>\d+u", rb"\x1b\[<u"),
]

# A program that acts as a shell: it runs one job, which runs the command and waits for it, as make does. When the job
# is stopped, the shell reads a line and then continues the job.
_SHELL = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
def begin_job():
    os.setpgrp()
    os.tcsetpgrp(0, os.getpid())
wait = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
job = subprocess.Popen([sys.executable, "-c", wait, *sys.argv[1:]], preexec_fn=begin_job)
while os.WIFSTOPPED(status := os.waitpid(job.pid, os.WUNTRACED)[1]):
    os.tcsetpgrp(0, os.getpgrp())
    print("the job has stopped", flush=True)
    sys.stdin.readline()
    os.tcsetpgrp(0, job.pid)
    os.killpg(job.pid, signal.SIGCONT)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def is_as_it_was(terminal: Terminal) -> bool:
    """Whether the terminal's attributes are restored, and every mode that was turned on is off."""
    for on, off in _ON_AND_OFF:
        last_on = max((match.end() for match in re.finditer(on, terminal.output)), default=-1)
        last_off = max((match.end() for match in re.finditer(off, terminal.output)), default=-1)
        if last_on > last_off:
            return False
    return terminal.modes == terminal.modes_before


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("before", "seen", "key", "code"),
    some(
        4,
        [
            ("", "24 papers", "q", 0),
            ("", "24 papers", "ctrl+c", 130),
            ("/ab", "/ ab", "ctrl+c", 130),
            ("t", "Tags, separated by spaces", "ctrl+c", 130),
            ("n", "ctrl+s saves", "ctrl+c", 130),
            ("?", "one line down", "ctrl+c", 130),
        ],
    ),
)
def test_leaving_with_a_key_restores_the_terminal(
    terminal: OpenTerminal, before: str, seen: str, key: str, code: int
) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press(*before)
    screen.shows(seen)
    screen.press(key)
    assert screen.ends() == code
    assert is_as_it_was(screen)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
    ids=lambda value: str(value),
)
def test_a_signal_restores_the_terminal(terminal: OpenTerminal, number: signal.Signals, code: int) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.send(number)
    assert screen.ends() == code
    assert is_as_it_was(screen)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP], ids=lambda value: str(value))
def test_a_stopped_reader_continues_where_it_was(terminal: OpenTerminal, number: signal.Signals) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j")
    # When the process is stopped, keys that it has not read yet are lost, so wait until it has read them.
    screen.shows("This paper is about one thing: hydrofoil")
    for _ in range(2):
        screen.send(number)
        screen.until(lambda: is_stopped(screen), "it stops")
        if number == signal.SIGTSTP:
            # A program can handle SIGTSTP: recto restores the terminal before it stops.
            screen.until(lambda: is_as_it_was(screen), "the terminal is as it was")
        before = len(screen.output)
        screen.send(signal.SIGCONT)
        # Another program may have drawn on the terminal while recto was stopped.
        screen.until(lambda before=before: b"Persimmon" in screen.output[before:], "it is drawn again")
    screen.press("b")
    screen.shows("bookmarked", "●★ Hydrofoil")
    screen.press("q")
    assert screen.ends() == 0
    assert is_as_it_was(screen)
    assert b"Warning" not in screen.output


def test_ctrl_z_does_not_stop_a_reader_that_no_shell_could_continue(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    # The terminal runs the program without a shell, as `tmux new recto` does.
    screen.press("ctrl+z")
    screen.shows("not started from a shell")
    assert not is_stopped(screen)
    screen.press("q")
    assert screen.ends() == 0


def test_ctrl_z_stops_a_program_that_waits_for_the_reader_too(library: Path) -> None:
    with Terminal("--library", library, starter=[sys.executable, "-c", _SHELL]) as screen:
        screen.shows("24 papers", "Persimmon")
        screen.press("ctrl+z")
        screen.until(lambda: b"the job has stopped" in screen.output, "the shell has the terminal")
        assert is_as_it_was(screen)
        before = len(screen.output)
        screen.press("enter")
        screen.until(lambda: b"Persimmon" in screen.output[before:], "it is drawn again")
        screen.press("q")
        assert screen.ends() == 0
        assert is_as_it_was(screen)


def is_stopped(screen: Terminal) -> bool:
    """Whether the program is stopped (by SIGTSTP or SIGSTOP). Its pending output is read first."""
    screen.read(0.02)
    stopped = os.waitid(os.P_PID, screen.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    return stopped is not None


def test_the_reader_draws_on_standard_output_when_standard_error_is_a_file(
    terminal: OpenTerminal, tmp_path: Path
) -> None:
    with (tmp_path / "errors").open("wb") as file:
        screen = terminal(errors=file.fileno())
    screen.shows("24 papers", "Persimmon")
    screen.press("q")
    assert screen.ends() == 0
    assert is_as_it_was(screen)
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.thorough
@pytest.mark.parametrize("round_", range(number_of_rounds(1, 20)))
def test_ctrl_c_again_and_again_ends_the_reader_once(terminal: OpenTerminal, library: Path, round_: int) -> None:
    how, code = (("q", 0), ("ctrl+c", 130), ("SIGTERM", 143), ("SIGINT", 130))[round_ % 4]
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "b")
    screen.shows("bookmarked")
    if how.startswith("SIG"):
        screen.send(signal.Signals[how])
    else:
        screen.press(how)
    # When the terminal is restored, ctrl+c sends SIGINT again. Send it at many moments until the process has ended.
    pause = (0.0, 0.0003, 0.001, 0.003, 0.01)[round_ // 4 % 5]
    while screen.process.poll() is None:
        screen.send(signal.SIGINT)
        screen.read(pause)
    # A SIGINT that arrives before the key or the signal decides the exit code.
    assert screen.ends() in (code, 130)
    assert is_as_it_was(screen)
    for said in (b"Traceback", b"KeyboardInterrupt", b"Exception ignored", b"stopped"):
        assert said not in screen.output
    assert len(bookmarks(library)) == 1


async def test_a_signal_ends_the_reader_before_the_keys_that_were_typed_in_advance(reader: OpenReader) -> None:
    async with reader() as screen:
        keys = [key_event(key) for _ in range(50) for key in ("n", "escape")]
        app = screen.app
        app._input.extend(keys)
        app._signalled(signal.SIGTERM)
        await app._take_input()
        assert app.return_code == 143
        assert len(app._input) == len(keys)


@pytest.mark.timing
def test_leaving_is_fast(terminal: OpenTerminal) -> None:
    times = []
    for _ in range(3):
        screen = terminal()
        screen.shows("24 papers", "Persimmon")
        began = time.monotonic()
        screen.press("q")
        screen.ends()
        times.append(time.monotonic() - began)
    # Leaving takes 0.03 s on an idle machine. With Textual's own driver it would take 0.5 s.
    assert min(times) < 0.25


def test_a_file_that_follows_the_library_has_the_last_mark_when_the_reader_has_ended(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    target = tmp_path / "queue.bib"
    with Library.open(library) as opened:
        followed.follow(opened, Followed(str(target), "bibtex", "queue"))
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "a")
    screen.shows("no. 1 in the queue")
    screen.press("q")
    screen.ends()
    assert target.read_text().count("@") == 1


def test_closing_the_window_ends_the_reader(terminal: OpenTerminal, library: Path) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "b")
    screen.shows("bookmarked")
    screen.close()
    assert screen.process.wait(PATIENCE) == 129
    assert [row["title"] for row in bookmarks(library)] == ["Hydrofoil Control by Reinforcement Learning"]


def test_a_mistake_in_the_program_restores_the_terminal_and_its_report_has_no_text_of_a_paper(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    # The program, changed so that one action raises an exception.
    (tmp_path / "sitecustomize.py").write_text(
        "import tui.actions.exporting\n"
        "def broken(self):\n"
        "    titles = [row.title for row in self._screen.list._rows._rows.values()]\n"
        "    assert titles\n"
        "    raise RuntimeError('deliberate \\x1b]0;title\\x07')\n"
        "tui.actions.exporting.Exporting.cite = broken\n"
    )
    screen = terminal(env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent.parent}"})
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "b")
    screen.shows("bookmarked")
    before = len(screen.output)
    screen.press("y")
    assert screen.ends() == 1
    assert is_as_it_was(screen)
    report = screen.output[screen.output.rindex(b"\x1b[?1049l", before) :]
    assert b"What it said was saved is saved." in report
    assert b"deliberate" in report
    assert b"Persimmon" not in report
    assert b"\x1b]0;" not in report
    assert len(bookmarks(library)) == 1


def test_leaving_interrupts_a_running_import_which_the_next_start_finishes(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    many = [papers.Printed(f"Paper number {number} of a long listing", papers.day(1)) for number in range(600)]
    long = papers.write(tmp_path / "more", many, papers.WINTER_DAY)
    # On a busy machine, an import of low priority may get no processor time for minutes, and may need longer to end a
    # batch than a user would wait.
    ready = (
        "import tui.workers.import_process as import_process\n"
        f"import_process._END_SECONDS, import_process._NICER, import_process._NICE_SESSION = {PATIENCE}, 0, 0\n"
    )
    # Short batches with pauses between them make the import slow, so that it still runs when `q` is pressed.
    slow = "import store.importing.batches as batches\nbatches.BATCH_SECONDS, batches.GAP_SECONDS = 0.001, 0.5\n"
    (tmp_path / "sitecustomize.py").write_text(ready + slow)
    environment = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent.parent}"}
    screen = terminal(env=environment)
    screen.shows("24 papers")
    screen.press("i")
    screen.shows("Import a file or folder")
    screen.press(*str(long), "enter")
    screen.until(lambda: re.search(r"reading papers-2025-11-21.txt \d+%, [\d,]+ papers", screen.text), "progress")
    screen.press("q")
    assert screen.ends() == 0
    assert is_as_it_was(screen)
    # The import process has ended, and the import log contains that it was interrupted.
    (entry, _) = json.loads(run("--library", library, "log", "--json").stdout)[::-1]
    assert (entry["state"], entry["interrupted"]) == ("interrupted", True)
    assert 0 < entry["entries"] < len(many)
    (tmp_path / "sitecustomize.py").write_text(ready)
    screen = terminal(env=environment)
    screen.until(lambda: "papers-2025-11-21.txt:" in screen.text and "new," in screen.text, "the toast")
    with sqlite3.connect(library) as connection:
        (count,) = connection.execute("SELECT count(*) FROM paper").fetchone()
    connection.close()
    assert count == len(papers.AUTUMN) + len(many)


def test_a_signal_during_the_start_restores_the_terminal(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.until(lambda: b"\x1b[?1049h" in screen.output, "the alternate screen")
    screen.send(signal.SIGTERM)
    assert screen.ends() == 143
    assert is_as_it_was(screen)


def test_keys_typed_before_the_first_list_are_not_lost(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.until(lambda: b"\x1b[?1049h" in screen.output, "the alternate screen")
    screen.press("j", "j", "b")
    screen.shows("●★ Cartography")


def bookmarks(library: Path) -> list[dict[str, object]]:
    """The bookmarked papers, as `recto list` prints them."""
    printed = run("--library", library, "list", "is:bookmarked", "--json")
    rows: list[dict[str, object]] = json.loads(printed.stdout) if printed.stdout.strip() else []
    return rows
