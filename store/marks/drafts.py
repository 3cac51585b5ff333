"""Drafts of notes: what was written into a note and not saved. They are settings of the library, one for each paper.

A draft is no mark: it has no step in the journal, and exports do not show it.
"""

from __future__ import annotations

import sqlite3

from store.library import settings
from store.library.library import Library

_KEY = "draft:"


def read(connection: sqlite3.Connection, paper: int) -> str | None:
    """The draft for a paper, or for one that was joined to it; None when there is none."""
    gone = connection.execute("SELECT gone FROM joined WHERE kept = ? ORDER BY gone", (paper,))
    drafts = (settings.get(connection, f"{_KEY}{number}") for number in (paper, *(number for (number,) in gone)))
    return next((text for text in drafts if text is not None), None)


def keep(library: Library, paper: int, text: str, *, durable: bool) -> None:
    """Store the draft for a paper, in place of an earlier one.

    A power failure may undo this unless it is `durable`; the end of the process does not. Raises LibraryError.
    """
    with library.writing(durable=durable) as connection:
        settings.put(connection, f"{_KEY}{paper}", text)


def remove(library: Library, paper: int) -> None:
    """Remove the draft for a paper and those of the papers joined to it. Raises LibraryError."""
    if read(library.reader(), paper) is None:
        return
    with library.writing(durable=False) as connection:
        gone = connection.execute("SELECT gone FROM joined WHERE kept = ?", (paper,)).fetchall()
        for number in (paper, *(number for (number,) in gone)):
            settings.remove(connection, f"{_KEY}{number}")
