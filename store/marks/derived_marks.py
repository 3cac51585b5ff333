"""Writes the tables `mark`, `queue`, `tag` and `collection`, which lists and filters use, from the registers.

Every transaction that changes registers, or that changes which identities a paper has, must call `derive` for the
papers concerned.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from store.marks import fold
from store.marks.registers import Register, time_text

_MARK = "bookmarked_at, status, status_at, note, later, rating"


def derive(connection: sqlite3.Connection, papers: Iterable[int]) -> None:
    """Write the rows of each paper again. A number that no paper has any more loses its rows."""
    for paper in dict.fromkeys(papers):
        write(connection, paper, fold.of_paper(connection, paper))


def write(connection: sqlite3.Connection, paper: int, folded: Mapping[str, Register]) -> None:
    """Replace the rows of a paper by those of its folded registers."""
    values = {field: register.value for field, register in folded.items()}
    bookmark, status = values.get("bookmark"), values.get("status")
    row = (
        time_text(bookmark) if bookmark is not None else None,
        status[0] if status else None,
        time_text(status[1]) if status else None,
        values.get("note"),
        values.get("later"),
        values.get("rating"),
    )
    if any(value is not None for value in row):
        connection.execute(
            f"INSERT OR REPLACE INTO mark (paper_id, {_MARK}) VALUES (?, ?, ?, ?, ?, ?, ?)", (paper, *row)
        )
    else:
        connection.execute("DELETE FROM mark WHERE paper_id = ?", (paper,))
    _write_queue(connection, paper, folded.get("queue"))
    tags: set[tuple[str | None, ...]] = {(field.removeprefix("tag:"),) for field in folded if field.startswith("tag:")}
    _write_set(connection, "tag", paper, tags, ("name",))
    collections: set[tuple[str | None, ...]] = {
        (field.removeprefix("collection:"), register.value["key"], register.paper, _time(register.value.get("at")))
        for field, register in folded.items()
        if field.startswith("collection:")
    }
    _write_set(connection, "collection", paper, collections, ("name", "key", "identity", "added_at"))


def _write_queue(connection: sqlite3.Connection, paper: int, queued: Register | None) -> None:
    if queued is None:
        connection.execute("DELETE FROM queue WHERE paper_id = ?", (paper,))
        return
    because = queued.value.get("because")
    connection.execute(
        "INSERT OR REPLACE INTO queue (paper_id, key, identity, queued_at, because) VALUES (?, ?, ?, ?, ?)",
        (
            paper,
            queued.value["key"],
            queued.paper,
            _time(queued.value.get("at")),
            because if isinstance(because, str) else None,
        ),
    )


def _write_set(
    connection: sqlite3.Connection,
    table: str,
    paper: int,
    wanted: set[tuple[str | None, ...]],
    columns: tuple[str, ...],
) -> None:
    """Make the rows of a paper in `table` equal to `wanted`, the values of `columns`, and write nothing else."""
    names = ", ".join(columns)
    stored = set(connection.execute(f"SELECT {names} FROM {table} WHERE paper_id = ?", (paper,)))
    if stored == wanted:
        return
    connection.execute(f"DELETE FROM {table} WHERE paper_id = ?", (paper,))
    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f"INSERT INTO {table} (paper_id, {names}) VALUES (?, {marks})",
        [(paper, *row) for row in sorted(wanted, key=str)],
    )


def _time(moment: object) -> str | None:
    return time_text(moment) if isinstance(moment, int) else None
