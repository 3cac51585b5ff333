"""Runs recto's search as the running program does, and measures the time until it finds imported papers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.library.library import Library
from store.papers import list_rows
from store.papers.views import View
from store.search.answer import Answer
from store.search.parser import parse
from store.search.search import Search
from tests.bench.submissions import LAST_DAY
from tests.bench.timing import duration

# To find out whether all papers of an imported file have been indexed, this many of them are searched for.
_PROBES = 10
# The pause between two searches is _PAUSE (s), or this share of the time since the start if that is longer.
_PAUSE, _PAUSE_SHARE = 0.05, 0.02
# A wait for a search to find a paper fails after this many seconds plus half of the time since the start.
_PATIENCE = 20.0
_WORDS, _FIRST = 5, 20
_PLAIN_WORD = re.compile(r"(?<!\S)[a-z]{5,}(?!\S)")
_PLAIN_TITLE = re.compile(r"[A-Za-z :,?-]+")
# The minimum length of a title to search for (characters), because several papers may have the same shorter title.
_LONG_TITLE = 50
# The number of bytes of a snapshot file that are read to find a plain title: the smallest and the largest.
_MIN_PIECE, _MAX_PIECE = 1 << 15, 1 << 17


@dataclass(frozen=True)
class Probe:
    """A paper to search for: its title, and the filters with words of its title and of its abstract."""

    title: str
    by_title: str
    by_abstract: str


def answer(search: Search, text: str) -> Answer:
    """The papers that the view of all papers shows for a filter."""
    return search.answer(View("all"), parse(text, LAST_DAY))


def titles(search: Search, library: Library, text: str, count: int) -> list[str]:
    """The titles of the first papers that a search with a filter finds."""
    return [row.title for row in list_rows.read(library.reader(), list(answer(search, text).ids[:count]))]


def milliseconds_of(call: Callable[[], object]) -> float:
    """The duration of the fastest of five calls (ms)."""
    return min(duration(call) for _ in range(5))


def probes(snapshot: Path) -> list[Probe]:
    """Papers to search for, from all parts of a snapshot, from its end to its start.

    Papers with TeX in their titles are left out.
    """
    size = snapshot.stat().st_size
    piece = max(_MIN_PIECE, min(_MAX_PIECE, size // _PROBES))
    papers: list[Probe] = []
    with snapshot.open("rb") as file:
        for number in range(_PROBES, 0, -1):
            file.seek(max(0, size * number // _PROBES - piece))
            # The piece may begin and end in the middle of a line, so leave out its first and last line.
            for line in reversed(file.read(piece).split(b"\n")[1:-1]):
                paper = json.loads(line)
                title = " ".join(paper["title"].split())
                if _PLAIN_TITLE.fullmatch(title) and len(title) > _LONG_TITLE:
                    papers.append(Probe(title, _filter("title", title), _filter("abstract", paper["abstract"])))
                    break
    return papers


def share_found(search: Search, library: Library, filters: Sequence[tuple[str, str]]) -> float:
    """The share (0 to 1) of `filters` that find their paper.

    `filters` contains at least one pair of a filter and the title to find.
    """
    return sum(title in titles(search, library, text, _FIRST) for text, title in filters) / len(filters)


def until(condition: Callable[[], bool], started: float) -> float:
    """Wait until `condition()` is true. Returns the seconds since `started`. Raises ValueError if it takes too long."""
    first_check = time.perf_counter()
    while not condition():
        elapsed = time.perf_counter() - started
        if time.perf_counter() - first_check > _PATIENCE + elapsed / 2:
            raise ValueError("what was imported cannot be found")
        time.sleep(max(_PAUSE, _PAUSE_SHARE * elapsed))
    return time.perf_counter() - started


def wait_until_findable(path: Path, snapshot: Path) -> None:
    """Wait until every paper to search for is found by the words of its abstract, after a snapshot was imported."""
    filters = [(probe.by_abstract, probe.title) for probe in probes(snapshot)]
    with Library.open(path) as library:
        search = Search(library)
        until(lambda: not filters or share_found(search, library, filters) == 1, time.perf_counter())


def _filter(field: str, text: str) -> str:
    """A filter with the longest plain words of `text`. Hardly any other paper has all of them."""
    words = sorted(set(_PLAIN_WORD.findall(text.lower())), key=lambda word: (-len(word), word))
    return " ".join(f"{field}:{word}" for word in words[:_WORDS])
