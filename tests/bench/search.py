"""The store alone: a search at every key, without a screen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from store import papers
from store.library import Library
from store.search import Search
from tests.bench.figures import Figure, percentile
from tests.bench.queries import prefixes, typed
from tests.bench.stand import Stand, answer
from tests.bench.terminal import ROWS

NAME = "search"

# A row of the table may take so long (s): what is slow is measured on fewer keys.
_SECONDS = 3.0
_NEWEST = 50


def measure(stand: Stand) -> Iterator[Figure]:
    """An answer and the rows of its first screen after every key, beside FTS5's newest fifty, and with typos."""
    with stand.built.open() as library:
        queries = typed(library, stand.rounds(40), seed=3)
        mistyped = typed(library, stand.rounds(20), wrong=True, seed=4)
        found = _searched(library, queries, _SECONDS * stand.effort)
        plain = _full_text(library, queries, _SECONDS * stand.effort / 2)
        typos = _searched(library, mistyped, _SECONDS * stand.effort)
    yield from _figures("search in the store", stand, found, "FTS5, newest 50", plain)
    over_titles = over_all_titles(stand, mistyped[:3])
    yield from _figures("the same, a letter of each word wrong", stand, typos, "rapidfuzz over all titles", over_titles)


def over_all_titles(stand: Stand, queries: Sequence[str]) -> list[float]:
    """How long rapidfuzz takes to find the fifty most alike of all titles (ms)."""
    titles = stand.built.titles.read_text("utf-8").lower().splitlines()
    found = []
    for query in queries:
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
            yardstick=yardstick,
            yardstick_figure=percentile(yardsticks, share),
            note=f"{len(found)} keys, worst {max(found):.0f} ms",
        )


def _searched(library: Library, queries: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds for each key of `queries`, as many of them as there is time for."""
    search = Search(library)
    answer(search, "warm up the pages that every search reads")
    found: list[float] = []
    ends = time.perf_counter() + seconds
    for query in queries:
        for text in prefixes(query):
            started = time.perf_counter()
            ids = answer(search, text).ids
            papers.rows(library.reader(), list(ids[:ROWS]))
            found.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > ends:
            break
    return found


def _full_text(library: Library, queries: Sequence[str], seconds: float) -> list[float]:
    """The same for SQLite alone: every word a prefix in the title, the last fifty that came in."""
    connection: sqlite3.Connection = library.reader()
    found: list[float] = []
    ends = time.perf_counter() + seconds
    for query in queries:
        for text in prefixes(query):
            match = "title : (" + " AND ".join(f'"{word}" *' for word in text.split()) + ")"
            started = time.perf_counter()
            connection.execute(
                "SELECT rowid FROM head_fts WHERE head_fts MATCH ? ORDER BY rowid DESC LIMIT ?", (match, _NEWEST)
            ).fetchall()
            found.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > ends:
            break
    return found
