"""Measures how often the right paper is at the top of the list, for a thousand exact and mistyped queries."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random

from store.library.library import Library
from store.search.search import Search
from tests.bench.answers import titles
from tests.bench.catalogue import Catalogue
from tests.bench.figures import Figure, Yardstick
from tests.bench.limits import explained
from tests.bench.oracle import best_share
from tests.bench.queries import Sought, misspelt, sought
from tests.bench.stand import Stand, has_fzf

NAME = "ranking"

_QUERIES = 1_000
# How long each kind of query may be measured (s): recto's search, fzf on a sample, and SQLite.
_SECONDS, _FZF_SECONDS, _PLAIN_SECONDS = 0.7, 0.6, 0.2
# The minimum number of queries, because a share of fewer queries says little. The number for fzf is smaller, because it
# reads all titles for each query.
_MIN_QUERIES, _MIN_FZF_QUERIES = 25, 10
_FIRST = (1, 10, 50)
# If more titles than this contain the words of a query, the query has no single right answer, so it is not counted.
_MOST_ALIKE = 10
_LETTERS = 4
# The goals are for libraries with at most this many papers.
_GOAL_SIZE = 100_000
_PREFIXES = "the first four letters of two words"


def measure(stand: Stand) -> Iterator[Figure]:
    """The share of right papers (%) that are found among the first ten results, for each kind of query."""
    random = Random(6)
    kinds: tuple[tuple[str, float, Callable[[Sought], str]], ...] = (
        ("two words", 99.5, lambda paper: " ".join(paper.words)),
        ("two words out of order", 99.5, lambda paper: " ".join(reversed(paper.words))),
        (_PREFIXES, 90, lambda paper: " ".join(word[:_LETTERS] for word in paper.words)),
        ("one typo in each of two words", 97, lambda paper: " ".join(misspelt(word, random) for word in paper.words)),
        ("an author and a word", 99, lambda paper: f"{paper.author} {max(paper.words, key=len)}"),
    )
    catalogue = stand.catalogue
    answerable = [paper for paper in sought(catalogue, _QUERIES * 2, seed=7) if _is_answerable(catalogue, paper)]
    papers = answerable[:_QUERIES]
    with stand.built.open() as library:
        for name, goal, query_of in kinds:
            yield _figure(stand, library, name, goal, [(paper, query_of(paper)) for paper in papers])


def _figure(stand: Stand, library: Library, name: str, goal: float, queries: Sequence[tuple[Sought, str]]) -> Figure:
    search, length = Search(library), _FIRST[-1]
    positions = _positions(queries, _SECONDS * stand.effort, lambda text: titles(search, library, text, length))
    fts5 = _positions(queries, _PLAIN_SECONDS * stand.effort, lambda text: stand.catalogue.best(text, length))
    fzf = (
        _positions(queries, _FZF_SECONDS * stand.effort, partial(_fzf, stand.catalogue.titles), _MIN_FZF_QUERIES)
        if has_fzf()
        else []
    )
    figure = Figure(
        name=f"right paper in the first ten: {name}",
        at=stand.size,
        figure=share(positions, 10),
        unit="%",
        # Larger libraries have no goal, because more papers match each query, so the right one is harder to find.
        goal=goal if stand.size <= _GOAL_SIZE else None,
        yardsticks=(
            Yardstick("fzf --filter", share(fzf, 10) if fzf else None),
            Yardstick("plain FTS5 by rank", share(fts5, 10)),
        ),
        note=f"first 1/10/50 %: {_shares(positions)}; FTS5 {_shares(fts5)}; fzf {_shares(fzf)}",
    )
    return explained(
        figure,
        lambda: (
            _missed(queries, positions)
            + (_best_possible(stand, queries[: len(positions)]) if name == _PREFIXES else "")
        ),
    )


def _best_possible(stand: Stand, queries: Sequence[tuple[Sought, str]]) -> str:
    """A text that says which share of right papers the best possible ranking would find."""
    with stand.catalogue.titles.open(encoding="utf-8") as titles:
        best = best_share(titles, [paper.words for paper, _ in queries], _LETTERS, 10)
    return f"; for these queries the likeliest ten titles of all hold {best:.1f} %: no order of titles does better"


def _missed(queries: Sequence[tuple[Sought, str]], positions: Sequence[int | None]) -> str:
    """How many papers were not found, how many came after the tenth, and an example."""
    missed = [
        (text, position)
        for (_, text), position in zip(queries, positions, strict=False)
        if position is None or position > 10
    ]
    nowhere = sum(position is None for _, position in missed)
    text, position = missed[0]
    return f"{nowhere} not in the first {_FIRST[-1]}, {len(missed) - nowhere} after the tenth; {text!r}: {position}"


def _shares(positions: Sequence[int | None]) -> str:
    """The share of right papers among the first 1, 10 and 50, and the number of queries."""
    if not positions:
        return "missing"
    return f"{'/'.join(f'{share(positions, length):.1f}' for length in _FIRST)} ({len(positions)} queries)"


def _is_answerable(catalogue: Catalogue, paper: Sought) -> bool:
    """Whether at most ten titles contain both words, so that all of them can be among the first ten."""
    return catalogue.with_words(paper.words, _MOST_ALIKE + 1) <= _MOST_ALIKE


def _positions(
    queries: Sequence[tuple[Sought, str]],
    seconds: float,
    titles: Callable[[str], list[str]],
    min_queries: int = _MIN_QUERIES,
) -> list[int | None]:
    """The position of each right paper, from 1, or None when it was not found.

    The search runs for as many queries as fit in `seconds`, but for at least `min_queries`.
    """
    ends = time.perf_counter() + seconds
    positions: list[int | None] = []
    for paper, text in queries:
        shown = titles(text)
        positions.append(shown.index(paper.title) + 1 if paper.title in shown else None)
        if time.perf_counter() > ends and len(positions) >= min_queries:
            break
    return positions


def share(positions: Sequence[int | None], length: int) -> float:
    """The share of right papers among the first `length` results (%), for at least one query."""
    return 100 * sum(position is not None and position <= length for position in positions) / len(positions)


def _fzf(titles: Path, text: str) -> list[str]:
    """The first titles that `fzf --filter` prints for a query."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FZF_")}
    with titles.open("rb") as source:
        run = subprocess.run(
            ["fzf", f"--filter={text}"], stdin=source, capture_output=True, env=environment, check=False
        )
    return run.stdout.decode("utf-8", "replace").splitlines()[: _FIRST[-1]]
