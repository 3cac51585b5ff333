"""Measures how long recto's event loop is blocked while an import runs."""

from __future__ import annotations

import os
import shutil
import sys
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import NamedTuple

from store.search.search import Search
from tests.bench.figures import Figure, Yardstick, number, percentile
from tests.bench.keystrokes import Reaction, Region, milliseconds
from tests.bench.libraries import ROOT, Built, coming, scratch
from tests.bench.limits import explained
from tests.bench.moves import line_by_line
from tests.bench.queries import typed
from tests.bench.stand import FRAMES, UNCONFIGURED, Stand
from tests.bench.terminal import Terminal
from tests.bench.typing_queries import Key, changes, type_all, typist

NAME = "stalls"

# How long to type letters (s). If that time is short, one filter is typed nevertheless.
_SECONDS = 1.0
_LINES = 24
# This many of the first and last wake-ups do not count, because the program was starting or ending.
_STARTING, _LEAVING = 250, 10


class _Watched(NamedTuple):
    """How late each wake-up in the event loop was, and the times to move by a line and to react to a letter (ms)."""

    beats: list[float]
    lines: list[float]
    letters: list[float]


def measure(stand: Stand) -> Iterator[Figure]:
    """The delays of the event loop, and the times after keys, while an import runs and without an import."""
    with scratch() as folder:
        # Copy the whole folder, because the library's index and other files are next to it.
        shutil.copytree(stand.built.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
        beside = Built(stand.size, folder)
        queries = typed(stand.catalogue, 4, seed=8)
        with beside.open() as library:
            changing = changes(Search(library), queries)
        idle = _watched(stand, beside, [], queries, changing)
        busy = _watched(stand, beside, ["read", str(coming())], queries, changing)
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
        figure = Figure(
            name=f"{name}, import running, {said}",
            at=stand.size,
            figure=percentile(busy, share),
            unit="ms",
            goal=goal,
            yardsticks=(Yardstick("idle", percentile(idle, share)),),
            note=f"{len(busy):,} times, {len(idle):,} idle",
        )
        yield explained(figure, partial(_limit, percentile(idle, share)))


def _limit(idle: float) -> str:
    return f"{number(idle)} ms of it come without an import, the rest of sharing {os.cpu_count()} cores and the disk"


def _watched(
    stand: Stand, beside: Built, command: Sequence[str], queries: Sequence[str], changing: Mapping[Key, Region]
) -> _Watched:
    """Measure a running recto until its import has ended."""
    beats = beside.folder / "beats"
    library = ["--library", str(beside.library)]
    # Begin at the first paper, because the previous run has stored its position in the list.
    beside.begin()
    # The option --library must come after the name of a subcommand.
    arguments = [*command[:1], *library, *command[1:]]
    program = [sys.executable, "-m", "tests.bench.beating", str(beats), *arguments]
    # `beating` imports Textual before recto can set the frame rate in the environment, so set it here.
    with Terminal(program, cwd=ROOT, environment={**UNCONFIGURED, **FRAMES}) as terminal:
        stand.settled_reader(terminal)
        # Move the cursor before any filter is typed: the terminal's input code would take an Escape and a letter soon
        # after it for one key.
        lines = line_by_line(terminal, stand.rounds(_LINES))
        letters: list[Reaction] = []
        somebody = typist(stand, terminal)
        ends = time.monotonic() + _SECONDS * stand.effort
        for query in cycle(queries):
            letters += type_all(somebody, [query], changing)
            if time.monotonic() > ends or (command and not terminal.started_processes()):
                break
    late = array("d")
    late.frombytes(beats.read_bytes())
    return _Watched(list(late[_STARTING:-_LEAVING]), lines, milliseconds(letters))
