"""How long the reader's event loop is held up while an import runs beside it."""

from __future__ import annotations

import shutil
import sys
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench.corpus import papers
from tests.bench.figures import Figure, percentile
from tests.bench.keystrokes import Typist, milliseconds
from tests.bench.libraries import ROOT, Built, scratch
from tests.bench.listings import snapshot_line
from tests.bench.stand import LIST, PATIENCE, UNCONFIGURED, Stand, shows
from tests.bench.terminal import Terminal

NAME = "stalls"

# Papers that come in meanwhile: other ones than the library has, under ids that no corpus has.
_COMING, _SEED, _FIRST_ID = 12_000, 99, 30_000
# At most so long is watched (s).
_SECONDS = 6.0
# Starting is not what is measured: beats of the first moments do not count.
_STARTING = 500
_MOVES = "jjjjjjjjkkkkkkkk"


def measure(stand: Stand) -> Iterator[Figure]:
    """Beats of the event loop that came late, and keys, with an import and without one."""
    with scratch() as folder:
        shutil.copy(stand.built.library, folder / "library.db")
        Built(stand.size, folder).begin()
        coming = folder / "coming.json"
        with coming.open("w") as file:
            for number, paper in enumerate(papers(_COMING, _SEED), _FIRST_ID):
                file.write(snapshot_line(replace(paper, arxiv_id=f"2601.{number:05}")) + "\n")
        idle, idle_keys = _beats(stand, folder, [])
        busy, keys = _beats(stand, folder, ["read", str(coming)])
    for name, figure, goal, before in (
        ("stall of the event loop, import running, p99", percentile(busy, 0.99), 8, percentile(idle, 0.99)),
        ("stall of the event loop, import running, worst", max(busy), 50, max(idle)),
        ("one line down, import running, p50", percentile(keys, 0.5), 8, percentile(idle_keys, 0.5)),
        ("one line down, import running, p99", percentile(keys, 0.99), 16, percentile(idle_keys, 0.99)),
    ):
        yield Figure(
            name=name,
            at=stand.size,
            figure=figure,
            unit="ms",
            goal=goal,
            yardstick="idle",
            yardstick_figure=before,
            note=f"{len(keys)} keys" if name.startswith("one") else f"{len(busy):,} beats",
        )


def _beats(stand: Stand, folder: Path, command: Sequence[str]) -> tuple[list[float], list[float]]:
    """How late each beat came, and how long each key took, until the import is through (ms)."""
    beats = folder / "beats"
    library = ["--library", str(folder / "library.db")]
    # A subcommand takes the option behind its name.
    arguments = [*command[:1], *library, *command[1:]]
    program = [sys.executable, "-m", "tests.bench.beating", str(beats), *arguments]
    with Terminal(program, cwd=ROOT, environment=UNCONFIGURED) as terminal:
        for chunk in terminal.read_until(shows(stand.first_titles()), limit=PATIENCE):
            terminal.draw(chunk)
        typist = Typist(terminal, (LIST,), quiet=0.03)
        reactions = typist.press_all(_MOVES)
        ends = time.monotonic() + _SECONDS * stand.effort
        while command and _importing(terminal) and time.monotonic() < ends:
            reactions += typist.press_all(_MOVES)
    late = array("d")
    late.frombytes(beats.read_bytes())
    return list(late[_STARTING:]), milliseconds(reactions)


def _importing(terminal: Terminal) -> bool:
    """Whether a process that the reader started still runs."""
    started = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children").read_text()
    return bool(started.split())
