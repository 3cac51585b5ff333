"""Leaving the reader, in every way there is: the terminal is as it was, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import PATIENCE, Terminal, run

# What the reader turns on, and what turns it off: the alternate screen, the mouse, pasting, focus, the cursor.
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


def is_as_it_was(terminal: Terminal) -> bool:
    """Whether the terminal has its settings back, and every mode that was turned on is off."""
    for on, off in _ON_AND_OFF:
        last_on = max((found.end() for found in re.finditer(on, terminal.output)), default=-1)
        last_off = max((found.end() for found in re.finditer(off, terminal.output)), default=-1)
        if last_on > last_off:
            return False
    return terminal.modes == terminal.modes_before


@pytest.mark.parametrize(
    ("before", "seen", "key", "code"),
    [
        ("", "24 papers", "q", 0),
        ("", "24 papers", "ctrl+c", 130),
        ("/ab", "/ ab", "ctrl+c", 130),
        ("t", "Tags, separated by spaces", "ctrl+c", 130),
        ("n", "ctrl+s saves", "ctrl+c", 130),
        ("?", "one line down", "ctrl+c", 130),
    ],
)
def test_keys_that_leave_give_the_terminal_back(
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
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=lambda value: str(value),
)
def test_signals_give_the_terminal_back(terminal: OpenTerminal, number: signal.Signals, code: int) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.send(number)
    assert screen.ends() == code
    assert is_as_it_was(screen)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP], ids=lambda value: str(value))
def test_the_reader_goes_on_where_it_was_stopped(terminal: OpenTerminal, number: signal.Signals) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j")
    # What was typed and not read yet goes with the terminal's other settings.
    screen.shows("This paper is about one thing: hydrofoil")
    for _ in range(2):
        screen.send(number)
        screen.until(lambda: is_stopped(screen), "it stops")
        if number == signal.SIGTSTP:
            # Who asks first gets the terminal as it was.
            screen.until(lambda: is_as_it_was(screen), "the terminal is as it was")
        before = len(screen.output)
        screen.send(signal.SIGCONT)
        # What is on the screen then is not known.
        screen.until(lambda before=before: b"Persimmon" in screen.output[before:], "it is drawn again")
    screen.press("b")
    screen.shows("bookmarked", "●★   Hydrofoil")
    screen.press("q")
    assert screen.ends() == 0
    assert is_as_it_was(screen)
    assert b"Warning" not in screen.output


def is_stopped(screen: Terminal) -> bool:
    """Whether the program is stopped; reads what it wrote before."""
    screen.read(0.02)
    stopped = os.waitid(os.P_PID, screen.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    return stopped is not None


def test_errors_that_are_sent_to_a_file_leave_the_screen_where_it_is(terminal: OpenTerminal, tmp_path: Path) -> None:
    with (tmp_path / "errors").open("wb") as file:
        screen = terminal(errors=file.fileno())
    screen.shows("24 papers", "Persimmon")
    screen.press("q")
    assert screen.ends() == 0
    assert is_as_it_was(screen)
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.timing
def test_leaving_takes_no_time(terminal: OpenTerminal) -> None:
    times = []
    for _ in range(3):
        screen = terminal()
        screen.shows("24 papers", "Persimmon")
        began = time.monotonic()
        screen.press("q")
        screen.ends()
        times.append(time.monotonic() - began)
    # 0.03 s on an idle machine; Textual's own way of ending took 0.5 s.
    assert min(times) < 0.25


def test_a_window_that_is_closed_ends_the_reader(terminal: OpenTerminal, library: Path) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "b")
    screen.shows("bookmarked")
    screen.close()
    assert screen.process.wait(PATIENCE) == 129
    assert [row["title"] for row in bookmarks(library)] == ["Hydrofoil Control by Reinforcement Learning"]


def test_a_mistake_in_the_program_gives_the_terminal_back_and_is_told_without_a_word_of_any_paper(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    # The program as it is, but for an action that has a mistake in it.
    (tmp_path / "sitecustomize.py").write_text(
        "import tui.actions.opening\n"
        "def broken(self):\n"
        "    titles = [row.title for row in self._screen.list._rows.values()]\n"
        "    assert titles\n"
        "    raise RuntimeError('deliberate \\x1b]0;title\\x07')\n"
        "tui.actions.opening.Opening.cite = broken\n"
    )
    screen = terminal(env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent.parent}"})
    screen.shows("24 papers", "Persimmon")
    screen.press("j", "b")
    screen.shows("bookmarked")
    before = len(screen.output)
    screen.press("y")
    assert screen.ends() == 1
    assert is_as_it_was(screen)
    told = screen.output[screen.output.rindex(b"\x1b[?1049l", before) :]
    assert b"What it said was saved is saved." in told
    assert b"deliberate" in told
    assert b"Persimmon" not in told
    assert b"\x1b]0;" not in told
    assert len(bookmarks(library)) == 1


def test_an_import_that_runs_is_ended_cleanly_and_finished_at_the_next_start(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    many = [papers.Printed(f"Paper number {number} of a long listing", papers.day(1)) for number in range(600)]
    long = papers.write(tmp_path / "more", many, papers.WINTER_DAY)
    # A busy machine may leave an import of low priority without processor time for minutes, and may need longer than
    # a person would wait to end a batch.
    ready = (
        "import tui.workers.import_process as import_process\n"
        f"import_process._END_SECONDS, import_process._NICER, import_process._NICE_SESSION = {PATIENCE}, 0, 0\n"
    )
    # Short batches with pauses between them: the import still runs when `q` comes.
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
    # The process that imported has ended too, with a word in the log.
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


def test_a_signal_during_the_start_does_not_leave_the_terminal_changed(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.until(lambda: b"\x1b[?1049h" in screen.output, "the alternate screen")
    screen.send(signal.SIGTERM)
    assert screen.ends() == 143
    assert is_as_it_was(screen)


def test_what_is_typed_before_the_first_page_is_not_lost(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.until(lambda: b"\x1b[?1049h" in screen.output, "the alternate screen")
    screen.press("j", "j", "b")
    screen.shows("●★   Cartography")


def bookmarks(library: Path) -> list[dict[str, object]]:
    """The bookmarked papers, as the command prints them."""
    printed = run("--library", library, "list", "is:bookmarked", "--json")
    found: list[dict[str, object]] = json.loads(printed.stdout) if printed.stdout.strip() else []
    return found
