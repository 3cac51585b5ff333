"""Whether the paper that is meant stands at the top: a thousand queries made from titles, exact and otherwise."""

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
from tests.bench.asked import titles
from tests.bench.catalogue import Catalogue
from tests.bench.figures import Figure, Yardstick
from tests.bench.limits import explained
from tests.bench.oracle import best_share
from tests.bench.queries import Sought, misspelt, sought
from tests.bench.stand import Stand, has_fzf

NAME = "ranking"

_QUERIES = 1_000
# A kind of query may take so long (s), fzf on a sample of it, and SQLite alone.
_SECONDS, _FZF_SECONDS, _PLAIN_SECONDS = 0.7, 0.6, 0.2
# A share of fewer queries says nothing; fzf reads all titles anew for each.
_AT_LEAST, _FZF_AT_LEAST = 25, 10
_FIRST = (1, 10, 50)
# Queries whose words more papers than this have in their titles have no right answer.
_MOST_ALIKE = 10
_LETTERS = 4
_SET_AT = 100_000
_PREFIXES = "the first four letters of two words"


def measure(stand: Stand) -> Iterator[Figure]:
    """The share of papers found among the first ten, for each kind of query."""
    random = Random(6)
    kinds: tuple[tuple[str, float, Callable[[Sought], str]], ...] = (
        ("two words", 99.5, lambda one: " ".join(one.words)),
        ("two words out of order", 99.5, lambda one: " ".join(reversed(one.words))),
        (_PREFIXES, 90, lambda one: " ".join(word[:_LETTERS] for word in one.words)),
        ("one typo in each of two words", 97, lambda one: " ".join(misspelt(word, random) for word in one.words)),
        ("an author and a word", 99, lambda one: f"{one.author} {max(one.words, key=len)}"),
    )
    catalogue = stand.catalogue
    everyone = [one for one in sought(catalogue, _QUERIES * 2, seed=7) if _has_an_answer(catalogue, one)][:_QUERIES]
    with stand.built.open() as library:
        for name, goal, typed in kinds:
            yield _figure(stand, library, name, goal, [(one, typed(one)) for one in everyone])


def _figure(stand: Stand, library: Library, name: str, goal: float, asked: Sequence[tuple[Sought, str]]) -> Figure:
    search, most = Search(library), _FIRST[-1]
    found = _places(asked, _SECONDS * stand.effort, lambda text: titles(search, library, text, most))
    plain = _places(asked, _PLAIN_SECONDS * stand.effort, lambda text: stand.catalogue.best(text, most))
    fzf = (
        _places(asked, _FZF_SECONDS * stand.effort, partial(_fzf, stand.catalogue.titles), _FZF_AT_LEAST)
        if has_fzf()
        else []
    )
    figure = Figure(
        name=f"right paper in the first ten: {name}",
        at=stand.size,
        figure=share(found, 10),
        unit="%",
        # The more papers there are the more of them fit: the goals are for so many.
        goal=goal if stand.size <= _SET_AT else None,
        yardsticks=(
            Yardstick("fzf --filter", share(fzf, 10) if fzf else None),
            Yardstick("plain FTS5 by rank", share(plain, 10)),
        ),
        note=f"first 1/10/50 %: {_shares(found)}; FTS5 {_shares(plain)}; fzf {_shares(fzf)}",
    )
    return explained(
        figure, lambda: _not_found(asked, found) + (_likeliest(stand, asked[: len(found)]) if name == _PREFIXES else "")
    )


def _likeliest(stand: Stand, asked: Sequence[tuple[Sought, str]]) -> str:
    """What the best of all orders would find."""
    with stand.catalogue.titles.open(encoding="utf-8") as titles:
        best = best_share(titles, [one.words for one, _ in asked], _LETTERS, 10)
    return f"; for these queries the likeliest ten titles of all hold {best:.1f} %: no order of titles does better"


def _not_found(asked: Sequence[tuple[Sought, str]], places: Sequence[int | None]) -> str:
    """How many papers were not found, how many too late, and one query of them."""
    missed = [(text, place) for (_, text), place in zip(asked, places, strict=False) if place is None or place > 10]
    nowhere = sum(place is None for _, place in missed)
    text, place = missed[0]
    return f"{nowhere} not in the first {_FIRST[-1]}, {len(missed) - nowhere} behind the tenth; {text!r}: {place}"


def _shares(places: Sequence[int | None]) -> str:
    """The shares at each length, and of how many queries."""
    if not places:
        return "missing"
    return f"{'/'.join(f'{share(places, length):.1f}' for length in _FIRST)} ({len(places)} queries)"


def _has_an_answer(catalogue: Catalogue, one: Sought) -> bool:
    """Whether few enough titles have both words that all of them fit in the first ten."""
    return catalogue.with_words(one.words, _MOST_ALIKE + 1) <= _MOST_ALIKE


def _places(
    asked: Sequence[tuple[Sought, str]],
    seconds: float,
    titles: Callable[[str], list[str]],
    at_least: int = _AT_LEAST,
) -> list[int | None]:
    """Where each paper stood, from 1, for as many queries as there is time for, and a few in any case.

    None when it was not found.
    """
    ends = time.perf_counter() + seconds
    found: list[int | None] = []
    for one, text in asked:
        shown = titles(text)
        found.append(shown.index(one.title) + 1 if one.title in shown else None)
        if time.perf_counter() > ends and len(found) >= at_least:
            break
    return found


def share(places: Sequence[int | None], length: int) -> float:
    """How many of a hundred are among the first so many; there is at least one."""
    return 100 * sum(place is not None and place <= length for place in places) / len(places)


def _fzf(titles: Path, text: str) -> list[str]:
    """The first titles that fzf finds."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FZF_")}
    with titles.open("rb") as source:
        run = subprocess.run(
            ["fzf", f"--filter={text}"], stdin=source, capture_output=True, env=environment, check=False
        )
    return run.stdout.decode("utf-8", "replace").splitlines()[: _FIRST[-1]]
