"""The store alone: a search at every key, without a screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from rapidfuzz import fuzz, process

from store.library.library import Library
from store.search.search import Search
from tests.bench.asked import titles
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.queries import prefixes, typed
from tests.bench.stand import Stand
from tests.bench.terminal import ROWS

NAME = "search"

# A row of the table may take so long (s): what is slow is measured on fewer keys.
_SECONDS = 1.5
_NEWEST = 50


def measure(stand: Stand) -> Iterator[Figure]:
    """An answer and the rows of its first screen after every key, beside FTS5's newest fifty, and with typos."""
    queries = typed(stand.catalogue, stand.rounds(40), seed=3)
    mistyped = typed(stand.catalogue, stand.rounds(20), wrong=True, seed=4)
    seconds = _SECONDS * stand.effort
    with stand.built.open() as library:
        search = Search(library)
        found = at_every_key(search, library, queries, seconds)
        typos = at_every_key(search, library, mistyped, seconds)
    plain = _timed(lambda text: stand.catalogue.newest(text, _NEWEST), queries, seconds / 2)
    yield from _figures("store alone, an answer", stand, found, "FTS5, newest 50", plain)
    yield from _figures(
        "store alone, mistyped words", stand, typos,
        "rapidfuzz over all titles", over_all_titles(stand),
    )  # fmt: skip


def at_every_key(search: Search, library: Library, queries: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds to the answer and its first screen, for each key of as many queries as there is time for."""

    def ask(text: str) -> None:
        titles(search, library, text, ROWS)

    ask("warm up the pages that every search reads")
    return _timed(ask, queries, seconds)


@cache
def over_all_titles(stand: Stand) -> list[float]:
    """How long rapidfuzz takes to find the fifty most alike of all titles (ms)."""
    titles = stand.catalogue.titles.read_text("utf-8").lower().splitlines()
    found = []
    for query in typed(stand.catalogue, 3, wrong=True):
        started = time.perf_counter()
        process.extract(query, titles, scorer=fuzz.token_set_ratio, limit=_NEWEST)
        found.append((time.perf_counter() - started) * 1000)
    return found


def _figures(name: str, stand: Stand, found: list[float], yardstick: str, yardsticks: list[float]) -> Iterator[Figure]:
    for share, said in ((0.5, "p50"), (0.99, "p99")):
        yield Figure(
            name=f"{name}, {said}",
            at=stand.size,
            figure=percentile(found, share),
            unit="ms",
            yardsticks=(Yardstick(yardstick, percentile(yardsticks, share)),),
            note=f"{len(found)} keys, worst {max(found):.0f} ms",
        )


def _timed(ask: Callable[[str], object], queries: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds for each key of `queries`, as many of them as there is time for."""
    found: list[float] = []
    ends = time.perf_counter() + seconds
    for query in queries:
        for text in prefixes(query):
            started = time.perf_counter()
            ask(text)
            found.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > ends:
            break
    return found
