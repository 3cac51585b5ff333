"""Measures how well the view For you sorts the next day's papers in a replay of mailings, and how long training takes.

A simulated user likes one category and some authors, and keeps or skips papers day by day. After each day, the model is
trained on these decisions and sorts the papers of the next day. nDCG at ten is 100 % if the papers that the user would
keep are at the top of the first ten.
"""

from __future__ import annotations

import math
import sqlite3
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from store.library.library import Library
from store.ranking import features, solver, taste
from store.ranking.features import PaperFeatures
from store.ranking.marked_papers import MarkedPapers
from store.ranking.solver import Example
from store.search import index_sync
from store.search.vocabulary import Vocabulary
from tests.bench.figures import Figure, Yardstick, median
from tests.bench.forms import LISTINGS
from tests.bench.libraries import ROOT, import_command, scratch
from tests.bench.stand import Stand

NAME = "taste"

_SMALL = 10_000
# The simulated users: each likes the papers of one of these categories, and of some of the most frequent authors.
_CATEGORIES = ("astro-ph.EP", "astro-ph.CO", "astro-ph.SR", "astro-ph.HE", "astro-ph.GA")
_AUTHORS, _LIKED_AUTHORS = 60, 0.3
# The user decides on this many papers of each day. The order is measured from this many decisions on.
_DECISIONS, _MARKS = 20, 50
_FEWEST_PAPERS = 20
# By how many percentage points the model must be better than a random order, and the time limit of a training (s).
_ABOVE_CHANCE, _TRAINING_SECONDS = 30.0, 2.0
_TRAINED_MARKS = 2_000


class _Paper(NamedTuple):
    """A paper of the replayed mailings: its id, day, categories, authors and upvotes."""

    id: int
    day: str
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    upvotes: int


def measure(stand: Stand) -> Iterator[Figure]:
    """The time to train at this size and, at the smallest size, the result of the replay of real mailings."""
    with stand.built.open() as library:
        yield _training(library, stand)
    if LISTINGS.is_dir() and stand.size <= _SMALL:
        with scratch() as folder:
            yield from on_listings(folder / "library.db", LISTINGS)


def _training(library: Library, stand: Stand) -> Figure:
    searcher = index_sync.Snapshots(library).newest(library.reader())
    assert searcher is not None
    count = min(_TRAINED_MARKS, stand.size // 2)
    chosen = Random(1).sample(range(1, stand.size + 1), 2 * count)
    marked = MarkedPapers(
        kept=tuple(chosen[: count // 2]),
        weights={paper_id: 1.0 if at < count // 2 else -1.0 for at, paper_id in enumerate(chosen[:count])},
        others=tuple(chosen[count:][:1_000]),
        opinions={},
    )
    durations = []
    for _ in range(3):
        started = time.perf_counter()
        taste.train(library.reader(), marked, Vocabulary(searcher).frequencies, searcher.num_docs)
        durations.append(time.perf_counter() - started)
    return Figure(
        name="For you: to train the model",
        at=stand.size,
        figure=median(durations),
        unit="s",
        goal=_TRAINING_SECONDS,
        note=f"{count:,} marks and {len(marked.others):,} papers chosen by chance",
    )


def on_listings(file: Path, listings: Path) -> Iterator[Figure]:
    """nDCG at ten on a library of these listings, which is made in `file`: with all features, and with words only."""
    quiet = subprocess.DEVNULL
    subprocess.run(import_command(file, listings), cwd=ROOT, check=False, stdout=quiet, stderr=quiet)
    with Library.open(file) as library:
        index_sync.catch_up(library)
        connection = library.reader()
        searcher = index_sync.Snapshots(library).newest(connection)
        assert searcher is not None
        days = _days(connection)
        ids = [paper.id for papers in days.values() for paper in papers]
        read = features.read(connection, ids, Vocabulary(searcher).frequencies, searcher.num_docs)
        known = {paper.id: paper for paper in read}
        for name, words_only in (("", False), (", by words alone", True)):
            yield _replay(days, known, name, words_only=words_only)


def _replay(days: dict[str, list[_Paper]], known: dict[int, PaperFeatures], name: str, *, words_only: bool) -> Figure:
    orders: dict[str, list[float]] = defaultdict(list)
    authors = Counter(author for papers in days.values() for paper in papers for author in paper.authors)

    def values(paper: _Paper) -> dict[str, float]:
        own = known[paper.id].values
        return dict(features.words_only(own)) if words_only else own

    for category in _CATEGORIES:
        random = Random(category)
        liked = {author for author, _ in authors.most_common(_AUTHORS) if random.random() < _LIKED_AUTHORS}
        examples: list[Example] = []
        for papers in days.values():
            kept = {each.id for each in papers if each.categories[0] == category or liked.intersection(each.authors)}
            model = solver.train(examples) if len(examples) >= _MARKS and kept else None
            if model is not None:
                scores = {
                    each.id: sum(model.weights.get(feature, 0.0) * value for feature, value in values(each).items())
                    for each in papers
                }
                for order, key in _orders(scores, random).items():
                    orders[order].append(_ndcg([each.id for each in sorted(papers, key=key)], kept))
            for paper in random.sample(papers, min(len(papers), _DECISIONS)):
                examples.append(Example(values(paper), paper.id in kept))
    means = {order: 100 * sum(shares) / len(shares) for order, shares in orders.items()}
    return Figure(
        name=f"For you: nDCG at ten on the next day{name}",
        at=sum(map(len, days.values())),
        figure=means["taste"],
        unit="%",
        goal=means["by chance"] + _ABOVE_CHANCE,
        yardsticks=tuple(Yardstick(order, means[order]) for order in ("by chance", "newest first", "most upvotes")),
        note=f"{len(orders['taste'])} days of {len(_CATEGORIES)} readers after {_MARKS} marks or more",
    )


def _orders(scores: dict[int, float], random: Random) -> dict[str, Callable[[_Paper], object]]:
    return {
        "taste": lambda paper: -scores[paper.id],
        "by chance": lambda paper: random.random(),
        "newest first": lambda paper: -paper.id,
        "most upvotes": lambda paper: (-paper.upvotes, paper.id),
    }


def _ndcg(ranked: Sequence[int], kept: set[int]) -> float:
    """The normalized discounted cumulative gain of the first ten papers."""
    gain = sum(1 / math.log2(place + 2) for place, paper_id in enumerate(ranked[:10]) if paper_id in kept)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(10, len(kept))))


def _days(connection: sqlite3.Connection) -> dict[str, list[_Paper]]:
    """The papers of the mailings by their day of publication. Days with too few papers are left out."""
    days: dict[str, list[_Paper]] = defaultdict(list)
    for paper_id, day, categories, authors, upvotes in connection.execute(
        "SELECT p.id, p.published, p.categories, coalesce(b.author_names, ''), coalesce(p.upvotes, 0)"
        " FROM paper p JOIN body b ON b.paper_id = p.id"
        " WHERE p.categories LIKE 'astro-ph.%' AND length(p.published) = 10 ORDER BY p.published, p.id"
    ):
        names = tuple(authors.split(", ")) if authors else ()
        days[day].append(_Paper(paper_id, day, tuple(categories.split("\n")), names, upvotes))
    return {day: papers for day, papers in days.items() if len(papers) >= _FEWEST_PAPERS}
