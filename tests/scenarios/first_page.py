"""Starts recto with a stored page, and reads what it draws at the start."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import _FOREIGN, PATIENCE, Terminal
from tui.startup import last_page

SIZES = [(80, 24), (60, 20), (200, 50)]
FIRST, *_ = papers.AUTUMN

# The first sequence that Textual writes. The output of the first page does not contain it, so it marks the end of that
# output.
TEXTUAL = b"\x1b[?1000h"
STARTED = b"\x1b[?1049h"

# The screen is checked again whenever this many more bytes of output have been drawn.
_PIECE = 1_000
Cell = tuple[object, ...]
Size = tuple[int, int]


class OpenWithPage(OpenTerminal):
    """Runs `recto` on the test's library, for which a page of the terminal's size is stored."""

    pages: dict[Size, list[str]]

    def __call__(self, *words: str | Path, size: Size = (100, 30), **options: object) -> Terminal:
        page = self.pages.pop(size, None)
        if page:
            store(self.library, size, page)
        return super().__call__(*words, size=size, **options)  # type: ignore[arg-type]


def store(library: Path, size: Size, lines: list[str]) -> None:
    """Store `lines` as the page that the next start on a terminal of this size prints."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TERM", "xterm-256color")
        patched.setenv("COLORTERM", "truecolor")
        last_page.save(str(library), last_page.conditions(str(library), None, size), lines)


def leave(
    open_terminal: OpenTerminal, *keys: str, size: Size = (80, 24), env: dict[str, str] | None = None
) -> Terminal:
    """Open recto, press keys, and close it with q. Repeat this if it stored no page. Returns the last terminal.

    recto stores no page if it is closed while it checks the library for changes or has not yet shown the result of a
    key. That happens on a busy machine, so each repetition waits twice as long before it presses q.
    """
    page = Path(f"{open_terminal.library}.page")
    ends, pause = time.monotonic() + PATIENCE, 0.3
    while time.monotonic() < ends:
        reader = open_terminal(size=size, env=env)
        before = page.stat().st_mtime_ns if page.exists() else None
        stands(reader)
        reader.press(*keys)
        while reader.read(pause):
            pass
        pause *= 2
        reader.press("q")
        assert reader.ends() == 0
        if page.exists() and page.stat().st_mtime_ns != before:
            return reader
    raise AssertionError("no reader stored a page")


def counted(reader: Terminal) -> bool:
    """Whether recto has counted the papers in its list."""
    return "Help" in reader.text and re.search(r"\d (papers?|corrected)", reader.text) is not None


def stands(reader: Terminal) -> None:
    """Wait until recto has started and has written nothing for 0.3 s."""
    reader.until(lambda: counted(reader), "the list")
    while reader.read(0.3):
        pass


def first_page_of(reader: Terminal) -> list[list[Cell]]:
    """The cells of the screen after the first page was printed and before Textual wrote anything."""
    reader.until(lambda: TEXTUAL in reader.output, "the reader takes the terminal")
    *_, screen = drawn(reader, reader.output[: reader.output.index(TEXTUAL)])
    return cells(screen)


def drawn(reader: Terminal, output: bytes, begin: int = 0) -> Iterator[pyte.Screen]:
    """Yield the screen after the output up to the byte `begin`, and then after every further `_PIECE` bytes."""
    screen = pyte.Screen(reader._screen.columns, reader._screen.lines)
    stream = pyte.ByteStream(screen)
    stream.feed(_FOREIGN.sub(b"", output[:begin]))
    rest = _FOREIGN.sub(b"", output[begin:])
    for start in range(0, max(1, len(rest)), _PIECE):
        stream.feed(rest[start : start + _PIECE])
        yield screen


def cells(screen: pyte.Screen) -> list[list[Cell]]:
    """Every cell of the screen: its character and its style."""
    lines = [[screen.buffer[line][column] for column in range(screen.columns)] for line in range(screen.lines)]
    return [
        [(each.data, each.bg, each.reverse, each.underscore, each.fg, each.bold) for each in line] for line in lines
    ]


def text(screen: list[list[Cell]]) -> str:
    """The characters of these lines of cells, as one text."""
    return "\n".join("".join(str(cell[0]) for cell in line) for line in screen)


def is_filled_in(before: Cell, after: Cell) -> bool:
    """Whether a cell is the same as before, or was blank before."""
    return before == after or before[0] == " "


def broken(tmp_path: Path, module: str, code: str) -> dict[str, str]:
    """The environment variables that make `recto` run `code` when it imports this module."""
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
