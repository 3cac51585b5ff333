"""Measures how often a search finds a paper among the first ten results if its words are typed in another form."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from store.library.library import Library
from store.search import index_sync
from store.search.search import Search
from tests.bench import other_forms
from tests.bench.answers import answer
from tests.bench.figures import Figure, Yardstick
from tests.bench.libraries import ROOT, import_command, import_into, scratch
from tests.bench.other_forms import Inexact, Texts, read_texts
from tests.bench.seen_and_typed import CASES, PAPERS
from tests.bench.stand import Stand, has_fzf

NAME = "forms"

_FIRST = 10
# For each kind of query: how long queries may be chosen (s), from how many papers, and the maximum number of queries.
_SECONDS, _PAPERS = 1.0, 4_000
_MOST_QUERIES = 300
# With more papers than this, skip the real listings, because they are measured with the smallest library.
_SMALL = 10_000
LISTINGS = ROOT.parent / "shared" / "listings"

_Kind = tuple[str, float, Callable[[Texts, Random], Iterator[Inexact]]]
KINDS: Sequence[_Kind] = (
    ("singular or plural, title", 97, lambda texts, random: other_forms.other_numbers(texts, True, random)),
    ("singular or plural, abstract", 95, lambda texts, random: other_forms.other_numbers(texts, False, random)),
    ("British or American", 97, other_forms.other_spellings),
    ("a letter wrong in each, title", 99, lambda texts, random: other_forms.mistyped(texts, True, random)),
    ("a letter wrong in each, abstract", 85, lambda texts, random: other_forms.mistyped(texts, False, random)),
    ("acronym for its words or the reverse", 90, other_forms.acronyms),
    ("half-remembered sentence", 90, other_forms.sentences),
)


def measure(stand: Stand) -> Iterator[Figure]:
    """The share of papers found (%) for each kind of query.

    It is measured with generated papers and, at the smallest sizes, with real papers.
    """
    with stand.built.open() as library:
        yield from _figures(library, stand.size, "made up", _SECONDS * stand.effort)
    if LISTINGS.is_dir() and stand.size <= _SMALL:
        with scratch() as folder:
            yield from on_listings(folder / "library.db", LISTINGS, 3 * _SECONDS * stand.effort)


def on_listings(file: Path, listings: Path, seconds: float) -> Iterator[Figure]:
    """The share of papers found (%) for each kind of query in a library of these listings, which is made in `file`."""
    # Ignore the exit code, because some of the listings are broken on purpose.
    quiet = subprocess.DEVNULL
    subprocess.run(import_command(file, listings), cwd=ROOT, check=False, stdout=quiet, stderr=quiet)
    with Library.open(file) as library:
        index_sync.catch_up(library)
        papers = index_sync.paper_count(library.reader())
        yield from _figures(library, papers, "real", seconds)
    yield _seen_and_typed(file.with_name("seen.db"))


def _figures(library: Library, papers: int, which: str, seconds: float) -> Iterator[Figure]:
    texts = read_texts(library.reader(), _PAPERS, seed=11)
    search = Search(library)
    with closing(_porter(texts)) as porter:
        for number, (name, goal, queries_of) in enumerate(KINDS):
            queries = _answered(search, queries_of(texts, Random(number)), seconds)
            if queries:
                # The goals are for real papers only: generated papers have few different words, each in very many
                # papers.
                yield _figure(
                    search, texts, porter, queries, f"{name} ({which})", goal if which == "real" else None, papers
                )


def _figure(
    search: Search,
    texts: Texts,
    porter: sqlite3.Connection,
    queries: Sequence[Inexact],
    name: str,
    goal: float | None,
    at: int,
) -> Figure:
    missed = [each for each in queries if each.paper_id not in _first(search, each.as_typed)]
    few = queries[:15]
    fzf = 100 * _share(few, lambda text: _fzf(texts, text)) if has_fzf() else None
    example = f"; missed: {missed[0].as_typed!r} for {missed[0].as_written!r}" if missed else ""
    return Figure(
        name=f"in the first ten: {name}",
        at=at,
        figure=100 * (1 - len(missed) / len(queries)),
        unit="%",
        goal=goal,
        yardsticks=(
            Yardstick("FTS5 with porter", 100 * _share(queries, lambda text: _porter_first(porter, text))),
            Yardstick("fzf --filter", fzf),
        ),
        note=f"{len(queries)} queries that their own words answer{example}",
    )


def _answered(search: Search, queries: Iterable[Inexact], seconds: float) -> list[Inexact]:
    """The queries that find their paper with unchanged words: as many as can be tried in `seconds`, at least one."""
    ends = time.perf_counter() + seconds
    answered: list[Inexact] = []
    for each in queries:
        if each.paper_id in _first(search, each.as_written):
            answered.append(each)
        if answered and (time.perf_counter() > ends or len(answered) == _MOST_QUERIES):
            break
    return answered


def _first(search: Search, text: str) -> list[int]:
    return list(answer(search, text).ids[:_FIRST])


def _share(queries: Sequence[Inexact], first: Callable[[str], list[int]]) -> float:
    return sum(each.paper_id in first(each.as_typed) for each in queries) / len(queries)


def _porter(texts: Texts) -> sqlite3.Connection:
    """A database in memory in which FTS5 has indexed the given papers with its porter tokenizer."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, abstract, tokenize = 'porter unicode61')")
    rows = ((paper_id, *texts_of) for paper_id, texts_of in texts.papers.items())
    connection.executemany("INSERT INTO words (rowid, title, abstract) VALUES (?, ?, ?)", rows)
    return connection


def _porter_first(connection: sqlite3.Connection, text: str) -> list[int]:
    match = " AND ".join(f'"{word}"' for word in text.split())
    rows = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (match, _FIRST))
    return [paper_id for (paper_id,) in rows]


def _fzf(texts: Texts, text: str) -> list[int]:
    """The ids of the first papers that fzf finds. fzf reads one line with title and abstract for each paper."""
    lines = "".join(f"{paper_id}\t{title} {abstract}\n" for paper_id, (title, abstract) in texts.papers.items())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FZF_")}
    run = subprocess.run(
        ["fzf", "--delimiter=\t", "--nth=2", f"--filter={text}"],
        input=lines.encode("utf-8", "replace"), capture_output=True, env=environment, check=False,
    )  # fmt: skip
    return [int(line.partition(b"\t")[0]) for line in run.stdout.splitlines()[:_FIRST]]


def _seen_and_typed(file: Path) -> Figure:
    """The share (%) of the queries, typed with the letters that the screen shows, that find their paper."""
    listing = file.with_suffix(".jsonl")
    listing.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS), "utf-8")
    import_into(file, listing)
    with Library.open(file) as library:
        ids = dict(library.reader().execute("SELECT title, id FROM paper"))
        search = Search(library)
        missed = [text for text, title in CASES if ids[title] not in _first(search, text)]
    return Figure(
        name="in the first ten: what is seen, typed",
        at=len(PAPERS),
        figure=100 * (1 - len(missed) / len(CASES)),
        unit="%",
        goal=100,
        note=f"{len(CASES)} queries{f'; missed: {missed}' if missed else ''}",
    )
