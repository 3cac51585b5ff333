"""Row 56: strange terminals, sizes and input. recto continues to run, or reports in one line why it cannot be shown."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from tests.faults.conftest import Report
from tests.scenarios import papers
from tests.scenarios.terminal import PATIENCE, Terminal
from tests.scenarios.test_leaving import is_as_it_was
from tests.scenarios.test_sizes import KEYS, is_whole
from tests.scenarios.test_strange_input import send_anything, without_dangerous_keys
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(6, 60)
_PARTS = 250
_RESIZES = number_of_rounds(40, 200)
# Texts that must not appear on the terminal, neither while recto runs nor after it has ended.
_ERRORS = (
    b"Traceback",
    b"Fatal",
    b"Exception ignored",
    b"panicked",
    b"Warning: ",
    b"recto stopped",
    b"never retrieved",
)
_ENVIRONMENTS: dict[str, dict[str, str]] = {
    "LANG=C": {"LANG": "C", "LC_ALL": "C"},
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
    "no colours": {"NO_COLOR": "1"},
    "vt100": {"TERM": "vt100", "COLORTERM": ""},
    "an unknown terminal": {"TERM": "no-such-terminal"},
    "a size that is not true": {"COLUMNS": "1", "LINES": "1"},
    "a size that is no number": {"COLUMNS": "x", "LINES": "-3"},
    "screen": {"TERM": "screen", "LANG": "de_DE.ISO-8859-1"},
}
_SIZES = [(1, 1), (2, 1), (5, 2), (20, 3), (60, 20), (80, 24), (500, 2), (2, 500), (400, 150), (3000, 1200)]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    with Library.open(path) as made:
        listing = papers.write(tmp_path, papers.AUTUMN, papers.AUTUMN_DAY)
        list(take_in(made, [listing], Options(today=date(2026, 1, 1))))
    return path


def faults(screen: Terminal, what: str) -> list[str]:
    """Descriptions of what is wrong with a recto that the test asked to end."""
    code = screen.ends()
    wrong = [f"{what}: code {code}"] if code else []
    wrong += [f"{what}: printed {said!r}" for said in _ERRORS if said in screen.output]
    return wrong if is_as_it_was(screen) else [*wrong, f"{what}: the terminal is not as it was"]


def test_no_input_ends_the_reader(tmp_path: Path, library: Path, report: Report) -> None:
    wrong = []
    for round_ in range(_ROUNDS):
        chance = random.Random(round_)
        size = (chance.randrange(60, 120), chance.randrange(10, 40))
        with Terminal("--library", library, size=size, env=without_dangerous_keys(tmp_path)) as screen:
            # Keys of earlier rounds may have left a list with one paper.
            screen.shows(" paper")
            try:
                send_anything(screen, chance, chance.randrange(_PARTS))
            except (AssertionError, OSError) as error:
                wrong.append(f"{round_}: {error}"[:300])
                continue
            # This is the key f24, with which the configuration of this test ends recto.
            screen.press("\x1b[57387u")
            wrong += faults(screen, str(round_))
    report(56, _ROUNDS, f"{len(wrong)} readers ended by input {wrong[:3] or ''}".strip(), not wrong)


def test_the_reader_is_shown_in_every_environment_and_size(library: Path, report: Report) -> None:
    wrong = []
    for name, env in _ENVIRONMENTS.items():
        for size in random.Random(name).sample(_SIZES, 4):
            what = f"{name}, {size}"
            # A shell may have exported a size as environment variables, but recto must use the real one: the terminal
            # may be resized later.
            with Terminal("--library", library, size=size, env=env) as screen:
                screen.until(lambda screen=screen: b"\x1b[?2026$p" in screen.output, "the reader has the terminal")
                screen.press(*KEYS)
                screen.resize((80, 24))
                screen.read_for(0.5)
                screen.press("escape", "escape", "escape", "escape", "q")
                wrong += faults(screen, what)
    rounds = len(_ENVIRONMENTS) * 4
    report(56, rounds, f"{len(wrong)} readers ended by their terminal {wrong[:3] or ''}".strip(), not wrong)


@pytest.mark.parametrize("how", ["TERM=dumb", "TERM unset", "no terminal"])
def test_one_line_says_that_the_reader_cannot_be_shown(library: Path, how: str) -> None:
    words = [sys.executable, "-P", "-m", "tui", "--library", str(library)]
    if how == "no terminal":
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)
        code, printed = done.returncode, done.stderr
    else:
        with Terminal("--library", library, env={"TERM": "dumb" if how == "TERM=dumb" else ""}) as screen:
            code, printed = screen.ends(), screen.output
    assert code == 2
    assert printed.startswith(b"recto: ") and b"use: recto list" in printed and printed.count(b"\n") == 1


def test_a_storm_of_sizes_leaves_the_screen_whole_and_quick(library: Path, report: Report) -> None:
    chance = random.Random(56)
    seconds: list[float] = []
    with Terminal("--library", library, size=(80, 24)) as screen:
        screen.shows("24 papers", "Persimmon")
        for number in range(_RESIZES):
            screen.resize(
                chance.choice(_SIZES[:-1]) if number % 3 else (chance.randrange(1, 250), chance.randrange(1, 70))
            )
            screen.press(*chance.choices(KEYS, k=chance.randrange(3)))
            screen.read(chance.choice((0, 0.01, 0.1)))
            if number % 10 == 9:
                began, before = time.monotonic(), len(screen.output)
                screen.resize((81 + number % 20, 24))
                screen.until(lambda before=before: len(screen.output) > before, "something is drawn")
                seconds.append(time.monotonic() - began)
        screen.resize((80, 24))
        ends = time.monotonic() + PATIENCE
        while not is_whole(screen) and time.monotonic() < ends:
            # A paper that was opened or marked is not in the view of new papers any more, so show all papers ("2").
            screen.press("escape", "2", "g")
            screen.read_for(0.2)
        whole = is_whole(screen)
        screen.press("q")
        wrong = faults(screen, "storm")
    slowest = sorted(seconds)[int(len(seconds) * 0.95)]
    figure = f"whole: {whole}, first drawing after a resize {slowest * 1000:.0f} ms p95 {wrong or ''}".strip()
    report(56, _RESIZES, figure, whole and not wrong)


def test_a_megabyte_that_is_pasted_anywhere_ends_nothing(library: Path, report: Report) -> None:
    texts = ("word " * 200_000, "x" * 1_000_000, "line\n" * 200_000, "é\u202e$\\alpha$\x1b[A\x00" * 60_000)
    wrong = []
    seconds = []
    for field in ("", "/", "t", "n", "i", "ctrl+p"):
        for text in texts:
            with Terminal("--library", library, size=(80, 24)) as screen:
                screen.shows("24 papers", "Persimmon")
                screen.press(*([field] if field else []))
                screen.read_for(0.5)
                began = time.monotonic()
                screen.send_bytes(b"\x1b[200~" + text.encode() + b"\x1b[201~")
                screen.press("escape", "escape", "escape", "2")
                with contextlib.suppress(AssertionError):
                    screen.until(lambda screen=screen: " All" in screen.lines[-2], "all papers")
                seconds.append(time.monotonic() - began)
                screen.press("q")
                wrong += faults(screen, f"{field!r} {text[:5]!r}")
    figure = f"{len(wrong)} wrong, {max(seconds):.1f} s at most {wrong[:3] or ''}".strip()
    report(56, len(seconds), figure, not wrong)
