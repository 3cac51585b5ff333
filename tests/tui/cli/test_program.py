"""The real program in a separate process: pipes, encodings, signals, terminals."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store.importing import log
from store.library.library import Library
from store.marks import marking
from tests.scenarios.terminal import Terminal
from tests.tui import samples
from tests.tui.conftest import Recto
from tests.tui.processes import PATIENCE, ran, started, wait_for


def test_a_closed_output_pipe_causes_no_traceback(path: Path, library: Library) -> None:
    with library.writing() as connection:
        # More bytes than a pipe can store.
        connection.execute("UPDATE body SET abstract = ?", ("long " * 40_000,))
    shell = f'{sys.executable} -P -m tui list --json | head -1; echo "codes ${{PIPESTATUS[*]}}"'
    done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=PATIENCE, check=True)
    assert done.stdout.splitlines()[0] == b"["
    assert done.stdout.splitlines()[-1].startswith(b"codes ")
    assert done.stderr == b""


def test_standard_input_is_imported(path: Path) -> None:
    content = samples.page(["Piped In and Kept"]).encode()
    code, out, err = ran("import", "-", "--json", "--listed-on", "2026-05-01", stdin=subprocess.PIPE, input=content)
    assert (code, err) == (0, b"")
    found = json.loads(out)
    assert (found["path"], found["added"], found["listed_on"]) == ("standard input", 1, "2026-05-01")


@pytest.mark.parametrize(
    ("env", "encoding", "mapped"),
    [
        ({"LANG": "C", "LC_ALL": "C"}, "utf-8", "Ångström"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8", "Ångström"),
        ({"PYTHONIOENCODING": "ascii"}, "utf-8", "Ångström"),
        ({"PYTHONIOENCODING": "latin-1"}, "latin-1", "Ångström"),
        ({"PYTHONIOENCODING": "cp437"}, "cp437", "Ångström"),
        ({"TERM": "dumb", "COLUMNS": "-3", "LINES": "x"}, "utf-8", "Ångström"),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else None,
)
def test_titles_are_printed_in_every_encoding(
    path: Path, library: Library, env: dict[str, str], encoding: str, mapped: str
) -> None:
    marking.bookmark(library, [4], True)
    code, out, err = ran("list", env=env)
    assert (code, err) == (0, b"")
    assert mapped in out.decode(encoding)
    assert len(out.splitlines()) == 8


def test_json_is_utf_8_in_every_encoding(path: Path) -> None:
    code, out, err = ran("list", "--json", env={"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"})
    assert (code, err) == (0, b"")
    assert "Ångström-Scale Maps of Åland's Ørsted Fields" in [each["title"] for each in json.loads(out.decode())]


def test_a_full_disk_behind_the_output_is_one_line(path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as file, started("list", stdout=file, stderr=subprocess.PIPE) as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert err.decode() == "recto: No space left on device\n"


def test_closed_streams_are_survived(path: Path) -> None:
    for close in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        shell = f"{sys.executable} -P -m tui list {close}"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=PATIENCE)
        assert (done.returncode, done.stderr) == (0, b""), close
    done = subprocess.run(["bash", "-c", f"{sys.executable} -P -m tui import - <&-"], capture_output=True)
    assert done.returncode == 1
    assert done.stderr.startswith(b"recto: standard input is closed")
    assert done.stderr.count(b"\n") == 1


def snapshot(folder: Path, count: int) -> Path:
    """A file of this many papers. Importing 10,000 papers takes about a second."""
    path = folder / "snapshot.json"
    path.write_text("".join(samples.snapshot_line(number) + "\n" for number in range(count)))
    return path


def test_ctrl_c_keeps_whole_batches_and_the_next_import_finishes(recto: Recto, path: Path, tmp_path: Path) -> None:
    count = 12_000
    file = snapshot(tmp_path, count)

    def stored() -> int:
        with sqlite3.connect(path) as connection:
            (found,) = connection.execute("SELECT coalesce(max(stored), 0) FROM listing").fetchone()
        connection.close()
        return int(found)

    before = stored()
    with started("import", file, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: stored() > before + 50, "the first batches are in")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"interrupted: import it again to go on" in out
    assert err.decode().splitlines() == [
        "recto: stopped; what was read is kept, and the next import of the same files goes on from there"
    ]
    with Library.open(path) as library:
        kept = library.reader().execute("SELECT count(*) FROM paper WHERE title LIKE 'Snapshot%'").fetchone()[0]
        (entry,) = log.read(library.reader(), 1)
    assert entry.state == "interrupted"
    assert 0 < kept < count
    assert entry.report.entries == kept == stored()
    assert "interrupted" in recto("log", "-n1").out
    said = recto("import", file, "--json")
    assert said.code == 0
    found = said.report
    assert (found["entries"], found["added"], found["unchanged"]) == (count, count - kept, kept)
    assert found["interrupted"] is False


def test_ctrl_c_ends_an_import_that_waits_for_standard_input(path: Path) -> None:
    with started(
        "import",
        "-",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"TMPDIR": str(path.parent)},
    ) as process:
        assert process.stdin
        process.stdin.write(samples.HEAD.encode())
        process.stdin.flush()
        wait_for(lambda: list(path.parent.glob("recto-*")), "the copy is begun")
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        err = process.stderr.read() if process.stderr else b""
    assert process.returncode == 130
    assert err.decode().strip() == "recto: stopped"
    assert not list(path.parent.glob("recto-*"))


def test_an_import_that_was_told_to_ignore_the_terminal_goes_on_when_it_closes(path: Path, tmp_path: Path) -> None:
    count = 6_000
    file = snapshot(tmp_path, count)
    shell = f"trap '' HUP; exec {sys.executable} -P -m tui import {file}"
    with subprocess.Popen(["bash", "-c", shell], stdout=subprocess.PIPE) as process:
        wait_for(lambda: Path(f"{path}-wal").exists() and Path(f"{path}-wal").stat().st_size > 30_000, "it is at work")
        process.send_signal(signal.SIGHUP)
        assert process.poll() is None
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert f"{count:,} papers" in out.decode()


def test_a_terminal_shows_how_far_an_import_is_and_a_pipe_does_not(path: Path, tmp_path: Path) -> None:
    file = snapshot(tmp_path, 300)
    # The terminal is wide enough for the report on one line, however long the path of the temporary folder is.
    with Terminal("import", file, size=(len(str(file)) + 100, 24)) as terminal:
        terminal.ends()
        assert terminal.process.returncode == 0
        assert b"100%" in terminal.output and "━━━━".encode() in terminal.output
        # The progress bar is removed before the report is printed.
        assert "━" not in terminal.text
        assert "300 papers (300 added" in " ".join(terminal.text.split())
    code, out, err = ran("import", file)
    assert (code, err) == (0, b"")
    assert b"%" not in out and b"\r" not in out


def test_the_bar_fits_a_narrow_terminal_and_is_left_out_where_it_cannot_be_drawn(path: Path, tmp_path: Path) -> None:
    file = snapshot(tmp_path, 100)
    with Terminal("import", file, size=(30, 24)) as terminal:
        terminal.ends()
        bars = [part for part in terminal.output.decode().split("\r\x1b[K") if "100%" in part]
        assert bars
        assert all(len(bar) < 30 for bar in bars)
    with Terminal("import", file, size=(80, 24), env={"TERM": "dumb"}) as terminal:
        terminal.ends()
        assert b"\x1b" not in terminal.output
        assert b"0 added" in terminal.output


def test_a_terminal_that_can_draw_nothing_gets_a_line_instead_of_the_reader(path: Path) -> None:
    for term in ("dumb", ""):
        with Terminal(env={"TERM": term}) as terminal:
            assert terminal.ends() == 2
            assert b"recto list" in terminal.output
            assert b"\x1b" not in terminal.output


@pytest.mark.parametrize("size", [(1, 1), (2, 30), (300, 1)])
def test_the_reader_opens_and_closes_in_any_terminal(path: Path, size: tuple[int, int]) -> None:
    with Terminal(size=size, env={"COLUMNS": "0", "LINES": "-7"}) as terminal:
        terminal.until(lambda: terminal.modes != terminal.modes_before, "the reader listens")
        terminal.until(lambda: b"\x1b[?1049h" in terminal.output, "the reader has the screen")
        terminal.press("j", "k", "ctrl+c")
        assert terminal.ends() == 128 + signal.SIGINT
        assert b"Traceback" not in terminal.output
        assert terminal.modes == terminal.modes_before
