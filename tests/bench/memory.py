"""What the open reader holds in memory, as it stands and after a search with typos."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.queries import typed
from tests.bench.stand import Stand, has_fzf

NAME = "memory"

# Goals at any size, and what fzf held with three million titles where they were set.
_OPENED_GOAL, _SEARCHED_GOAL, _FZF = 120, 350, 476
_LARGEST = 3_000_000
# So long a search with typos is waited for (s), and longer with many papers.
_SEARCHING, _MANY = 2.0, 300_000


def measure(stand: Stand) -> Iterator[Figure]:
    """Resident memory beside fzf's with the same titles."""
    with stand.built.open() as library:
        query = typed(library, 1, wrong=True, seed=5)[0]
    with stand.opened_reader() as terminal:
        opened = terminal.memory()
        # The slash by itself: the filter has to have the focus before anything is typed into it.
        for keys in ("/", query):
            terminal.send(keys)
            terminal.read(quiet=0.2, limit=5)
        # The cursor blinks: the terminal is never quiet for long.
        terminal.read(quiet=_SEARCHING, limit=_SEARCHING if stand.size <= _MANY else 4 * _SEARCHING)
        searched = terminal.memory()
    fzf = None
    if has_fzf():
        with stand.fzf() as terminal:
            fzf = terminal.memory()
    for name, figure, goal in (
        ("memory, reader open", opened, _OPENED_GOAL),
        ("memory, reader after a search with typos", searched, _SEARCHED_GOAL),
    ):
        yield Figure(
            name=name,
            at=stand.size,
            figure=figure,
            unit="MB",
            goal=goal,
            goal_ratio=goal / _FZF if stand.size == _LARGEST else None,
            yardstick="fzf with the titles",
            yardstick_figure=fzf,
        )
