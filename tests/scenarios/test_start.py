"""The start: a page of papers is printed before recto's modules are imported, and stays on the screen.

The page was stored when recto was last closed. Most tests use pages that were stored once on a library of 24 papers;
`OpenWithPage` stores them again for a copy of that library.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking
from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.first_page import (
    FIRST,
    SIZES,
    STARTED,
    TEXTUAL,
    OpenWithPage,
    Size,
    broken,
    cells,
    counted,
    drawn,
    first_page_of,
    is_filled_in,
    leave,
    stands,
    text,
)
from tests.scenarios.terminal import PATIENCE, displayed
from tests.scenarios.test_leaving import is_as_it_was
from tests.thorough import some
from tui.settings.session import Session
from tui.settings.session import save as save_session

# Code to insert into a module that is imported after the first page, so that this import fails or takes long.
_BROKEN = "raise ImportError('the cupboard is bare')"
_SLOW = "import time; time.sleep(60)"
_LATE = "import time; time.sleep(0.5)"


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, autumn: Path) -> tuple[Path, dict[Size, list[str]]]:
    """A library on which recto was opened and closed in each terminal size, and the pages that it stored."""
    folder = tmp_path_factory.mktemp("left")
    path = folder / "library.db"
    shutil.copy(autumn, path)
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), "RECTO_CONFIG": ""}
    pages = {}
    for size in SIZES:
        with ExitStack() as stack:
            leave(OpenTerminal(path, stack), size=size, env=home)
        pages[size] = Path(f"{path}.page").read_text().split("\n")[1:-1]
    return path, pages


@pytest.fixture
def library(tmp_path: Path, left: tuple[Path, dict[Size, list[str]]]) -> Path:
    """A copy, for one test, of the library on which recto was opened and closed."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(left[0], path)
    return path


@pytest.fixture
def terminal(
    terminal: OpenTerminal, left: tuple[Path, dict[Size, list[str]]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> OpenTerminal:
    """Runs the real program, which finds a stored page even at its first start in the test."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("RECTO_CONFIG", "")
    terminal.__class__ = OpenWithPage
    terminal.pages = dict(left[1])  # type: ignore[attr-defined]
    return terminal


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("size", "env"),
    some(
        3,
        [
            *((size, {}) for size in SIZES),
            (SIZES[0], {"NO_COLOR": "1"}),
            (SIZES[0], {"COLORTERM": ""}),
            (SIZES[0], {"TERM": "xterm", "COLORTERM": ""}),
        ],
    ),
    ids=str,
)
def test_the_first_page_is_what_the_reader_then_draws(
    terminal: OpenTerminal, size: tuple[int, int], env: dict[str, str]
) -> None:
    with Library.open(terminal.library) as library:
        marking.bookmark(library, [2, 5], True)
        marking.queue(library, [3, 5], True)
        marking.tag(library, [4], add=["sea-ice"])
        marking.status(library, [6], "done")
        marking.status(library, [7], "hidden")
        with library.writing() as connection:
            connection.execute("UPDATE paper SET title = '深い海の地図 and Ångströms', byline = 'Ø. Å' WHERE id = 8")
            connection.execute("UPDATE paper SET upvotes = 12345, title = title || ' at Length' || title WHERE id = 9")
    shown = f"{len(papers.AUTUMN) - 1} papers"
    assert shown in leave(terminal, "2", "j", "j", size=size, env=env).text
    reader = terminal(size=size, env=env)
    before = first_page_of(reader)
    seen = text(before)
    assert FIRST.title in seen and "Help" in seen and "type to filter" in seen
    # The papers include LaTeX and wide characters.
    assert "O(n²)" in seen and "深" in seen
    reader.shows(shown)
    while reader.read(0.3):
        pass
    after = cells(reader._screen)
    changed = [
        (column, line)
        for line in range(size[1])
        for column in range(size[0])
        if not is_filled_in(before[line][column], after[line][column])
    ]
    assert not changed
    # Only cells outside the list were blank before: the counts, the status line, the detail pane and the names of
    # views.
    titles = [line for line, row in enumerate(after) if any(cell[0] == "●" for cell in row)]
    start = next(column for column, cell in enumerate(after[titles[0]]) if cell[0] == "●")
    assert all(
        [cell[0] for cell in before[y][start : start + 40]] == [cell[0] for cell in after[y][start : start + 40]]
        for y in titles
    )


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(1, SIZES), ids=str)
def test_the_list_is_never_empty_between_the_first_page_and_the_reader(
    terminal: OpenTerminal, size: tuple[int, int]
) -> None:
    reader = terminal(size=size)
    stands(reader)
    assert reader.output.count(STARTED) == 1
    # Each paper has two lines, except on 80 x 24, where the list is wide and low and each paper has one line.
    least = min(len(papers.AUTUMN), (size[1] - 3) // (1 if size == (80, 24) else 2))
    for screen in drawn(reader, reader.output, reader.output.index(TEXTUAL)):
        shown = "\n".join(displayed(screen))
        # The output may end in the middle of a line; the title in that line is then incomplete.
        assert sum(paper.title[:20] in shown for paper in papers.AUTUMN) >= least - 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("keys", "session"),
    some(
        4,
        [
            (["G", "k"], None),
            (["b", "j"], None),
            (["x", "j"], None),
            (["s", "j"], None),
            ([], Session(view="all", filter="tree")),
            ([], Session(view="all", sort="title")),
            ([], Session(view="trending")),
            ([], Session(view="queue")),
            (["/", "t", "r", "e", "e", "enter"], None),
        ],
    ),
    ids=str,
)
def test_the_first_page_is_what_the_reader_showed_when_it_was_left(
    terminal: OpenTerminal, keys: list[str], session: Session | None
) -> None:
    if session is not None:
        with Library.open(terminal.library) as library:
            save_session(library, session)
    leave(terminal, *keys)
    reader = terminal(size=(80, 24))
    before = first_page_of(reader)
    assert "Help" in text(before)
    reader.until(lambda: counted(reader), "the list")
    while reader.read(0.3):
        pass
    after = cells(reader._screen)
    assert all(is_filled_in(*both) for lines in zip(before, after, strict=True) for both in zip(*lines, strict=True))


def test_no_page_is_printed_when_the_library_has_changed(terminal: OpenTerminal) -> None:
    leave(terminal)
    with sqlite3.connect(terminal.library) as library:
        library.execute("UPDATE paper SET title = 'Fair Queues No More' WHERE title = ?", (FIRST.title,))
    library.close()
    reader = terminal(size=(80, 24))
    assert text(first_page_of(reader)).strip() == ""
    reader.shows("Fair Queues No More")


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "when it is shown"])
def test_no_page_lacks_a_change_that_another_program_made_before_the_reader_was_left(
    terminal: OpenTerminal, waits: bool
) -> None:
    reader = terminal(size=(80, 24))
    stands(reader)
    with Library.open(terminal.library) as library, library.writing() as connection:
        connection.execute("UPDATE paper SET title = 'Queues of Another Program' WHERE title = ?", (FIRST.title,))
    if waits:
        # recto looks for changes every second, so it finds this change within that time.
        reader.shows("Queues of Another Program")
        while reader.read(0.5):
            pass
    reader.press("q")
    assert reader.ends() == 0
    page = text(first_page_of(terminal(size=(80, 24))))
    assert "Queues of Another Program" in page or (page.strip() == "" and not waits)


def test_the_page_that_a_reader_stores_includes_changes_of_another_reader(terminal: OpenTerminal) -> None:
    first, second = terminal(size=(80, 24)), terminal(size=(80, 24))
    stands(first)
    stands(second)
    second.press("b")
    second.shows("bookmarked")
    second.press("q")
    second.ends()
    first.press("q")
    first.ends()
    page = text(first_page_of(terminal(size=(80, 24))))
    assert f"★ {FIRST.title[:20]}" in page or page.strip() == ""


def test_a_killed_reader_leaves_no_page_that_is_out_of_date(terminal: OpenTerminal) -> None:
    reader = terminal(size=(80, 24))
    stands(reader)
    reader.press("b")
    reader.shows("bookmarked")
    reader.kill()
    page = text(first_page_of(terminal(size=(80, 24))))
    assert f"★ {FIRST.title[:20]}" in page or page.strip() == ""


@pytest.mark.thorough
@pytest.mark.parametrize("size", some(1, [(81, 24), (80, 25), (40, 10)]), ids=str)
def test_no_page_is_printed_on_a_terminal_of_another_size(terminal: OpenTerminal, size: Size) -> None:
    leave(terminal)
    assert text(first_page_of(terminal(size=size))).strip() == ""


@pytest.mark.thorough
@pytest.mark.parametrize("moment", some(4, [0.0, 0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3]))
def test_keys_typed_during_the_start_arrive_once_and_in_order(terminal: OpenTerminal, moment: float) -> None:
    typed = "/tree rings"
    chance = random.Random(moment)
    reader = terminal(size=(80, 24))
    reader.shows(FIRST.title)
    ends = time.monotonic() + moment
    while time.monotonic() < ends:
        reader.read(0.002)
    for letter in typed:
        reader.press(letter)
        reader.read(chance.choice((0, 0, 0.01, 0.03)))
    reader.shows("1 paper", "Interpretable Weather from Tree Rings")
    # The letters were typed before recto read the terminal, but the terminal itself must not have echoed them.
    reader.until(lambda: reader.lines[0].startswith(" / tree rings"), "every letter, once")
    assert "/tree" not in reader.text and b"/tree" not in reader.output


def test_keys_typed_before_the_first_page_are_not_echoed_on_it(terminal: OpenTerminal) -> None:
    reader = terminal(size=(80, 24))
    reader.press("j", "j")
    stands(reader)
    assert reader.style(10, 3).bg != reader.style(10, 1).bg
    assert "jj" not in reader.text


def test_ctrl_c_during_the_start_restores_the_terminal(terminal: OpenTerminal, tmp_path: Path) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, "textual", _LATE))
    reader.shows(FIRST.title)
    reader.press("ctrl+c")
    assert reader.ends() == 130
    assert is_as_it_was(reader)
    assert b"Traceback" not in reader.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda each: each.name)
@pytest.mark.parametrize("moment", [0.0, 0.015, 0.1])
def test_a_signal_during_the_start_restores_the_terminal(
    terminal: OpenTerminal, tmp_path: Path, number: signal.Signals, moment: float
) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, "textual", _SLOW))
    reader.shows(FIRST.title)
    time.sleep(moment)
    reader.send(number)
    assert reader.ends() == 128 + number
    assert is_as_it_was(reader)
    assert b"Traceback" not in reader.output


@pytest.mark.thorough
@pytest.mark.parametrize("module", some(2, ["textual", "tui.app", "tui.startup.open_reader", "textual.widgets"]))
def test_the_error_of_a_failing_import_is_printed_on_the_restored_terminal(
    terminal: OpenTerminal, tmp_path: Path, module: str
) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, module, _BROKEN))
    reader.shows(FIRST.title)
    assert reader.ends() == 1
    assert is_as_it_was(reader)
    error = reader.output.rpartition(b"\x1b[?1049l")[2]
    assert b"the cupboard is bare" in error


def test_the_error_of_a_library_that_cannot_be_opened_is_printed_on_the_restored_terminal(
    terminal: OpenTerminal, tmp_path: Path
) -> None:
    leave(terminal)
    reader = terminal(size=(80, 24), env=broken(tmp_path, "tui.settings.config", _LATE))
    reader.shows(FIRST.title)
    # Replace the library by a folder as soon as the page is on the terminal, so that opening the library fails.
    terminal.library.unlink()
    terminal.library.mkdir()
    assert reader.ends() == 1
    assert is_as_it_was(reader)
    assert b"is not a file" in reader.output.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.thorough
@pytest.mark.parametrize("elsewhere", some(2, [0, 1, 2]), ids=lambda number: ("input", "output", "errors")[number])
def test_no_page_is_printed_without_a_terminal(terminal: OpenTerminal, elsewhere: int) -> None:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    modes = termios.tcgetattr(slave)
    with Path(os.devnull).open("r+b") as nowhere:
        streams = [nowhere.fileno() if number == elsewhere else slave for number in range(3)]
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tui", "--library", str(terminal.library)],
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            env={**os.environ, "TERM": "xterm-256color"},
            start_new_session=True,
        )
    written = b""
    ends = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < ends:
        if select.select([master], [], [], 0.05)[0]:
            written += os.read(master, 65536)
        elif elsewhere == 2:
            # If standard error is not the terminal, recto draws on standard output. Leave it with q.
            os.write(master, b"q")
    assert process.poll() == (0 if elsewhere == 2 else 2)
    assert FIRST.title.encode() not in written
    assert termios.tcgetattr(slave) == modes
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_no_page_is_printed_on_a_terminal_that_cannot_draw(terminal: OpenTerminal, term: str) -> None:
    reader = terminal(size=(80, 24), env={"TERM": term})
    assert reader.ends() == 2
    assert b"\x1b" not in reader.output


@pytest.mark.thorough
@pytest.mark.parametrize(
    "tampered", some(2, ["\x1b]52;c;cGF5bG9hZA==\x07", "\x1b[2J", "text\x9b2J", "\x1b[31\x1b[2Jm"])
)
def test_a_stored_page_that_was_tampered_with_is_not_printed(terminal: OpenTerminal, tampered: str) -> None:
    leave(terminal)
    page = Path(f"{terminal.library}.page")
    page.write_text(page.read_text().replace(FIRST.title, tampered))
    reader = terminal(size=(80, 24))
    assert text(first_page_of(reader)).strip() == ""
    reader.shows(FIRST.title)
