"""Measures the search without a screen: the time to a result after every key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from rapidfuzz import fuzz, process

from store.library.library import Library
from store.search.search import Search
from tests.bench.answers import titles
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.queries import prefixes, typed
from tests.bench.stand import Stand
from tests.bench.terminal import ROWS
from tests.bench.timing import duration

NAME = "search"

# How long the measurement of one row of the table may take (s). A slow search is measured on fewer keys.
_SECONDS = 1.5
_NEWEST = 50


def measure(stand: Stand) -> Iterator[Figure]:
    """The time to a result and its first screen: exact words are compared with FTS5, mistyped words with rapidfuzz."""
    queries = typed(stand.catalogue, stand.rounds(40), seed=3)
    mistyped = typed(stand.catalogue, stand.rounds(20), wrong=True, seed=4)
    seconds = _SECONDS * stand.effort
    with stand.built.open() as library:
        search = Search(library)
        exact_ms = at_every_key(search, library, queries, seconds)
        mistyped_ms = at_every_key(search, library, mistyped, seconds)
    fts5_ms = _timed(lambda text: stand.catalogue.newest(text, _NEWEST), queries, seconds / 2)
    yield from _figures("store alone, an answer", stand, exact_ms, "FTS5, newest 50", fts5_ms)
    yield from _figures(
        "store alone, mistyped words", stand, mistyped_ms,
        "rapidfuzz over all titles", over_all_titles(stand),
    )  # fmt: skip


def at_every_key(search: Search, library: Library, queries: Sequence[str], seconds: float) -> list[float]:
    """The time to the result and its first screen after each key (ms), for as many queries as fit in `seconds`."""

    def ask(text: str) -> None:
        titles(search, library, text, ROWS)

    # Do not measure the first search: it reads pages from the disk, and all later searches find these pages in memory.
    ask("warm up")
    return _timed(ask, queries, seconds)


@cache
def over_all_titles(stand: Stand) -> list[float]:
    """The time that rapidfuzz takes to find the fifty most similar titles (ms), for each of three queries."""
    titles = stand.catalogue.titles.read_text("utf-8").lower().splitlines()
    durations = []
    for query in typed(stand.catalogue, 3, wrong=True):
        compare = partial(process.extract, query, titles, scorer=fuzz.token_set_ratio, limit=_NEWEST)
        durations.append(duration(compare))
    return durations


def _figures(
    name: str, stand: Stand, durations: list[float], yardstick: str, yardstick_durations: list[float]
) -> Iterator[Figure]:
    for share, label in ((0.5, "p50"), (0.99, "p99")):
        yield Figure(
            name=f"{name}, {label}",
            at=stand.size,
            figure=percentile(durations, share),
            unit="ms",
            yardsticks=(Yardstick(yardstick, percentile(yardstick_durations, share)),),
            note=f"{len(durations)} keys, worst {max(durations):.0f} ms",
        )


def _timed(ask: Callable[[str], object], queries: Sequence[str], seconds: float) -> list[float]:
    """The durations of `ask` after each key (ms).

    It is called with the text in the filter, for as many queries as fit in `seconds`, at least one.
    """
    durations: list[float] = []
    ends = time.perf_counter() + seconds
    for query in queries:
        for text in prefixes(query):
            durations.append(duration(partial(ask, text)))
        if time.perf_counter() > ends:
            break
    return durations
