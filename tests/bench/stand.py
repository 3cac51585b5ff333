"""The set-up for every row of the benchmark table: a library of one size, the measured programs, and their screens."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from store.papers import list_rows
from store.search.search import Search
from tests.bench import bare
from tests.bench.answers import answer
from tests.bench.catalogue import Catalogue
from tests.bench.libraries import ROOT, Built, built, reader_command
from tests.bench.terminal import COLUMNS, ROWS, Terminal
from tui.render import styled

# The parts of the screen (rows, columns) in which recto shows the papers and their number. Other parts may change at
# any time.
LIST = (range(1, ROWS - 2), range(0, COLUMNS * 2 // 5))
COUNT = (range(0, 1), range(COLUMNS - 30, COLUMNS))
# An empty configuration file: recto must not use the configuration of the user who runs the benchmark.
UNCONFIGURED = {"RECTO_CONFIG": os.devnull}
# The frames per second that recto requests of Textual. A yardstick that uses Textual must get the same number.
FRAMES = {"TEXTUAL_FPS": "240"}
_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[ -/]*[0-~])", re.S
)
# When a title is on the screen, at least this many of its letters are visible.
_SEEN = 24
# With more papers than this, wait longer before a program counts as quiet (`Stand.quiet`).
_MANY = 300_000
PATIENCE = 60.0
# A second after its first page, recto paints everything once more. So it counts as settled only when it has been
# watched for this time (s), longer with many papers, and has then stopped writing.
_SETTLING, _SETTLING_MANY = 1.4, 4.0
_QUIET = 0.05


@dataclass(frozen=True)
class Stand:
    """The set-up for a library of `size` papers. The number of rounds (repetitions) is multiplied by `effort`."""

    size: int
    effort: float = 1.0

    @cached_property
    def built(self) -> Built:
        return built(self.size)

    def make(self) -> None:
        """Make the library if it does not exist yet."""
        _ = self.built

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the library's papers, such as their titles."""
        return self.built.catalogue

    @property
    def quiet(self) -> float:
        """The time (s) without output after which a program has finished its reaction to a key."""
        return 0.03 if self.size <= _MANY else 0.4

    def rounds(self, number: int) -> int:
        """The number of repetitions: `number` multiplied by the effort; at least one."""
        return max(1, round(number * self.effort))

    def reader(self) -> Terminal:
        """Start recto so that it shows all papers."""
        self.built.begin()
        return self.reader_as_left()

    def reader_as_left(self) -> Terminal:
        """Start recto after another one has ended. It may print the page that the previous one stored."""
        return Terminal(reader_command(self.built.library), cwd=ROOT, environment=UNCONFIGURED)

    def opened_reader(self) -> Terminal:
        """The terminal of recto, after it has drawn papers."""
        return self.settled_reader(self.reader())

    def settled_reader(self, terminal: Terminal) -> Terminal:
        """`terminal`, in which recto runs, after recto has shown papers and has stopped painting."""
        return self.settled(terminal, self.first_titles(), _SETTLING if self.size <= _MANY else _SETTLING_MANY)

    def settled(self, terminal: Terminal, shown: list[str], settling: float = 0.0) -> Terminal:
        """`terminal`, after its program has shown one of the texts `shown` and has stopped writing.

        It is watched for at least `settling` seconds.
        """
        chunks = terminal.read_until(shows(shown), limit=PATIENCE)
        chunks += terminal.read(quiet=settling, limit=settling)
        # Limit the time, because a program need not become quiet: an import shows its progress, and a cursor blinks.
        chunks += terminal.read(quiet=_QUIET, limit=0.5)
        for chunk in chunks:
            terminal.draw(chunk)
        return terminal

    def first_titles(self) -> list[str]:
        """The beginnings of the titles at the top of the list."""
        with self.built.open() as library:
            found = answer(Search(library), "")
            rows = list_rows.read(library.reader(), list(found.ids[:8]))
        return [styled.title(row.title)[:_SEEN] for row in rows]

    def fzf(self) -> Terminal:
        """The terminal of fzf with the titles, after fzf has read all of them."""
        return self.settled(fzf(self.catalogue.titles), [f"{self.size}/{self.size}"])


def shows(texts: list[str]) -> Callable[[bytes], bool]:
    """Whether bytes written to a terminal show one of `texts`."""
    wanted = [text.encode() for text in texts]
    return lambda written: any(text in visible(written) for text in wanted)


def visible(written: bytes) -> bytes:
    """Bytes written to a terminal, without the sequences that move the cursor or set colours."""
    return _ESCAPE.sub(b"", written)


def one_line() -> Terminal:
    """The terminal of the smallest Textual app, just started."""
    return Terminal([sys.executable, bare.__file__], environment=FRAMES)


def has_fzf() -> bool:
    """Whether fzf is on this machine."""
    return shutil.which("fzf") is not None


def fzf(titles: Path) -> Terminal:
    """The terminal of fzf, just started, with its prompt and its count in the first two lines."""
    return Terminal(
        ["fzf", "--layout=reverse", "--no-mouse"],
        environment={"FZF_DEFAULT_OPTS": "", "FZF_DEFAULT_COMMAND": ""},
        standard_input=titles,
    )
