"""What recto's store answers, asked as the reader asks it; and when what was imported can be found."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.library.library import Library
from store.papers import queries
from store.papers.views import View
from store.search.answer import Answer
from store.search.parser import parse
from store.search.search import Search
from tests.bench.submissions import LAST_DAY

# Papers that are looked for, spread over a file, and how often (s, or a share of the time gone by).
_PROBES = 10
_LOOKED, _LOOKED_SHARE = 0.05, 0.02
# What was imported may become findable so long after the rest (s), and half as long again as that took.
_PATIENCE = 20.0
_WORDS, _FIRST = 5, 20
_PLAIN_WORD = re.compile(r"(?<!\S)[a-z]{5,}(?!\S)")
_PLAIN_TITLE = re.compile(r"[A-Za-z :,?-]+")
# Shorter titles are shared by several papers.
_LONG_TITLE = 50
# So much of a snapshot has a plain title, and so much surely (bytes).
_PIECE, _MOST_OF_IT = 1 << 15, 1 << 17


@dataclass(frozen=True)
class Probe:
    """A paper that is looked for: its title, and filters that find it by words of its title and of its abstract."""

    title: str
    by_title: str
    by_abstract: str


def answer(search: Search, text: str) -> Answer:
    """What the list shows for a filter."""
    return search.answer(View("all"), parse(text, LAST_DAY))


def titles(search: Search, library: Library, text: str, count: int) -> list[str]:
    """The titles of the first papers that a filter finds."""
    return [row.title for row in queries.list_rows(library.reader(), list(answer(search, text).ids[:count]))]


def milliseconds_of(asked: Callable[[], object]) -> float:
    """How long the shortest of a few calls takes."""
    took = []
    for _ in range(5):
        started = time.perf_counter()
        asked()
        took.append((time.perf_counter() - started) * 1000)
    return min(took)


def probes(snapshot: Path) -> list[Probe]:
    """Papers spread over a snapshot, from its end on; those with TeX in their titles are passed over."""
    size = snapshot.stat().st_size
    piece = max(_PIECE, min(_MOST_OF_IT, size // _PROBES))
    found: list[Probe] = []
    with snapshot.open("rb") as file:
        for number in range(_PROBES, 0, -1):
            file.seek(max(0, size * number // _PROBES - piece))
            # The first line of a piece may lack its beginning, and the last its end.
            for line in reversed(file.read(piece).split(b"\n")[1:-1]):
                paper = json.loads(line)
                title = " ".join(paper["title"].split())
                if _PLAIN_TITLE.fullmatch(title) and len(title) > _LONG_TITLE:
                    found.append(Probe(title, _filter("title", title), _filter("abstract", paper["abstract"])))
                    break
    return found


def share_found(search: Search, library: Library, wanted: Sequence[tuple[str, str]]) -> float:
    """Of filters, each with the title that it must find, the share that do; there is at least one."""
    return sum(title in titles(search, library, text, _FIRST) for text, title in wanted) / len(wanted)


def until(true: Callable[[], bool], started: float) -> float:
    """Seconds since `started` when something becomes true. Raises ValueError when it does not for too long."""
    looked = time.perf_counter()
    while not true():
        elapsed = time.perf_counter() - started
        if time.perf_counter() - looked > _PATIENCE + elapsed / 2:
            raise ValueError("what was imported cannot be found")
        time.sleep(max(_LOOKED, _LOOKED_SHARE * elapsed))
    return time.perf_counter() - started


def wait_until_findable(path: Path, snapshot: Path) -> None:
    """Until all papers of a snapshot can be found in the library that it was imported into, abstracts and all."""
    wanted = [(one.by_abstract, one.title) for one in probes(snapshot)]
    with Library.open(path) as library:
        search = Search(library)
        until(lambda: not wanted or share_found(search, library, wanted) == 1, time.perf_counter())


def _filter(field: str, text: str) -> str:
    """A filter for the longest plain words of `text`: hardly another paper has them all."""
    words = sorted(set(_PLAIN_WORD.findall(text.lower())), key=lambda word: (-len(word), word))
    return " ".join(f"{field}:{word}" for word in words[:_WORDS])
