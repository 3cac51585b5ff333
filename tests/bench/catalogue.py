"""A catalogue of the generated papers, independent of recto, with their titles and full-text indexes of SQLite's FTS5.

The benchmark chooses its queries from the catalogue, and compares recto's search with FTS5. The catalogue and the
snapshot (a file in the format of arXiv's metadata snapshot) are written together, by one process for each core. The
memory needed does not depend on the number of papers. Papers are numbered from 1 in the order of submission.
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
# A process generates this many months per task, because most months of the oldest archives have only a few papers.
_MONTHS_AT_ONCE = 4
# At most this many tasks are begun before their results are written, because all results wait in memory.
_WAITING = 8


class Known(NamedTuple):
    """A paper: its title, its authors as one text ("Ada Alpha, Bo Beta"), and the family name of the first author."""

    title: str
    authors: str
    family: str


def write(folder: Path, size: int, on_step: Callable[[int], None] = lambda done: None, seed: int = SEED) -> None:
    """Write the snapshot of `size` papers and their catalogue into `folder`.

    `on_step` is called with the number of papers written so far.
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
            # `executescript` commits the open transaction first.
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
    """The files that `write` has written into `folder`, and queries to them."""

    folder: Path

    @property
    def snapshot(self) -> Path:
        """The path of the file with all papers, in the format of arXiv's metadata snapshot."""
        return self.folder / SNAPSHOT

    @property
    def titles(self) -> Path:
        """The path of a file with one title on each line, the newest paper first. It is the input of fzf."""
        return self.folder / "titles.txt"

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.folder / 'catalogue.db'}?mode=ro", uri=True)

    def close(self) -> None:
        """Close the database. It cannot be queried afterwards."""
        self._connection.close()

    def some(self, count: int, random: Random) -> list[Known]:
        """`count` papers, chosen at random, or all papers if there are fewer."""
        (last,) = self._connection.execute("SELECT max(number) FROM paper").fetchone()
        numbers = random.sample(range(1, last + 1), min(count, last))
        found = (
            self._connection.execute("SELECT title, authors, family FROM paper WHERE number = ?", (number,)).fetchone()
            for number in numbers
        )
        return [Known(*row) for row in found]

    def with_words(self, words: Sequence[str], most: int) -> int:
        """The number of titles that contain all of these words; `most` if there are more than that."""
        match = " AND ".join(f'"{word}"' for word in words)
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM title_words WHERE title_words MATCH ? LIMIT ?)", (match, most)
        )
        return int(found.fetchone()[0])

    def newest(self, text: str, count: int) -> list[int]:
        """The newest papers whose titles have words that begin with the words of `text`.

        This is the fastest kind of query of FTS5.
        """
        found = self._connection.execute(
            "SELECT rowid FROM title_words WHERE title_words MATCH ? ORDER BY rowid DESC LIMIT ?",
            (_prefixes(text), count),
        )
        return [number for (number,) in found]

    def best(self, text: str, count: int) -> list[str]:
        """The titles of papers that contain all words in title or authors, sorted by the rank that FTS5 computes."""
        found = self._connection.execute(
            "SELECT paper.title FROM (SELECT rowid AS number FROM head_words WHERE head_words MATCH ?"
            " ORDER BY rank LIMIT ?) JOIN paper USING (number)",
            (_prefixes(text), count),
        )
        return [title for (title,) in found]


def _prefixes(text: str) -> str:
    return " AND ".join(f'"{word}" *' for word in text.split())


def _months(size: int, seed: int) -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """Yield the lines of the snapshot and the rows of the catalogue for a few months at a time, in order."""
    numbered = list(enumerate(months(size)))
    handfuls = (numbered[at : at + _MONTHS_AT_ONCE] for at in range(0, len(numbered), _MONTHS_AT_ONCE))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(_made, handful, seed) for handful in islice(handfuls, _WAITING)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(_made, handful, seed) for handful in islice(handfuls, 1)]


@lru_cache(maxsize=1)
def _maker(seed: int) -> Maker:
    """The Maker (paper generator) of this process.

    It is reused, because making its tables of words takes a tenth of a second.
    """
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
