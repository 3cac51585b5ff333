"""The session: where the reader was at the last end. The library stores it as one setting."""

from __future__ import annotations

import sqlite3

import msgspec

from store.library import settings
from store.library.library import Library
from store.papers.views import Sort

_KEY = "session"


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The view, the filter as typed, the sort, the paper under the cursor, the width of the list, the theme.

    `line` counts the papers that the list shows above the one under the cursor. `list_share` is in percent.
    """

    view: str = "new"
    filter: str = ""
    sort: Sort = "best"
    paper: int | None = None
    line: int = 0
    list_share: int = 45
    theme: str | None = None


def load(connection: sqlite3.Connection) -> Session:
    """The stored session; a new one when there is none or it cannot be read."""
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=Session) if text is not None else Session()
    except msgspec.MsgspecError:
        return Session()


def save(library: Library, session: Session) -> None:
    """Store `session`. A power failure may lose it, which loses none of the reader's marks."""
    with library.writing(durable=False) as connection:
        settings.put(connection, _KEY, msgspec.json.encode(session).decode())
