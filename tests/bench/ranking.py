"""Whether the paper that is meant stands at the top: a thousand queries made from titles, exact and otherwise."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from store.library import Library
from store.search import Search
from tests.bench.figures import Figure
from tests.bench.queries import Sought, misspelt, sought
from tests.bench.stand import Stand, answer, has_fzf

NAME = "ranking"

_QUERIES = 1_000
# A kind of query may take so long (s), fzf on a sample of it, and SQLite alone.
_SECONDS, _FZF_SECONDS, _PLAIN_SECONDS = 2.0, 1.0, 0.5
_FIRST = (1, 10, 50)
# Queries whose words more papers than this have in their titles have no right answer.
_MOST_ALIKE = 10


def measure(stand: Stand) -> Iterator[Figure]:
    """The share of papers found among the first ten, for each kind of query."""
    random = Random(6)
    kinds: tuple[tuple[str, float, Callable[[Sought], str]], ...] = (
        ("two words", 99.5, lambda one: " ".join(one.words)),
        ("two words out of order", 99.5, lambda one: " ".join(reversed(one.words))),
        ("the first four letters of two words", 90, lambda one: " ".join(word[:4] for word in one.words)),
        ("one typo in each of two words", 97, lambda one: " ".join(misspelt(word, random) for word in one.words)),
        ("an author and a word", 99, lambda one: f"{one.author} {max(one.words, key=len)}"),
    )
    with stand.built.open() as library:
        everyone = [one for one in sought(library, _QUERIES * 2, seed=7) if _has_an_answer(library, one)][:_QUERIES]
        for name, goal, typed in kinds:
            asked = [(one, typed(one)) for one in everyone]
            yield _figure(stand, library, name, goal, asked)


def _figure(stand: Stand, library: Library, name: str, goal: float, asked: Sequence[tuple[Sought, str]]) -> Figure:
    search = Search(library)
    found = _places(asked, _SECONDS * stand.effort, lambda one, text: _place(list(answer(search, text).ids), one.paper))
    plain = _places(
        asked, _PLAIN_SECONDS * stand.effort, lambda one, text: _place(_full_text(library, text), one.paper)
    )
    fzf = None
    if has_fzf():
        titles = stand.built.titles
        fzf = _places(asked, _FZF_SECONDS * stand.effort, lambda one, text: _place(_fzf(titles, text), one.title))
    first, ten, fifty = (_share(found, length) for length in _FIRST)
    return Figure(
        name=f"right paper in the first ten: {name}",
        at=stand.size,
        figure=ten,
        unit="%",
        goal=goal,
        yardstick="fzf --filter",
        yardstick_figure=_share(fzf, 10) if fzf else None,
        note=(
            f"first {first:.1f} %, fifty {fifty:.1f} %; FTS5 by rank {_share(plain, 10):.1f} %;"
            f" {len(found)} queries{f', {len(fzf)} for fzf' if fzf else ''}"
        ),
    )


def _has_an_answer(library: Library, one: Sought) -> bool:
    """Whether few enough titles have both words that all of them fit in the first ten."""
    match = f'title : ("{one.words[0]}" AND "{one.words[1]}")'
    found = library.reader().execute(
        "SELECT count(*) FROM (SELECT 1 FROM head_fts WHERE head_fts MATCH ? LIMIT ?)", (match, _MOST_ALIKE + 1)
    )
    return int(found.fetchone()[0]) <= _MOST_ALIKE


def _places(
    asked: Sequence[tuple[Sought, str]], seconds: float, place: Callable[[Sought, str], int | None]
) -> list[int | None]:
    """Where each paper stood, from 1, for as many queries as there is time for; None when it was not found."""
    ends = time.perf_counter() + seconds
    found: list[int | None] = []
    for one, text in asked:
        found.append(place(one, text))
        if time.perf_counter() > ends:
            break
    return found


def _share(places: Sequence[int | None], length: int) -> float:
    """How many of a hundred are among the first so many."""
    return 100 * sum(place is not None and place <= length for place in places) / len(places)


def _place(found: Sequence[object], wanted: object) -> int | None:
    return found.index(wanted) + 1 if wanted in found else None


def _full_text(library: Library, text: str) -> list[object]:
    """SQLite alone: every word the beginning of a word anywhere, by its own rank."""
    match = " AND ".join(f'"{word}" *' for word in text.split())
    rows = library.reader().execute(
        "SELECT rowid FROM head_fts WHERE head_fts MATCH ? ORDER BY rank LIMIT ?", (match, _FIRST[-1])
    )
    return [number for (number,) in rows]


def _fzf(titles: Path, text: str) -> list[object]:
    """The first titles that fzf finds."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FZF_")}
    with titles.open("rb") as source:
        run = subprocess.run(
            ["fzf", f"--filter={text}"], stdin=source, capture_output=True, env=environment, check=False
        )
    return list(run.stdout.decode("utf-8", "replace").splitlines()[: _FIRST[-1]])
