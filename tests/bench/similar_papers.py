"""Measures the time to find similar papers, and how many of the first ten have the same subject as the paper."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random

from tantivy import Searcher

from store.library.library import Library
from store.search import index_sync, similar, terms
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.forms import LISTINGS
from tests.bench.libraries import ROOT, import_command, scratch
from tests.bench.stand import Stand
from tests.bench.timing import duration

NAME = "similar"

_SECONDS = 2.0
_FIRST = 10
# The precision is measured for at most this many papers, chosen at random. A sample must be large: with only 300 papers
# of one category, the precision varied between 44 and 47 % from sample to sample.
_PAPERS = 1_500
# With more papers than this, skip the real listings, because they are measured with the smallest library.
_SMALL = 10_000
# The goals for the median and the 99th percentile (ms), by the maximum number of papers.
_GOALS = {100_000: (5.0, 15.0), 3_000_000: (25.0, 80.0)}
# The goal for the precision at ten: the share of right papers among the first ten (%).
_PRECISION = 45.0
# The categories with subject classes (such as "astro-ph.GA") from which the papers of the mailings are.
_CATEGORY = "astro-ph."


def measure(stand: Stand) -> Iterator[Figure]:
    """The times for this number of papers and, at the smallest number, the precision with real listings."""
    with stand.built.open() as library:
        yield from _times(library, stand)
    if LISTINGS.is_dir() and stand.size <= _SMALL:
        with scratch() as folder:
            yield from on_listings(folder / "library.db", LISTINGS)


def _times(library: Library, stand: Stand) -> Iterator[Figure]:
    connection, searcher = _snapshot(library)
    random, counts = Random(5), similar.WordCounts()
    durations, own_durations = [], []
    ends = time.perf_counter() + _SECONDS * stand.effort
    while time.perf_counter() < ends:
        paper_id = random.randint(1, stand.size)
        durations.append(duration(partial(similar.similar, connection, searcher, [paper_id], counts=counts)))
        own_durations.append(duration(partial(similar.best, connection, searcher, paper_id)))
    for share, goal, label in zip((0.5, 0.99), _GOALS.get(stand.size, (None, None)), ("p50", "p99"), strict=True):
        yield Figure(
            name=f"papers similar to one, {label}",
            at=stand.size,
            figure=percentile(durations, share),
            unit="ms",
            goal=goal,
            yardsticks=(Yardstick("the query of the index alone", percentile(own_durations, share)),),
            note=f"{len(durations)} papers, worst {max(durations):.0f} ms",
        )


def on_listings(file: Path, listings: Path) -> Iterator[Figure]:
    """The precision at ten on a library of these listings, which is made in `file`.

    A result is right if it belongs to the same group as the paper. There are two kinds of groups: the papers of a file
    of `hf-text` (each file contains the search results of one question), and the papers with the same first category.
    Only papers in exactly one such file, or with a subject class of astro-ph, are chosen and searched.
    """
    quiet = subprocess.DEVNULL
    subprocess.run(import_command(file, listings), cwd=ROOT, check=False, stdout=quiet, stderr=quiet)
    with Library.open(file) as library:
        index_sync.catch_up(library)
        connection, searcher = _snapshot(library)
        themes = defaultdict(set)
        for paper_id, path in connection.execute(
            "SELECT e.paper_id, l.path FROM entry e JOIN listing l ON l.id = e.listing_id"
            " WHERE l.path LIKE '%/hf-text/%'"
        ):
            themes[paper_id].add(path)
        theme = {paper_id: next(iter(paths)) for paper_id, paths in themes.items() if len(paths) == 1}
        categories = connection.execute("SELECT id, categories FROM paper WHERE categories LIKE ?", (f"{_CATEGORY}%",))
        category = {paper_id: text.partition("\n")[0] for paper_id, text in categories}
        for name, group in (("theme", theme), ("category", category)):
            yield _precision(connection, searcher, name, group)


def _precision(connection: sqlite3.Connection, searcher: Searcher, name: str, group: Mapping[int, str]) -> Figure:
    among = [terms.papers(list(group))]
    chosen = Random(3).sample(sorted(group), min(_PAPERS, len(group)))

    def right(first_of: Callable[[int], list[int]]) -> float:
        shares = []
        for paper_id in chosen:
            first = first_of(paper_id)
            shares.append(sum(group[each] == group[paper_id] for each in first) / max(1, len(first)))
        return 100 * sum(shares) / len(shares)

    random = Random(4)
    return Figure(
        name=f"similar papers: of the first ten, those with the same {name}",
        at=len(group),
        figure=right(
            lambda paper_id: [each.id for each in similar.similar(connection, searcher, [paper_id], among, most=_FIRST)]
        ),
        unit="%",
        goal=_PRECISION,
        yardsticks=(Yardstick("by chance", right(lambda paper_id: random.sample(sorted(group), _FIRST))),),
        note=f"{len(chosen)} papers",
    )


def _snapshot(library: Library) -> tuple[sqlite3.Connection, Searcher]:
    connection = library.reader()
    searcher = index_sync.Snapshots(library).newest(connection)
    assert searcher is not None
    return connection, searcher
