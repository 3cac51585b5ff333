"""What the bench itself knows of its made-up papers, apart from recto: their titles, what to look for, plain FTS5.

Written in one pass with the snapshot, by both cores and in constant memory. Papers are numbered from 1 by the day they
were submitted: the last is the newest.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.bench.corpus import SEED, Maker
from tests.bench.listings import snapshot_line
from tests.bench.submissions import Month, months

SNAPSHOT = "arxiv-metadata-oai-snapshot.json"
# Months are given to the other process in handfuls: most of those with old ids hold a few papers.
_MONTHS_AT_ONCE = 4
_WAITING = 8


class Known(NamedTuple):
    """A paper: its title, its authors as they are written, and the first one's family name."""

    title: str
    authors: str
    family: str


def write(folder: Path, size: int, on_step: Callable[[int], None] = lambda done: None, seed: int = SEED) -> None:
    """Write the snapshot of `size` papers and what is known of them into `folder`.

    `on_step` hears how many are done.
    """
    done = 0
    with (
        closing(sqlite3.connect(folder / "catalogue.db", isolation_level=None)) as connection,
        (folder / SNAPSHOT).open("w", encoding="ascii", buffering=1 << 20) as file,
    ):
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE made (day TEXT, title TEXT, authors TEXT, family TEXT); BEGIN"
        )
        for text, rows in _months(size, seed):
            file.write(text)
            connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?)", rows)
            done += len(rows)
            on_step(done)
        connection.executescript(
            # The script ends what was begun before it.
            "BEGIN; CREATE TABLE paper (number INTEGER PRIMARY KEY, title TEXT, authors TEXT, family TEXT);"
            "INSERT INTO paper (title, authors, family) SELECT title, authors, family FROM made ORDER BY day, rowid;"
            "DROP TABLE made;"
            "CREATE VIRTUAL TABLE title_words USING fts5(title, content='', prefix='1 2 3 4 5', detail=none);"
            "INSERT INTO title_words (rowid, title) SELECT number, title FROM paper;"
            "CREATE VIRTUAL TABLE head_words USING fts5(title, authors, content='');"
            "INSERT INTO head_words (rowid, title, authors) SELECT number, title, authors FROM paper; COMMIT"
        )
        with (folder / "titles.txt").open("w", encoding="utf-8") as titles:
            newest = connection.execute("SELECT title FROM paper ORDER BY number DESC")
            titles.writelines(f"{title}\n" for (title,) in newest)


@dataclass(frozen=True)
class Catalogue:
    """What `write` wrote."""

    folder: Path

    @property
    def snapshot(self) -> Path:
        """arXiv's snapshot with these papers."""
        return self.folder / SNAPSHOT

    @property
    def titles(self) -> Path:
        """The titles, one a line, the newest first: what fzf is given."""
        return self.folder / "titles.txt"

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.folder / 'catalogue.db'}?mode=ro", uri=True)

    def some(self, count: int, random: Random) -> list[Known]:
        """So many papers, chosen by chance; fewer when there are fewer."""
        (last,) = self._connection.execute("SELECT max(number) FROM paper").fetchone()
        numbers = random.sample(range(1, last + 1), min(count, last))
        found = (
            self._connection.execute("SELECT title, authors, family FROM paper WHERE number = ?", (number,)).fetchone()
            for number in numbers
        )
        return [Known(*row) for row in found]

    def with_words(self, words: Sequence[str], most: int) -> int:
        """How many titles have all of these words, counted up to `most`."""
        match = " AND ".join(f'"{word}"' for word in words)
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM title_words WHERE title_words MATCH ? LIMIT ?)", (match, most)
        )
        return int(found.fetchone()[0])

    def newest(self, text: str, count: int) -> list[int]:
        """SQLite alone, at its fastest: every word the beginning of one in the title, the last that came in."""
        found = self._connection.execute(
            "SELECT rowid FROM title_words WHERE title_words MATCH ? ORDER BY rowid DESC LIMIT ?",
            (_prefixes(text), count),
        )
        return [number for (number,) in found]

    def best(self, text: str, count: int) -> list[str]:
        """SQLite alone, at its best: the titles of papers with every word in title or authors, by FTS5's own rank."""
        found = self._connection.execute(
            "SELECT paper.title FROM (SELECT rowid AS number FROM head_words WHERE head_words MATCH ?"
            " ORDER BY rank LIMIT ?) JOIN paper USING (number)",
            (_prefixes(text), count),
        )
        return [title for (title,) in found]


def _prefixes(text: str) -> str:
    return " AND ".join(f'"{word}" *' for word in text.split())


def _months(size: int, seed: int) -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """The lines and rows of each month, in order, made by as many processes as there are cores."""
    numbered = list(enumerate(months(size)))
    handfuls = (numbered[at : at + _MONTHS_AT_ONCE] for at in range(0, len(numbered), _MONTHS_AT_ONCE))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        # No more is made ahead than has room in memory.
        waiting = [pool.submit(_made, handful, seed) for handful in islice(handfuls, _WAITING)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(_made, handful, seed) for handful in islice(handfuls, 1)]


@lru_cache(maxsize=1)
def _maker(seed: int) -> Maker:
    """One for each process: the words take a tenth of a second to lay out."""
    return Maker(seed)


def _made(handful: list[tuple[int, Month]], seed: int) -> tuple[str, list[tuple[str, str, str, str]]]:
    lines: list[str] = []
    rows: list[tuple[str, str, str, str]] = []
    for number, month in handful:
        for paper in _maker(seed).papers_of(month, number):
            lines.append(snapshot_line(paper) + "\n")
            names = ", ".join(f"{given} {family}" for given, family in paper.authors)
            rows.append((paper.published.isoformat(), paper.title, names, paper.authors[0][1]))
    return "".join(lines), rows
