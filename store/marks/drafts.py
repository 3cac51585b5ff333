"""Drafts of notes: text that the user typed into a note and has not saved yet.

The draft for a paper is stored as a setting of the library. A draft is not a mark: changing it writes no step into the
journal, and exports do not contain drafts.
"""

from __future__ import annotations

import sqlite3

from store.library import settings
from store.library.library import Library

_KEY = "draft:"


def read(connection: sqlite3.Connection, paper: int) -> str | None:
    """The draft for a paper, or else the draft for a paper that was joined to it. None without any draft."""
    gone = connection.execute("SELECT gone FROM joined WHERE kept = ? ORDER BY gone", (paper,))
    drafts = (settings.get(connection, f"{_KEY}{number}") for number in (paper, *(number for (number,) in gone)))
    return next((text for text in drafts if text is not None), None)


def keep(library: Library, paper: int, text: str, *, durable: bool) -> None:
    """Store the draft for a paper, and replace an earlier draft.

    If `durable` is false, the draft may be lost in a power failure, but not when the process is killed. Raises
    LibraryError when the library cannot be written.
    """
    with library.writing(durable=durable) as connection:
        settings.put(connection, f"{_KEY}{paper}", text)


def remove(library: Library, paper: int) -> None:
    """Remove the draft for a paper and the drafts for the papers that were joined to it.

    Raises LibraryError when the library cannot be written.
    """
    if read(library.reader(), paper) is None:
        return
    with library.writing(durable=False) as connection:
        gone = connection.execute("SELECT gone FROM joined WHERE kept = ?", (paper,)).fetchall()
        for number in (paper, *(number for (number,) in gone)):
            settings.remove(connection, f"{_KEY}{number}")
