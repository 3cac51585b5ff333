"""Starting: a page of papers is there before the reader is, and stays; no key is lost; the terminal is given back."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from store.library.library import Library
from store.marks import marks
from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import _FOREIGN, PATIENCE, Terminal, displayed
from tui.settings.session import Session
from tui.settings.session import save as save_session
from tui.startup import first_page

SIZES = [(80, 24), (60, 20), (200, 50)]
_FIRST, *_ = papers.AUTUMN
# What Textual begins with, and the first page does not.
_TEXTUAL = b"\x1b[?1000h"
_STARTED = b"\x1b[?1049h"
# A part of the program's modules that is imported after the first page, made to fail or to wait.
_BROKEN = "raise ImportError('the cupboard is bare')"
_SLOW = "import time; time.sleep(60)"
_LATE = "import time; time.sleep(0.5)"

# So many bytes are looked at together.
_PIECE = 1_000

Cell = tuple[object, ...]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, autumn: Path) -> Path:
    """A library that the reader was open on once, on a terminal of each size."""
    folder = tmp_path_factory.mktemp("left")
    path = folder / "library.db"
    shutil.copy(autumn, path)
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), "RECTO_CONFIG": ""}
    for number, size in enumerate(SIZES, 1):
        with Terminal("--library", path, size=size, env=home) as reader:
            leave(reader, path, number)
    return path


@pytest.fixture
def library(tmp_path: Path, left: Path) -> Path:
    """A library of the scenario's own that the reader was open on before."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(left, path)
    return path


def leave(reader: Terminal, library: Path, kept: int = 1) -> None:
    """Leave the reader when the library has frames for so many sizes."""
    stands(reader)
    reader.until(lambda: len(frames(library)) == kept, "the frame is kept")
    reader.press("q")
    assert reader.ends() == 0


def frames(library: Path) -> list[str]:
    """The settings of a library that hold frames."""
    with sqlite3.connect(library) as connection:
        found = [key for (key,) in connection.execute("SELECT key FROM setting WHERE key GLOB 'frame *'")]
    connection.close()
    return found


def stands(reader: Terminal) -> None:
    """Wait until the reader is through with starting."""
    reader.shows(f"{len(papers.AUTUMN)} papers", "Help")
    while reader.read(0.3):
        pass


def first_page_of(reader: Terminal) -> list[list[Cell]]:
    """The cells as they were when the first page was painted, and nothing of Textual's yet."""
    reader.until(lambda: _TEXTUAL in reader.output, "the reader comes")
    *_, screen = drawn(reader, reader.output[: reader.output.index(_TEXTUAL)])
    return cells(screen)


def drawn(reader: Terminal, output: bytes, begin: int = 0) -> Iterator[pyte.Screen]:
    """The screen as it was drawn up to `begin`, and then after each few bytes, however fast they came."""
    screen = pyte.Screen(reader._screen.columns, reader._screen.lines)
    stream = pyte.ByteStream(screen)
    stream.feed(_FOREIGN.sub(b"", output[:begin]))
    rest = _FOREIGN.sub(b"", output[begin:])
    for start in range(0, max(1, len(rest)), _PIECE):
        stream.feed(rest[start : start + _PIECE])
        yield screen


def cells(screen: pyte.Screen) -> list[list[Cell]]:
    """Every cell of the screen: its letter and how it looks."""
    lines = [[screen.buffer[line][column] for column in range(screen.columns)] for line in range(screen.lines)]
    return [
        [(each.data, each.bg, each.reverse, each.underscore, each.fg, each.bold) for each in line] for line in lines
    ]


def is_filled_in(before: Cell, after: Cell) -> bool:
    """Whether a cell is as it was, or was blank."""
    return before == after or before[0] == " "


def broken(tmp_path: Path, module: str, code: str) -> dict[str, str]:
    """The environment of a recto in which importing a module runs `code`, before anything else can."""
    folder = tmp_path / "broken"
    folder.mkdir()
    hook = (
        "import sys\n"
        "class Broken:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        f"            {code}\n"
        "sys.meta_path.insert(0, Broken())\n"
    )
    (folder / "sitecustomize.py").write_text(hook)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}


@pytest.mark.parametrize(
    ("size", "env"),
    [
        *((size, {}) for size in SIZES),
        (SIZES[0], {"NO_COLOR": "1"}),
        (SIZES[0], {"COLORTERM": ""}),
        (SIZES[0], {"TERM": "xterm", "COLORTERM": ""}),
    ],
    ids=str,
)
def test_the_first_page_is_the_one_that_the_reader_then_draws(
    terminal: OpenTerminal, size: tuple[int, int], env: dict[str, str]
) -> None:
    with Library.open(terminal.library) as library:
        marks.bookmark(library, [2, 5], True)
        marks.queue(library, [3, 5], True)
        marks.tag(library, [4], add=["sea-ice"])
        marks.status(library, [6], "done")
        marks.status(library, [7], "hidden")
        with library.writing() as connection:
            connection.execute("UPDATE paper SET title = '深い海の地図 and Ångströms', byline = 'Ø. Å' WHERE id = 8")
            connection.execute("UPDATE paper SET upvotes = 12345, title = title || ' at Length' || title WHERE id = 9")
    shown = f"{len(papers.AUTUMN) - 1} papers"
    reader = terminal(size=size, env=env)
    reader.shows(shown)
    time.sleep(0.5)
    reader.press("j", "j", "q")
    reader.ends()
    reader = terminal(size=size, env=env)
    before = first_page_of(reader)
    seen = "\n".join("".join(str(cell[0]) for cell in line) for line in before)
    assert _FIRST.title in seen and "Help" in seen and "type to filter" in seen
    # All papers that there is room for, and the LaTeX in one of them.
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
    # What was blank is a count, the status, the detail, another view's name: none of it is in the list.
    titles = [line for line, row in enumerate(after) if any(cell[0] == "●" for cell in row)]
    start = next(column for column, cell in enumerate(after[titles[0]]) if cell[0] == "●")
    assert all(
        [cell[0] for cell in before[y][start : start + 40]] == [cell[0] for cell in after[y][start : start + 40]]
        for y in titles
    )


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_between_the_first_page_and_the_reader_the_list_is_never_empty(
    terminal: OpenTerminal, size: tuple[int, int]
) -> None:
    reader = terminal(size=size)
    stands(reader)
    assert reader.output.count(_STARTED) == 1
    # But the one with LaTeX, which comes a moment later.
    least = min(len(papers.AUTUMN), (size[1] - 3) // (2 if size[0] > 140 else 1)) - 1
    for screen in drawn(reader, reader.output, reader.output.index(_TEXTUAL)):
        shown = "\n".join(displayed(screen))
        assert sum(paper.title[:20] in shown for paper in papers.AUTUMN) >= least


def test_the_page_is_where_the_reader_left_and_as_the_library_is_now(terminal: OpenTerminal) -> None:
    reader = terminal(size=(80, 24))
    stands(reader)
    reader.press("G", "k")
    time.sleep(0.3)
    reader.press("q")
    reader.ends()
    with Library.open(terminal.library) as library, library.writing() as connection:
        connection.execute("UPDATE paper SET title = 'Fair Queues No More' WHERE title LIKE 'Fair Queues%'")
    reader = terminal(size=(80, 24))
    before = first_page_of(reader)
    seen = "\n".join("".join(str(cell[0]) for cell in line) for line in before)
    assert "Fair Queues No More" in seen and papers.AUTUMN[-1].title in seen
    assert _FIRST.title not in seen
    stands(reader)
    after = cells(reader._screen)
    assert all(is_filled_in(*both) for lines in zip(before, after, strict=True) for both in zip(*lines, strict=True))


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3])
def test_keys_typed_while_it_starts_arrive_once_in_their_order(terminal: OpenTerminal, moment: float) -> None:
    typed = "/tree rings"
    chance = random.Random(moment)
    reader = terminal(size=(80, 24))
    reader.shows(_FIRST.title)
    ends = time.monotonic() + moment
    while time.monotonic() < ends:
        reader.read(0.002)
    for letter in typed:
        reader.press(letter)
        reader.read(chance.choice((0, 0, 0.01, 0.03)))
    reader.shows("1 paper", "Interpretable Weather from Tree Rings")
    # The terminal itself echoed nothing.
    reader.until(lambda: reader.lines[0].startswith(" / tree rings"), "every letter, once")
    assert "/tree" not in reader.text and b"/tree" not in reader.output


def test_keys_typed_before_the_first_page_are_not_echoed_on_it(terminal: OpenTerminal) -> None:
    reader = terminal(size=(80, 24))
    reader.press("j", "j")
    stands(reader)
    assert reader.style(10, 3).bg != reader.style(10, 1).bg
    assert "jj" not in reader.text


def test_ctrl_c_while_it_starts_leaves_the_terminal_as_it_was(terminal: OpenTerminal, tmp_path: Path) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, "textual", _LATE))
    reader.shows(_FIRST.title)
    reader.press("ctrl+c")
    assert reader.ends() == 130
    assert is_as_it_was(reader)
    assert b"Traceback" not in reader.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda each: each.name)
@pytest.mark.parametrize("moment", [0.0, 0.015, 0.1])
def test_a_signal_while_it_starts_leaves_the_terminal_as_it_was(
    terminal: OpenTerminal, tmp_path: Path, number: signal.Signals, moment: float
) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, "textual", _SLOW))
    reader.shows(_FIRST.title)
    time.sleep(moment)
    reader.send(number)
    assert reader.ends() == 128 + number
    assert is_as_it_was(reader)
    assert b"Traceback" not in reader.output


@pytest.mark.parametrize("module", ["textual", "tui.app", "tui.startup.open_reader", "textual.widgets"])
def test_an_import_that_fails_is_read_on_the_terminal_as_it_was(
    terminal: OpenTerminal, tmp_path: Path, module: str
) -> None:
    reader = terminal(size=(80, 24), env=broken(tmp_path, module, _BROKEN))
    reader.shows(_FIRST.title)
    assert reader.ends() == 1
    assert is_as_it_was(reader)
    said = reader.output.rpartition(b"\x1b[?1049l")[2]
    assert b"the cupboard is bare" in said


def test_a_configuration_that_is_wrong_is_read_on_the_terminal_as_it_was(
    terminal: OpenTerminal, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    env = {"RECTO_CONFIG": str(config)}
    config.write_text('theme = "recto-dark"\n')
    leave(terminal(size=(80, 24), env=env), terminal.library, len(SIZES))
    config.write_text("theme = 7\n")
    reader = terminal(size=(80, 24), env=env)
    assert reader.ends() == 1
    assert is_as_it_was(reader)
    assert b"cannot be used" in reader.output.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize("elsewhere", [0, 1, 2], ids=["input", "output", "errors"])
def test_no_page_is_painted_where_there_is_no_terminal(terminal: OpenTerminal, elsewhere: int) -> None:
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
            # The reader draws where nobody looks, and is left.
            os.write(master, b"q")
    assert process.poll() == (0 if elsewhere == 2 else 2)
    assert _FIRST.title.encode() not in written
    assert termios.tcgetattr(slave) == modes
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_no_page_is_painted_where_nothing_can_be_drawn(terminal: OpenTerminal, term: str) -> None:
    reader = terminal(size=(80, 24), env={"TERM": term})
    assert reader.ends() == 2
    assert b"\x1b" not in reader.output


@pytest.mark.parametrize(
    ("view", "filter", "sort"), [("new", "tree", "best"), ("new", "", "title"), ("trending", "", "best")]
)
def test_what_is_not_at_hand_is_left_to_the_reader(terminal: OpenTerminal, view: str, filter: str, sort: str) -> None:
    with Library.open(terminal.library) as library:
        save_session(library, Session(view=view, filter=filter, sort=sort))  # type: ignore[arg-type]
    reader = terminal(size=(80, 24))
    before = first_page_of(reader)
    assert not any(cell[0] != " " for line in before for cell in line)
    reader.until(
        lambda: any(paper.title[:20] in reader.text for paper in papers.AUTUMN) or view == "trending", "papers"
    )


def test_a_library_that_is_none_is_not_touched(terminal: OpenTerminal, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE setting (key, value)")
    connection.close()
    before = {path.name: path.read_bytes() for path in tmp_path.glob("other.db*")}
    assert first_page.read(str(other), None, (80, 24)) is None
    assert {path.name: path.read_bytes() for path in tmp_path.glob("other.db*")} == before


def is_as_it_was(terminal: Terminal) -> bool:
    """Whether the terminal has its settings back, and what was turned on is off."""
    for mode in (b"1049", b"1000", b"1003", b"1006", b"2004", b"1004"):
        switched = re.findall(rb"\x1b\[\?%s([hl])" % mode, terminal.output)
        if switched and switched[-1] != b"l":
            return False
    shown = re.findall(rb"\x1b\[\?25([hl])", terminal.output)
    return terminal.modes == terminal.modes_before and (not shown or shown[-1] == b"h")
