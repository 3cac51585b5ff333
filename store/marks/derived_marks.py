"""Computes the tables `mark`, `queue`, `tag` and `collection`, which lists and filters read, from the registers.

Registers are the form in which marks are exchanged between machines (store/marks/registers.py). Every transaction that
changes registers, or that changes which identities a paper has, must call `derive` with the ids of the papers, so that
these tables agree with the registers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from store.marks import fold
from store.marks.registers import Register, time_text

# The rows of at most this many papers are computed and written at a time, to limit the memory that is needed.
_AT_ONCE = 1_000
_Row = tuple[int | str | None, ...]
# The columns of each table that this module computes. The first column is the id of the paper.
_COLUMNS = {
    "mark": "paper_id, bookmarked_at, status, status_at, note, later, rating, later_because",
    "queue": "paper_id, key, identity, queued_at, because",
    "tag": "paper_id, name",
    "collection": "paper_id, name, key, identity, added_at, added_by, because",
}


def derive(connection: sqlite3.Connection, papers: Iterable[int]) -> None:
    """Compute the rows (marks) of the papers with the ids `papers` again from the registers.

    If a paper does not exist any more, its rows are deleted.
    """
    numbers = list(dict.fromkeys(papers))
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows: dict[str, list[_Row]] = {table: [] for table in _COLUMNS}
        for paper, folded in fold.of_papers(connection, some).items():
            for table, row in _rows(paper, folded):
                rows[table].append(row)
        for table, wanted in rows.items():
            _replace(connection, table, some, wanted)


def _rows(paper: int, folded: Mapping[str, Register]) -> Iterable[tuple[str, _Row]]:
    """The rows of a paper, each with the name of its table.

    `folded` maps its fields to registers, as `fold.of_papers` returns them.
    """
    values = {field: register.value for field, register in folded.items()}
    bookmark, status = values.get("bookmark"), values.get("status")
    mark = (
        _time(bookmark),
        status[0] if status else None,
        _time(status[1]) if status else None,
        values.get("note"),
        values.get("later"),
        values.get("rating"),
        _why_returned(values),
    )
    if any(value is not None for value in mark):
        yield "mark", (paper, *mark)
    for field, register in folded.items():
        kind, _, name = field.partition(":")
        value = register.value
        match kind:
            case "queue":
                yield "queue", (paper, value["key"], register.paper, _time(value.get("at")), _text(value, "because"))
            case "tag":
                yield "tag", (paper, name)
            case "collection":
                who, why = _text(value, "by"), _text(value, "because")
                yield "collection", (paper, name, value["key"], register.paper, _time(value.get("at")), who, why)


def _replace(connection: sqlite3.Connection, table: str, papers: Sequence[int], wanted: list[_Row]) -> None:
    """Replace the rows of `papers` in `table` by the rows `wanted`.

    If all rows of a paper are the same already, none is written.
    """
    names = _COLUMNS[table]
    of_papers = "paper_id IN (SELECT value FROM json_each(?))"
    numbers = msgspec.json.encode(papers).decode()
    stored = set(connection.execute(f"SELECT {names} FROM {table} WHERE {of_papers}", (numbers,)))
    changed = stored.symmetric_difference(wanted)
    if not changed:
        return
    # If one row of a paper has changed, write all its rows again, so that their order does not depend on earlier
    # changes.
    rewritten = {row[0] for row in changed}
    if stored:
        connection.execute(
            f"DELETE FROM {table} WHERE {of_papers}", (msgspec.json.encode(sorted(rewritten, key=str)).decode(),)
        )
    marks = ", ".join("?" * (names.count(",") + 1))
    connection.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})", [row for row in wanted if row[0] in rewritten]
    )


def _why_returned(values: Mapping[str, object]) -> str | None:
    """The title of the similar paper whose arrival brought a postponed paper back; None if there is no such paper."""
    returned = values.get("returned")
    later = values.get("later")
    if later is None or not isinstance(returned, dict) or returned.get("on") != later:
        return None
    return _text(returned, "because")


def _text(value: Mapping[str, object], key: str) -> str | None:
    text = value.get(key)
    return text if isinstance(text, str) else None


def _time(moment: object) -> str | None:
    return time_text(moment) if isinstance(moment, int) else None
