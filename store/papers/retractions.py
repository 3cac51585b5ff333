"""Finds papers of the library that were retracted, with the day and the reasons, in the data of Retraction Watch.

The table `retraction` contains the records of Retraction Watch (store/fetching/retraction_watch.py). The table
`retracted` contains the papers of the library to which a record belongs. A record belongs to a paper with the same DOI
or arXiv id. It also belongs to a paper with the same title if an author has the same family name or, if authors are
unknown, the year is the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec

from store.library.library import Library
from store.text.folding import fold

# Selects the papers in which the user is interested: those that are bookmarked, queued, being read, done or tagged, or
# have a note. recto tells the user when one of these papers is retracted.
_OWN = (
    "SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL OR note IS NOT NULL OR status IN ('reading', 'done')"
    " UNION SELECT paper_id FROM queue UNION SELECT paper_id FROM tag"
)


class Retraction(msgspec.Struct, frozen=True):
    """The retraction of a paper: its day, the reasons, and the DOI of the notice.

    The texts are untrusted: they may contain control characters.
    """

    day: date | None
    reasons: str
    notice: str | None

    @property
    def text(self) -> str:
        """The retraction in words, for example "retracted on 2024-05-01: Error in Data"."""
        day = f" on {self.day}" if self.day else ""
        return f"retracted{day}{f': {self.reasons}' if self.reasons else ''}"


class Own(msgspec.Struct, frozen=True):
    """A retracted paper that the user has marked. `record` is the number of its record in Retraction Watch's data."""

    paper_id: int
    record: int
    title: str


def match(library: Library) -> int:
    """Compute again which papers of the library were retracted. Returns their number.

    For each record, three indexes of the papers are searched, so the time depends little on the number of papers.
    """
    with library.writing(durable=False) as connection:
        connection.execute("DELETE FROM retracted")
        # If several records belong to a paper, keep the one with the highest number, which Retraction Watch added last.
        for column in ("doi", "arxiv_id"):
            connection.execute(
                f"INSERT OR REPLACE INTO retracted (paper_id, record) SELECT p.id, r.record FROM retraction r"
                f" CROSS JOIN paper p ON p.{column} = r.{column} WHERE r.{column} IS NOT NULL ORDER BY r.record"
            )
        candidates = connection.execute(
            "SELECT p.id, r.record, r.names, r.year, b.author_names, p.published FROM retraction r"
            " CROSS JOIN paper p ON p.title_key = r.title_key CROSS JOIN body b ON b.paper_id = p.id"
            " WHERE p.id NOT IN (SELECT paper_id FROM retracted) ORDER BY r.record"
        ).fetchall()
        for paper_id, record, names, year, authors, published in candidates:
            if _is_confirmed(names, year, authors, published):
                connection.execute(
                    "INSERT OR REPLACE INTO retracted (paper_id, record) VALUES (?, ?)", (paper_id, record)
                )
        (count,) = connection.execute("SELECT count(*) FROM retracted").fetchone()
    return int(count)


def are_known(connection: sqlite3.Connection) -> bool:
    """Whether the library has records of Retraction Watch, so that `match` can find retracted papers."""
    return connection.execute("SELECT 1 FROM retraction LIMIT 1").fetchone() is not None


def of_all(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Retraction]:
    """Maps the id of each paper of `numbers` that was retracted to its retraction."""
    rows = connection.execute(
        "SELECT t.paper_id, r.day, r.reasons, r.notice FROM json_each(?) i JOIN retracted t ON t.paper_id = i.value"
        " JOIN retraction r ON r.record = t.record",
        (msgspec.json.encode(list(numbers)).decode(),),
    )
    return {
        paper_id: Retraction(date.fromisoformat(day) if day else None, reasons, notice)
        for paper_id, day, reasons, notice in rows
    }


def not_shown(connection: sqlite3.Connection) -> list[Own]:
    """The retracted papers that the user has marked, and about whose retraction the user was not told yet."""
    rows = connection.execute(
        "SELECT p.id, r.record, p.title FROM retracted t JOIN retraction r ON r.record = t.record AND NOT r.shown"
        f" JOIN paper p ON p.id = t.paper_id WHERE p.id IN ({_OWN}) ORDER BY r.day DESC, p.id"
    )
    return [Own(*row) for row in rows]


def note_shown(library: Library, papers: Sequence[Own]) -> None:
    """Store that the user was told about these retractions."""
    with library.writing(durable=False) as connection:
        connection.executemany("UPDATE retraction SET shown = 1 WHERE record = ?", [(each.record,) for each in papers])


def family_names(names: Sequence[str]) -> str:
    """The folded family names of people, in one text. The last word of a name is taken to be the family name."""
    return " ".join(dict.fromkeys(fold(words[-1]) for name in names if (words := name.split())))


def _is_confirmed(names: str, year: int | None, authors: str | None, published: str | None) -> bool:
    """Whether a paper with the title of a retracted paper is that paper, judged by its authors or its year."""
    if authors and names:
        return not set(names.split()).isdisjoint(family_names(authors.split(", ")).split())
    return year is not None and published is not None and published[:4] == str(year)
