"""Reads and writes fields of a paper that no list or filter uses: the reading position and the highlights.

They are stored as registers (store/marks/registers.py), so they reach other machines. Unlike marks, they are stored
only in the table `register`, and their changes are no steps of the journal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.marks.registers import Register

# The functions import the other modules that they need. At its start, the program only calls `highlighted`, which needs
# none of them, and importing them would delay the start.


def put(connection: sqlite3.Connection, paper: int, field: str, value: Any) -> None:
    """Set a field of a paper, or remove it if `value` is None. Call this inside a write transaction."""
    from store.marks import fold, stored_registers

    stored = fold.of_field(connection, paper, field)
    if stored.value == value:
        return
    writer = stored_registers.Writer(connection)
    writer.write(stored.identity, field, value, stored.over, stored.current)
    writer.finish()


def get(connection: sqlite3.Connection, paper: int, field: str) -> Any:
    """The value of a field of a paper, or None. Check its type: another machine may have written any JSON value."""
    from store.marks import fold

    folded = fold.fold(_registers(connection, paper, field, field + "\0")).get(field)
    return folded.value if folded else None


def highlights(connection: sqlite3.Connection, paper: int) -> dict[str, Any]:
    """The values of the highlights of a paper, by name.

    Check their types: another machine may have written any JSON value.
    """
    from store.marks import fold
    from store.marks.registers import HIGHLIGHT

    folded = fold.fold(_registers(connection, paper, HIGHLIGHT, HIGHLIGHT[:-1] + ";"))
    return {field.removeprefix(HIGHLIGHT): register.value for field, register in folded.items()}


def highlighted(connection: sqlite3.Connection, papers: Iterable[int]) -> set[int]:
    """Those of the ids `papers` whose papers have highlights."""
    # This condition must be the same as in the partial index idx_register_highlight, so that SQLite uses the index.
    rows = connection.execute(
        "SELECT coalesce(j.kept, i.paper_id) FROM register r JOIN identity i ON i.identity = r.paper"
        " LEFT JOIN joined j ON j.gone = i.paper_id WHERE r.field >= 'highlight:' AND r.field < 'highlight;'"
    )
    return {paper for (paper,) in rows}.intersection(papers)


def _registers(connection: sqlite3.Connection, paper: int, start: str, end: str) -> list[Register]:
    """The registers of all identities of a paper whose fields are at or after `start` and before `end`."""
    from store.marks import identities, stored_registers

    return [
        register
        for name in identities.of_paper(connection, paper)
        for register in stored_registers.of_fields(connection, name, start, end)
    ]
