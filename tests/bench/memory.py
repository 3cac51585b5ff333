"""Measures the memory of the running program: before the first search, and the peak during and after one with typos."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figures import Figure, Yardstick
from tests.bench.queries import typed
from tests.bench.stand import Stand, has_fzf

NAME = "memory"

# The goals for any number of papers, and the memory of fzf with three million titles on the machine where the goals
# were set (MB).
_OPENED_GOAL, _SEARCHED_GOAL, _FZF = 120, 350, 476
_LARGEST = 3_000_000
# How long to wait for a search with typos (s). The longer time is for libraries with more than _MANY papers.
_SEARCHING, _MANY = 1.0, 300_000
# The time between two measurements of the memory (s).
_LOOKED = 0.1


def measure(stand: Stand) -> Iterator[Figure]:
    """The resident memory of recto and its child processes, compared with that of fzf with the same titles."""
    query = typed(stand.catalogue, 1, wrong=True, seed=5)[0]
    with stand.opened_reader() as terminal:
        opened = terminal.memory()
        # Send the slash alone and wait, because the filter must have the focus before a query is typed into it.
        for keys in ("/", query):
            terminal.send(keys)
            terminal.read(quiet=0.1, limit=1)
        # Wait for a fixed time and not for silence, because the program always writes something: its cursor blinks.
        ends = time.perf_counter() + (_SEARCHING if stand.size <= _MANY else 4 * _SEARCHING)
        searched = opened
        while time.perf_counter() < ends:
            terminal.read(quiet=_LOOKED, limit=_LOOKED)
            searched = max(searched, terminal.memory())
    fzf = None
    if has_fzf():
        with stand.fzf() as terminal:
            fzf = terminal.memory()
    for name, figure, goal in (
        ("memory, reader open, before a search", opened, _OPENED_GOAL),
        ("memory, reader open, with a search", searched, _SEARCHED_GOAL),
    ):
        yield Figure(
            name=name,
            at=stand.size,
            figure=figure,
            unit="MB",
            goal=goal,
            goal_ratio=goal / _FZF if stand.size == _LARGEST else None,
            yardsticks=(Yardstick("fzf with the titles", fzf),),
        )
