"""What every row of the table stands on: a library of one size, the programs, and where they show what."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from store.papers import queries
from store.search.search import Search
from tests.bench import bare
from tests.bench.answers import answer
from tests.bench.catalogue import Catalogue
from tests.bench.libraries import ROOT, Built, built, reader_command
from tests.bench.terminal import COLUMNS, ROWS, Terminal
from tui.render import styled

# Where the reader shows papers on a terminal of this size, and where their number; what else there is may change.
LIST = (range(1, ROWS - 2), range(0, COLUMNS * 2 // 5))
COUNT = (range(0, 1), range(COLUMNS - 30, COLUMNS))
# The reader must not be as its user on this machine has made it: an empty file is a configuration too.
UNCONFIGURED = {"RECTO_CONFIG": os.devnull}
# The reader asks Textual for so many frames a second; a yardstick must be allowed the same.
FRAMES = {"TEXTUAL_FPS": "240"}
_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[ -/]*[0-~])", re.S
)
# Letters of a title that are surely seen when it is on the screen.
_SEEN = 24
# Above so many papers a program gets longer to answer before it is taken to be through (s).
_MANY = 300_000
PATIENCE = 60.0
# A second after its first page the reader paints everything once more: so long it is watched (s) before it counts as
# settled, longer with many papers; then, like any other program, until it is quiet.
_SETTLING, _SETTLING_MANY = 1.4, 4.0
_QUIET = 0.05


@dataclass(frozen=True)
class Stand:
    """A size to measure at. `effort` is 1 for a quick look and more for more rounds."""

    size: int
    effort: float = 1.0

    @cached_property
    def built(self) -> Built:
        return built(self.size)

    def make(self) -> None:
        """Make the library when there is none yet."""
        _ = self.built

    @property
    def catalogue(self) -> Catalogue:
        """What is known of the papers."""
        return self.built.catalogue

    @property
    def quiet(self) -> float:
        """After such a pause (s) a program is taken to be through with a key."""
        return 0.03 if self.size <= _MANY else 0.4

    def rounds(self, number: int) -> int:
        """So many rounds, at the effort asked for."""
        return max(1, round(number * self.effort))

    def reader(self) -> Terminal:
        """The reader, just started, on all papers."""
        self.built.begin()
        return self.reader_as_left()

    def reader_as_left(self) -> Terminal:
        """The reader, just started on what the last one left: it may print the page that the last one stored."""
        return Terminal(reader_command(self.built.library), cwd=ROOT, environment=UNCONFIGURED)

    def opened_reader(self) -> Terminal:
        """The reader, with papers on the screen and drawn."""
        return self.settled_reader(self.reader())

    def settled_reader(self, terminal: Terminal) -> Terminal:
        """A reader, once it shows papers and has painted all that comes by itself."""
        return self.settled(terminal, self.first_titles(), _SETTLING if self.size <= _MANY else _SETTLING_MANY)

    def settled(self, terminal: Terminal, shown: list[str], settling: float = 0.0) -> Terminal:
        """`terminal`, once it shows one of these texts, has been watched for so long (s), and is quiet."""
        chunks = terminal.read_until(shows(shown), limit=PATIENCE)
        chunks += terminal.read(quiet=settling, limit=settling)
        # An import says how far it is, and a cursor blinks: there may be no silence to wait for.
        chunks += terminal.read(quiet=_QUIET, limit=0.5)
        for chunk in chunks:
            terminal.draw(chunk)
        return terminal

    def first_titles(self) -> list[str]:
        """How the titles of the papers begin that are at the top of the list."""
        with self.built.open() as library:
            found = answer(Search(library), "")
            rows = queries.list_rows(library.reader(), list(found.ids[:8]))
        return [styled.title(row.title)[:_SEEN] for row in rows]

    def fzf(self) -> Terminal:
        """fzf on the titles, all of them read."""
        return self.settled(fzf(self.catalogue.titles), [f"{self.size}/{self.size}"])


def shows(texts: list[str]) -> Callable[[bytes], bool]:
    """Whether bytes written to a terminal show one of `texts`."""
    wanted = [text.encode() for text in texts]
    return lambda written: any(text in visible(written) for text in wanted)


def visible(written: bytes) -> bytes:
    """Bytes written to a terminal without what only moves and colours."""
    return _ESCAPE.sub(b"", written)


def one_line() -> Terminal:
    """The smallest Textual app, just started."""
    return Terminal([sys.executable, bare.__file__], environment=FRAMES)


def has_fzf() -> bool:
    """Whether fzf is on this machine."""
    return shutil.which("fzf") is not None


def fzf(titles: Path) -> Terminal:
    """fzf, just started, with its prompt and its count in the first two lines."""
    return Terminal(
        ["fzf", "--layout=reverse", "--no-mouse"],
        environment={"FZF_DEFAULT_OPTS": "", "FZF_DEFAULT_COMMAND": ""},
        standard_input=titles,
    )
