"""How long the reader's event loop is held up while an import runs beside it."""

from __future__ import annotations

import shutil
import sys
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from store.search import Search
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.keystrokes import Reaction, Region, Typist, milliseconds
from tests.bench.libraries import ROOT, Built, coming, scratch
from tests.bench.queries import typed
from tests.bench.stand import LIST, UNCONFIGURED, Stand
from tests.bench.terminal import Terminal
from tests.bench.typing_queries import Key, changes, type_all, typist

NAME = "stalls"

# At most so long is watched (s).
_SECONDS = 4.0
_SETTLING = 1.5
# Starting is not what is measured: beats of the first moments do not count.
_STARTING = 500
_MOVES = "jjjjjjjjkkkkkkkk"
_LEAVE, _FILTER = "\x1b", "/"
# A line that nothing comes of is given up after this (s).
_LIMIT = 1.5


class _Watched(NamedTuple):
    """How late each beat of the event loop came, and how long lines and letters took (ms)."""

    beats: list[float]
    lines: list[float]
    letters: list[float]


def measure(stand: Stand) -> Iterator[Figure]:
    """Beats of the event loop that came late, and keys, with an import and without one."""
    with scratch() as folder:
        # With whatever else stands beside the library.
        shutil.copytree(stand.built.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
        beside = Built(stand.size, folder)
        beside.begin()
        queries = typed(stand.catalogue, 4, seed=8)
        with beside.open() as library:
            changing = changes(Search(library), queries)
        idle = _watched(stand, folder, [], queries, changing)
        busy = _watched(stand, folder, ["read", str(coming())], queries, changing)
    yield from _figures(
        "stall of the event loop", stand, busy.beats, idle.beats, {"p99": (0.99, 8), "worst": (1.0, 50)}
    )
    yield from _figures("one line down", stand, busy.lines, idle.lines, {"p50": (0.5, 8), "p99": (0.99, 16)})
    yield from _figures(
        "key to repainted list", stand, busy.letters, idle.letters, {"p50": (0.5, None), "p99": (0.99, None)}
    )


def _figures(
    name: str, stand: Stand, busy: list[float], idle: list[float], wanted: Mapping[str, tuple[float, float | None]]
) -> Iterator[Figure]:
    for said, (share, goal) in wanted.items():
        yield Figure(
            name=f"{name}, import running, {said}",
            at=stand.size,
            figure=percentile(busy, share),
            unit="ms",
            goal=goal,
            yardsticks=(Yardstick("idle", percentile(idle, share)),),
            note=f"{len(busy):,} times, {len(idle):,} idle",
        )


def _watched(
    stand: Stand, folder: Path, command: Sequence[str], queries: Sequence[str], changing: Mapping[Key, Region]
) -> _Watched:
    """The beats and the keys of the reader until the import is through."""
    beats = folder / "beats"
    library = ["--library", str(folder / "library.db")]
    # A subcommand takes the option behind its name.
    arguments = [*command[:1], *library, *command[1:]]
    program = [sys.executable, "-m", "tests.bench.beating", str(beats), *arguments]
    with Terminal(program, cwd=ROOT, environment=UNCONFIGURED) as terminal:
        # An import says how far it is: there is no silence to wait for.
        stand.settled(terminal, stand.first_titles(), limit=_SETTLING)
        mover = Typist(terminal, (LIST,), quiet=0.03, limit=_LIMIT)
        somebody = typist(stand, terminal)
        lines: list[Reaction] = []
        letters: list[Reaction] = []
        ends = time.monotonic() + _SECONDS * stand.effort
        for query in cycle(queries):
            mover.press(_LEAVE, expected=False)
            lines += mover.press_all(_MOVES)
            mover.press(_FILTER, expected=False)
            letters += type_all(somebody, [query], changing)
            if time.monotonic() > ends or (command and not terminal.started_processes()):
                break
    late = array("d")
    late.frombytes(beats.read_bytes())
    return _Watched(list(late[_STARTING:]), milliseconds(lines), milliseconds(letters))
