"""Reads and writes fields of a paper that no list or filter uses: the reading position and the highlights.

They are stored as registers (store/marks/registers.py), so they reach other machines. Unlike marks, they are stored
only in the table `register`, and their changes are not written into the journal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

# The functions import the other modules that they need, because importing them here would delay the start of recto: at
# its start, recto only calls `highlighted`, which needs none of them.


def put(connection: sqlite3.Connection, paper: int, field: str, value: Any) -> None:
    """Set a field of a paper, or remove it if `value` is None. Call this inside a write transaction."""
    from store.marks import fold, stored_registers

    stored = fold.of_field(connection, paper, field)
    if stored.value == value:
        return
    writer = stored_registers.Writer(connection)
    writer.write(stored.identity, field, value, stored.over, stored.current, after=stored.latest)
    writer.finish()


def get(connection: sqlite3.Connection, paper: int, field: str) -> Any:
    """The value of a field of a paper, or None. Check its type: another machine may have written any JSON value."""
    from store.marks import fold, identities, stored_registers

    found = (stored_registers.read(connection, name, field) for name in identities.of_paper(connection, paper))
    folded = fold.fold(register for register in found if register is not None).get(field)
    return folded.value if folded else None


def highlights(connection: sqlite3.Connection, paper: int) -> dict[str, Any]:
    """The values of the highlights of a paper, by name.

    Check their types: another machine may have written any JSON value.
    """
    from store.marks import fold, identities, stored_registers
    from store.marks.registers import HIGHLIGHT

    folded = fold.fold(
        register
        for name in identities.of_paper(connection, paper)
        for register in stored_registers.of_kind(connection, name, HIGHLIGHT)
    )
    return {field.removeprefix(HIGHLIGHT): register.value for field, register in folded.items()}


def highlighted(connection: sqlite3.Connection, papers: Iterable[int]) -> set[int]:
    """Those ids in `papers` whose papers have highlights."""
    # The condition on `field` must be the same as in the partial index idx_register_highlight, so that SQLite uses it.
    rows = connection.execute(
        "SELECT coalesce(j.kept, i.paper_id) FROM register r JOIN identity i ON i.identity = r.paper"
        " LEFT JOIN joined j ON j.gone = i.paper_id WHERE r.field >= 'highlight:' AND r.field < 'highlight;'"
    )
    return {paper for (paper,) in rows}.intersection(papers)
